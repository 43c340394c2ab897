"""What the driver says that it can do (rule 2.4)."""

from .implementation import workers_are_processes
from .scenario import FUNCTIONS, TYPES

DRIVERS_OWN = (
    "await_blocked",
    "repeat",
    "ends",
    "dies",
    "raise",
    "drop",
    "misuse",
    "offers",
    "opaque",
    "keep",
    "put_to",
)


def capabilities() -> list[str]:
    names = [*TYPES, "Worker", *FUNCTIONS, *DRIVERS_OWN]
    if workers_are_processes():
        names += ["kill", "stop"]
    return names
