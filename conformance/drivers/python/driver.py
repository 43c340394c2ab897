#!/usr/bin/env python3
"""Hosts the Python implementation of the API; the driver protocol is spec/driver_protocol.md.

The real program is in the package python_driver. This file has no syntax that an old Python does
not know, or it could not say that it is too old.
"""

import json
import sys

OLDEST = (3, 10)
PYTHON_TOO_OLD = 3


def refuse_old_python():
    if sys.version_info >= OLDEST:
        return
    sentence = "the Python driver needs Python %d.%d or newer, and this is %d.%d" % (
        OLDEST + tuple(sys.version_info[:2])
    )
    sys.stdout.write(json.dumps({"error": sentence}) + "\n")
    sys.stdout.flush()
    sys.stderr.write("driver.py: " + sentence + "\n")
    sys.exit(PYTHON_TOO_OLD)


refuse_old_python()

# A worker process that is not forked runs this file as a module before it unpickles anything.
from python_driver import implementation  # noqa: E402

implementation.prepare_worker_process()

if __name__ == "__main__":
    from python_driver import service

    sys.exit(service.main(sys.argv[1:]))
