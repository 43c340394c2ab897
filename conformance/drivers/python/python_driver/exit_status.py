"""How the driver ends when it cannot go on."""

USAGE = 2
PYTHON_TOO_OLD = 3  # driver.py, which has to run on old Pythons, repeats it
IMPORT_FAILED = 4
REFUSED = 5  # what the greeting asked for
MALFORMED = 6  # the first message was no greeting


class CannotStart(Exception):
    """Says in one sentence why the driver ends."""

    def __init__(self, sentence: str, status: int):
        # What Python could not decode, a name of a file perhaps, is no text for a message.
        super().__init__(sentence.encode(errors="backslashreplace").decode())
        self.status = status
