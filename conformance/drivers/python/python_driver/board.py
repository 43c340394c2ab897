"""What the driver and its workers share besides the lanes: memory without a name, which other
processes find through /proc while the driver lives. Every word has one writer at a time, or, as for
Cells, is meant to show when it has more (rule 5.11).
"""

import functools
import mmap
import os
import threading
from typing import NamedTuple

CELLS = 1024
CELL_WORDS = 8  # a cache line each
WORKER_WORDS = 8
FAULT_BYTES = 512

NOT_BEGUN, BEGUN, ENDED = 0, 1, 2

VARIABLE = "FREETHREADING_PYTHON_BOARD"


class Worker(NamedTuple):
    """Where the words of a worker are."""

    is_started: int
    life: int
    process: int
    thread: int
    has_arrived: int


class Board:
    def __init__(self, file: int, lanes: int):
        size = 8 * (8 + WORKER_WORDS * lanes + CELL_WORDS * CELLS) + FAULT_BYTES
        if os.fstat(file).st_size == 0:
            os.truncate(file, size)
        memory = memoryview(mmap.mmap(file, size))
        words = (size - FAULT_BYTES) // 8
        self.lanes = lanes
        self.words = memory[: words * 8].cast("q")
        self._fault = memory[words * 8 :]

    # The first eight words.
    OVERFLOW, MOMENT, GATE_READER, GATE_WRITER, DRIVER = range(5)

    def worker(self, position: int) -> Worker:
        first = 8 + WORKER_WORDS * position
        return Worker(*range(first, first + 5))

    def cell(self, index: int) -> "Cell":
        return Cell(self.words, 8 + WORKER_WORDS * self.lanes + CELL_WORDS * index)

    def begin_run(self) -> None:
        for index in range(8 + WORKER_WORDS * self.lanes):
            if index not in (self.GATE_READER, self.GATE_WRITER, self.DRIVER):
                self.words[index] = 0
        self._fault[:] = bytes(FAULT_BYTES)

    def note_started(self, position: int, process: int) -> None:
        worker = self.worker(position)
        if process != 0 and self.words[worker.process] == 0:
            self.words[worker.process] = process
        self.words[worker.is_started] = 1

    def note_begun(self, position: int) -> None:
        worker = self.worker(position)
        self.words[worker.process] = os.getpid()
        self.words[worker.thread] = threading.get_native_id()
        self.words[worker.life] = BEGUN

    def note_ended(self, position: int) -> None:
        self.words[self.worker(position).life] = ENDED

    def has_begun(self, position: int) -> bool:
        return self.words[self.worker(position).life] != NOT_BEGUN

    def has_ended(self, position: int) -> bool:
        return self.words[self.worker(position).life] == ENDED

    def is_started(self, position: int) -> bool:
        return self.words[self.worker(position).is_started] != 0 or self.has_begun(position)

    def process_of(self, position: int) -> int:
        return self.words[self.worker(position).process]

    def thread_of(self, position: int) -> int:
        return self.words[self.worker(position).thread]

    def note_overflow(self) -> None:
        self.words[self.OVERFLOW] = 1

    def has_overflowed(self) -> bool:
        return self.words[self.OVERFLOW] != 0

    def note_fault(self, sentence: str) -> None:
        """The last one counts."""
        text = sentence.encode("utf-8", "replace")[: FAULT_BYTES - 1]
        self._fault[: len(text)] = text

    def fault(self) -> str:
        return bytes(self._fault).rstrip(b"\0").decode("utf-8", "replace")


class Cell:
    """Rule 5.11."""

    def __init__(self, words: memoryview, index: int):
        self._words = words
        self._index = index

    def read(self) -> int:
        return self._words[self._index]

    def write(self, number: int) -> None:
        self._words[self._index] = number

    def add(self, summand: int) -> int:
        total = self._words[self._index] + summand
        for _ in range(50):
            pass
        self._words[self._index] = total
        return total


def make(lanes: int) -> Board:
    file = os.memfd_create("freethreading-board")
    os.environ[VARIABLE] = f"/proc/{os.getpid()}/fd/{file} {lanes}"
    board = shared()
    board.words[Board.DRIVER] = os.getpid()
    return board


@functools.lru_cache(maxsize=None)
def shared() -> Board:
    """That of this driver, in any of its processes."""
    path, lanes = os.environ[VARIABLE].split(" ")
    file = os.open(path, os.O_RDWR)
    try:
        return Board(file, int(lanes))
    finally:
        os.close(file)
