#!/usr/bin/env python3
"""Looks for requirements that no mutant breaks.

    coverage.py --runner freethreading-conformance --driver mutant-driver --reasons unbreakable.json

Each requirement that a run can break needs, on each of its backends, a mutant that must fail it, or its id in the
list of reasons. A reason that nothing needs is an error too. Exit status: 0 all is covered, 1 it is not, 2 usage,
3 something else went wrong.
"""

import argparse
import json
import pathlib
import sys

from listings import Trouble, mutants, requirements


def is_breakable(requirement):
    """What is permitted cannot fail; what the compiler decides is the same in all mutants of one program."""
    return requirement["level"] != "permitted" and requirement["kind"] != "compile_time"


def read_reasons(path):
    try:
        reasons = json.loads(pathlib.Path(path).read_text())
    except ValueError as error:
        raise Trouble(f"{path}: {error}") from error
    if not isinstance(reasons, dict) or not all(isinstance(it, str) and it.strip() for it in reasons.values()):
        raise Trouble(f"{path}: for each id it has to have a reason, as a text")
    return reasons


def complaints(known, faults, reasons):
    """In words, in the order of the ids."""
    found = []
    for mutant in faults:
        for identifier in mutant["must_fail"]:
            if identifier not in known:
                found.append(f'{mutant["name"]} must fail {identifier}, which is no requirement')
    for identifier, requirement in known.items():
        breaking = [mutant for mutant in faults if identifier in mutant["must_fail"]]
        lacking = [backend for backend in requirement["backends"]
                   if not any(backend in mutant["backends"] for mutant in breaking)]  # fmt: skip
        if not is_breakable(requirement):
            if identifier in reasons:
                found.append(f"{identifier} needs no reason: no run can break it")
        elif lacking and identifier not in reasons:
            found.append(f'{identifier} has neither a mutant on {" and ".join(lacking)} nor a reason')
        elif not lacking and identifier in reasons:
            found.append(f'{identifier} has a reason, although {breaking[0]["name"]} breaks it')
    for identifier in reasons:
        if identifier not in known:
            found.append(f"{identifier} has a reason, but is no requirement")
    return found


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", required=True)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--reasons", required=True)
    options = parser.parse_args(arguments)
    known = requirements(options.runner)
    faults = list(mutants(options.driver).values())
    if not known or not faults:
        raise Trouble("there are no requirements, or no mutants")
    reasons = read_reasons(options.reasons)
    found = complaints(known, faults, reasons)
    for complaint in found:
        print(complaint)
    breakable = sum(map(is_breakable, known.values()))
    print(f"{len(faults)} mutants, {breakable} requirements that can be broken, {len(reasons)} of them with a reason")
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Trouble, OSError) as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(3)
