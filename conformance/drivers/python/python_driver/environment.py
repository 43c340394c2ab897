"""What one worker knows in one run."""

import math
import threading
from typing import Any, Callable

from .board import Board, Cell
from .errors import DriverFault
from .scenario import find_object, position_of
from .values import value_from_json


class Environment:
    def __init__(self, run: int, scenario: dict, position: int, board: Board, handles: dict):
        self.run = run
        self.scenario = scenario
        self.position = position
        self.plan = scenario["workers"][position]
        self.board = board
        self.handles = handles  # objects that all workers share, by id
        self.locals = {}  # pools, and what calls resulted in
        self.children = {}  # workers that this one made, by position
        self.spoilables = {}  # arguments that will be spoilt, by position
        self.helpers: list[threading.Thread] = []
        self.round = 0

    def object(self, identifier: int) -> dict | None:
        return find_object(self.scenario, identifier)

    def position_of(self, worker: int) -> int:
        return position_of(self.scenario, worker)

    def find(self, identifier: int) -> Any:
        """A handle or local; nothing if it does not exist here."""
        if identifier in self.handles:
            return self.handles[identifier]
        return self.locals.get(identifier)

    def is_made_in_vain(self, identifier: int) -> bool:
        """Whether this worker, or the main one, tries to make it (rule 5.4)."""
        return any(call["into"] == identifier for call in self.plan["calls"]) or any(
            call["object"] == identifier and call["op"] == "create" for call in self.scenario["workers"][0]["calls"]
        )

    def cell(self, identifier: int) -> Cell:
        cells = [it["id"] for it in self.scenario["objects"] if it["type"] == "Cell"]
        if identifier not in cells:
            raise DriverFault(f"rule 5.11: {identifier} is no Cell")
        return self.board.cell(cells.index(identifier))

    def first_cell(self) -> Cell:
        for candidate in self.scenario["objects"]:
            if candidate["type"] == "Cell":
                return self.cell(candidate["id"])
        raise DriverFault("rule 5.10: the scenario has no Cell")

    def arguments(self, call: dict) -> list:
        """As JSON, with the number of the round (rule 5.15)."""
        if self.plan["repeat"] == 1:
            return call["args"]
        return [with_round(argument, self.round) for argument in call["args"]]

    def values(self, call: dict) -> list:
        return [value_from_json(argument) for argument in self.arguments(call)]


def with_round(json: Any, number: int) -> Any:
    if json == "$round":
        return number
    if isinstance(json, list):
        return [with_round(element, number) for element in json]
    return json


def time_limit(json: Any) -> Any:
    """In seconds (rule 5.2)."""
    if isinstance(json, int):
        return json / 1e9
    return {"inf": math.inf, "nan": math.nan}.get(json, json)


def limit_of(call: dict) -> dict[str, Any]:
    """The keyword argument, or none."""
    return {} if call["timeout"] is None else {"timeout": time_limit(call["timeout"])}


def given(arguments: list, at_least: int = 0) -> list:
    """Without those at the end that are left out."""
    arguments = list(arguments)
    while len(arguments) > at_least and arguments[-1] is None:
        arguments.pop()
    return arguments


Prepared = Callable[[], Any]
