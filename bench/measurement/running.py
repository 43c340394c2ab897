"""Runs benchmark programs in rounds: in each round every program of every build once, in a random order.

So whatever else the machine does falls on all builds and contenders alike.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from measurement.results import Samples

AREAS = ["lock", "rlock", "semaphore", "condition", "event", "barrier", "queue", "worker", "pool", "executor", "memory"]
BACKENDS = ["threading", "multiprocessing"]


class RunFailed(Exception):
    """A program could not be run, or did not print results."""


class Build(NamedTuple):
    """Where programs are, and in which environment they run."""

    folder: pathlib.Path
    environment: dict

    def program(self, area):
        return self.folder / "bench" / "programs" / f"{area}_bench"


class Job(NamedTuple):
    """One program on one backend, and which of its benchmarks."""

    command: list
    backend: str
    options: list
    label: str


def program_job(build, area, backend, options):
    program = build.program(area)
    if not program.exists():
        raise RunFailed(f"there is no {program}: build the target `bench` in {build.folder}")
    return Job([str(program)], backend, options, f"{backend} {area}")


def run_job(job, environment, samples, limit=600):
    """Runs a program once and adds its figures. Raises RunFailed, BenchmarkFailed."""
    surroundings = dict(os.environ, FREETHREADING_BACKEND=job.backend, **environment)
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = job.command + job.options + [f"--benchmark_out={out.name}", "--benchmark_out_format=json"]
        try:
            done = subprocess.run(
                command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                timeout=limit, check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise RunFailed(f"{job.label}: {problem}") from problem
        if done.returncode != 0:
            raise RunFailed(f"{job.label}: exit status {done.returncode}: {done.stderr.strip()[-500:]}")
        text = out.read()
        if not text.strip():
            return  # no benchmark matches
        try:
            samples.add_report(json.loads(text))
        except (ValueError, KeyError) as problem:
            raise RunFailed(f"{job.label}: its results cannot be read: {problem}") from problem


class Progress:
    """One line on standard error: how far, how long still."""

    def __init__(self, total, out=sys.stderr):
        self.total, self.done, self.begin, self.out = total, 0, time.monotonic(), out

    def show(self, what):
        spent = time.monotonic() - self.begin
        left = f", {spent / self.done * (self.total - self.done):.0f} s left" if self.done else ""
        end = "\r" if self.out.isatty() else "\n"
        if self.out.isatty() or self.done % 10 == 0:
            print(f"[{self.done}/{self.total}] {what} after {spent:.0f} s{left}".ljust(78), end=end, file=self.out,
                  flush=True)
        self.done += 1

    def finish(self):
        print(f"[{self.done}/{self.total}] done in {time.monotonic() - self.begin:.0f} s".ljust(78), file=self.out)


def measure(sides, rounds, seed=None, limit_seconds=None):
    """Runs all jobs of all sides, `rounds` times; returns a Samples for each side.

    `sides` are pairs of an environment and a list of jobs, of the same length and in the same order. Stops early,
    after a whole round, when another round would not fit into `limit_seconds`.
    """
    chance = random.Random(seed)
    samples = [Samples() for _ in sides]
    jobs = range(len(sides[0][1]))
    progress = Progress(rounds * len(jobs) * len(sides))
    begin = time.monotonic()
    for done in range(rounds):
        if limit_seconds and done and (time.monotonic() - begin) / done * (done + 1) > limit_seconds:
            print(f"stopped after {done} of {rounds} rounds: {limit_seconds} s are over", file=sys.stderr)
            break
        for place in chance.sample(jobs, len(jobs)):
            for side in chance.sample(range(len(sides)), len(sides)):
                environment, list_of_jobs = sides[side]
                progress.show(list_of_jobs[place].label)
                run_job(list_of_jobs[place], environment, samples[side])
    progress.finish()
    return samples
