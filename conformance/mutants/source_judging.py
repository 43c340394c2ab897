"""Judges what one wrong place of the source makes of the reference: by the suite, and by the reference's own tests."""

import concurrent.futures
import fnmatch
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

from listings import BACKENDS, Trouble
from results import Results

FIRST = 20  # so many of the fastest tests go first
SECONDS = 900  # that a run may take before it counts as hanging
LONG = ("Properties.", "Stress.", "Faults.")  # tests that go last


class Suite:
    """The runner, on the driver with the faults."""

    killed = "killed"

    def __init__(self, runner, build, effort):
        self.runner = runner
        self.build = build
        self.effort = effort

    def tests(self):
        found, group = [], ""
        command = [self.runner, "--driver", self.build.driver, "--gtest_list_tests"]
        listing = subprocess.run(command, capture_output=True, text=True, check=False)
        for line in listing.stdout.splitlines():
            name = line.split("#")[0].rstrip()
            if name.endswith(".") and not name.startswith(" "):
                group = name
            elif name.startswith("  ") and group:
                found.append(group + name.strip())
        if not found:
            raise Trouble(f"{self.runner} lists no tests: {listing.stderr.strip()}")
        return found

    def judge(self, backend, tests, environment):
        """The exit status, None if it hangs; the records of the tests."""
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder, "report.jsonl")
            command = [self.runner, "--driver", self.build.driver, "--backend", backend, "--effort", str(self.effort),
                       "--variant", self.build.variant, "--report", report, "--save", folder, "--no-stacks", "--seed", "1", "--gtest_fail_fast",
                       "--gtest_filter=" + ":".join(tests)]  # fmt: skip
            run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
                                   env=os.environ | environment, start_new_session=True)  # fmt: skip
            try:
                status = run.wait(SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, signal.SIGKILL)
                run.wait()
                status = None
            lines = report.read_text().splitlines() if report.exists() else []
            records = []
            for line in lines:
                try:
                    record = json.loads(line)
                except ValueError:  # the last one, cut off
                    continue
                if "test" in record:
                    records.append(record)
            return status, records

    def failure(self, backend, tests, environment):
        """The first that fails, all of them if no single one did; None if all pass. What is recommended counts too."""
        status, records = self.judge(backend, tests, environment)
        failed = [record for record in records if record["verdict"] not in ("pass", "unsupported")]
        if status == 0 and not failed:
            return None
        blame = {"tests": [failed[0]["test"]], "reason": failed[0].get("reason", "")[:300]} if failed else {"tests": tests}
        return {"backend": backend, "status": status} | blame


