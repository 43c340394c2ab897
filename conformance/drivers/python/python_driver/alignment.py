"""Where workers wait for one another before their first call (rule 5.5).

Each says that it has come, in a word of its own; whoever sees that all have fixes a moment shortly
ahead and opens a gate, a pipe from which nobody reads: once it holds a byte, all who poll it wake.
Processes then spin until the moment has come. Threads do not: they could only spin one after the
other.
"""

import os
import select
import time

from .board import Board
from .implementation import workers_are_processes

LEAD = 1_000_000  # nanoseconds, enough for a sleeper to wake


def aligned_positions(scenario: dict) -> list[int]:
    """Of the workers that worker 0 starts."""
    started = {it.get("object") for it in scenario["workers"][0]["calls"] if it["op"] == "start"}
    return [
        position
        for position, worker in enumerate(scenario["workers"])
        if position > 0 and worker["parent"] == 0 and worker["id"] in started
    ]


class Gate:
    """The driver's end: it outlives a run, but no byte of the run does."""

    def __init__(self, board: Board):
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        board.words[Board.GATE_READER] = self._reader
        board.words[Board.GATE_WRITER] = self._writer

    def close(self) -> None:
        try:
            while os.read(self._reader, 4096):
                pass
        except BlockingIOError:
            pass


def note_arrival(board: Board, scenario: dict, position: int) -> None:
    """Says that this worker is here, or will not come. Never blocks."""
    board.words[board.worker(position).has_arrived] = 1
    expected = aligned_positions(scenario)
    if all(board.words[board.worker(it).has_arrived] for it in expected):
        if board.words[Board.MOMENT] == 0:
            board.words[Board.MOMENT] = time.monotonic_ns() + LEAD
        with GateEnd(board, Board.GATE_WRITER, os.O_WRONLY) as writer:
            os.write(writer, b"!")


def await_start(board: Board) -> None:
    with GateEnd(board, Board.GATE_READER, os.O_RDONLY) as reader:
        poll = select.poll()
        poll.register(reader, select.POLLIN)
        poll.poll()
    if workers_are_processes():
        moment = board.words[Board.MOMENT]
        while time.monotonic_ns() < moment:
            pass


class GateEnd:
    """An end of the gate, in this process."""

    def __init__(self, board: Board, word: int, mode: int):
        driver, file = board.words[Board.DRIVER], board.words[word]
        self._is_own = driver == os.getpid()
        path = f"/proc/{driver}/fd/{file}"
        self._file = file if self._is_own else os.open(path, mode | os.O_NONBLOCK)

    def __enter__(self) -> int:
        return self._file

    def __exit__(self, *_) -> None:
        if not self._is_own:
            os.close(self._file)
