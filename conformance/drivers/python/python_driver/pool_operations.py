"""The calls of pools, executors and what their calls result in."""

import threading
from typing import Any, Iterator

from . import control
from .callbacks import callback_or_none
from .construction import with_queue
from .environment import Environment, Prepared, limit_of
from .errors import OtherError, kind_of
from .tasks import TAKES_QUEUE, function_named
from .values import value_from_json

WITH_CALLBACKS = {"apply_async": 2, "map_async": 3, "starmap_async": 3}  # where they begin


def pool_operation(environment: Environment, pool: Any, call: dict) -> Prepared:
    operation, json = call["op"], environment.arguments(call)
    if operation in ("close", "terminate", "join"):
        return lambda: getattr(pool, operation)()
    if operation == "terminate_later":
        return lambda: terminate_later(environment, pool)
    function, arguments = task_of(environment, json)
    method = getattr(pool, operation)
    callbacks = callbacks_of(environment, pool, operation, json)
    if operation in ("apply", "apply_async"):
        return lambda: method(function, arguments, **callbacks)
    rest = {} if at(json, 2) is None else {"chunksize": value_from_json(json[2])}
    if operation in ("imap", "imap_unordered") and at(json, 3) is not None:
        arguments = raising(arguments, json[3])
    return lambda: method(function, arguments, **rest, **callbacks)


def at(json: list, index: int) -> Any:
    return json[index] if index < len(json) else None


def task_of(environment: Environment, json: list) -> tuple[Any, Any]:
    arguments = value_from_json(at(json, 1))
    if at(json, 0) in TAKES_QUEUE:
        arguments = with_queue(environment, arguments)
    return function_named(at(json, 0)), [] if arguments is None else arguments


def callbacks_of(environment: Environment, pool: Any, operation: str, json: list) -> dict:
    if operation not in WITH_CALLBACKS:
        return {}
    first = WITH_CALLBACKS[operation]
    pair = {"callback": at(json, first), "error_callback": at(json, first + 1)}
    return {
        name: callback_or_none(environment, parts, pool)
        for name, parts in pair.items()
        if parts is not None
    }


def raising(items: list, after: int) -> Iterator:
    """Rule 5.17."""
    yield from items[:after]
    raise OtherError("the input raises")


def terminate_later(environment: Environment, pool: Any) -> None:
    """Rule 5.18."""

    def terminate():
        control.await_blocked(environment.board, environment.position)
        pool.terminate()

    helper = threading.Thread(target=terminate, daemon=True)
    environment.helpers.append(helper)
    helper.start()


def executor_operation(environment: Environment, executor: Any, call: dict) -> Prepared:
    operation, json = call["op"], environment.arguments(call)
    if operation == "shutdown":
        wait = True if at(json, 0) is None else json[0]
        cancels = bool(at(json, 1))
        return lambda: executor.shutdown(wait, cancel_futures=cancels)
    function, arguments = task_of(environment, json)
    if operation == "submit":
        return lambda: executor.submit(function, *arguments)
    rest = {} if at(json, 2) is None else {"chunksize": value_from_json(json[2])}
    rest |= limit_of(call)
    return lambda: executor.map(function, *arguments, **rest)


def future_operation(environment: Environment, future: Any, call: dict) -> Prepared:
    operation = call["op"]
    if operation == "add_done_callback":
        parts = environment.arguments(call)[0]
        executor = next(
            (it for it in environment.locals.values() if hasattr(it, "submit")), None
        )
        callback = callback_or_none(environment, parts, executor)
        return lambda: future.add_done_callback(callback)
    limit = limit_of(call)
    if operation == "exception":

        def exception():
            error = future.exception(**limit)
            return None if error is None else kind_of(error)

        return exception
    return lambda: getattr(future, operation)(**limit)


def iterator_operation(iterator: Any, call: dict) -> Prepared:
    """`next`: [value], or [] at the end."""
    limit = limit_of(call)

    def next_item():
        try:
            return [iterator.next(**limit) if limit else next(iterator)]
        except StopIteration:
            return []

    return next_item
