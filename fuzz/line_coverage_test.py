#!/usr/bin/env python3
"""What line_coverage.py finds wrong, by figures of which the verdict is known; and that guarded.json names what is there."""

import contextlib
import io
import json
import unittest

import line_coverage


def wrong(found, explanations=None, files=None):
    """How many files are wrong, and what is said of them."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        count = line_coverage.check("target", explanations or {}, files or dict.fromkeys(found, True), found, None)
    return count, said.getvalue()


class Check(unittest.TestCase):
    def test_enough_needs_no_explanation(self):
        self.assertEqual(wrong({"a.cpp": (100, 95)})[0], 0)
        self.assertEqual(wrong({"empty.hpp": (0, 0)})[0], 0)

    def test_too_little_needs_one(self):
        count, said = wrong({"a.cpp": (100, 94)})
        self.assertEqual(count, 1)
        self.assertIn("TOO LITTLE", said)

    def test_an_explanation_holds_down_to_its_least(self):
        explained = {"a.cpp": {"least": 80, "reason": "a full disk"}}
        count, said = wrong({"a.cpp": (100, 80)}, explained)
        self.assertEqual(count, 0)
        self.assertIn("a full disk", said)
        count, said = wrong({"a.cpp": (100, 79)}, explained)
        self.assertEqual(count, 1)
        self.assertIn("LESS", said)

    def test_an_explanation_of_enough_is_stale(self):
        count, said = wrong({"a.cpp": (100, 95)}, {"a.cpp": {"least": 80, "reason": "a full disk"}})
        self.assertEqual(count, 1)
        self.assertIn("STALE", said)

    def test_what_is_explained_is_guarded(self):
        self.assertEqual(wrong({"a.cpp": (1, 1)}, {"b.cpp": {"least": 80, "reason": "a full disk"}})[0], 1)

    def test_a_named_file_is_in_the_program(self):
        self.assertEqual(wrong({}, files={"a.cpp": True})[0], 1)
        self.assertEqual(wrong({}, files={"found_by_a_pattern.hpp": False})[0], 0)


class Guarded(unittest.TestCase):
    guarded = json.loads(line_coverage.GUARDED.read_text())

    def test_every_target_guards_something(self):
        targets = {path.name.removesuffix("_fuzz.cpp") for path in line_coverage.FUZZ.glob("*_fuzz.cpp")}
        self.assertEqual(set(self.guarded), targets)

    def test_every_pattern_finds_files(self):
        for target, what in self.guarded.items():
            with self.subTest(target=target):
                self.assertTrue(line_coverage.guarded_files(what["files"]))

    def test_a_pattern_that_finds_nothing_is_named(self):
        with self.assertRaisesRegex(line_coverage.Failure, "no_such_folder"):
            line_coverage.guarded_files(["no_such_folder/*.hpp"])

    def test_every_explanation_says_why(self):
        for target, what in self.guarded.items():
            for file, explained in what.get("explained", {}).items():
                with self.subTest(target=target, file=file):
                    self.assertLess(explained["least"], line_coverage.ENOUGH)
                    self.assertGreater(len(explained["reason"]), 20)
                    self.assertIn(file, line_coverage.guarded_files(what["files"]))


if __name__ == "__main__":
    unittest.main()
