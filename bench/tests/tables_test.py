"""From times to a table: which peer counts, whether a target is met, and where the table goes."""

import pathlib
import re
import sys
import unittest
import xml.dom.minidom

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from measurement import page, pictures, tables  # noqa: E402
from measurement.results import Samples, load  # noqa: E402

TARGETS = {
    "rows": [{"title": "Lock", "backend": "threading", "benchmark": "lock/uncontended",
              "against": [{"factor": 0.8, "peers": ["slow", "fast"]}, {"factor": 2.5, "peers": ["limit"]},
                          {"factor": 1, "peers": ["absent"]}]}],
    "memory": [{"title": "Lock", "backend": "threading", "benchmark": "memory/lock", "counter": "bytes", "most": 64}],
    "every_row": {"factor": 0.1, "peers": ["cpython"]},
}


def samples(reference=5.0):
    made = Samples()
    made.times = {f"threading/lock/uncontended/{name}": [time] for name, time in
                  {"reference": reference, "slow": 20.0, "fast": 10.0, "other": 4.0, "limit": 2.5, "cpython": 200.0}.items()}
    made.times.update({f"threading/lock/contended/workers:{n}/{name}": [n * time] for n in (2, 4)
                       for name, time in (("reference", 3.0), ("fast", 4.0))})
    made.counters = {"threading/memory/lock/reference": {"bytes": [65]}}
    return made


class Rows(unittest.TestCase):
    def test_the_best_of_the_named_peers_counts(self):
        row, = tables.rows(samples(), TARGETS)
        self.assertEqual([(goal.peer, goal.ratio, goal.met) for goal in row.goals],
                         [("fast", 0.5, True), ("limit", 2.0, True), ("cpython", 0.025, True)])
        self.assertTrue(row.met)
        self.assertEqual(row.best_peer, "other")

    def test_one_missed_goal_misses_the_row(self):
        row, = tables.rows(samples(reference=8.1), TARGETS)
        self.assertEqual([goal.met for goal in row.goals], [False, False, True])
        self.assertFalse(row.met)

    def test_memory(self):
        one, = tables.memory(samples(), TARGETS)
        self.assertFalse(one.met)

    def test_without_the_reference_there_is_no_row(self):
        self.assertEqual(tables.rows(Samples(), TARGETS), [])

    def test_ratios_are_kept_and_times_are_not(self):
        kept = tables.baseline(tables.rows(samples(), TARGETS), {"cores": 2}, "abc")["ratios"]
        self.assertEqual(kept, {"threading/lock/uncontended": {
            "to_limit": 2.0, "to_best_peer": 1.25, "best_peer": "other", "to_cpython": 0.025, "met": True}})


class Markdown(unittest.TestCase):
    def test_says_what_was_measured(self):
        text = tables.markdown(tables.rows(samples(), TARGETS), tables.memory(samples(), TARGETS))
        self.assertIn("| Lock | 5.00 ns | 4.00 ns other | 2.50 ns | 200 ns | "
                      "0.50 x fast (at most 0.8); 2.00 x limit (at most 2.5) | yes |", text)
        self.assertIn("| Lock | 65 | - | - | - | at most 64 | no |", text)
        self.assertIn("1 of 1 rows", text)

    def test_replaces_what_is_between_the_markers_only(self):
        before = "a\n<!-- bench table -->\nold\n<!-- end of bench table -->\nb\n"
        once = tables.put_between_markers(before, "new")
        self.assertEqual(once, "a\n<!-- bench table -->\n\nnew\n<!-- end of bench table -->\nb\n")
        self.assertEqual(tables.put_between_markers(once, "new"), once)
        with self.assertRaises(ValueError):
            tables.put_between_markers("no markers", "new")


class Targets(unittest.TestCase):
    def test_name_benchmarks_that_the_programs_have(self):
        """In the sources, since a misspelt row would be missing from the table without a word."""
        programs = pathlib.Path(tables.TARGETS).parent / "programs"
        text = "".join(path.read_text(encoding="utf-8") for path in sorted(programs.glob("*_bench.cpp")))
        for target in load(tables.TARGETS)["rows"]:
            stem = re.sub(r"[^/:]*\d[^/:]*(?=/|$)|(free|cross|same)$", "", target["benchmark"]).split("//")[0]
            stem = re.sub(r"(workers|depth|bytes|chunk):.*", "", stem).rstrip("/")
            self.assertIn(stem.split("/")[0] + "/", text)
            self.assertIn(stem, text, target["title"])


class Pictures(unittest.TestCase):
    def test_are_well_formed_and_show_every_row(self):
        rows = tables.rows(samples(), TARGETS)
        picture = pictures.ratio_bars(rows, alone=True)
        xml.dom.minidom.parseString(picture)
        self.assertIn("0.5 x fast", picture)
        self.assertIn("var(--good)", picture)

    def test_the_page_needs_no_network_and_has_every_part(self):
        kept = [dict(tables.baseline(tables.rows(samples(time), TARGETS), {}, f"c{place}"), when=str(place))
                for place, time in enumerate((5.0, 6.0))]
        text = page.page(samples(), tables.rows(samples(), TARGETS), tables.memory(samples(), TARGETS), {"cores": 2}, "abc",
                         kept)
        self.assertIsNone(re.search(r'(src|href)=|url\(|@import|https?://(?!www\.w3\.org/2000/svg)', text))
        for part in ("Over the number of workers", "Over commits", "c1: 1.5", "prefers-color-scheme:dark",
                     "lock/contended/N"):
            self.assertIn(part, text)
        for drawn in re.findall(r"<svg.*?</svg>", text, re.S):
            xml.dom.minidom.parseString(drawn)


if __name__ == "__main__":
    unittest.main()
