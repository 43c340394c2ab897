"""How each call looks in Python. What comes back is to be called, and is all that is timed: arguments
are ready before."""

from typing import Any

from . import pool_operations
from .barrier_actions import present
from .environment import Environment, Prepared, given, limit_of
from .guarded_block import guarded_block
from .implementation import chosen

BARRIER_ATTRIBUTES = ("parties", "n_waiting", "broken")


def function_operation(function: Any, call: dict) -> Prepared:
    match call["op"]:
        case "current_worker":
            return lambda: description_of_worker(function())
        case "active_children" | "enumerate":
            return lambda: [description_of_worker(it) for it in function()]
        case _:
            return lambda: function()


def description_of_worker(worker: Any) -> list:
    return [worker.name, worker.daemon, worker.ident]


def object_operation(environment: Environment, target: Any, kind: str, call: dict) -> Prepared:
    operation = call["op"]
    if operation == "offers":
        name = environment.values(call)[0]
        return lambda: hasattr(target, name)
    if operation == "with":
        return guarded_block(environment, target, kind, environment.values(call))
    added = chosen().methods.get((kind, operation))
    if added is not None:
        return lambda: added(target)
    match kind:
        case "Condition" if operation == "wait_for":
            return wait_for(environment, target, call)
        case "Barrier":
            return barrier_operation(environment, target, call)
        case "Queue" | "SimpleQueue":
            return queue_operation(environment, target, call)
        case "WorkerPool":
            return pool_operations.pool_operation(environment, target, call)
        case "WorkerPoolExecutor":
            return pool_operations.executor_operation(environment, target, call)
        case "Future":
            return pool_operations.future_operation(environment, target, call)
        case "ImapIterator" | "ExecutorMap":
            return pool_operations.iterator_operation(target, call)
        case _:
            return method_of(target, call, environment.values(call))


def method_of(target: Any, call: dict, values: list, at_least: int = 0) -> Prepared:
    name, arguments, limit = call["op"], given(values, at_least), limit_of(call)
    return lambda: getattr(target, name)(*arguments, **limit)


def wait_for(environment: Environment, condition: Any, call: dict) -> Prepared:
    """Rule 5.9."""
    values, limit = environment.values(call), limit_of(call)
    cell = environment.cell(values[0])
    minimum = values[1]
    return lambda: condition.wait_for(lambda: cell.read() >= minimum, *values[2:], **limit)


def barrier_operation(environment: Environment, barrier: Any, call: dict) -> Prepared:
    values = environment.values(call)
    if call["op"] in BARRIER_ATTRIBUTES and not values:
        return lambda: getattr(barrier, call["op"])
    present.environment, present.barrier = environment, barrier
    return method_of(barrier, call, values)


def queue_operation(environment: Environment, queue: Any, call: dict) -> Prepared:
    values = environment.values(call)
    if call["op"] not in ("put", "put_nowait"):
        return method_of(queue, call, values)
    put = method_of(queue, call, values, at_least=1)
    item = values[0] if values else None
    if not (isinstance(item, list) and item[:1] == ["$changing"]):
        return put

    def put_and_change():
        put()
        item[:] = ["changed"]  # rule 5.20: an implementation that kept the original shows

    return put_and_change


def worker_operation(worker: Any, call: dict, values: list) -> Prepared:
    """`worker` makes the worker first if there is none yet."""
    match call["op"]:
        case "name":
            return lambda: worker().name
        case "daemon":
            return lambda: worker().daemon
        case "set_name":
            return lambda: setattr(worker(), "name", values[0])
        case "set_daemon":
            return lambda: setattr(worker(), "daemon", values[0])
        case "offers":
            return lambda: hasattr(worker(), values[0])
        case operation:
            arguments, limit = given(values), limit_of(call)
            return lambda: getattr(worker(), operation)(*arguments, **limit)
