"""A driver with one deliberate fault, or with none: fake_driver.py FAULT.

It knows Cell, Lock and Worker, and runs every worker from its start to its end before it goes on, so
nothing happens at the same time. A call that would block sleeps for ever.
"""

import json
import os
import signal
import struct
import sys
import time

FAULT = sys.argv[1] if len(sys.argv) > 1 else "none"
CAPABILITIES = ["Cell", "Lock", "Worker", "get_backend", "ends", "dies", "raise", "drop"]
if FAULT == "is silent":
    CAPABILITIES.append("repeat")  # of which nobody ever hears


class Lanes:
    """The log: section 4 of the driver protocol."""

    def __init__(self, folder, lanes, slots):
        self.files = []
        if FAULT == "makes no lanes":
            return
        for lane in range(lanes):
            file = os.open(f"{folder}/lane-{lane}", os.O_RDWR | os.O_CREAT | os.O_EXCL)
            size = 128 * slots
            os.posix_fallocate(file, 0, size - 128 if FAULT == "makes short lanes" else size)
            self.files.append(file)

    def write(self, lane, slot, run, worker, call, invoked, responded=None, outcome=0, text=b""):
        if FAULT == "writes of the past":
            invoked -= 10**12
        state = 1 if responded is None else 2
        record = struct.pack("<QiiIIqqI", run, worker, call, state, outcome, invoked,
                             responded or 0, len(text)) + text
        os.pwrite(self.files[lane], record.ljust(128, b"\0"), 128 * slot)
        return slot + max(1, (len(record) + 127) // 128)


class Run:
    def __init__(self, lanes, number, scenario):
        self.lanes, self.number = lanes, number
        self.cells = {o["id"]: (o.get("args") or [0])[0] for o in scenario.get("objects", [])}
        self.owners = {}
        self.workers = {w["id"]: (lane, w) for lane, w in enumerate(scenario["workers"])}

    def work(self, worker_id):
        lane, worker = self.workers[worker_id]
        began = time.monotonic_ns()
        slot = self.lanes.write(lane, 0, self.number, worker_id, -1, began)
        for call in worker.get("calls", []):
            if FAULT == "forgets calls" and call is worker["calls"][-1]:
                continue
            invoked = time.monotonic_ns()
            self.lanes.write(lane, slot, self.number, worker_id, call["id"], invoked)
            outcome, value = self.perform(worker_id, call)
            text = value.encode() if outcome == 1 else json.dumps(value).encode()
            slot = self.lanes.write(lane, slot, self.number, worker_id, call["id"], invoked,
                                    time.monotonic_ns(), outcome, text)
        self.lanes.write(lane, 0, self.number, worker_id, -1, began, time.monotonic_ns(), 0, b"null")

    def perform(self, worker, call):
        target, name, arguments = call.get("object", -1), call["op"], call.get("args", [])
        if name == "start":
            self.work(target)
        elif name == "raise":
            print(f"{self.workers[worker][1].get('name')}: {arguments[0]}: {arguments[1]}",
                  file=sys.stderr, flush=True)
        elif name == "get_backend":
            return 0, os.environ["FREETHREADING_BACKEND"]
        elif name == "is_alive":
            return 0, False
        elif name == "read":
            return 0, self.cells[target]
        elif name == "write":
            self.cells[target] = arguments[0]
        elif name == "add":
            self.cells[target] += arguments[0]
            return 0, self.cells[target]
        elif name == "locked":
            return 0, target in self.owners and FAULT != "forgets locks"
        elif name == "release":
            if target not in self.owners:
                return 1, "RuntimeError release of a lock that is free"
            del self.owners[target]
        elif name == "acquire":
            if target in self.owners:
                if arguments and arguments[0] is False:
                    return 0, False
                timeout = call.get("timeout")
                if timeout is None:
                    sleep_for_ever()
                time.sleep(timeout / 1e9)
                return 0, False
            self.owners[target] = worker
            return 0, True
        return 0, None


def sleep_for_ever():
    while True:
        signal.pause()


def say(message):
    print(message if isinstance(message, str) else json.dumps(message), flush=True)


def misbehave(number):
    """What some faults do instead of running the scenario. Returns whether this was one."""
    second = number % 2 == 0
    if FAULT == "crashes" and second:
        print("about to crash", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGSEGV)
        sleep_for_ever()
    elif FAULT == "exits" and second:
        sys.exit(3)
    elif FAULT == "writes malformed JSON" and second:
        say('{"done": ' + str(number))
    elif FAULT == "makes noise" and second:
        say("hello from the implementation")
    elif FAULT == "writes a huge line" and second:
        say("x" * (17 << 20))
    elif FAULT == "answers another run":
        say({"done": number + 1})
    elif FAULT == "answers nonsense":
        say({"maybe": number})
    elif FAULT == "is silent" and second:
        sleep_for_ever()
    elif FAULT == "lies about what it can do":
        say({"unsupported": number, "what": "Lock.acquire"})
    elif FAULT == "lacks something else":
        say({"unsupported": number, "what": "locks on Tuesdays"})
    elif FAULT == "fails":
        say({"failed": number, "why": "out of order"})
    elif FAULT == "fills its log":
        say({"overflow": number})
    elif FAULT == "closes its output":
        os.close(1)
        sleep_for_ever()
    elif FAULT == "leaves processes" and second:
        if os.fork() == 0:
            os.setsid()
            print(f"process {os.getpid()} goes its own way", file=sys.stderr, flush=True)
            sleep_for_ever()
        sleep_for_ever()
    elif FAULT == "spins" and second:
        while True:
            pass
    else:
        return False
    return True


def end(lanes, number, scenario):
    """Ends the program as the scenario wants, or not quite so."""
    dies = scenario["ends"] == "die"
    status = 0 if scenario["ends"] == "return" else 1
    if FAULT == "exits with another status":
        status = 3 - 3 * status
    elif FAULT == "leaves a process at its end":
        if os.fork() == 0:
            os.close(1)
            sleep_for_ever()
    elif FAULT == "works on after its end":
        leader = os.getpid()
        if os.fork() == 0:
            while os.getppid() == leader:
                time.sleep(0.001)
            # Until it is killed, so that nothing depends on when the runner looks.
            lane, worker = len(scenario["workers"]) - 1, scenario["workers"][-1]["id"]
            while True:
                lanes.write(lane, 0, number, worker, -1, time.monotonic_ns())
                time.sleep(0.01)
    elif FAULT == "never ends":
        os.close(1)
        sleep_for_ever()
    elif FAULT == "dies at its end":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif FAULT == "answers instead of ending":
        return say({"done": number})
    if dies and FAULT != "exits with another status":
        os.kill(os.getpid(), signal.SIGKILL)
    sys.exit(status)


def report_race():
    options = os.environ["TSAN_OPTIONS"].split(":")
    path = [option.split("=", 1)[1] for option in options if option.startswith("log_path=")][-1]
    with open(f"{path}.{os.getpid()}", "a") as file:
        file.write("WARNING: ThreadSanitizer: data race (pid=1)\n")


def greet(hello):
    if FAULT == "dies in the handshake":
        print("no such library", file=sys.stderr)
        sys.exit(3)
    if FAULT == "does not greet":
        sleep_for_ever()
    if FAULT == "greets with noise":
        say("Welcome!")
    if FAULT == "cannot":
        say({"error": "the library is not installed"})
        sys.exit(0)
    version = {"speaks another version": 2, "speaks no version": 1e300}.get(FAULT, 1)
    backends = [] if FAULT == "has no backend" else ["threading", "multiprocessing"]
    capabilities = CAPABILITIES + (["kill"] if FAULT == "lies about what it can do" else [])
    lanes = Lanes(hello["logs"], hello["lanes"], hello["slots"])
    say({"hello": {"protocol": version, "implementation": "fake", "version": "1",
                   "language": "Python", "backends": backends, "capabilities": capabilities,
                   "unknown member": True}})
    return lanes


def main():
    lanes = None
    for line in sys.stdin:
        message = json.loads(line)
        if "hello" in message:
            lanes = greet(message["hello"])
            continue
        number, scenario = message["run"], message["scenario"]
        if misbehave(number):
            continue
        if FAULT == "deadlocks" and number % 2 == 0:
            sleep_after_first(lanes, number, scenario)
        if FAULT == "lies that it is done":
            lanes.write(0, 0, number, 0, -1, time.monotonic_ns())
            lanes.write(0, 1, number, 0, scenario["workers"][0]["calls"][0]["id"],
                        time.monotonic_ns())
        elif FAULT == "writes garbage":
            lanes.write(0, 0, number, 99, 7, time.monotonic_ns(), time.monotonic_ns(), 0, b"}")
        else:
            Run(lanes, number, scenario).work(0)
        if "ends" in scenario:
            end(lanes, number, scenario)
            continue
        if FAULT == "races" and number % 2 == 0:
            report_race()
        say({"done": number})
    if FAULT == "stays":
        sleep_for_ever()


def sleep_after_first(lanes, number, scenario):
    """Invokes the first call, and never returns from it."""
    lanes.write(0, 0, number, 0, -1, time.monotonic_ns())
    call = scenario["workers"][0]["calls"][0]
    lanes.write(0, 1, number, 0, call["id"], time.monotonic_ns())
    sleep_for_ever()


main()
