"""The kinds of errors (section 6 of the protocol) and the classes that Python has for them."""

import concurrent.futures
import errno
import multiprocessing
import queue
import threading


class OtherError(Exception):
    """What tasks, actions and blocks of scenarios raise as the kind `Other`."""


class DriverFault(Exception):
    """The driver, not the implementation, could not do its part (rule 3.6)."""


class Unsupported(Exception):
    """Names what the driver cannot do (rule 3.5)."""


RESOURCE_ERRORS = (errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC)

# The first that fits counts: a BrokenBarrierError is a RuntimeError as well. The classes are
# Python's own for the kinds; an AssertionError is none of them, though both stand for misuse.
CLASSES_OF_KINDS = (
    ("BrokenBarrierError", (threading.BrokenBarrierError,)),
    ("Empty", (queue.Empty,)),
    ("Full", (queue.Full,)),
    (
        "TimeoutError",
        (TimeoutError, multiprocessing.TimeoutError, concurrent.futures.TimeoutError),
    ),
    ("CancelledError", (concurrent.futures.CancelledError,)),
    ("BrokenWorkerPool", (concurrent.futures.BrokenExecutor,)),
    ("ResourceError", (MemoryError,)),
    ("ValueError", (ValueError,)),
    ("RuntimeError", (RuntimeError,)),
    ("TypeError", (TypeError,)),
)


def kind_of(error: BaseException) -> str:
    for kind, classes in CLASSES_OF_KINDS:
        if isinstance(error, classes):
            return kind
    if isinstance(error, OSError) and error.errno in RESOURCE_ERRORS:
        return "ResourceError"
    return "Other"


def error_of_kind(kind: str, message: str = "") -> Exception:
    """What `fail` and `raise` raise."""
    if kind == "ResourceError":
        return OSError(errno.EAGAIN, message)
    for name, classes in CLASSES_OF_KINDS:
        if name == kind:
            return classes[0](message)
    if kind == "Other":
        return OtherError(message)
    raise DriverFault("there is no kind of error " + repr(kind))


def description_of(error: BaseException) -> str:
    """The kind, a space, and what a reader wants to know of the error."""
    longest = 200
    return f"{kind_of(error)} {type(error).__name__}: {error}"[:longest]
