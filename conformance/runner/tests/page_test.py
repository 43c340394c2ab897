"""The page, in a real browser: page_test.py PROGRAM BROWSER FOLDER [unittest's options], with the version of
the suite in FREETHREADING_SUITE_VERSION.

Long, since all that is asked of one page shares its making.

Screenshots and measured times are left in the folder. Times are told, not judged: a machine may be busy.
"""

import json
import os
import pathlib
import subprocess
import sys
import unittest

from browser import Browser
from synthetic_reports import BACKENDS, DRAWING, Report, Suite

HOSTILE = "</script><script>hostile = 1</script><img src=x onerror=\"hostile = 2\">&amp;\u202egnp.exe\x01\x1b[31m {{data}}"
LONG = "long" * (1 << 18)  # 1 MiB
# Rows out of sight may come a little after the page has loaded.
COMPLETE = ("new Promise(done => performance.getEntriesByName('complete').length > 0 ? done() :"
            "document.addEventListener('complete', done))")
PAINTED = ("new Promise(done => new PerformanceObserver((list, observer) => { observer.disconnect(); done(); })"
           ".observe({type: 'paint', buffered: true}))")
DRAWN = ("new Promise(done => { const look = () => performance.getEntriesByName('drawn').length > 0 ? done() :"
         "requestAnimationFrame(look); look(); })")


