"""What pools and futures call back (rule 5.16). It runs in the creator's process, in whatever thread the
implementation takes."""

import os
from typing import Any

from .environment import Environment
from .errors import DriverFault, OtherError, kind_of
from .tasks import square
from .values import value_from_json

WRONG = 1000


class Callback:
    """Of the list `parts`; `submit` does so to `pool`."""

    def __init__(self, environment: Environment, parts: list, pool: Any):
        self._action = parts[0]
        self._expected = value_from_json(parts[2]) if len(parts) > 2 else None
        self._pool = pool
        self._process = os.getpid()
        # Cells stay where they are, so that a callback may come later than its scenario ends.
        self._cell = environment.cell(parts[1]) if parts[0] != "set" else None
        self._event = environment.find(parts[1]) if parts[0] == "set" else None

    def __call__(self, got: Any) -> None:
        match self._action:
            case "add":
                self._count(True)
            case "expect":
                self._count(self._is_expected(got))
            case "raise":
                self._count(True)
                raise OtherError("the callback raises")
            case "raise_foreign":
                self._count(True)
                raise SystemExit("the callback raises")
            case "submit":
                self._submit()
            case "home":
                self._count(os.getpid() == self._process)
            case "set":
                self._event.set()
            case _:
                raise DriverFault(f"rule 5.16: there is no action {self._action!r}")

    def _count(self, is_right: bool) -> None:
        self._cell.add(1 if is_right else WRONG)

    def _is_expected(self, got: Any) -> bool:
        if hasattr(got, "add_done_callback"):
            try:
                got = got.result()
            except BaseException as error:
                got = error
        if isinstance(got, BaseException):
            got = kind_of(got)
        return got == self._expected and isinstance(got, bool) == isinstance(self._expected, bool)

    def _submit(self) -> None:
        then = Callback.__new__(Callback)
        then.__dict__ = self.__dict__ | {"_action": "expect", "_expected": 9}
        try:
            if hasattr(self._pool, "apply_async"):
                self._pool.apply_async(square, (3,), callback=then, error_callback=then)
            else:
                self._pool.submit(square, 3).add_done_callback(then)
        except Exception:
            self._count(False)


def callback_or_none(environment: Environment, parts: Any, pool: Any) -> Callback | None:
    return None if parts is None else Callback(environment, parts, pool)
