"""The table of targets: of each row the reference's time, its peers', the limit, and whether the target is met."""

import pathlib
from typing import NamedTuple

from measurement.results import Name, load

TARGETS = pathlib.Path(__file__).resolve().parent.parent / "targets.json"
LIMIT, REFERENCE, CPYTHON = "limit", "reference", "cpython"


class Goal(NamedTuple):
    """The reference's time is to be at most `factor` times that of the best of some peers."""

    factor: float
    peer: str  # the best of them; empty if none was measured
    ratio: float  # reference by peer; 0 if none was measured

    @property
    def met(self):
        return self.ratio <= self.factor


class Row(NamedTuple):
    title: str
    backend: str
    benchmark: str
    reference: float  # nanoseconds
    limit: float  # 0 if there is none
    peers: dict  # nanoseconds by name, but the limit's and CPython's
    cpython: float
    goals: list  # those of which a peer was measured

    @property
    def best_peer(self):
        return min(self.peers, key=self.peers.get) if self.peers else ""

    @property
    def met(self):
        return all(goal.met for goal in self.goals)


class Memory(NamedTuple):
    title: str
    backend: str
    value: float
    most: float

    @property
    def met(self):
        # In whole bytes, as they are printed: where a gap in the arena is too small to be split off, a block of many
        # is a few bytes larger.
        return round(self.value) <= self.most


def contenders(samples, backend, benchmark):
    """The median of every contender of a row."""
    found = {}
    for text in samples.times:
        backend_of, _, rest = text.partition("/")
        row, _, contender = rest.rpartition("/")
        if backend_of == backend and row == benchmark:
            found[contender] = samples.median(text)
    return found


def _goal(target, times):
    there = {peer: times[peer] for peer in target["peers"] if peer in times}
    if not there:
        return None
    peer = min(there, key=there.get)
    return Goal(target["factor"], peer, times[REFERENCE] / there[peer])


def rows(samples, targets=None):
    """The rows of which the reference was measured."""
    targets = targets or load(TARGETS)
    made = []
    for target in targets["rows"]:
        times = contenders(samples, target["backend"], target["benchmark"])
        if REFERENCE not in times:
            continue
        goals = [_goal(one, times) for one in target["against"] + [targets["every_row"]]]
        made.append(Row(
            title=target["title"], backend=target["backend"], benchmark=target["benchmark"],
            reference=times[REFERENCE], limit=times.get(LIMIT, 0), cpython=times.get(CPYTHON, 0),
            peers={peer: time for peer, time in times.items() if peer not in (REFERENCE, LIMIT, CPYTHON)},
            goals=[goal for goal in goals if goal],
        ))
    return made


def memory(samples, targets=None):
    targets = targets or load(TARGETS)
    made = []
    for target in targets["memory"]:
        value = samples.counter(Name(target["backend"], target["benchmark"], REFERENCE), target["counter"])
        if value is not None:
            made.append(Memory(target["title"], target["backend"], value, target["most"]))
    return made


def time_text(nanoseconds):
    """Three digits and a unit."""
    if not nanoseconds:
        return "-"
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3), ("ns", 1)):
        if nanoseconds >= size or unit == "ns":
            value = nanoseconds / size
            digits = 0 if value >= 100 else 1 if value >= 10 else 2
            return f"{value:.{digits}f} {unit}"
    raise AssertionError


def ratio_text(ratio):
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}" if ratio >= 0.095 else f"{ratio:.3f}"


def goal_text(goal):
    return f"{ratio_text(goal.ratio)} x {goal.peer} (at most {goal.factor:g})"


def markdown(made, kept_memory):
    """The table for the README."""
    lines = []
    for backend in ("threading", "multiprocessing"):
        here = [row for row in made if row.backend == backend]
        if not here:
            continue
        met = sum(row.met for row in here)
        lines += [f"**{backend}**: {met} of {len(here)} rows reach all of their targets", "",
                  "| row | reference | best peer | limit | CPython | target: reference by peer | met |",
                  "| --- | ---: | ---: | ---: | ---: | --- | --- |"]
        for row in here:
            best = f"{time_text(row.peers[row.best_peer])} {row.best_peer}" if row.peers else "-"
            goals = "; ".join(goal_text(goal) for goal in row.goals if goal.peer != CPYTHON or not goal.met)
            if not goals:
                goals = "; ".join(goal_text(goal) for goal in row.goals)
            lines.append(f"| {row.title} | {time_text(row.reference)} | {best} | {time_text(row.limit)} | "
                         f"{time_text(row.cpython)} | {goals} | {'yes' if row.met else 'no'} |")
        for one in (one for one in kept_memory if one.backend == backend):
            lines.append(f"| {one.title} | {one.value:.0f} | - | - | - | at most {one.most} | "
                         f"{'yes' if one.met else 'no'} |")
        lines.append("")
    return "\n".join(lines)


def put_between_markers(text, table, begin="<!-- bench table -->", end="<!-- end of bench table -->"):
    """The text with the table in the place of what stood between the markers. Raises ValueError."""
    before, first, rest = text.partition(begin)
    _, second, after = rest.partition(end)
    if not first or not second:
        raise ValueError(f"there are no lines {begin} and {end}")
    return f"{before}{begin}\n\n{table}\n{end}{after}"


def baseline(made, machine, commit):
    """What is worth keeping: ratios, since times do not carry over to another machine or day."""
    kept = {}
    for row in made:
        best = row.peers.get(row.best_peer, 0)
        kept[f"{row.backend}/{row.benchmark}"] = {
            "to_limit": round(row.reference / row.limit, 4) if row.limit else None,
            "to_best_peer": round(row.reference / best, 4) if best else None,
            "best_peer": row.best_peer or None,
            "to_cpython": round(row.reference / row.cpython, 5) if row.cpython else None,
            "met": row.met,
        }
    return {"commit": commit, "machine": machine, "ratios": kept}
