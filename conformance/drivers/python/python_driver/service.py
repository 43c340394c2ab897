"""Serves a runner until it is gone, or a scenario ends the program."""

import os
import signal
import sys

from . import lane
from .capabilities import capabilities
from .channel import Channel, MalformedMessage
from .errors import DriverFault, OtherError
from .exit_status import MALFORMED, REFUSED, CannotStart
from .host import Host
from .implementation import BACKENDS, choose
from .options import parse_options
from .scenario import MalformedScenario, checked_scenario

PROTOCOL = 1

host: Host | None = None  # lives as long as the program: workers may go on after `main`


def main(arguments: list[str]) -> int:
    global host
    channel = None
    try:
        options = parse_options(arguments)
        channel = Channel()
        host = greet(channel, options)
    except CannotStart as error:
        if channel is not None:
            channel.write({"error": str(error)})
        os.write(2, f"driver.py: {error}\n".encode())
        return error.status
    if host is None:
        return 0
    return serve(channel)


def greet(channel: Channel, options) -> Host | None:
    """Nothing if there is no runner. Throws CannotStart."""
    try:
        message = channel.read()
        if message is None:
            return None
        hello = message.get("hello")
        if not isinstance(hello, dict):
            raise MalformedMessage("rule 2.1: the greeting comes first")
        for name, kind in {"protocol": int, "backend": str, "logs": str}.items():
            if not isinstance(hello.get(name), kind):
                raise MalformedMessage(f"rule 2.1: the greeting has no {name}, or a strange one")
        for name in ("lanes", "slots"):
            if type(hello.get(name)) is not int or hello[name] < 1:
                raise MalformedMessage(f"rule 2.1: the greeting has no {name}, or a strange one")
    except MalformedMessage as error:
        raise CannotStart(str(error), MALFORMED) from None
    if hello["protocol"] != PROTOCOL:
        raise CannotStart(f"rule 2.1: only version {PROTOCOL} of the protocol is known", REFUSED)
    if hello["backend"] not in BACKENDS:
        raise CannotStart(f"there is no backend {hello['backend']!r}", REFUSED)
    api = choose(hello["backend"], options.implementation, options.start_method or "")
    try:
        lane.make_lane_files(hello["logs"], hello["lanes"], hello["slots"])
    except (OSError, DriverFault) as error:
        raise CannotStart(f"rule 4.1: the logs cannot be made: {error}", REFUSED) from None
    made = Host(hello["logs"], hello["lanes"])
    version = api.version + (f", {api.start_method}" if api.start_method else "")
    greeting = {
        "protocol": PROTOCOL,
        "implementation": api.name,
        "version": version,
        "language": "Python " + sys.version.split()[0],
        "backends": list(BACKENDS),
        "capabilities": capabilities(),
    }
    channel.write({"hello": greeting})
    return made


def serve(channel: Channel) -> int:
    last = 0
    while True:
        run = None
        try:
            message = channel.read()
            if message is None:
                return end_at_once()
            run = run_number(message, last)
            scenario = checked_scenario(message.get("scenario"))
        except MalformedScenario as error:
            channel.write({"failed": run, "why": str(error)})
            continue
        except MalformedMessage as error:
            channel.write({"error": str(error)})
            continue
        last = run
        answer = host.run(run, scenario)
        if answer is not None:
            channel.write(answer)
        elif scenario["ends"] == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        elif scenario["ends"] == "raise":
            raise OtherError("the program ends as the scenario has it")
        else:
            return 0


def run_number(message: dict, last: int) -> int:
    if "hello" in message:
        raise MalformedMessage("rule 2.1: the second greeting")
    run = message.get("run")
    if type(run) is not int or not 0 < run < 2**53:
        raise MalformedMessage("rule 3.1: the message has no number of a run")
    if run <= last:
        raise MalformedMessage("rule 3.1: the number of the run is not larger than all before")
    return run


def end_at_once() -> int:
    """Rule 1.4. Nothing runs now but helpers of the implementation, for which nobody has to wait."""
    os._exit(0)
