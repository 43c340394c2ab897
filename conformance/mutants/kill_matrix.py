#!/usr/bin/env python3
"""Which mutant fails which requirement, how soon and how surely: the whole table.

    kill_matrix.py --runner freethreading-conformance --driver mutant-driver --results matrix.jsonl
    kill_matrix.py ... --mutant 'lock_*' --others '' --seeds 20     # how surely some are found

Every mutant meets the tests of the requirements that it must fail, and with a fiftieth of the effort all others, from
as many seeds as are wanted. Each run becomes a line of the results, so that the same command goes on where it was
interrupted. At the end the table is compared with what the mutants say of themselves, and with the matrix that is kept
beside this file: what else a fault breaks, in tests of other names of the API. --update-kept adds what is new. Exit
status: 0 all as expected, 1 not, 2 usage, 3 something else went wrong.
"""

import argparse
import collections
import concurrent.futures
import fnmatch
import json
import math
import operator
import os
import pathlib
import sys
import time

from judge_mutant import FOUND, Suite, tests_of
from listings import BACKENDS, Trouble, mutants, requirements
from results import Results

CONFIDENCE = 0.95
OTHERS_EFFORT = 0.02
SHORT = "*-Stress.*:Properties.*"
KEPT = pathlib.Path(__file__).with_name("kept_kill_matrix.jsonl")


def at_least(found, runs):
    """The probability of finding it is no less, with that confidence (Clopper and Pearson 1934, one-sided)."""
    if found == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        as_many = sum(math.comb(runs, k) * middle**k * (1 - middle) ** (runs - k) for k in range(found, runs + 1))
        low, high = (middle, high) if as_many < 1 - CONFIDENCE else (low, middle)
    return low


def judge_all(suite, mutant, must, options):
    """The records of the tests that must find it, which have the time for it, and of all others."""
    records = suite.judge(mutant, ":".join(must), options.effort)
    if options.others:
        without = (":" if "-" in options.others else "-") + ":".join(must)
        records += suite.judge(mutant, options.others + without, options.effort * OTHERS_EFFORT)
    return records


def meet(options, task, must):
    """One mutant and all tests."""
    mutant, backend, seed = task
    begun = time.monotonic()
    suite = Suite(options.runner, options.driver, backend, seed)
    found, tested = {}, set()
    for record in judge_all(suite, mutant, must, options):
        identifier = record.get("id")
        if identifier is None or record["verdict"] == "unsupported":
            continue
        tested.add(identifier)
        if record["verdict"] in FOUND:
            found[identifier] = min(found.get(identifier, math.inf), record.get("seconds", 0.0))
    return {"mutant": mutant, "backend": backend, "seed": seed, "found": found, "tested": sorted(tested),
            "seconds": round(time.monotonic() - begun, 1)}  # fmt: skip


def must_find(known, tested, task):
    """The patterns of the tests that must find it, as far as they apply to the backend."""
    mutant, backend, _ = task
    return [tests_of(identifier) for identifier in known[mutant]["must_fail"] if backend in tested[identifier]["backends"]]


def is_one_of(identifier, patterns):
    return any(fnmatch.fnmatchcase(identifier, pattern) for pattern in patterns)


def read_kept(path):
    """By mutant and backend: all that it was seen to fail."""
    kept = {}
    for number, text in enumerate(path.read_text().splitlines() if path.exists() else (), 1):
        try:
            line = json.loads(text)
            kept[line["mutant"], line["backend"]] = set(line["fails"])
        except (ValueError, KeyError, TypeError) as error:
            raise Trouble(f"{path}, line {number}: is no line of a kept matrix ({error})") from error
    return kept


def write_kept(path, kept):
    """A line for each, in the order of names, so that a change of the suite is a difference of a few lines."""
    path.write_text("".join(
        json.dumps({"mutant": mutant, "backend": backend, "fails": sorted(fails)}) + "\n"
        for (mutant, backend), fails in sorted(kept.items())))  # fmt: skip


