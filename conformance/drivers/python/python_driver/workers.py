"""Workers of a scenario: how they are made, and what they do."""

from typing import Any

from . import alignment, board
from .environment import Environment
from .errors import DriverFault, error_of_kind
from .implementation import chosen
from .interpreter import Interpreter
from .lane import Lane, lane_memory
from .values import OpaqueToTransfer, Spoilable


def work(folder: str, run: int, scenario: dict, position: int, handles: dict, *_surplus) -> None:
    """The target of every worker."""
    shared = board.shared()
    environment = Environment(run, scenario, position, shared, handles)
    del handles  # or a `drop` would leave a reference (rule 5.14)
    lane = Lane(lane_memory(folder, position), run, environment.plan["id"])
    is_aligned = scenario["aligned"] and environment.plan["parent"] == 0
    shared.note_begun(position)
    if is_aligned:
        alignment.note_arrival(shared, scenario, position)
        alignment.await_start(shared)
    failure = make_calls(environment, lane, folder)
    lane.end_life()
    shared.note_ended(position)
    if failure is not None:
        raise error_of_kind(*failure)


def make_calls(environment: Environment, lane: Lane, folder: str) -> tuple[str, str] | None:
    """A fault leaves a worker with calls that it did not make, so that others may wait for it for ever;
    the runner sees that nothing moves. Returns the kind and message of what has to leave the target."""
    try:
        return Interpreter(environment, lane, folder, make_worker).run()
    except Exception as error:
        environment.board.note_fault(f"{type(error).__name__}: {error}")
        return None


def make_worker(environment: Environment, position: int, folder: str) -> Any:
    """Raises what the implementation raises; DriverFault."""
    plan = environment.scenario["workers"][position]
    target, surplus = work, ()
    match plan["misuse"]:
        case None:
            pass
        case "target":

            def target(*arguments):
                work(*arguments)

        case "argument":
            surplus = (OpaqueToTransfer(),)
        case "spoilt":
            surplus = (environment.spoilables.setdefault(position, Spoilable()),)
        case "Worker":
            surplus = (chosen().functions["current_worker"](),)
        case kind:
            surplus = (first_of_type(environment, kind),)
    # A copy: what this worker drops later does not concern the other (rule 5.14).
    arguments = (folder, environment.run, environment.scenario, position, dict(environment.handles))
    flags = {} if plan["daemon"] is None else {"daemon": plan["daemon"]}
    return chosen().Worker(target=target, name=plan["name"], args=arguments + surplus, **flags)


def first_of_type(environment: Environment, kind: str) -> Any:
    for description in environment.scenario["objects"]:
        if description["type"] == kind and description["id"] in environment.locals:
            return environment.locals[description["id"]]
    raise DriverFault(f"rule 5.19: there is no {kind}")
