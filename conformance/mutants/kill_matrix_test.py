#!/usr/bin/env python3
"""Tests of kill_matrix.py: kill_matrix_test.py RUNNER MUTANT_DRIVER [unittest's options]."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import kill_matrix

HERE = pathlib.Path(__file__).resolve().parent
UNLIMITED = ("lock_try_acquire_ignores_a_limit", "threading")


class KillMatrix(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results = pathlib.Path(folder.name, "results.jsonl")
        self.kept = pathlib.Path(folder.name, "kept.jsonl")

    def found_before(self, *requirements):
        """As if an earlier run had looked at LOCK-5 and COND-2, and found these broken."""
        mutant, backend = UNLIMITED
        self.results.write_text(json.dumps(
            {"mutant": mutant, "backend": backend, "seed": 1, "found": dict.fromkeys(requirements, 1),
             "tested": ["LOCK-5", "COND-2"]}) + "\n")  # fmt: skip

    def judge(self, *options, others="", mutant=UNLIMITED[0]):
        return subprocess.run(
            [HERE / "kill_matrix.py", "--runner", RUNNER, "--driver", DRIVER, "--results", self.results, "--backend", UNLIMITED[1],
             "--mutant", mutant, "--others", others, "--kept", self.kept, *options],
            capture_output=True, text=True, check=False)  # fmt: skip

    def test_a_mutant_that_is_found_is_as_expected(self):
        run = self.judge()
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("| LOCK-5: 1 of 1, 5 %", run.stdout)
        line = json.loads(self.results.read_text())
        self.assertEqual((line["mutant"], line["backend"]), UNLIMITED)
        self.assertIn("LOCK-5", line["found"])
        self.assertEqual(line["tested"], ["LOCK-5"])
        self.assertFalse(self.kept.exists())

    def test_others_are_tested_beside_those_that_must_find_it(self):
        run = self.judge(others="Lock.LOCK_1_*:Lock.LOCK_2_*:Lock.LOCK_5_*-Lock.LOCK_2_*")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        line = json.loads(self.results.read_text())
        self.assertEqual(line["tested"], ["LOCK-1", "LOCK-5"])
        self.assertEqual(list(line["found"]), ["LOCK-5"])

    def test_a_mutant_that_survives_is_not(self):
        self.found_before()
        run = self.judge()
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertIn("LOCK-5: 0 of 1, 0 %", run.stdout)

    def test_what_else_fails_is_expected_once_it_is_kept(self):
        self.found_before("LOCK-5", "COND-2")
        run = self.judge()
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertIn("**COND-2**", run.stdout)
        kill_matrix.write_kept(self.kept, {("event_is_set_at_first", "threading"): {"EVENT-1"}, UNLIMITED: {"GEN-12"}})
        self.judge("--update-kept")
        self.assertEqual(kill_matrix.read_kept(self.kept), {
            ("event_is_set_at_first", "threading"): {"EVENT-1"}, UNLIMITED: {"COND-2", "GEN-12", "LOCK-5"}})  # fmt: skip
        run = self.judge()
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("0 cells are new, 1 were not seen this time", run.stdout)

    def test_bad_input(self):
        self.assertEqual(self.judge(mutant="no_such_*").returncode, 2)
        self.kept.write_text("{\n")
        run = self.judge()
        self.assertEqual(run.returncode, 3)
        self.assertIn("kept.jsonl, line 1", run.stderr)

    def test_how_sure_some_finds_are(self):
        self.assertEqual(kill_matrix.at_least(0, 20), 0)
        self.assertAlmostEqual(kill_matrix.at_least(20, 20), 0.05 ** (1 / 20), places=6)
        self.assertLess(kill_matrix.at_least(19, 20), kill_matrix.at_least(20, 20))


if __name__ == "__main__":
    RUNNER, DRIVER = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
