"""The classes of the standard library that the package wraps, under the names of the API.

Nothing is added to them. Of the functions each module lacks some, and before Python 3.14 a Lock of
processes does not tell whether it is held; those are put together from what there is, as the package
does it.
"""

import concurrent.futures
import multiprocessing
import multiprocessing.pool
import os
import platform
import queue
import threading
from typing import Callable, NamedTuple


class Api(NamedTuple):
    """What the driver calls."""

    name: str
    version: str
    start_method: str  # of processes; empty: workers are threads
    types: dict[str, Callable]
    Worker: Callable
    functions: dict[str, Callable]
    methods: dict[tuple[str, str], Callable] = {}  # that a class lacks, by type and name


def threads() -> Api:
    # Its second argument is the beginning of names, which the API does not have.
    def make_executor(max_workers=None, initializer=None, initargs=(), *others):
        return concurrent.futures.ThreadPoolExecutor(max_workers, "", initializer, initargs, *others)

    def active_children():
        return [it for it in threading.enumerate() if it is not threading.current_thread()]

    types = {name: getattr(threading, name) for name in SYNCHRONIZATION}
    return Api(
        name="CPython threading",
        version=platform.python_version(),
        start_method="",
        types=types
        | {
            "Queue": queue.Queue,
            "SimpleQueue": queue.SimpleQueue,
            "WorkerPool": multiprocessing.pool.ThreadPool,
            "WorkerPoolExecutor": make_executor,
        },
        Worker=threading.Thread,
        functions={
            "get_backend": lambda: "threading",
            "get_ident": threading.get_ident,
            "current_worker": threading.current_thread,
            "active_count": threading.active_count,
            "active_children": active_children,
            "enumerate": threading.enumerate,
        },
    )


def processes(start_method: str) -> Api:
    context = multiprocessing.get_context(start_method or None)

    def make_executor(max_workers=None, initializer=None, initargs=(), *others):
        return concurrent.futures.ProcessPoolExecutor(
            max_workers, context, initializer, initargs, *others
        )

    def all_workers():
        return [*context.active_children(), context.current_process()]

    types = {name: getattr(context, name) for name in SYNCHRONIZATION}
    return Api(
        name="CPython multiprocessing",
        version=platform.python_version(),
        start_method=start_method or multiprocessing.get_start_method(),
        types=types
        | {
            "Queue": context.JoinableQueue,
            "SimpleQueue": context.SimpleQueue,
            "WorkerPool": context.Pool,
            "WorkerPoolExecutor": make_executor,
        },
        Worker=context.Process,
        functions={
            "get_backend": lambda: "multiprocessing",
            "get_ident": os.getpid,
            "current_worker": context.current_process,
            "active_count": lambda: len(all_workers()),
            "active_children": context.active_children,
            "enumerate": all_workers,
        },
        methods={} if hasattr(types["Lock"](), "locked") else {("Lock", "locked"): is_held},
    )


def is_held(lock) -> bool:
    """Takes the lock for a moment if it is free."""
    if lock.acquire(False):
        lock.release()
        return False
    return True


SYNCHRONIZATION = (
    "Lock",
    "RLock",
    "Semaphore",
    "BoundedSemaphore",
    "Condition",
    "Event",
    "Barrier",
)


def standard_library(backend: str, start_method: str) -> Api:
    return threads() if backend == "threading" else processes(start_method)
