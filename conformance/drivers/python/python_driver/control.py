"""What a driver does to its workers from outside (rule 5.12)."""

import os
import select
import signal
import time
from typing import Callable, NamedTuple

from .board import Board
from .errors import DriverFault

# More than ten times implementation.SWITCH_INTERVAL, so that who waits for the interpreter, and not
# for what he called, has moved in between; and longer than any sleep of the perturbation.
WINDOW = 0.006
SHORTEST_PAUSE, LONGEST_PAUSE = 0.001, 0.1


class ThreadStatus(NamedTuple):
    state: str
    times: bytes  # on a processor, waiting for one, and how often

    def is_asleep(self) -> bool:
        return self.state == "S"

    def is_stopped(self) -> bool:
        return self.state in "Tt"

    def is_dead(self) -> bool:
        return self.state in "ZX"


def thread_status(process: int, thread: int) -> ThreadStatus | None:
    """As the kernel has it; nothing if there is no such thread."""
    folder = f"/proc/{process}/task/{thread or process}"
    try:
        with open(folder + "/stat", "rb") as file:
            stat = file.read()
        with open(folder + "/schedstat", "rb") as file:
            times = file.read()
    except OSError:
        return None
    # The name of the program comes first, in parentheses, and may hold anything.
    return ThreadStatus(chr(stat[stat.rindex(b")") + 2]), times)


def is_gone(board: Board, position: int) -> bool:
    """Whether the process is known and has ended."""
    process = board.process_of(position)
    if process == 0:
        return False
    status = thread_status(process, board.thread_of(position))
    return status is None or status.is_dead()


def await_that(condition: Callable[[], bool]) -> None:
    """Looks less and less often: the runner has to see that nothing moves if nothing does."""
    pause = SHORTEST_PAUSE
    while not condition():
        time.sleep(pause)
        pause = min(pause * 1.2, LONGEST_PAUSE)


def await_begun(board: Board, position: int) -> None:
    await_that(lambda: board.has_begun(position) or is_gone(board, position))


def await_ended(board: Board, position: int) -> None:
    await_that(lambda: board.has_ended(position) or is_gone(board, position))


def await_blocked(board: Board, position: int) -> None:
    await_begun(board, position)
    before = None
    while not board.has_ended(position):
        now = thread_status(board.process_of(position), board.thread_of(position))
        if now is None or now.is_dead() or now.is_stopped():
            return
        if now.is_asleep() and now == before:
            return
        before = now
        time.sleep(WINDOW)


def send_signal(board: Board, position: int, number: int, is_done: Callable) -> None:
    """Returns when `is_done(descriptor, process)` says so."""
    await_begun(board, position)
    process = board.process_of(position)
    if process == os.getpid():
        raise DriverFault("this process is no worker")
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        if not board.has_ended(position):
            signal.pidfd_send_signal(descriptor, number)
            is_done(descriptor, process)
            # It ended meanwhile, and was stopped on its way out, where nobody would continue it.
            if number == signal.SIGSTOP and board.has_ended(position):
                signal.pidfd_send_signal(descriptor, signal.SIGCONT)
    except ProcessLookupError:
        pass
    finally:
        os.close(descriptor)


def await_death(descriptor: int, _process: int) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    poll.poll()


def await_stopped(should_be: bool) -> Callable:
    def is_so(process: int) -> bool:
        status = thread_status(process, process)
        return status is None or status.is_dead() or status.is_stopped() == should_be

    return lambda _descriptor, process: await_that(lambda: is_so(process))


def kill(board: Board, position: int) -> None:
    send_signal(board, position, signal.SIGKILL, await_death)


def stop(board: Board, position: int) -> None:
    send_signal(board, position, signal.SIGSTOP, await_stopped(True))


def resume(board: Board, position: int) -> None:
    send_signal(board, position, signal.SIGCONT, await_stopped(False))
