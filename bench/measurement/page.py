"""One HTML page without network: the table, ratio bars, curves over the number of workers, history over commits."""

import html
import re

from measurement import pictures, tables

_STYLE = pictures.STYLE + """
body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;max-width:76rem;padding:0 1rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:right}
th:first-child,td:first-child,td.goal,th.goal{text-align:left}
.met{color:var(--good)}.missed{color:var(--bad)}.faint{color:var(--faint)}
.pictures{display:flex;flex-wrap:wrap;gap:1rem}.wide{overflow-x:auto}
"""


def _cell(content, kind=""):
    return f'<td class="{kind}">{html.escape(str(content))}</td>'


def _table(rows, memory):
    head = "".join(f"<th{extra}>{title}</th>" for title, extra in (
        ("row", ""), ("reference", ""), ("best peer", ""), ("limit", ""), ("CPython", ""), ("target", ' class="goal"'),
        ("met", "")))
    lines = []
    for row in rows:
        best = f"{tables.time_text(row.peers[row.best_peer])} {row.best_peer}" if row.peers else "-"
        goals = "; ".join(tables.goal_text(goal) for goal in row.goals)
        lines.append("<tr>" + _cell(row.title) + _cell(tables.time_text(row.reference)) + _cell(best) +
                     _cell(tables.time_text(row.limit)) + _cell(tables.time_text(row.cpython)) + _cell(goals, "goal") +
                     _cell(*(("yes", "met") if row.met else ("no", "missed"))) + "</tr>")
    for one in memory:
        lines.append("<tr>" + _cell(one.title) + _cell(f"{one.value:.0f}") + _cell("-") * 3 +
                     _cell(f"at most {one.most}", "goal") + _cell(*(("yes", "met") if one.met else ("no", "missed"))) +
                     "</tr>")
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


_WORKERS = re.compile(r"workers:(\d+)|(\d+)p\d+c")


def scaling(samples):
    """The rows that differ in the number of workers only: {(backend, row): {contender: [(workers, time)]}}."""
    found = {}
    for text in samples.times:
        backend, _, rest = text.partition("/")
        row, _, contender = rest.rpartition("/")
        match = _WORKERS.search(row)
        if not match:
            continue
        workers = int(match[1] or match[2])
        family = row[: match.start()] + "N" + row[match.end():]
        found.setdefault((backend, family), {}).setdefault(contender, []).append((workers, samples.median(text)))
    return {key: {name: sorted(points) for name, points in lines.items()} for key, lines in found.items()
            if len({workers for points in lines.values() for workers, _ in points}) > 1}


def others(samples, rows):
    """The benchmarks that are in no row of the table: {(backend, benchmark): {contender: time}}."""
    shown = {(row.backend, row.benchmark) for row in rows}
    found = {}
    for text in samples.times:
        backend, _, rest = text.partition("/")
        benchmark, _, contender = rest.rpartition("/")
        if (backend, benchmark) not in shown and benchmark:
            found.setdefault((backend, benchmark), {})[contender] = samples.median(text)
    return dict(sorted(found.items()))


def histories(baselines):
    """Of each row the ratios to the best peer in the order of the baselines."""
    found = {}
    for kept in baselines:
        for row, ratios in kept["ratios"].items():
            if ratios["to_best_peer"]:
                found.setdefault(row, []).append((kept["commit"], ratios["to_best_peer"]))
    return {row: points for row, points in sorted(found.items()) if len(points) > 1}


def _other_table(found):
    lines = []
    for (backend, benchmark), times in found.items():
        text = ", ".join(f"{tables.time_text(time)} {name}" for name, time in sorted(times.items(), key=lambda pair: pair[1]))
        lines.append("<tr>" + _cell(benchmark) + _cell(backend) + _cell(text, "goal") + "</tr>")
    return f'<div class="wide"><table><tbody>{"".join(lines)}</tbody></table></div>'


def page(samples, rows, memory, machine, commit, baselines):
    facts = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in machine.items())
    parts = [f"<h1>Benchmarks of the reference</h1><p class=faint>Commit {html.escape(commit)}. {html.escape(facts)}. "
             "Medians; smaller is better. Ratios carry over to other machines, times do not.</p>"]
    for backend in ("threading", "multiprocessing"):
        here = [row for row in rows if row.backend == backend]
        if not here:
            continue
        met = sum(row.met for row in here)
        parts.append(f"<h2>{backend}</h2><p>{met} of {len(here)} rows reach all of their targets.</p>")
        parts.append(_table(here, [one for one in memory if one.backend == backend]))
        parts.append(f'<div class="wide">{pictures.ratio_bars(here)}</div>')
        curves = [pictures.curves(family, lines, "workers N" if "workers" in family else "N producers, N consumers")
                  for (of, family), lines in sorted(scaling(samples).items()) if of == backend]
        parts.append(f'<h3>Over the number of workers</h3><div class="pictures">{"".join(curves)}</div>')
    found = histories(baselines)
    if found:
        drawn = "".join(pictures.history(row, points) for row, points in found.items())
        parts.append(f'<h2>Over commits: reference by best peer</h2><div class="pictures">{drawn}</div>')
    rest = others(samples, rows)
    if rest:
        parts.append(f"<h2>All other operations</h2>{_other_table(rest)}")
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Benchmarks of the reference</title>'
            f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>{"".join(parts)}</html>\n')
