"""The driver as a runner sees it: a process, messages and log files."""

import json
import os
import struct
import subprocess
import sys
import tempfile
from typing import NamedTuple

DRIVER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "driver.py")
SLOT = struct.Struct("<QiiIIqqI")


class Record(NamedTuple):
    run: int
    worker: int
    call: int
    state: int
    is_error: int
    invoked: int
    responded: int
    text: str


class DriverProcess:
    def __init__(self, *arguments: str, lanes: int = 4, slots: int = 64, environment=None):
        self.folder = tempfile.TemporaryDirectory()
        self.lanes, self.slots = lanes, slots
        self.process = subprocess.Popen(
            [sys.executable, DRIVER, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | (environment or {}),
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()
        self.folder.cleanup()

    def send(self, message) -> dict | None:
        """The answer; nothing if the driver ended instead."""
        line = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        return json.loads(answer) if answer else None

    def greet(self, backend: str = "threading", **changes) -> dict | None:
        hello = {
            "protocol": 1,
            "backend": backend,
            "logs": self.folder.name,
            "lanes": self.lanes,
            "slots": self.slots,
        }
        return self.send({"hello": hello | changes})

    def run(self, number: int, **scenario) -> dict | None:
        return self.send({"run": number, "scenario": {"version": 1} | scenario})

    def end(self) -> tuple[int, str]:
        """Exit status and standard error, after the end of standard input."""
        _, errors = self.process.communicate()
        return self.process.returncode, errors.decode()

    def records(self, lane: int, run: int) -> list[Record]:
        with open(os.path.join(self.folder.name, f"lane-{lane}"), "rb") as file:
            log = file.read()
        found, at = [], 0
        while at + 128 <= len(log):
            *head, size = SLOT.unpack_from(log, at)
            if head[0] != run:
                break
            found.append(Record(*head, log[at + 44 : at + 44 + size].decode()))
            at += 128 * (1 if size <= 84 else 1 + -(-(size - 84) // 128))
        return found