class OwnTests:
    """What the reference has of tests, as ctest knows them, but for those that a pattern names."""

    killed = "killed by own"

    def __init__(self, build, without=()):
        self.known = {}
        if not build.has_tests:
            return
        command = ["ctest", "--test-dir", build.work / "build", "--show-only=json-v1", "-R", r"^reference\."]
        listing = subprocess.run(command, capture_output=True, text=True, check=False)
        if listing.returncode != 0:
            raise Trouble(f"ctest: exit status {listing.returncode}: {listing.stderr.strip()}")
        for test in json.loads(listing.stdout)["tests"]:
            test["properties"] = {it["name"]: it["value"] for it in test["properties"]}
            is_wanted = not any(fnmatch.fnmatchcase(test["name"], pattern) for pattern in without)
            if is_wanted and "command" in test and build.variant in test["properties"].get("LABELS", ()):
                self.known[test["name"]] = test
        if not self.known:
            raise Trouble("the reference has no tests of its own")

    def passes(self, name, environment):
        test = self.known[name]
        own = dict(it.split("=", 1) for it in test["properties"].get("ENVIRONMENT", ()))
        run = subprocess.Popen(test["command"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               cwd=test["properties"].get("WORKING_DIRECTORY"), start_new_session=True,
                               env=os.environ | own | environment)  # fmt: skip
        try:
            return run.wait(test["properties"].get("TIMEOUT", SECONDS)) == 0
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            return False

    def failure(self, _, names, environment):
        """The first that fails, None if all pass."""
        failed = next((name for name in names if not self.passes(name, environment)), None)
        return {"tests": [failed]} if failed else None


def kill_leftovers(number):
    """What a wrong implementation left running."""
    mark = f"FREETHREADING_MUTATION={number}\0".encode()
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if mark in (folder / "environ").read_bytes() + b"\0":
                os.kill(int(folder.name), signal.SIGKILL)
        except OSError:
            pass


class Reached:
    """Which places each test reaches on which backend, and how long it takes."""

    def __init__(self, suite, own, work, size, jobs):
        self.work = work
        self.size = size
        self.jobs = jobs
        tasks = [(backend, test) for backend in BACKENDS for test in suite.tests()]
        self.suite = self.known("reached.jsonl", tasks, lambda task, there: self.run_of_suite(suite, *task, there))
        self.own = self.known("reached_by_own.jsonl", [(None, name) for name in own.known],
                              lambda task, there: self.run_of_own(own, task[1], there))  # fmt: skip

    def known(self, name, tasks, run):
        """The runs of these tests, those that are not known yet measured now."""
        runs = Results(self.work / name, lambda it: (it["backend"], it["test"]))
        self.measure([task for task in tasks if task not in runs.known], run, runs)
        return [runs.known[task] for task in tasks]

    def measure(self, tasks, run, runs):
        def one(task):
            with tempfile.NamedTemporaryFile(dir=self.work) as marks:
                marks.write(bytes(self.size))
                marks.flush()
                begun = time.monotonic()
                result = run(task, {"FREETHREADING_MUTATION_REACHED": marks.name})
                seconds = time.monotonic() - begun
                marks.seek(0)
                reached = [number for number, mark in enumerate(marks.read()) if mark]
            return {"seconds": seconds, "reached": reached} | result

        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            for done, result in enumerate(pool.map(one, tasks), 1):
                runs.add(result)
                print(f"\rwhat each test reaches: {done} of {len(tasks)}", end="\n" if done == len(tasks) else "", flush=True)

    @staticmethod
    def run_of_suite(suite, backend, test, environment):
        status, records = suite.judge(backend, [test], environment)
        if status not in (0, 3):
            raise Trouble(f"without a fault, {test} on {backend} has exit status {status}")
        unsupported = bool(records) and all(record["verdict"] == "unsupported" for record in records)
        return {"backend": backend, "test": test} | ({"reached": []} if unsupported else {})

    @staticmethod
    def run_of_own(own, name, environment):
        if not own.passes(name, environment):
            raise Trouble(f"without a fault, {name} fails")
        return {"backend": None, "test": name}

    def batches(self, number):
        """Backend and tests of the suite, those that are done soonest first."""
        there = sorted((run for run in self.suite if number in run["reached"]), key=lambda it: it["seconds"])
        soon = [run for run in there if not run["test"].startswith(LONG)]
        for part in (soon[:FIRST], soon[FIRST:], [run for run in there if run["test"].startswith(LONG)]):
            for backend in BACKENDS:
                if tests := [run["test"] for run in part if run["backend"] == backend]:
                    yield backend, tests

    def own_tests(self, number):
        """As batches of one, each for whatever backend it is of."""
        there = sorted((run for run in self.own if number in run["reached"]), key=lambda it: it["seconds"])
        return [(None, [run["test"]]) for run in there]


def judge_by(tests, batches, number):
    """What fails with the fault has found it if it fails again, and passes without it: else it failed by chance."""
    fault = {"FREETHREADING_MUTATION": str(number)}
    verdict, chances = "unreached", []
    for backend, names in batches:
        while names:
            verdict = "survived"
            failure = tests.failure(backend, names, fault)
            kill_leftovers(number)
            if failure is None:
                break
            found = failure.pop("tests")
            again = tests.failure(backend, found, fault)
            kill_leftovers(number)
            if again is not None and tests.failure(backend, found, {}) is None:
                return {"verdict": tests.killed, "by": found[0]} | failure
            chances += found
            names = [name for name in names if name not in found]
    return {"verdict": verdict} | ({"by chance": chances} if chances else {})


def judge(suite, own, reached, point):
    """The point, with the verdict on it."""
    begun = time.monotonic()
    number = point["number"]
    verdict = judge_by(suite, reached.batches(number), number)
    if verdict["verdict"] != suite.killed:
        by_own = judge_by(own, reached.own_tests(number), number)
        if by_own["verdict"] != "unreached":
            verdict = by_own
    return point | verdict | {"seconds": round(time.monotonic() - begun, 1)}
