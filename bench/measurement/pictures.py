"""SVG without a library: ratio bars, curves over workers, and history over commits.

Colours come from CSS variables of the page, or of the SVG itself where it stands alone; both have a dark set.
"""

import html
import math

STYLE = """
:root{--ink:#1b1f24;--faint:#6b7280;--line:#d5d9e0;--paper:#fff;--good:#2e7d4f;--bad:#b4532a;--one:#2f5fa8;--two:#a8752f;
--three:#6d4aa3;--four:#2a8a8a;--five:#8a2a5b}
@media(prefers-color-scheme:dark){:root{--ink:#e5e7eb;--faint:#9aa3af;--line:#3a4049;--paper:#14171b;--good:#5fc48a;
--bad:#e58a5e;--one:#7aa7f0;--two:#e0b06a;--three:#b79af0;--four:#63cfcf;--five:#e07ab0}}
"""
SVG_STYLE = "text{font:12px system-ui,sans-serif;fill:var(--ink)}.faint{fill:var(--faint)}"
COLOURS = ["--one", "--two", "--three", "--four", "--five", "--faint"]


def text(x, y, content, anchor="start", kind=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{html.escape(str(content))}</text>'


def svg(width, height, parts, alone=False):
    style = f"<style>{STYLE if alone else ''}{SVG_STYLE}</style>"
    paper = f'<rect width="{width}" height="{height}" fill="var(--paper)"/>' if alone else ""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img">{style}{paper}{"".join(parts)}</svg>')


class LogScale:
    def __init__(self, low, high, begin, end):
        self.low, self.high = math.log10(low), math.log10(max(high, low * 1.01))
        self.begin, self.end = begin, end

    def __call__(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.begin + min(1, max(0, share)) * (self.end - self.begin)

    def ticks(self):
        return [10.0 ** power for power in range(math.ceil(self.low), math.floor(self.high) + 1)]


def ratio_bars(rows, alone=False):
    """A bar per row: the reference by the peer of its first goal. A mark shows the target, a line 1."""
    rows = [row for row in rows if row.goals]
    height, left, width = 20, 300, 860
    scale = LogScale(0.01, 100, left, width - 70)
    parts = [text(left, 14, "reference by peer, smaller is better; the mark is the target", kind="faint")]
    bottom = 40 + height * len(rows)
    for tick in scale.ticks():
        colour = "--ink" if tick == 1 else "--line"
        parts.append(f'<line x1="{scale(tick):.1f}" x2="{scale(tick):.1f}" y1="36" y2="{bottom}" stroke="var({colour})"/>')
        parts.append(text(scale(tick), 32, f"{tick:g}", "middle", "faint"))
    for place, row in enumerate(rows):
        goal = row.goals[0]
        y = 40 + place * height
        begin, end = sorted((scale(1), scale(goal.ratio)))
        colour = "--good" if goal.met else "--bad"
        parts.append(text(left - 8, y + 14, row.title, "end"))
        parts.append(f'<rect x="{begin:.1f}" y="{y + 4}" width="{max(1, end - begin):.1f}" height="12" fill="var({colour})">'
                     f"<title>{html.escape(f'{goal.ratio:.3g} x {goal.peer}')}</title></rect>")
        target = scale(goal.factor)
        parts.append(f'<line x1="{target:.1f}" x2="{target:.1f}" y1="{y + 1}" y2="{y + 19}" stroke="var(--ink)" '
                     'stroke-width="2"/>')
        parts.append(text(width - 62, y + 14, f"{goal.ratio:.3g}"))
    return svg(width, bottom + 8, parts, alone)


def curves(title, lines, x_label, y_label="ns per operation"):
    """`lines`: points (x, y) by name; both scales are logarithmic."""
    width, height, left, right, top, bottom = 430, 260, 52, 150, 28, 34
    xs = sorted({x for points in lines.values() for x, _ in points})
    ys = [y for points in lines.values() for _, y in points if y > 0]
    across = LogScale(xs[0], xs[-1], left, width - right)
    up = LogScale(min(ys), max(ys), height - bottom, top)
    parts = [text(left, 16, title)]
    for x in xs:
        parts.append(text(across(x), height - 18, f"{x:g}", "middle", "faint"))
    for tick in up.ticks():
        parts.append(f'<line x1="{left}" x2="{width - right}" y1="{up(tick):.1f}" y2="{up(tick):.1f}" stroke="var(--line)"/>')
        parts.append(text(left - 4, up(tick) + 4, f"{tick:g}", "end", "faint"))
    parts.append(text(left, height - 4, f"{x_label}; {y_label}", kind="faint"))
    names = sorted(lines, key=lambda name: -lines[name][-1][1])
    ordered = ["reference"] + [name for name in sorted(lines) if name != "reference"]
    for place, name in enumerate(names):
        colour = COLOURS[ordered.index(name) % len(COLOURS)]
        points = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in lines[name])
        bold = 3 if name == "reference" else 1.5
        parts.append(f'<polyline points="{points}" fill="none" stroke="var({colour})" stroke-width="{bold}"/>')
        y = top + 14 * place + 6
        parts.append(f'<line x1="{width - right + 8}" x2="{width - right + 22}" y1="{y}" y2="{y}" stroke="var({colour})" '
                     f'stroke-width="{bold}"/>')
        parts.append(text(width - right + 26, y + 4, name[:20]))
    return svg(width, height, parts)


def history(title, points):
    """`points`: (commit, ratio) in the order of time."""
    width, height, left, bottom, top = 430, 140, 52, 34, 24
    ratios = [ratio for _, ratio in points]
    up = LogScale(min(ratios + [0.5]), max(ratios + [2]), height - bottom, top)
    step = (width - left - 20) / max(1, len(points) - 1)
    parts = [text(left, 14, title)]
    for tick in (0.01, 0.1, 1, 10, 100):
        if 10 ** up.low <= tick <= 10 ** up.high:
            parts.append(f'<line x1="{left}" x2="{width - 20}" y1="{up(tick):.1f}" y2="{up(tick):.1f}" stroke="var(--line)"/>')
            parts.append(text(left - 4, up(tick) + 4, f"{tick:g}", "end", "faint"))
    spots = [(left + place * step, up(ratio)) for place, (_, ratio) in enumerate(points)]
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    parts.append(f'<polyline points="{joined}" fill="none" stroke="var(--one)" stroke-width="2"/>')
    for (x, y), (commit, ratio) in zip(spots, points):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="var(--one)"><title>{html.escape(commit)}: {ratio:.3g}'
                     "</title></circle>")
    parts.append(text(left, height - 6, f"{points[0][0]} to {points[-1][0]}", kind="faint"))
    return svg(width, height, parts)