def failed_by(runs):
    fails = collections.defaultdict(set)
    for run in runs:
        fails[run["mutant"], run["backend"]] |= run["found"].keys()
    return fails


def summary(runs, known, kept):
    """Prints a line for each mutant and backend. How many are not as expected."""
    by_mutant = collections.defaultdict(list)
    for run in runs:
        by_mutant[run["mutant"], run["backend"]].append(run)
    wrong = 0
    print("\n| mutant | backend | runs | must fail: found in, at least so surely, soonest | fails as well |\n| --- | --- | --: | --- | --- |")
    for (name, backend), own in sorted(by_mutant.items()):
        mutant = known[name]
        cells, missed = [], False
        for identifier in mutant["must_fail"]:
            if not any(identifier in run["tested"] for run in own):
                continue
            times = [run["found"][identifier] for run in own if identifier in run["found"]]
            missed |= len(times) < len(own)
            sure = f'{100 * at_least(len(times), len(own)):.0f} %'
            cells.append(f'{identifier}: {len(times)} of {len(own)}, {sure}, {min(times, default=math.inf):.2f} s')
        others = {identifier for run in own for identifier in run["found"] if identifier not in mutant["must_fail"]}
        strange = sorted(identifier for identifier in others - kept.get((name, backend), set())
                         if not is_one_of(identifier, mutant["may_fail"]))  # fmt: skip
        wrong += missed or bool(strange)
        others = [f"**{identifier}**" if identifier in strange else identifier for identifier in sorted(others)]
        print(f'| {name} | {backend} | {len(own)} | {"; ".join(cells)} | {" ".join(others)} |')
    return wrong


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", required=True)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--results", required=True, type=pathlib.Path)
    parser.add_argument("--backend", choices=BACKENDS, help="both, unless given")
    parser.add_argument("--mutant", default="*", help="a name, or a pattern like 'lock_*'")
    parser.add_argument("--others", default=SHORT, help="GoogleTest's filter of the tests beside those that must find it")
    parser.add_argument("--seeds", type=int, default=1, help="from 1 on")
    parser.add_argument("--effort", type=float, default=1.0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--kept", default=KEPT, type=pathlib.Path, help="what was seen before")
    parser.add_argument("--update-kept", action="store_true")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    known = mutants(options.driver)
    tested = requirements(options.runner)
    tasks = [(name, backend, seed) for seed in range(1, options.seeds + 1) for name in fnmatch.filter(known, options.mutant)
             for backend in known[name]["backends"] if options.backend in (None, backend)]  # fmt: skip
    if not tasks:
        print(f"{options.driver} has no such mutant; --list names all", file=sys.stderr)
        return 2
    results = Results(options.results, operator.itemgetter("mutant", "backend", "seed"))
    open_tasks = [task for task in tasks if task not in results.known]
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        work = [pool.submit(meet, options, task, must_find(known, tested, task)) for task in open_tasks]
        for done, future in enumerate(concurrent.futures.as_completed(work), 1):
            run = future.result()
            run["must_fail"] = known[run["mutant"]]["must_fail"]
            results.add(run)
            left = (time.monotonic() - begun) / done * (len(work) - done) / 60
            print(f'[{done}/{len(work)}, about {left:.0f} min left] {run["mutant"]} on {run["backend"]}: '
                  f'{len(run["found"])} of {len(run["tested"])} requirements broken, {run["seconds"]} s', flush=True)  # fmt: skip
    runs = [results.known[task] for task in tasks]
    kept, seen = read_kept(options.kept), failed_by(runs)
    wrong = summary(runs, known, kept)
    new = sum(len(fails - kept.get(key, set())) for key, fails in seen.items())
    missing = sum(len(kept.get(key, set()) - fails) for key, fails in seen.items())
    print(f"\n{time.monotonic() - begun:.0f} s; {wrong} not as expected. Beside what is kept: {new} cells are new, "
          f"{missing} were not seen this time")  # fmt: skip
    if options.update_kept:
        write_kept(options.kept, kept | {key: fails | kept.get(key, set()) for key, fails in seen.items()})
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Trouble, OSError, ValueError) as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(3)
