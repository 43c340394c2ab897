#!/usr/bin/env python3
"""Has the suite judge one mutant, and judges the suite by it.

    judge_mutant.py --runner freethreading-conformance --driver mutant-driver \\
        --backend threading --mutant lock_is_reentrant

The suite must find each requirement broken that the mutant must fail, as far as it applies to the backend, and no
other of the same names of the API: those that it may fail are left out. The same driver without a mutant must pass all
that its mutants must fail. Exit status: 0 killed, 1 survived or killed for the wrong reason, 2 usage, 3 something else
went wrong.
"""

import argparse
import fnmatch
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from listings import BACKENDS, Trouble, mutants, requirements


FOUND = ("fail", "not as recommended")


def tests_of(requirement):
    """GoogleTest's pattern for the tests of a requirement, or of all that a pattern like LOCK-* means."""
    return "*." + requirement.replace("-", "_") + ("" if requirement.endswith("*") else "_*")


class Suite:
    """The runner, on one driver and backend."""

    def __init__(self, runner, driver, backend, seed):
        self.runner = runner
        self.driver = driver
        self.backend = backend
        self.seed = seed

    def judge(self, mutant, tests, effort):
        """The records of the tests that a GoogleTest filter names."""
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder, "report.jsonl")
            driver = f"'{self.driver}'" + (f" --mutant {mutant}" if mutant else "")
            command = [
                self.runner, "--driver", driver, "--backend", self.backend, "--effort", str(effort),
                "--report", str(report), "--save", folder, "--no-stacks", f"--gtest_filter={tests}",
            ]  # fmt: skip
            if self.seed is not None:
                command += ["--seed", str(self.seed)]
            run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
            lines = report.read_text().splitlines() if report.exists() else []
            if not lines or not lines[-1].startswith('{"end"'):
                raise Trouble(f"the suite gave up (exit status {run.returncode}):\n{run.stdout}{run.stderr}")
            return [record for record in map(json.loads, lines) if "test" in record]


def names_of_api(records):
    return sorted({record["test"].split(".")[0] for record in records} - {"Properties", "Stress", "Faults"})


def complaints_about(records, though):
    """Those that do not pass, in words."""
    return [f'{record["test"]}: {record["verdict"]}, though {though}: ' + record.get("reason", "")
            for record in records if record["verdict"] not in ("pass", "unsupported")]  # fmt: skip


def judge(suite, mutant, effort):
    """What the suite got wrong, in words; the seconds it took to find each fault."""
    complaints = []
    begun = time.monotonic()
    must = suite.judge(mutant["name"], ":".join(map(tests_of, mutant["must_fail"])), effort)
    killed_after = time.monotonic() - begun
    for requirement in mutant["must_fail"]:
        records = [record for record in must if record.get("id") == requirement]
        if not records:
            complaints.append(f"{requirement} has no test")
        elif all(record["verdict"] not in FOUND for record in records):
            verdicts = ", ".join(f'{record["test"]}: {record["verdict"]}' for record in records)
            complaints.append(f"{requirement} was not found broken ({verdicts})")

    allowed = mutant["must_fail"] + mutant["may_fail"]
    names = [f"{name}.*" for name in names_of_api(must)]
    others = ":".join(names) + "-" + ":".join(map(tests_of, allowed))
    rest = suite.judge(mutant["name"], others, effort / 20) if names else []
    complaints += complaints_about(rest, "it has nothing to do with the fault")
    return complaints, killed_after


def judge_without_mutant(suite, chosen, effort):
    """What the tests that find the mutants say where there is no fault: how many pass, and which do not, in words."""
    tests = sorted({tests_of(requirement) for mutant in chosen for requirement in mutant["must_fail"]})
    records = suite.judge(None, ":".join(tests), effort)
    return sum(record["verdict"] == "pass" for record in records), complaints_about(records, "there is no fault")


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", required=True)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--backend", required=True, choices=BACKENDS)
    parser.add_argument("--mutant", required=True, help="a name, or a pattern like 'lock_*'")
    parser.add_argument("--effort", type=float, default=1.0)
    parser.add_argument("--seed", type=int)
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    suite = Suite(options.runner, options.driver, options.backend, options.seed)
    known = mutants(options.driver)
    tested = requirements(options.runner)
    for mutant in known.values():
        mutant["must_fail"] = [identifier for identifier in mutant["must_fail"]
                               if options.backend in tested[identifier]["backends"]]  # fmt: skip
    chosen = [known[name] for name in fnmatch.filter(known, options.mutant)]
    chosen = [mutant for mutant in chosen if options.backend in mutant["backends"]]
    if not chosen:
        print(f"{options.driver} has no mutant {options.mutant} on {options.backend}; --list names all", file=sys.stderr)
        return 2
    passed, failed = judge_without_mutant(suite, chosen, options.effort)
    print(f"without a mutant {passed} tests pass, {len(failed)} do not", flush=True)
    for complaint in failed:
        print("    " + complaint)
    survived = 0
    for mutant in chosen:
        begun = time.monotonic()
        complaints, killed_after = judge(suite, mutant, options.effort)
        survived += bool(complaints)
        print(f'{"SURVIVED" if complaints else "killed"}  {mutant["name"]}  fails {" ".join(mutant["must_fail"])}, '
              f"found in {killed_after:.1f} s, all in {time.monotonic() - begun:.1f} s", flush=True)  # fmt: skip
        for complaint in complaints:
            print("    " + complaint)
    print(f"{len(chosen) - survived} of {len(chosen)} mutants killed on {options.backend}")
    return 1 if survived or failed or passed == 0 else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(3)
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
