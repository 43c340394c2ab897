"""Reports of implementations that do not exist, as the runner would write them, for tests of the page."""

import json
import os
import random
import re
import subprocess

BACKENDS = ["threading", "multiprocessing"]
EXITS = {"fail": 1, "inconclusive": 3, "driver error": 4}

DRAWING = (
    "<!doctype html><style>svg rect { fill: #cfdff2 }</style><svg role=\"img\" width=\"900\" height=\"80\" "
    "viewBox=\"0 0 900 80\"><g class=\"bad\"><title>worker 3: Lock#1.release()</title><rect x=\"700\" y=\"30\" "
    "width=\"60\" height=\"18\"/><text x=\"705\" y=\"43\">! Lock#1.release()</text></g></svg>")


class Suite:
    """What the program says of its requirements and tests."""

    def __init__(self, program):
        text = subprocess.run([program, "--list-requirements"], check=True, capture_output=True, text=True).stdout
        self.tests = []  # pairs of requirement and test
        self.requirements = {}  # id: (name, level, kind, backends, text)
        identity = None
        for line in text.splitlines():
            if not line.startswith(" "):
                identity, facts = line.split("  ", 1)
                name, level, kind, *backends = facts.split(", ")
                self.requirements[identity] = [name, level, kind, backends, None]
            elif self.requirements[identity][4] is None:
                self.requirements[identity][4] = line.strip()
            else:
                self.tests.append((identity, line.strip()))

    def applies(self, requirement, backend):
        return backend in self.requirements[requirement][3]


def details_of(reason, size=4000):
    stacks = "\n".join(f"#{i} some_function (argument={i}) at source.cpp:{i}" for i in range(size // 50))
    return (f"{reason}.\n\nLOCK-1 (required):\n  Text.\n\nLook at:\n  A place.\n\n"
            "Scenario:\nmain.acquire(lock_1);\nmain.release(lock_1);\n\n"
            "What happened:\n    0.000  Lock#1.acquire() -> true   <====\n\n"
            f"Stacks of the driver's threads:\n{stacks}\n\n"
            "To run it again:\n  freethreading-conformance --replay elsewhere.json\n")


class Report:
    """One file. `verdicts` are those of tests that do not pass; `reasons` and `details` go with them."""

    def __init__(self, suite, implementation, backend, version="1.0", variant="plain"):
        self.suite, self.implementation, self.backend = suite, implementation, backend
        self.version, self.variant = version, variant
        self.verdicts, self.reasons, self.details, self.scenarios = {}, {}, {}, {}

    def fail_at_random(self, rate, verdicts, seed):
        """Each test does not pass with the probability `rate`."""
        draw = random.Random(f"{seed} {self.implementation} {self.backend}")
        for _, test in self.suite.tests:
            if draw.random() < rate:
                self.verdicts[test] = draw.choice(verdicts)
        return self

    def worst(self):
        """The verdict of each requirement, as a merge sees it; only for verdicts of tests from `order`."""
        order = ["pass", "not as recommended", "expected failure", "unsupported", "inconclusive", "fail",
                 "driver error"]
        found = {}
        for requirement, test in self.suite.tests:
            if not self.suite.applies(requirement, self.backend):
                continue
            verdict = self.verdicts.get(test, "pass")
            found[requirement] = max(found.get(requirement, "pass"), verdict, key=order.index)
        return found

    def write(self, file, footer=True):
        lines = [{
            "report": 1, "suite": os.environ["FREETHREADING_SUITE_VERSION"], "driver": f"driver of {self.implementation}"[:200], "backend": self.backend,
            "variant": self.variant, "implementation": self.implementation, "version": self.version,
            "language": "C++", "seed": 1, "time_scale": 1.0, "effort": 1.0, "tests": len(self.suite.tests),
            "all_tests": len(self.suite.tests)}]
        counts, code = {}, 0
        for requirement, test in self.suite.tests:
            verdict = self.verdicts.get(test, "pass")
            if not self.suite.applies(requirement, self.backend):
                verdict = "unsupported"
            line = {"test": test, "id": requirement, "verdict": verdict, "runs": 1, "seconds": 0.01}
            if verdict != "pass":
                line["reason"] = self.reasons.get(test, f"the reason for {test}")
            if verdict == "fail":
                line["details"] = self.details.get(test, details_of(line["reason"]))
                line["scenario"] = self.scenarios.get(test, re.sub(r"\W", "-", test) + ".json")
            lines.append(line)
            counts[verdict] = counts.get(verdict, 0) + 1
            if (3, 1, 4).index(EXITS.get(verdict, 3)) >= (3, 1, 4).index(code or 3) and verdict in EXITS:
                code = EXITS[verdict]
        if footer:
            lines.append({"comparison": {"variant": self.variant, "only": self.backend}})
            lines.append({"end": {"counts": counts, "exit": code}})
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return file
