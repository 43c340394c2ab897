"""What may precede a call, to bring forth other interleavings (rule 5.6)."""

import os
import random
import time

LONGEST_SLEEP = 200e-6  # seconds
LONGEST_SPIN = 1_000  # iterations
ORDERS_OF_JITTER = 9  # powers of two, of iterations


class Perturbation:
    """Used by one thread."""

    def __init__(self, percent: int, seed: int, worker: int):
        self._percent = percent
        self._random = random.Random(f"{seed} {worker}")
        # Not the main worker: what it starts would be bound with it.
        if percent > 0 and worker != 0 and self._random.randrange(3) == 0:
            processors = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, {self._random.choice(processors)})
        # Nothing but spinning, so that rounds stay fast.
        self._jitter = 1 << self._random.randrange(ORDERS_OF_JITTER) if percent >= 100 else 0

    def __call__(self) -> None:
        if self._jitter > 0:
            for _ in range(self._random.randrange(self._jitter)):
                pass
            return
        if self._percent == 0 or self._random.randrange(100) >= self._percent:
            return
        match self._random.randrange(3):
            case 0:
                os.sched_yield()
            case 1:
                time.sleep(self._random.random() * LONGEST_SLEEP)
            case _:
                for _ in range(self._random.randrange(LONGEST_SPIN)):
                    pass
