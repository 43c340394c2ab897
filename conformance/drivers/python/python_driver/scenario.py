"""Checks that a scenario is one (rules 1.2 and 5), and fills in what may be left out."""

from typing import Any

SHARED_TYPES = (
    "Lock",
    "RLock",
    "Semaphore",
    "BoundedSemaphore",
    "Condition",
    "Event",
    "Barrier",
    "Queue",
    "SimpleQueue",
)
POOL_TYPES = ("WorkerPool", "WorkerPoolExecutor")
RESULT_TYPES = ("AsyncResult", "ImapIterator", "Future", "ExecutorMap")
TYPES = SHARED_TYPES + POOL_TYPES + RESULT_TYPES + ("Cell",)
FUNCTIONS = (
    "get_backend",
    "get_ident",
    "current_worker",
    "active_count",
    "active_children",
    "enumerate",
)
DRIVERS_OWN = ("await_blocked", "kill", "stop", "resume", "offers")
MISUSES = ("target", "argument", "spoilt", "Worker") + POOL_TYPES + RESULT_TYPES

SCENARIO_MEMBERS = {
    "version": int,
    "seed": int,
    "aligned": bool,
    "perturbation": int,
    "ends": str,
    "objects": list,
    "workers": list,
}
OBJECT_MEMBERS = {"id": int, "type": str, "args": list}
WORKER_MEMBERS = {
    "id": int,
    "parent": int,
    "name": str,
    "daemon": bool,
    "misuse": str,
    "repeat": int,
    "calls": list,
}
CALL_MEMBERS = {
    "id": int,
    "object": int,
    "op": str,
    "args": list,
    "timeout": (int, str, type(None)),
    "into": int,
}


class MalformedScenario(Exception):
    """Says in one sentence, which begins with the number of a rule, what is wrong."""


def require(condition: bool, rule: str, sentence: str) -> None:
    if not condition:
        raise MalformedScenario(f"rule {rule}: {sentence}")


def require_members(json: Any, members: dict, what: str) -> None:
    require(isinstance(json, dict), "5", f"{what} is no object")
    for name, value in json.items():
        require(name in members, "5", f"{what} has no member {name!r}")
        kinds = members[name]
        # A bool is an int in Python and none in JSON.
        fits = isinstance(value, kinds) and (kinds is bool or not isinstance(value, bool))
        require(fits, "5", f"the member {name!r} of {what} is {str(value)[:40]!r}")


def checked_scenario(json: Any) -> dict:
    """Throws MalformedScenario."""
    require_members(json, SCENARIO_MEMBERS, "a scenario")
    require(json.get("version") == 1, "5", "only version 1 of scenarios is known")
    require(json.get("ends") in (None, "return", "raise", "die"), "3.9", "ends is unknown")
    scenario = {"seed": 0, "aligned": False, "perturbation": 0, "ends": None, "objects": []} | json
    require(bool(scenario.get("workers")), "5.1", "there are no workers")
    ids = set()
    scenario["workers"] = [
        checked_worker(worker, is_first=position == 0, ids=ids)
        for position, worker in enumerate(scenario["workers"])
    ]
    scenario["objects"] = [checked_object(it, ids) for it in scenario["objects"]]
    calls = set()
    for worker in scenario["workers"]:
        for call in worker["calls"]:
            require(call["id"] not in calls, "5.1", f"call {call['id']} exists twice")
            calls.add(call["id"])
            for member in ("object", "into"):
                require(
                    call[member] is None or call[member] in ids,
                    "5.1",
                    f"call {call['id']} names the object {call[member]}, which does not exist",
                )
    return scenario


def take_id(json: dict, ids: set, what: str) -> None:
    require("id" in json, "5.1", f"{what} has no id")
    require(json["id"] >= 0 and json["id"] not in ids, "5.1", f"the id {json['id']} is used twice")
    ids.add(json["id"])


def checked_object(json: Any, ids: set) -> dict:
    require_members(json, OBJECT_MEMBERS, "an object")
    take_id(json, ids, "an object")
    require(json.get("type") in TYPES, "5", f"there is no type {json.get('type')!r}")
    return {"args": []} | json


def checked_worker(json: Any, is_first: bool, ids: set) -> dict:
    require_members(json, WORKER_MEMBERS, "a worker")
    take_id(json, ids, "a worker")
    require(not is_first or json["id"] == 0, "5.1", "worker 0 comes first")
    worker = {"parent": None if is_first else 0, "name": None, "daemon": None, "misuse": None}
    worker |= {"repeat": 1, "calls": []} | json
    require(worker["misuse"] in (None,) + MISUSES, "5.19", "this misuse is unknown")
    require(worker["repeat"] >= 1, "5.15", "repeat is less than 1")
    worker["calls"] = [checked_call(call) for call in worker["calls"]]
    return worker


def checked_call(json: Any) -> dict:
    require_members(json, CALL_MEMBERS, "a call")
    require("id" in json and "op" in json, "5.1", "a call has no id, or no op")
    return {"object": None, "args": [], "timeout": None, "into": None} | json


def find_object(scenario: dict, identifier: Any) -> dict | None:
    for candidate in scenario["objects"]:
        if candidate["id"] == identifier:
            return candidate
    return None


def position_of(scenario: dict, worker: int) -> int:
    for position, candidate in enumerate(scenario["workers"]):
        if candidate["id"] == worker:
            return position
    raise MalformedScenario(f"rule 5.1: there is no worker {worker}")


def out_of_reach(scenario: dict) -> str | None:
    """What a worker of this scenario cannot do, by rule 5.11."""
    parents = {worker["id"]: worker["parent"] for worker in scenario["workers"]}
    types = {candidate["id"]: candidate["type"] for candidate in scenario["objects"]}
    for worker in scenario["workers"]:
        own = {call["into"] for call in worker["calls"]}
        for call in worker["calls"]:
            target = call["object"]
            if target in parents:
                is_near = target == worker["id"] or parents[target] == worker["id"]
                if not is_near and call["op"] not in DRIVERS_OWN:
                    return "the worker of another worker"
            kind = types.get(target)
            if kind in POOL_TYPES and worker["id"] != 0:
                return "a pool of another worker"
            if kind in RESULT_TYPES and target not in own:
                return "a result of another worker"
    return None