class PageTest(unittest.TestCase):
    """Two implementations, one of them hostile, an earlier run, a failure with all that it can have."""

    @classmethod
    def setUpClass(cls):
        cls.suite = Suite(PROGRAM)
        cls.reports = []
        for name in ("quiet", HOSTILE):
            for backend in BACKENDS:
                cls.reports.append(Report(cls.suite, name, backend))
        threads, processes = cls.reports[2], cls.reports[3]
        by_name = lambda prefix: next(test for _, test in cls.suite.tests if test.split(".")[1].startswith(prefix))
        cls.failing = by_name("LOCK_1_")
        threads.verdicts = {cls.failing: "fail", by_name("QUEUE_2_"): "fail", by_name("BARRIER_5_"): "unsupported"}
        threads.reasons = {cls.failing: HOSTILE, by_name("QUEUE_2_"): LONG}
        threads.details = {by_name("QUEUE_2_"): LONG}
        threads.scenarios = {cls.failing: str(FOLDER / "failing.json")}
        (FOLDER / "failing.html").write_text(DRAWING)
        processes.verdicts = {by_name("QUEUE_2_"): "fail", by_name("COND_2_"): "inconclusive"}
        files = [report.write(FOLDER / f"report-{i}.jsonl") for i, report in enumerate(cls.reports)]
        earlier = Report(cls.suite, HOSTILE, "threading", version="0.9")
        earlier.verdicts = {by_name("LOCK_3_"): "fail", by_name("QUEUE_2_"): "fail"}
        cls.earlier = earlier
        cls.page = FOLDER / "page.html"
        cls.outputs = {name: FOLDER / f"results.{name}" for name in ("xml", "md", "svg")}
        cls.run_of_program = subprocess.run(
            [PROGRAM, "--compare", *files, "--earlier", earlier.write(FOLDER / "earlier.jsonl"), "--page", cls.page,
             "--mutants", cls.mutants(), "--junit", cls.outputs["xml"], "--markdown", cls.outputs["md"], "--badge", cls.outputs["svg"]],
            capture_output=True)
        cls.browser = Browser(BROWSER)
        cls.addClassCleanup(cls.browser.__exit__)

    @classmethod
    def mutants(cls):
        """Of one that is found in both runs, and one that survives a run."""
        lines = [{"mutant": mutant, "backend": "threading", "seed": seed, "must_fail": ["LOCK-1"],
                  "tested": ["LOCK-1", "LOCK-2"], "found": found}
                 for mutant, seed, found in (("lock_lies", 1, {"LOCK-1": 0.5}), ("lock_lies", 2, {"LOCK-1": 0.25}),
                                             ("lock_hides", 1, {"LOCK-1": 1, "LOCK-2": 2}), ("lock_hides", 2, {}))]
        file = FOLDER / "mutants.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return file

    def setUp(self):
        self.browser.show()
        self.browser.open(self.page)
        self.evaluate(COMPLETE)

    def evaluate(self, expression):
        return self.browser.evaluate(expression)

    def shown(self):
        return self.evaluate(
            "[...document.querySelectorAll('.group .row')].filter(row => !row.hidden)"
            ".map(row => row.querySelector('.id').textContent)")

    def choose(self, **fields):
        for name, value in fields.items():
            self.evaluate(
                f"(() => {{ const field = document.getElementById('filter-{name}'); field.value = {json.dumps(value)};"
                "field.dispatchEvent(new Event('input', {bubbles: true})); })()")

    def clear(self):
        self.evaluate("document.querySelector('#filters [type=reset]').click()")

    def expected(self, condition):
        """The requirements for which the condition holds of [verdict of each column, or None]."""
        worst = [report.worst() for report in self.reports]
        return [it for it in self.ids() if condition([column.get(it) for column in worst])]

    def ids(self):
        return list(self.suite.requirements)

    def test_program_judges(self):
        self.assertEqual(self.run_of_program.returncode, 1, self.run_of_program.stderr[-2000:])

    def test_every_verdict_is_shown(self):
        self.assertEqual(self.shown(), self.ids())
        cells = self.evaluate("[...document.querySelectorAll('.group .row')].map(row =>"
                              "[...row.querySelectorAll('.cell')].map(cell => cell.getAttribute('aria-label')))")
        worst = [report.worst() for report in self.reports]
        for identity, row in zip(self.ids(), cells, strict=True):
            told = [label.split(",")[0] for label in row]
            self.assertEqual(told, [column.get(identity, "does not apply") for column in worst], identity)

    def test_filters(self):
        requirements = self.suite.requirements
        for field, place in (("name", 0), ("level", 1), ("kind", 2)):
            for value in sorted({facts[place] for facts in requirements.values()}):
                self.choose(**{field: value})
                self.assertEqual(self.shown(), [it for it, facts in requirements.items() if facts[place] == value])
            self.clear()
        self.choose(text="LOCK-1 ")
        self.assertIn("LOCK-1", self.shown())
        self.choose(text="no such requirement")
        self.assertEqual(self.shown(), [])
        self.assertTrue(self.evaluate("document.getElementById('nothing').checkVisibility()"))
        self.clear()
        self.assertEqual(self.shown(), self.ids())

    def test_rows_that_differ(self):
        differs = lambda verdicts: len(set(verdicts) - {None}) > 1
        for value, condition in {
            "not-passing": lambda all: bool(set(all) - {None, "pass"}),
            "differing": differs,
            "backends": lambda all: differs(all[:2]) or differs(all[2:]),
        }.items():
            self.choose(rows=value)
            expected = self.expected(condition)
            self.assertTrue(expected)
            self.assertEqual(self.shown(), expected, value)
        self.choose(rows="changed")
        now, then = self.reports[2].worst(), self.earlier.worst()
        self.assertEqual(self.shown(), [it for it in self.ids() if now.get(it) != then.get(it)])

    def test_rows_with_a_verdict(self):
        for verdict in ("fail", "inconclusive", "unsupported"):
            press = f"document.querySelector('[data-verdict={json.dumps(verdict)}]').click()"
            self.evaluate(press)
            expected = self.expected(lambda all: verdict in all)
            self.assertTrue(expected)
            self.assertEqual(self.shown(), expected)
            self.evaluate(press)
        self.assertEqual(self.shown(), self.ids())

    def focused(self):
        return self.evaluate("document.activeElement.closest('.row')?.querySelector('.id')?.textContent ?? "
                             "document.activeElement.id")

    def test_without_a_mouse(self):
        for _ in range(40):
            self.browser.press("Tab")
            if self.focused() == self.ids()[0]:
                break
        self.assertEqual(self.focused(), self.ids()[0], "Tab reaches the first cell")
        self.browser.press("ArrowDown")
        self.assertEqual(self.focused(), self.ids()[1])
        self.browser.press("End", modifiers=2)
        self.assertEqual(self.focused(), self.ids()[-1])
        self.browser.press("/")
        self.assertEqual(self.focused(), "filter-text")
        self.choose(text=self.failing.lower())
        for _ in range(40):
            self.browser.press("Tab")
            if self.focused() == "LOCK-1":
                break
        self.browser.press("Home")
        self.browser.press("ArrowRight")
        self.browser.press("ArrowRight")
        self.browser.press("Enter")
        self.assertEqual(self.focused(), "panel-title")
        self.assertIn("fail", self.evaluate("document.querySelector('#panel .verdict').textContent"))
        self.browser.press("Escape")
        self.assertFalse(self.evaluate("document.getElementById('panel').checkVisibility()"))
        self.assertEqual(self.focused(), "LOCK-1", "focus is back at the cell")

    def test_failing_cell_says_everything(self):
        self.browser.open(self.page, "#cell=LOCK-1,2")
        text = self.evaluate("document.getElementById('panel').innerText")
        self.assertIn(self.suite.requirements["LOCK-1"][4], text)
        self.assertIn("main.acquire(lock_1);", text)
        self.assertIn("Lock#1.acquire() -> true   <====", text)
        self.assertIn(self.failing, text)
        self.assertIn("--backend threading --replay", text)
        self.assertIn("--times 100", text)
        self.assertNotIn("elsewhere.json", text, "the command is not what the failure's text says")
        self.assertIn("earlier", text)
        self.assertTrue(self.evaluate("(() => { const { top, bottom } = document.querySelector('.opened')"
                                      ".getBoundingClientRect(); return top > 0 && bottom < innerHeight; })()"),
                        "its cell is in sight")
        self.assertTrue(self.evaluate(
            "(async () => { const image = document.querySelector('.drawing img'); await image.decode();"
            "return image.naturalWidth === 900; })()"), "the drawing is drawn")
        self.browser.screenshot(FOLDER / "cell.png")

    def test_mutants(self):
        panel = "document.getElementById('panel').innerText"
        self.browser.open(self.page, "#cell=LOCK-1,0")
        self.assertIn("Mutants of the reference that break it\nlock_hides found in 1 of 2 runs, after 1 s\n"
                      "lock_lies found in 2 of 2 runs, after 0.25 s", self.evaluate(panel))
        self.browser.open(self.page, "#cell=LOCK-2,0")
        self.assertIn("Other mutants that fail its tests", self.evaluate(panel))
        self.browser.open(self.page, "#cell=LOCK-1,1")
        self.assertNotIn("lock_lies", self.evaluate(panel), "they are of threads")
        self.assertIn("1 of 2 mutants of the reference found", self.evaluate("document.getElementById('headline').textContent"))
        self.browser.press("Escape")
        self.choose(rows="surviving")
        self.assertEqual(self.shown(), ["LOCK-1"])

    def test_hostile_texts_are_only_shown(self):
        for fragment in ("", "#cell=LOCK-1,2", "#cell=QUEUE-2,2", "#cell=QUEUE-2,3", "#cell=%3Cimg%3E,99"):
            self.browser.open(self.page, fragment)
            self.assertIsNone(self.evaluate("window.hostile"))
            self.assertEqual(self.browser.complaints(), [])
            self.assertEqual(self.browser.requests(), [])
        self.browser.open(self.page, "#cell=LOCK-1,2")
        text = self.evaluate("document.getElementById('panel').textContent")
        self.assertIn("<img src=x onerror=\"hostile = 2\">&amp;\ufffdgnp.exe\ufffd\ufffd[31m {{data}}", text)
        self.browser.open(self.page, "#cell=QUEUE-2,2")
        self.assertIn("more bytes)", self.evaluate("document.querySelector('#panel .reason').textContent"))
        self.assertLess(self.page.stat().st_size, 2 << 20)

    def test_other_files_hold_hostile_texts(self):
        import xml.etree.ElementTree as tree
        suites = tree.parse(self.outputs["xml"]).getroot()
        self.assertEqual(suites.get("failures"), "3")
        failure = suites.find(f".//testcase[@name='{self.failing.split('.')[1]}']/failure")
        self.assertIn("hostile = 2", failure.get("message"))
        self.assertEqual(tree.parse(self.outputs["svg"]).getroot().get("aria-label"), "freethreading: 1 of 2 conform")
        markdown = self.outputs["md"].read_text()
        self.assertNotIn("<img", markdown)
        self.assertLess(len(markdown), 1 << 16)

    def test_narrow_screen(self):
        self.browser.show(width=320, height=640, mobile=True)
        self.browser.open(self.page, "#cell=LOCK-1,2")
        panel = self.evaluate("(() => { const box = document.getElementById('panel').getBoundingClientRect();"
                              "return [box.left, box.right, document.getElementById('panel').scrollWidth]; })()")
        self.assertEqual(panel, [0, 320, 320])
        self.browser.screenshot(FOLDER / "narrow-cell.png")
        self.browser.press("Escape")
        too_wide = self.evaluate(
            "[...document.querySelectorAll('header, #filters *, #implementations *')].filter(it => !it.closest('.unseen')"
            " && it.getBoundingClientRect().right > 321).map(it => it.outerHTML.slice(0, 200))")
        self.assertEqual(too_wide, [])
        self.browser.screenshot(FOLDER / "narrow.png")

    def test_contrast(self):
        script = (pathlib.Path(__file__).parent / "contrast.js").read_text()
        for dark in (False, True):
            self.browser.show(dark=dark)
            self.browser.open(self.page, "#cell=LOCK-1,2")
            seen = self.evaluate(script)
            self.assertGreater(len(seen), 20)
            self.assertEqual([it for it in seen if it["ratio"] < 4.5], [], "dark" if dark else "light")
            self.browser.screenshot(FOLDER / f"{'dark' if dark else 'light'}-cell.png")

    def accessible(self):
        """Names by role, of what a screen reader is told."""
        self.evaluate("new Promise(done => { const look = () => document.querySelector('.away') ?"
                      "requestAnimationFrame(look) : done(); look(); })")
        by_role = {}
        for node in self.browser.call("Accessibility.getFullAXTree")["nodes"]:
            if not node.get("ignored"):
                by_role.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
        return by_role

    def test_accessibility_tree(self):
        self.browser.open(self.page, "#cell=LOCK-1,2")
        by_role = self.accessible()
        self.assertEqual(len(by_role["grid"]), 1)
        for role in ("button", "searchbox", "combobox", "gridcell", "dialog", "image", "heading", "columnheader",
                     "rowheader"):
            self.assertTrue(by_role.get(role), role)
            self.assertNotIn("", by_role[role], f"{role} without a name")
        # Chromium tells of no rows that are far out of sight, but of how many there are; the keys reach them.
        self.assertEqual(self.evaluate("document.getElementById('matrix').ariaRowCount"), str(len(self.ids()) + 2))
        last = self.ids()[-1]
        self.assertFalse(any(last in name for name in by_role["rowheader"]))
        self.browser.press("Escape")
        self.browser.press("End", modifiers=2)
        self.assertTrue(any(last in name for name in self.accessible()["rowheader"]))


