#!/usr/bin/env python3
"""Makes the reference wrong in every place of its source, one at a time, and has the suite find it.

    mutate_source.py --runner build/default/conformance/runner/freethreading-conformance --work /tmp/mutation
    mutate_source.py ... --points '*owned_lock.cpp*' # some, by their names
    mutate_source.py ... --sample 200 --seed 7       # 200 of them, by lot
    mutate_source.py ... --points '*' --list         # names them, and judges nothing

One build has all wrong places; an environment variable chooses one when a program starts. A first run of each test
of the suite, and of the reference's own, notes which places it reaches; a mutant is judged by those tests, the fastest
first, until one fails twice, and passes without the fault: those of the suite, then the others, which see more than
calls - processes that are killed at every instruction, memory. What is known stays in --work, so that the same command
goes on where it was interrupted.

A survivor shows that the tests are weak, or is equivalent: then it belongs into --equivalents with the reason. Exit
status: 0 no survivor without a reason, 1 there are, 2 usage, 3 something else went wrong.
"""

import argparse
import concurrent.futures
import fnmatch
import json
import operator
import os
import pathlib
import random
import sys
import time

from listings import Trouble, lines_of
from results import Results
from source_build import Build
from source_judging import OwnTests, Reached, Suite, judge


def is_killed(result):
    return result["verdict"].startswith("killed")


def summary(results, equivalents):
    """A table by kind; the survivors that nobody explains."""
    kinds = sorted({result["kind"] for result in results})
    print("\n| change | judged | killed by the suite | by the reference's tests | equivalent | survived | reached by no test |"
          "\n| --- | --: | --: | --: | --: | --: | --: |")  # fmt: skip
    for kind in [*kinds, "all"]:
        own = [result for result in results if kind in (result["kind"], "all")]
        explained = [result for result in own if not is_killed(result) and result["name"] in equivalents]
        counts = [sum(result["verdict"] == verdict and result not in explained for result in own)
                  for verdict in ("killed", "killed by own", "survived", "unreached")]  # fmt: skip
        print(f"| {kind} | {len(own)} | {counts[0]} | {counts[1]} | {len(explained)} | {counts[2]} | {counts[3]} |")
    stale = [result["name"] for result in results if is_killed(result) and result["name"] in equivalents]
    for name in stale:
        print(f"is said to be equivalent, but was killed: {name}")
    left = [result for result in results if not is_killed(result) and result["name"] not in equivalents]
    for result in left:
        chances = f' (failed once: {", ".join(result["by chance"])})' if "by chance" in result else ""
        print(f'{result["verdict"]}: {result["name"]}   (line {result["line"]}: {" ".join(result["before"].split())[:80]}){chances}')
    return len(left) + len(stale)


def choose(points, options):
    chosen = [point for point in points if any(fnmatch.fnmatchcase(point["name"], it) for it in options.points)]
    if options.sample is not None and options.sample < len(chosen):
        chosen = random.Random(options.seed).sample(chosen, options.sample)
    return chosen


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", required=True, type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--work", required=True, type=lambda text: pathlib.Path(text).resolve(), help="a folder to keep")
    parser.add_argument("--points", nargs="+", default=["*"], metavar="PATTERN", help="names, * for anything")
    parser.add_argument("--sample", type=int, help="so many of them, by lot")
    parser.add_argument("--seed", type=int, default=1, help="of the lot")
    parser.add_argument("--variant", default="plain", choices=("plain", "tsan", "asan"), help="one for each --work")
    parser.add_argument("--without", nargs="+", default=(), metavar="PATTERN", help="tests of the reference that are not run")
    parser.add_argument("--suite-only", action="store_true", help="without the reference's own tests, in a --work of its own")
    parser.add_argument("--effort", type=float, default=0.2, help="how often a scenario is repeated, see the runner")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--equivalents", type=pathlib.Path, default=pathlib.Path(__file__).with_name("source_equivalents.json"))
    parser.add_argument("--again", action="store_true", help="judge once more what survived before")
    parser.add_argument("--list", action="store_true", help="name them, and judge nothing")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    lines_of(options.runner, "--list-requirements")  # it is there, and works
    equivalents = json.loads(options.equivalents.read_text())
    build = Build(options.work, options.variant, not options.suite_only)
    points = build.points()
    if unknown := sorted(equivalents.keys() - {point["name"] for point in points}):
        raise Trouble(f'{options.equivalents}: there is no place "{unknown[0]}" any more')
    chosen = choose(points, options)
    if not chosen:
        print("no place has such a name; --points '*' --list names all", file=sys.stderr)
        return 2
    if options.list:
        for point in chosen:
            print(point["name"])
        return 0
    suite = Suite(options.runner, build, options.effort)
    own = OwnTests(build, options.without)
    reached = Reached(suite, own, options.work, 1 + max(point["number"] for point in points), options.jobs)
    results = Results(options.work / "results.jsonl", operator.itemgetter("name"))
    known = {name: result for name, result in results.known.items() if not options.again or is_killed(result)}
    open_points = [point for point in chosen if point["name"] not in known]
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        work = [pool.submit(judge, suite, own, reached, point) for point in open_points]
        for done, future in enumerate(concurrent.futures.as_completed(work), 1):
            result = future.result()
            results.add(result)
            passed = time.monotonic() - begun
            print(f'[{done}/{len(work)}, about {passed / done * (len(work) - done) / 60:.0f} min left] {result["verdict"]} '
                  f'after {result["seconds"]} s: {result["name"]} {result.get("by", "")}', flush=True)  # fmt: skip
    judged = [results.known[point["name"]] for point in chosen]
    return 1 if summary(judged, equivalents) else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ImportError as error:
        print(f"{error}: this needs the Python bindings of libclang (Debian: python3-clang-19)", file=sys.stderr)
        sys.exit(3)
    except (Trouble, OSError, ValueError) as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(3)
