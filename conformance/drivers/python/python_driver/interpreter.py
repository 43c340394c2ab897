"""Makes the calls of one worker and writes them down."""

import json
import time
from typing import Any, Callable

from . import alignment, control
from .construction import make_object
from .environment import Environment, Prepared
from .errors import DriverFault, description_of
from .implementation import chosen
from .lane import ERROR, VALUE, Lane
from .operations import function_operation, object_operation, worker_operation
from .perturbation import Perturbation
from .values import value_to_json

CONTROL = {
    "await_blocked": control.await_blocked,
    "kill": control.kill,
    "stop": control.stop,
    "resume": control.resume,
}


class Interpreter:
    def __init__(self, environment: Environment, lane: Lane, folder: str, make_worker: Callable):
        self._environment = environment
        self._lane = lane
        self._folder = folder
        self._make_worker = make_worker
        scenario, plan = environment.scenario, environment.plan
        self._perturb = Perturbation(scenario["perturbation"], scenario["seed"], plan["id"])
        self._failure = None

    def run(self) -> tuple[str, str] | None:
        """Makes all calls. Returns what is to leave the target (rule 5.13). Raises DriverFault."""
        environment = self._environment
        for environment.round in range(environment.plan["repeat"]):
            for call in environment.plan["calls"]:
                self._perturb()
                self._make(call)
                if self._lane.has_overflowed:
                    environment.board.note_overflow()
        return self._failure

    def _make(self, call: dict) -> None:
        environment, operation, identifier = self._environment, call["op"], call["object"]
        if operation == "raise":
            self._failure = tuple(environment.values(call))
            return self._record(call, lambda: None)
        if operation == "drop":
            return self._drop(call)
        if identifier is None:
            return self._record(call, function_operation(chosen().functions[operation], call))
        description = environment.object(identifier)
        if description is None:
            return self._call_worker(call, environment.position_of(identifier))
        if operation == "create":
            return self._record(call, lambda: make_object(environment, description))
        if description["type"] == "Cell":
            target = environment.cell(identifier)
        else:
            target = environment.find(identifier)
            if target is None:
                return self._require_tried(identifier)
        self._record(call, object_operation(environment, target, description["type"], call))

    def _record(self, call: dict, prepared: Prepared) -> Any:
        """Whether it returned."""
        lane = self._lane
        lane.invoke(call["id"])
        try:
            result = prepared()
            moment = time.monotonic_ns()
        except DriverFault:
            raise
        except BaseException as error:
            moment = time.monotonic_ns()
            # Its traceback refers to this frame, and so to what the worker may drop.
            text = description_of(error.with_traceback(None))
            lane.respond(moment, ERROR, text.encode("utf-8", "replace").replace(b"\0", b" "))
            return False
        if call["into"] is not None:
            self._environment.locals[call["into"]] = result
            result = None
        lane.respond(moment, VALUE, json.dumps(value_to_json(result)).encode())
        return True

    def _require_tried(self, identifier: int) -> None:
        """Calls on an object that this worker tried in vain to make are left out (rule 5.4)."""
        if not self._environment.is_made_in_vain(identifier):
            worker = self._environment.plan["id"]
            raise DriverFault(f"rule 5.3: worker {worker} has no object {identifier}")

    def _drop(self, call: dict) -> None:
        environment, identifier = self._environment, call["object"]
        description = environment.object(identifier)
        if description is None:
            place, key = environment.children, environment.position_of(identifier)
        else:
            place = environment.handles if identifier in environment.handles else environment.locals
            key = identifier
            if key not in place:
                return self._require_tried(identifier)
        self._record(call, lambda: give_up(place, key))

    def _call_worker(self, call: dict, position: int) -> None:
        environment, operation = self._environment, call["op"]
        if operation in CONTROL:
            act = CONTROL[operation]
            self._record(call, lambda: act(environment.board, position))
            return
        values = environment.values(call)
        if position == environment.position:
            self._record(call, worker_operation(chosen().functions["current_worker"], call, values))
            return

        def worker():
            if position not in environment.children:
                child = self._make_worker(environment, position, self._folder)
                environment.children[position] = child
            return environment.children[position]

        if operation == "start":
            prepared = worker_operation(worker, call, values)

            def start():
                worker()
                if position in environment.spoilables:
                    environment.spoilables[position].is_spoilt = True
                prepared()

            self._start(call, position, start)
        else:
            self._record(call, worker_operation(worker, call, values))

    def _start(self, call: dict, position: int, prepared: Prepared) -> None:
        environment = self._environment
        if self._record(call, prepared):
            child = environment.children[position]
            environment.board.note_started(position, getattr(child, "pid", None) or 0)
        elif environment.scenario["aligned"] and not environment.board.is_started(position):
            if environment.scenario["workers"][position]["parent"] == 0:
                alignment.note_arrival(environment.board, environment.scenario, position)


def give_up(place: dict, key: int) -> None:
    place.pop(key, None)
