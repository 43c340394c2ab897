#!/usr/bin/env python3
"""Makes the reference wrong in every place of its source, one at a time, and has the suite find it.

    mutate_source.py --runner build/default/conformance/runner/freethreading-conformance --work /tmp/mutation
    mutate_source.py ... --points '*owned_lock.cpp*' # some, by their names
    mutate_source.py ... --sample 200 --seed 7       # 200 of them, by lot
    mutate_source.py ... --points '*' --list         # names them, and judges nothing

One build has all wrong places; an environment variable chooses one when a program starts. A first run of each test
of the suite, and of the reference's own, notes which places it reaches; a mutant is judged by those tests, the fastest
first, until one fails: those of the suite, then the others, which see more than calls - processes that are killed at
every instruction, memory. What is known stays in --work, so that the same command goes on where it was interrupted.

A survivor shows that the tests are weak, or is equivalent: then it belongs into --equivalents with the reason. Exit
status: 0 no survivor without a reason, 1 there are, 2 usage, 3 something else went wrong.
"""

import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from listings import BACKENDS, Trouble, lines_of

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDERS = ("spec", "reference", "conformance", "fuzz", "bench")
FIRST = 20  # so many of the fastest tests go first
SECONDS = 900  # that a run of the suite may take before it counts as hanging
BY_COMPILER = ("portable_aggregate.hpp", "portable_traits.hpp")  # all that these decide is decided while compiling
OWN = ("reference/all",)  # the tests of the reference
LONG = ("Properties.", "Stress.", "Faults.")  # which go last


def sources(folder):
    headers = sorted((folder / "reference" / "include").rglob("*.hpp"))
    return [path for path in headers if path.name not in BY_COMPILER] + sorted((folder / "reference" / "src").rglob("*.cpp"))


