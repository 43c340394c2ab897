"""Runs scenarios, one after the other, in the driver's main thread, which is worker 0."""

import os

from . import alignment, board, control
from .construction import make_object
from .environment import Environment
from .errors import DriverFault, Unsupported
from .lane import Lane, lane_memory
from .scenario import POOL_TYPES, RESULT_TYPES, find_object, out_of_reach
from .workers import make_calls


class Host:
    def __init__(self, folder: str, lanes: int):
        self._folder = folder
        self._board = board.make(lanes)
        self._gate = alignment.Gate(self._board)
        self._kept = None  # the objects of a program that has to end, which are to live on

    def run(self, run: int, scenario: dict) -> dict | None:
        """The answer; nothing if the program has to end now (rule 3.9)."""
        try:
            self._require_possible(scenario)
            self._board.begin_run()
            self._gate.close()
            self._run_main_worker(run, scenario)
        except Unsupported as unsupported:
            return {"unsupported": run, "what": str(unsupported)}
        except DriverFault as fault:
            return {"failed": run, "why": str(fault)}
        if self._board.fault():
            return {"failed": run, "why": self._board.fault()}
        if self._board.has_overflowed():
            return {"overflow": run}
        return None if scenario["ends"] else {"done": run}

    def _require_possible(self, scenario: dict) -> None:
        if len(scenario["workers"]) > self._board.lanes:
            raise Unsupported("more workers than lanes")
        if sum(it["type"] == "Cell" for it in scenario["objects"]) > board.CELLS:
            raise Unsupported(f"more than {board.CELLS} Cells")
        what = out_of_reach(scenario)
        if what is not None:
            raise Unsupported(what)

    def _run_main_worker(self, run: int, scenario: dict) -> None:
        environment = Environment(run, scenario, 0, self._board, {})
        self._make_objects(environment)
        self._board.note_begun(0)
        lane = Lane(lane_memory(self._folder, 0), run, 0)
        make_calls(environment, lane, self._folder)
        lane.end_life()
        self._board.note_ended(0)
        if scenario["ends"]:
            self._kept = environment
            return
        self._await_workers(environment)
        release(environment)

    @staticmethod
    def _make_objects(environment: Environment) -> None:
        created = {
            call["object"] for call in environment.plan["calls"] if call["op"] == "create"
        }
        for description in environment.scenario["objects"]:
            if description["type"] in RESULT_TYPES or description["id"] in created:
                continue
            try:
                make_object(environment, description)
            except DriverFault:
                raise
            except Exception as error:
                sentence = f"object {description['id']} cannot be made: {error}"
                raise DriverFault(sentence) from error

    def _await_workers(self, environment: Environment) -> None:
        """Workers that worker 0 started are joined, so that nothing of them shows in the next scenario."""
        for child in list(environment.children.values()):
            try:
                child.join()
            except Exception:  # its calls have shown what is wrong with it
                pass
        # A worker may start others as long as it runs, so look again until there is nobody new.
        waited = set()
        while True:
            running = {
                position
                for position in range(1, len(environment.scenario["workers"]))
                if self._board.is_started(position)
            } - waited
            if not running:
                return
            for position in running:
                control.await_ended(self._board, position)
            waited |= running


def release(environment: Environment) -> None:
    """Pools are ended, and helpers with them."""
    for identifier, target in environment.locals.items():
        description = find_object(environment.scenario, identifier)
        if description is None or description["type"] not in POOL_TYPES:
            continue
        try:
            if description["type"] == "WorkerPool":
                target.terminate()
                target.join()
            else:
                target.shutdown(wait=True)
        except Exception as error:
            os.write(2, f"ending a pool raised {type(error).__name__}: {error}\n".encode())
    for helper in environment.helpers:
        helper.join()
    environment.locals.clear()
    environment.handles.clear()
    environment.children.clear()
