"""The package freethreading, the original of the API.

It looks once, on import, whether Python has a global lock, and takes threads if not. The driver
answers that question in Python's place, so that either backend can be had on any Python.
"""

import importlib
import importlib.metadata
import importlib.util
import multiprocessing
import sys

from .exit_status import IMPORT_FAILED, REFUSED, CannotStart
from .standard_library import SYNCHRONIZATION, Api

DISTRIBUTIONS = ("free-threading", "freethreading")  # the names that it has had


def is_installed() -> bool:
    return importlib.util.find_spec("freethreading") is not None


def version() -> str:
    for name in DISTRIBUTIONS:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pass
    return getattr(sys.modules.get("freethreading"), "__version__", "unknown")


def package(backend: str, start_method: str) -> Api:
    """Throws CannotStart."""
    if start_method:
        multiprocessing.set_start_method(start_method, force=True)
    sys._is_gil_enabled = lambda: backend != "threading"
    try:
        module = importlib.import_module("freethreading")
        names = SYNCHRONIZATION + ("Queue", "SimpleQueue", "WorkerPool", "WorkerPoolExecutor")
        types = {name: getattr(module, name) for name in names}
        functions = {
            name: getattr(module, name)
            for name in (
                "get_backend",
                "get_ident",
                "current_worker",
                "active_count",
                "active_children",
                "enumerate",
            )
        }
        worker = module.Worker
        chosen = functions["get_backend"]()
    except BaseException as error:  # a package that ends the program is none that can be used
        raise CannotStart(
            f"the package freethreading cannot be imported: {type(error).__name__}: {error}",
            IMPORT_FAILED,
        ) from error
    if chosen != backend:
        raise CannotStart(f"the package freethreading uses {chosen}, not {backend}", REFUSED)
    return Api(
        name="freethreading",
        version=version(),
        start_method=(start_method or "its own") if backend != "threading" else "",
        types=types,
        Worker=worker,
        functions=functions,
    )
