"""Actions of a Barrier (rule 5.10). They travel with the barrier to other processes, where they find
the barrier and the Cell through the worker that waits."""

import threading
import time

from .errors import OtherError

# The environment and the barrier of the wait in which the calling thread is.
present = threading.local()


class BarrierAction:
    def __init__(self, name: str):
        self._name = name

    def __call__(self):
        if self._name == "add":
            present.environment.first_cell().add(1)
        elif self._name == "linger":
            time.sleep(0.1)
        elif self._name == "raise":
            raise OtherError("the action raises")
        elif self._name in ("abort", "reset", "wait"):
            getattr(present.barrier, self._name)()
