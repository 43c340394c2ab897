"""Makes the objects of a scenario."""

from typing import Any

from .barrier_actions import BarrierAction
from .environment import Environment, given, time_limit
from .errors import DriverFault
from .implementation import chosen
from .scenario import POOL_TYPES, RESULT_TYPES
from .tasks import TAKES_QUEUE, function_named
from .values import value_from_json

BARRIER_ACTIONS = ("nothing", "add", "linger", "raise", "abort", "reset", "wait")


def make_object(environment: Environment, description: dict) -> None:
    """Raises what the implementation raises; DriverFault."""
    kind, arguments = description["type"], description["args"]
    if kind == "Cell":
        environment.cell(description["id"]).write(arguments[0] if arguments else 0)
        return
    if kind in RESULT_TYPES:
        raise DriverFault(f"rule 5.3: a {kind} is what a call results in")
    values = constructor_arguments(environment, kind, arguments)
    keywords = {}
    if kind == "WorkerPoolExecutor" and len(values) <= 3:
        # The one of the package takes these by name only.
        values, rest = values[:1], values[1:]
        keywords = dict(zip(("initializer", "initargs"), rest))
    made = chosen().types[kind](*values, **keywords)
    place = environment.locals if kind in POOL_TYPES else environment.handles
    place[description["id"]] = made


def constructor_arguments(environment: Environment, kind: str, arguments: list) -> list:
    if kind in POOL_TYPES:
        return pool_arguments(environment, arguments)
    values = [value_from_json(argument) for argument in arguments]
    if kind == "Condition" and values and isinstance(values[0], int):
        # A number that is no id stands for itself: an argument of the wrong kind.
        values[0] = environment.find(values[0]) or values[0]
    if kind == "Barrier":
        if len(values) > 1 and values[1] in BARRIER_ACTIONS:
            values[1] = BarrierAction(values[1])
        if len(values) > 2:
            values[2] = time_limit(arguments[2])
    return given(values)


def pool_arguments(environment: Environment, arguments: list) -> list:
    values = [value_from_json(argument) for argument in arguments]
    if len(values) > 1 and values[1] is not None:
        values[1] = function_named(values[1])
    if len(values) > 2 and arguments[1] in TAKES_QUEUE:
        values[2] = with_queue(environment, values[2])
    return given(values)


def with_queue(environment: Environment, arguments: list) -> list[Any]:
    """The first argument is the id of a Queue or SimpleQueue."""
    return [environment.handles[arguments[0]], *arguments[1:]]
