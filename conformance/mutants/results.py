"""Results that are kept as soon as they are known, so that a command goes on where it was interrupted."""

import json
import threading


class Results:
    """A line of JSON for each; `key` says what one is about. Any number of threads may add some."""

    def __init__(self, path, key):
        self.path = path
        self.key = key
        self.lock = threading.Lock()
        lines = path.read_text().splitlines() if path.exists() else ()
        self.known = {key(result): result for result in map(json.loads, lines)}

    def add(self, result):
        with self.lock, self.path.open("a") as file:
            file.write(json.dumps(result) + "\n")
            self.known[self.key(result)] = result
