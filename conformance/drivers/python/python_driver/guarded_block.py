"""`with` (rule 5.8)."""

from typing import Any

from .environment import Environment, Prepared
from .errors import OtherError
from .scenario import POOL_TYPES


def guarded_block(_: Environment, target: Any, kind: str, values: list) -> Prepared:
    body = values[0] if values else "nothing"

    def make_block():
        with target as entered:
            if body == "raise":
                raise OtherError("the block raises")
            if body == "release":
                target.release()
        return True if kind in POOL_TYPES else entered

    if values and body not in ("nothing", "raise", "release"):
        return lambda: target.__enter__(*values)  # more than a block takes
    return make_block