class Build:
    """A copy of the project whose reference is wrong in many places."""

    def __init__(self, work, variant):
        self.work = work
        self.variant = variant
        self.folder = work / "source"
        self.program = "reference-driver" + ("" if variant == "plain" else f"-{variant}")
        self.driver = work / "build" / "conformance" / "drivers" / "reference" / self.program
        self.list = work / "points.json"

    def points(self):
        """As dictionaries, by number."""
        if not self.list.exists():
            self.make()
        return json.loads(self.list.read_text())

    def make(self):
        import source_points  # has to find libclang, which --help does not need

        shutil.rmtree(self.folder, ignore_errors=True)
        for name in FOLDERS:
            shutil.copytree(ROOT / name, self.folder / name)
        shutil.copy(ROOT / "CMakeLists.txt", self.folder)
        arguments = ["-x", "c++", "-std=c++20", f"-I{self.folder / 'reference' / 'include'}"]
        texts, points = {}, []
        for path in sources(self.folder):
            print(f"\rlooking for places: {path.name:40}", end="", flush=True)
            texts[path], found = source_points.find_points(str(path.relative_to(self.folder)), path, arguments)
            for point in found:
                point.number = len(points)
                points.append(point)
        print(f"\r{len(points)} places in {len(texts)} files" + " " * 40)
        points = self.compile(source_points, texts, points)
        self.list.write_text(json.dumps([vars(point) for point in points], indent=1))

    def compile(self, source_points, texts, points):
        """What is left of them: a change that the compiler refuses is none."""
        build = self.work / "build"
        header = ROOT / "conformance" / "mutants" / "source_mutation.hpp"
        self.run("cmake", "-S", self.folder, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                 f"-DCMAKE_CXX_COMPILER={os.environ.get('CXX', 'clang++-19')}", f"-DFREETHREADING_VARIANTS={self.variant}",
                 "-DFREETHREADING_WARNINGS=OFF", f"-DCMAKE_CXX_FLAGS=-include {header} -ferror-limit=0")  # fmt: skip
        while True:
            renderings = {}
            for path, text in texts.items():
                own = [point for point in points if self.folder / point.file == path]
                renderings[path] = source_points.Rendering(text, own)
                if path.read_bytes() != renderings[path].text:
                    path.write_bytes(renderings[path].text)
            print(f"building with {len(points)} places", flush=True)
            built = subprocess.run(["cmake", "--build", build, "--target", self.program, *OWN, "--", "-k", "0"],
                                   capture_output=True, text=True, check=False)  # fmt: skip
            if built.returncode == 0:
                return points
            refused = set()
            for path, line, column in re.findall(r"^(\S+?):(\d+):(\d+): error:", built.stdout, re.MULTILINE):
                if rendering := renderings.get((build / path).resolve()):
                    refused |= {point.number for point in rendering.points_at(int(line), int(column))}
            if not refused:
                raise Trouble(f"the copy with the faults does not compile:\n{built.stdout[-4000:]}{built.stderr}")
            points = [point for point in points if point.number not in refused]

    @staticmethod
    def run(*command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Trouble(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stdout}{done.stderr}")


class Suite:
    """The runner, on the driver with the faults."""

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


class OwnTests:
    """What the reference has of tests, as ctest knows them."""

    def __init__(self, build):
        command = ["ctest", "--test-dir", build.work / "build", "--show-only=json-v1", "-R", r"^reference\."]
        listing = subprocess.run(command, capture_output=True, text=True, check=False)
        if listing.returncode != 0:
            raise Trouble(f"ctest: exit status {listing.returncode}: {listing.stderr.strip()}")
        self.known = {}
        for test in json.loads(listing.stdout)["tests"]:
            test["properties"] = {it["name"]: it["value"] for it in test["properties"]}
            if "command" in test and build.variant in test["properties"].get("LABELS", ()):
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
            return run.wait(SECONDS) == 0
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            return False


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
        self.suite = self.known("reached.json", tasks, lambda task, there: self.run_of_suite(suite, *task, there))
        self.own = self.known("reached_by_own.json", list(own.known), lambda name, there: self.run_of_own(own, name, there))

    def known(self, name, tasks, run):
        file = self.work / name
        if not file.exists():
            file.write_text(json.dumps(self.measure(tasks, run)))
        return json.loads(file.read_text())

    def measure(self, tasks, run):
        runs = []

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
            for result in pool.map(one, tasks):
                runs.append(result)
                print(f"\rwhat each test reaches: {len(runs)} of {len(tasks)}", end="", flush=True)
        print()
        return runs

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
        return {"test": name}

    def batches(self, number):
        """Backend and tests of the suite, those that are done soonest first."""
        there = sorted((run for run in self.suite if number in run["reached"]), key=lambda it: it["seconds"])
        soon = [run for run in there if not run["test"].startswith(LONG)]
        for part in (soon[:FIRST], soon[FIRST:], [run for run in there if run["test"].startswith(LONG)]):
            for backend in BACKENDS:
                if tests := [run["test"] for run in part if run["backend"] == backend]:
                    yield backend, tests

    def own_tests(self, number):
        there = sorted((run for run in self.own if number in run["reached"]), key=lambda it: it["seconds"])
        return [run["test"] for run in there]


def judge_by_suite(suite, reached, number):
    verdict = {"verdict": "unreached"}
    for backend, tests in reached.batches(number):
        status, records = suite.judge(backend, tests, {"FREETHREADING_MUTATION": str(number)})
        kill_leftovers(number)
        failed = [record for record in records if record["verdict"] not in ("pass", "unsupported")]
        verdict = {"verdict": "survived"}
        if status != 0:
            verdict = {"verdict": "killed", "backend": backend, "status": status}
            return verdict | ({"by": failed[0]["test"], "reason": failed[0].get("reason", "")[:300]} if failed else {})
    return verdict


def judge_by_own(own, reached, number):
    verdict = {"verdict": "unreached"}
    for test in reached.own_tests(number):
        passed = own.passes(test, {"FREETHREADING_MUTATION": str(number)})
        kill_leftovers(number)
        verdict = {"verdict": "survived"}
        if not passed:
            return {"verdict": "killed by own", "by": test}
    return verdict


def judge(suite, own, reached, point):
    """The point, with the verdict on it."""
    begun = time.monotonic()
    verdict = judge_by_suite(suite, reached, point["number"])
    if verdict["verdict"] != "killed":
        by_own = judge_by_own(own, reached, point["number"])
        if by_own["verdict"] != "unreached":
            verdict = by_own
    return point | verdict | {"seconds": round(time.monotonic() - begun, 1)}


class Results:
    """A line of JSON for each, kept as soon as it is known."""

    def __init__(self, path):
        self.path = path
        self.known = {}
        if path.exists():
            for line in path.read_text().splitlines():
                result = json.loads(line)
                self.known[result["name"]] = result
        self.lock = threading.Lock()

    def add(self, result):
        with self.lock, self.path.open("a") as file:
            file.write(json.dumps(result) + "\n")
            self.known[result["name"]] = result


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
        print(f'{result["verdict"]}: {result["name"]}   (line {result["line"]}: {" ".join(result["before"].split())[:80]})')
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
    build = Build(options.work, options.variant)
    points = build.points()
    chosen = choose(points, options)
    if not chosen:
        print("no place has such a name; --points '*' --list names all", file=sys.stderr)
        return 2
    if options.list:
        for point in chosen:
            print(point["name"])
        return 0
    suite = Suite(options.runner, build, options.effort)
    own = OwnTests(build)
    reached = Reached(suite, own, options.work, 1 + max(point["number"] for point in points), options.jobs)
    results = Results(options.work / "results.jsonl")
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
