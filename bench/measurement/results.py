"""Figures of Google Benchmark's JSON, and files of them.

A benchmark is called <backend>/<row>/<contender>; one sample of it is the time of an operation in nanoseconds.
"""

import json
import re
import statistics
from typing import NamedTuple

# What Google Benchmark appends to a name to say how it was measured.
_HOW = re.compile(r"(/(real_time|manual_time|process_time|iterations:\d+|repeats:\d+|min_time:[\d.]+))+$")
_NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}
# Fields that are not counters of the benchmark's own.
_FIELDS = {
    "name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions", "repetition_index",
    "threads", "iterations", "real_time", "cpu_time", "time_unit", "items_per_second", "bytes_per_second",
    "error_occurred", "error_message", "aggregate_name", "aggregate_unit",
}


class BenchmarkFailed(Exception):
    """A benchmark reported an error instead of a time."""


class Name(NamedTuple):
    backend: str
    row: str
    contender: str

    def __str__(self):
        return "/".join(self)


def name_of(text):
    """The parts of a benchmark's name, without how it was measured; None if it has no such parts."""
    parts = _HOW.sub("", text).split("/")
    if len(parts) < 3:
        return None
    return Name(parts[0], "/".join(parts[1:-1]), parts[-1])


class Samples:
    """The times of each benchmark in nanoseconds, and the medians of its counters."""

    def __init__(self):
        self.times = {}
        self.counters = {}

    def add_report(self, report):
        """Adds what one run of a program printed. Raises BenchmarkFailed."""
        for one in report["benchmarks"]:
            if one.get("run_type", "iteration") != "iteration":
                continue
            name = _HOW.sub("", one["name"])
            if one.get("error_occurred"):
                raise BenchmarkFailed(f"{name}: {one['error_message']}")
            # The clock on the wall where several workers or the kernel have a part in it.
            wall = "real_time" in one["name"] or "manual_time" in one["name"]
            time = one["real_time" if wall else "cpu_time"] * _NANOSECONDS[one["time_unit"]]
            self.times.setdefault(name, []).append(time)
            for counter, value in one.items():
                if counter not in _FIELDS:
                    self.counters.setdefault(name, {}).setdefault(counter, []).append(value)

    def median(self, name):
        """The median time of a benchmark; None if it was not run."""
        times = self.times.get(str(name))
        return statistics.median(times) if times else None

    def counter(self, name, counter):
        """The median of a counter; None if there is none."""
        values = self.counters.get(str(name), {}).get(counter)
        return statistics.median(values) if values else None

    def to_json(self):
        return {"times": self.times, "counters": self.counters}

    @staticmethod
    def from_json(content):
        samples = Samples()
        samples.times = content["times"]
        samples.counters = content.get("counters", {})
        return samples


def save(path, content):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
        file.write("\n")


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
