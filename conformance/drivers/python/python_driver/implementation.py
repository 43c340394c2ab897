"""Which implementation is judged. Said once, in the environment, where processes that are not forked
find it before anything of the implementation is unpickled."""

import functools
import os
import sys

from . import package
from .standard_library import Api, standard_library

BACKENDS = ("threading", "multiprocessing")
VARIABLE = "FREETHREADING_PYTHON_DRIVER"

# A thread that waits for the interpreter sleeps, and looks again this often: often enough for
# control.await_blocked to see it move.
SWITCH_INTERVAL = 0.0005


def choose(backend: str, which: str, start_method: str) -> Api:
    """Before the first call of `chosen`. Throws CannotStart."""
    if which == "auto":
        which = "package" if package.is_installed() else "standard-library"
    os.environ[VARIABLE] = f"{backend} {which} {start_method}"
    sys.setswitchinterval(SWITCH_INTERVAL)
    return chosen()


def prepare_worker_process() -> None:
    """In a process that was not forked. In the driver's own nothing is chosen yet."""
    if VARIABLE in os.environ:
        sys.setswitchinterval(SWITCH_INTERVAL)
        chosen()


@functools.lru_cache(maxsize=None)
def chosen() -> Api:
    backend, which, start_method = os.environ[VARIABLE].split(" ")
    if which == "package":
        return package.package(backend, start_method)
    return standard_library(backend, start_method)


def workers_are_processes() -> bool:
    return chosen().start_method != ""