class LittleTest(unittest.TestCase):
    """What there is when next to nothing was run, and with several variants."""

    def page_of(self, name, *files):
        page = FOLDER / f"{name}.html"
        run = subprocess.run([PROGRAM, "--merge", *files, "--page", page], capture_output=True)
        self.assertEqual(run.returncode, 3, run.stderr)
        browser = Browser(BROWSER)
        self.addCleanup(browser.__exit__)
        browser.show()
        browser.open(page)
        self.assertEqual(browser.complaints(), [])
        browser.screenshot(FOLDER / f"{name}.png")
        return browser

    def test_a_run_that_never_began(self):
        (FOLDER / "empty.jsonl").write_text("")
        browser = self.page_of("empty", FOLDER / "empty.jsonl")
        self.assertIn("its run never began", browser.evaluate("document.getElementById('implementations').innerText"))
        self.assertEqual(browser.evaluate("document.querySelectorAll('.cell').length"), 0)

    def test_variants_and_a_run_that_broke_off(self):
        suite = Suite(PROGRAM)
        files = [Report(suite, "one", backend, variant=variant).write(
            FOLDER / f"variants-{variant}-{backend}.jsonl", footer=(variant, backend) != ("tsan", "threading"))
            for variant in ("plain", "tsan") for backend in BACKENDS]
        browser = self.page_of("variants", *files)
        heads = browser.evaluate("[...document.querySelectorAll('.backend')].map(head => head.innerText.split(/\\s+/))")
        self.assertEqual(heads, [[name, variant] for variant in ("plain", "tsan") for name in ("threads", "processes")])
        self.assertIn("has no footer", browser.evaluate("document.getElementById('implementations').innerText"))


