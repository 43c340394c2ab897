"""Messages: a line of JSON each (section 1 of the protocol)."""

import json
import os

LONGEST = 16 * 1024 * 1024


class MalformedMessage(Exception):
    """Says in one sentence, which begins with the number of a rule, what is wrong."""


class Channel:
    """Takes standard input and output for itself: whatever else the program prints goes to standard
    error (rule 1.3)."""

    def __init__(self):
        self._input = os.fdopen(os.dup(0), "rb")
        self._output = os.dup(1)
        os.dup2(2, 1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)

    def read(self) -> dict | None:
        """Nothing at the end of the input. Throws MalformedMessage."""
        line = self._input.readline(LONGEST + 1)
        if not line:
            return None
        if len(line) > LONGEST:
            while line and not line.endswith(b"\n"):
                line = self._input.readline(LONGEST)
            raise MalformedMessage("rule 1.2: the line has more than 16 MiB")
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise MalformedMessage(f"rule 1.2: the line is no JSON: {error}") from None
        if not isinstance(message, dict):
            raise MalformedMessage("rule 1.2: the line is no JSON object")
        return message

    def write(self, message: dict) -> None:
        line = (json.dumps(message) + "\n").encode()
        while line:
            line = line[os.write(self._output, line) :]
