"""The log: a file for each worker (section 4 of the protocol).

    lane = Lane(lane_memory(folder, position), run, worker)   # its life begins
    lane.invoke(call)
    ...
    lane.respond(time.monotonic_ns(), VALUE, b"null")
    lane.end_life()

A reader that sees the number of the run sees the invocation, and one that sees the state sees the
response: both are stored last, by one store each, as a native memoryview does it and struct with "<"
does not. Processors that reorder stores are held in order by nothing here but the many instructions
that Python spends between two of them.
"""

import functools
import mmap
import os
import struct
import sys
import time

from .errors import DriverFault

SLOT = 128
TEXT_AT = 44
TEXT_IN_FIRST_SLOT = SLOT - TEXT_AT
ALLOCATED_SLOTS = 64
WHOLE_LIFE = -1
INVOKED, RESPONDED = 1, 2
VALUE, ERROR = 0, 1

INVOCATION = struct.Struct("=iiIIq")  # worker, call, state, outcome, time; from offset 8 on
RESPONSE = struct.Struct("=qI")  # time, length of the text; from offset 32 on


def path_of(folder: str, position: int) -> str:
    return os.path.join(folder, f"lane-{position}")


def make_lane_files(folder: str, lanes: int, slots: int) -> None:
    """Throws OSError, DriverFault."""
    if sys.byteorder != "little":
        raise DriverFault("the log is little-endian, and this processor is not")
    for position in range(lanes):
        file = os.open(path_of(folder, position), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.truncate(file, slots * SLOT)
        os.posix_fallocate(file, 0, min(slots, ALLOCATED_SLOTS) * SLOT)
        os.close(file)


@functools.lru_cache(maxsize=None)
def lane_memory(folder: str, position: int) -> memoryview:
    """A process maps each lane once."""
    file = os.open(path_of(folder, position), os.O_RDWR)
    memory = memoryview(mmap.mmap(file, 0))
    os.close(file)
    return memory


def text_slots(size: int) -> int:
    """How many slots a response takes whose text has this size."""
    return 1 + max(0, -(-(size - TEXT_IN_FIRST_SLOT) // SLOT))


class Lane:
    """Used by one worker; never blocks. Once it is full nothing is written any more."""

    def __init__(self, memory: memoryview, run: int, worker: int):
        self._memory = memory
        self._runs = memory.cast("B").cast("Q")
        self._states = memory.cast("B").cast("I")
        self._run = run
        self._worker = worker
        self._slots = len(memory) // SLOT
        self._next = 0
        self._current = 0
        self._is_recording = False
        self.has_overflowed = False
        self.invoke(WHOLE_LIFE)

    def invoke(self, call: int) -> None:
        moment = time.monotonic_ns()
        self._is_recording = self._next < self._slots
        if not self._is_recording:
            self.has_overflowed = True
            return
        self._current = self._next * SLOT
        self._next += 1
        INVOCATION.pack_into(
            self._memory, self._current + 8, self._worker, call, INVOKED, VALUE, moment
        )
        self._runs[self._current // 8] = self._run

    def respond(self, moment: int, outcome: int, text: bytes) -> None:
        """The call ended before `moment`."""
        if not self._is_recording:
            return
        more = text_slots(len(text)) - 1
        if more > self._slots - self._next:
            self.has_overflowed = True
            return
        at = self._current
        self._write(at + TEXT_AT, text[:TEXT_IN_FIRST_SLOT])
        if more > 0:
            self._write_rest(text[TEXT_IN_FIRST_SLOT:], more)
        RESPONSE.pack_into(self._memory, at + 32, moment, len(text))
        self._states[(at + 20) // 4] = outcome
        self._states[(at + 16) // 4] = RESPONDED

    def end_life(self) -> None:
        self._current = 0
        self._is_recording = True
        self.respond(time.monotonic_ns(), VALUE, b"null")

    def _write(self, at: int, text: bytes) -> None:
        self._memory[at : at + len(text)] = text

    def _write_rest(self, rest: bytes, slots: int) -> None:
        # The last slot may begin with less than eight bytes of text: what is left over would be
        # read as the number of a run.
        last = (self._next + slots - 1) * SLOT
        self._write(last, b"\xff" * 8)
        self._write(self._next * SLOT, rest)
        self._next += slots