class TenImplementationsTest(unittest.TestCase):
    """What the page must bear: ten implementations on two backends, and all requirements."""

    @classmethod
    def setUpClass(cls):
        suite = Suite(PROGRAM)
        verdicts = ["fail", "fail", "unsupported", "not as recommended", "expected failure", "inconclusive",
                    "driver error"]
        files = []
        for number in range(10):
            for backend in BACKENDS:
                report = Report(suite, f"implementation {number}", backend)
                report.fail_at_random(0.01 * number, verdicts, seed=1)
                files.append(report.write(FOLDER / f"ten-{number}-{backend}.jsonl"))
        cls.page = FOLDER / "ten.html"
        subprocess.run([PROGRAM, "--compare", *files, "--page", cls.page], capture_output=True)
        cls.cells = 20 * len(suite.requirements)
        cls.browser = Browser(BROWSER)
        cls.addClassCleanup(cls.browser.__exit__)
        cls.browser.show()

    def measure(self, name, action):
        """Milliseconds: of the page's processor time, and until the next frame was drawn."""
        before = self.browser.processor_seconds()
        drawn = self.browser.evaluate(
            "(async () => { const begin = performance.now(); await (async () => {" + action + "})();"
            "await new Promise(done => requestAnimationFrame(() => { const channel = new MessageChannel();"
            "channel.port1.onmessage = done; channel.port2.postMessage(0); })); return performance.now() - begin; })()")
        used = self.browser.processor_seconds() - before
        self.times.setdefault(name, []).append((1000 * used, drawn))

    def test_times(self):
        self.times = {}
        choose = ("const choose = (name, value) => { const field = document.getElementById('filter-' + name);"
                  "field.value = value; field.dispatchEvent(new Event('input', {bubbles: true})); };")
        clear = "document.querySelector('#filters [type=reset]').click();"
        visible = "[...document.querySelectorAll('.group .row')].filter(row => !row.hidden).length"
        for _ in range(5):
            self.browser.call("Page.navigate", url="about:blank")
            before = self.browser.processor_seconds()
            self.browser.open(self.page)
            used = self.browser.processor_seconds() - before
            self.times.setdefault("load, to its end", []).append((1000 * used, self.browser.evaluate(
                "performance.getEntriesByType('navigation')[0].loadEventEnd")))
            self.times.setdefault("load, its script", []).append((float("nan"), self.browser.evaluate(
                "performance.measure('', 'begun', 'summary').duration")))
            self.browser.evaluate(COMPLETE)
            self.browser.evaluate(PAINTED)
            self.browser.evaluate(DRAWN)
            for name, mark in (("load, until the summary is painted", "first-contentful-paint"),
                               ("load, until the rows in sight are, too", "drawn"),
                               ("load, until all verdicts are there", "complete")):
                self.times.setdefault(name, []).append((float("nan"), self.browser.evaluate(
                    f"performance.getEntriesByName('{mark}')[0].startTime")))
            self.measure("filter by text", choose + "choose('text', 'lock')")
            self.assertLess(self.browser.evaluate(visible), 296)
            self.measure("clear", clear)
            self.measure("filter by differing rows", choose + "choose('rows', 'differing')")
            self.measure("clear", clear)
            self.measure("filter by verdict", "document.querySelector('.toggle').click()")
            self.measure("clear", clear)
            self.measure("open a cell", "document.querySelectorAll('.cell.fail')[3].click()")
            self.assertTrue(self.browser.evaluate("document.getElementById('panel').checkVisibility()"))
            self.measure("close it", "document.querySelector('.close').click()")
            self.measure("scroll", "scrollTo(0, 4000)")
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('.cell').length"), self.cells)
        self.browser.screenshot(FOLDER / "ten-scrolled.png")
        self.browser.evaluate("scrollTo(0, 0)")
        self.browser.screenshot(FOLDER / "ten.png")
        lines = [f"{self.page.stat().st_size} bytes, {self.cells} cells, load of the machine {os.getloadavg()[0]:.1f}; "
                 "milliseconds, the median of all and the least"]
        for name, pairs in self.times.items():
            middle = lambda values: sorted(values)[len(values) // 2]
            processor, drawn = zip(*pairs)
            lines.append(f"{name:36} processor {middle(processor):4.0f} {min(processor):4.0f}   "
                         f"drawn after {middle(drawn):4.0f} {min(drawn):4.0f}")
        (FOLDER / "times.txt").write_text("\n".join(lines) + "\n")
        print("\n".join(lines), file=sys.stderr)


if __name__ == "__main__":
    PROGRAM, BROWSER, FOLDER = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]).resolve()
    FOLDER.mkdir(parents=True, exist_ok=True)
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
