"""A driver: it hosts an implementation of the API `freethreading`, and freethreading-conformance judges that.

As it stands it hosts a Lock and workers, over Python's own. It is the whole of what a first driver needs, to be
rewritten in the language of your implementation. The rules in the comments are those of driver_protocol.md, which
is installed with freethreading-conformance.
"""

import json
import os
import struct
import sys
import threading
import time

SLOT = 128
TEXT_IN_FIRST_SLOT = 84

# Rule 2.4. "Lock" alone would stand for all operations of a Lock; what is not listed is reported as unsupported.
CAPABILITIES = ["Cell", "Lock.acquire", "Lock.release", "Lock.locked", "Worker.start", "Worker.join"]


class Lane:
    """The log of one worker: rule 4."""

    def __init__(self, folder, number, slots):
        self.file = os.open(f"{folder}/lane-{number}", os.O_RDWR | os.O_CREAT | os.O_EXCL)
        os.posix_fallocate(self.file, 0, SLOT * min(slots, 64))
        os.ftruncate(self.file, SLOT * slots)
        self.slots = slots

    def begin(self, run, worker):
        self.run, self.worker, self.next, self.overflowed = run, worker, 1, False
        self.began = time.monotonic_ns()
        self.write(0, -1, self.began)

    def end(self):
        self.write(0, -1, self.began, time.monotonic_ns(), 0, "null")

    def record(self, call, action):
        """Makes a call. Its clock is read before and after it, and nothing else comes in between."""
        invoked = time.monotonic_ns()
        self.write(self.next, call, invoked)
        invoked = time.monotonic_ns()
        try:
            value = action()
            responded = time.monotonic_ns()
            outcome, text = 0, json.dumps(value)
        except Exception as error:
            responded = time.monotonic_ns()
            outcome, text = 1, f"{kind_of(error)} {error}"
        self.next += self.write(self.next, call, invoked, responded, outcome, text)

    def write(self, slot, call, invoked, responded=None, outcome=0, text=""):
        """Returns the number of slots that this takes."""
        data = text.encode()
        rest = max(0, len(data) - TEXT_IN_FIRST_SLOT) % SLOT
        fill = b"\xff" * (8 - rest) if 0 < rest < 8 else b""
        state = 1 if responded is None else 2
        record = struct.pack("<QiiIIqqI", self.run, self.worker, call, state, outcome, invoked, responded or 0,
                             len(data)) + data + fill
        count = (len(record) + SLOT - 1) // SLOT
        if slot + count > self.slots:
            self.overflowed = True  # rule 3.7
            return 0
        os.pwrite(self.file, record.ljust(SLOT * count, b"\0"), SLOT * slot)
        return count


def kind_of(error):
    """Rule 6.2."""
    for kind in (ValueError, RuntimeError):
        if isinstance(error, kind):
            return kind.__name__
    return "Other"


def acquire(lock, blocking, timeout):
    """As the API has it: a negative time limit is none (GEN-5), an endless one too (GEN-6)."""
    if timeout is None or (isinstance(timeout, int) and timeout < 0):
        return lock.acquire(blocking)
    if timeout == "nan":
        raise ValueError("a time limit that is not a number")
    seconds = threading.TIMEOUT_MAX if timeout == "inf" else timeout / 1e9
    return lock.acquire(blocking, min(seconds, threading.TIMEOUT_MAX))


class Run:
    """One run of a scenario: rules 3 and 5."""

    def __init__(self, number, scenario, lanes):
        self.number, self.lanes = number, lanes
        self.positions = {worker["id"]: k for k, worker in enumerate(scenario["workers"])}
        self.plans = {worker["id"]: worker for worker in scenario["workers"]}
        self.locks = {o["id"]: threading.Lock() for o in scenario.get("objects", []) if o["type"] == "Lock"}
        self.cells = {o["id"]: (o.get("args") or [0])[0] for o in scenario.get("objects", []) if o["type"] == "Cell"}
        self.threads = {}
        started = sum(call["op"] == "start" for call in scenario["workers"][0].get("calls", []))
        self.together = threading.Barrier(started) if scenario.get("aligned") and started > 0 else None

    def work(self, worker):
        if worker != 0 and self.together is not None and self.plans[worker].get("parent") == 0:
            self.together.wait()  # rule 5.5
        lane = self.lanes[self.positions[worker]]
        lane.begin(self.number, worker)
        for call in self.plans[worker].get("calls", []):
            lane.record(call["id"], lambda: self.perform(call))
        lane.end()

    def perform(self, call):
        target, arguments, timeout = call.get("object"), call.get("args", []), call.get("timeout")
        match call["op"]:
            case "acquire":
                return acquire(self.locks[target], arguments[0] if arguments else True, timeout)
            case "release":
                return self.locks[target].release()
            case "locked":
                return self.locks[target].locked()
            case "read":
                return self.cells[target]
            case "write":
                self.cells[target] = arguments[0]
            case "add":
                value = self.cells[target] + (arguments[0] if arguments else 1)
                for _ in range(100):  # rule 5.11
                    pass
                self.cells[target] = value
                return value
            case "start":
                if target in self.threads:
                    raise RuntimeError("started twice")
                self.threads[target] = threading.Thread(target=self.work, args=(target,))
                self.threads[target].start()
            case "join":
                if target not in self.threads:
                    raise RuntimeError("not started")
                self.threads[target].join()

    def to_its_end(self):
        """Returns the answer: rule 3.4."""
        self.work(0)
        while any(thread.is_alive() for thread in self.threads.values()):
            for thread in list(self.threads.values()):
                thread.join()
        used = self.lanes[: len(self.positions)]
        return {"overflow" if any(lane.overflowed for lane in used) else "done": self.number}


def missing(scenario):
    """What a scenario needs and this driver does not have, beyond the list above: rule 3.5."""
    for worker in scenario["workers"]:
        if worker.get("daemon"):
            return "a worker that is a daemon"
        for call in worker.get("calls", []):
            if call["op"] == "join" and call.get("timeout") is not None:
                return "a join with a time limit"
            if call.get("timeout") == "text":
                return "a time limit that is a text"
    return None


def main():
    lanes = []
    for line in sys.stdin:  # rule 1.4: its end is ours
        message = json.loads(line)
        if "hello" in message:
            hello = message["hello"]
            lanes = [Lane(hello["logs"], k, hello["slots"]) for k in range(hello["lanes"])]
            answer = {"hello": {"protocol": 1, "implementation": "my library", "version": "0.1", "language": "Python",
                                "backends": ["threading"], "capabilities": CAPABILITIES}}
        else:
            number, scenario = message["run"], message["scenario"]
            what = missing(scenario)
            if what is not None:
                answer = {"unsupported": number, "what": what}
            else:
                answer = Run(number, scenario, lanes).to_its_end()
        print(json.dumps(answer), flush=True)
    os._exit(0)


main()
