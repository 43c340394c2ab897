"""What the driver knows of its mutants, and the runner of the requirements."""

import json
import subprocess


BACKENDS = ("threading", "multiprocessing")


class Trouble(Exception):
    """Neither the suite nor a mutant is to blame."""


def lines_of(program, option):
    listing = subprocess.run([program, option], capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        raise Trouble(f"{program} {option}: exit status {listing.returncode}: {listing.stderr.strip()}")
    return listing.stdout.splitlines()


def mutants(driver):
    """All that the driver knows, by name."""
    known = {}
    for line in lines_of(driver, "--list"):
        mutant = json.loads(line)
        for key in ("must_fail", "may_fail", "backends"):
            mutant[key] = mutant[key].split()
        known[mutant["name"]] = mutant
    return known


def requirements(runner):
    """All that the suite tests, by id: level, kind and backends."""
    known = {}
    for line in lines_of(runner, "--list-requirements"):
        if not line or line.startswith(" "):
            continue
        identifier, rest = line.split(maxsplit=1)
        _, level, kind, *backends = rest.split(", ")
        known[identifier] = {"level": level, "kind": kind, "backends": backends}
    return known
