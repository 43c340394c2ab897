"""bench/track as a program: a real slowdown is found, and its exit status says what happened."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

BENCH = pathlib.Path(__file__).resolve().parent.parent
BUILD = os.environ.get("FREETHREADING_BENCH_BUILD", str(BENCH.parent / "build/default"))


def track(*arguments):
    done = subprocess.run([sys.executable, str(BENCH / "track"), *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def saved(folder, name, times):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"samples": {"times": times}}, file)
    return path


class RealRuns(unittest.TestCase):
    def test_an_injected_slowdown_is_found_and_nothing_else(self):
        """Of a quarter, so that the test holds beside others on the machine."""
        status, out, err = track(
            BUILD, BUILD, "--areas", "calibration", "--backends", "threading", "--repetitions", "16",
            "--new-environment", "FREETHREADING_BENCH_EXTRA_PERCENT=25",
        )
        self.assertEqual(status, 1, out + err)
        lines = {line.split()[-1]: line.split()[0] for line in out.splitlines() if "calibration/" in line}
        self.assertEqual(lines["threading/calibration/steps/reference"], "slower", out)
        self.assertIn(lines["threading/calibration/as_ever/reference"], ("same", "undecided"), out)


class SavedResults(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def compare(self, old, new, *more):
        return track(saved(self.folder.name, "old", old), saved(self.folder.name, "new", new), *more)

    def test_slower_is_1(self):
        old = [100 + i for i in range(12)]
        status, out, _ = self.compare({"a/b/c": old}, {"a/b/c": [time * 1.5 for time in old]})
        self.assertEqual(status, 1)
        self.assertIn("slower     1.500", out)

    def test_same_is_0(self):
        old = [100 + i / 10 for i in range(12)]
        self.assertEqual(self.compare({"a/b/c": old}, {"a/b/c": old})[0], 0)

    def test_faster_is_0(self):
        old = [100 + i / 10 for i in range(12)]
        self.assertEqual(self.compare({"a/b/c": old}, {"a/b/c": [time / 2 for time in old]})[0], 0)

    def test_undecided_is_3_unless_ignored(self):
        old = [100 + 40 * (i % 3) for i in range(12)]
        new = [103 + 37 * (i % 3) for i in range(12)]
        self.assertEqual(self.compare({"a/b/c": old}, {"a/b/c": new})[0], 3)
        self.assertEqual(self.compare({"a/b/c": old}, {"a/b/c": new}, "--ignore-undecided")[0], 0)

    def test_the_threshold_counts(self):
        old = [100 + i / 10 for i in range(12)]
        new = [time * 1.08 for time in old]
        self.assertEqual(self.compare({"a/b/c": old}, {"a/b/c": new}, "--threshold", "5")[0], 1)
        self.assertEqual(self.compare({"a/b/c": old}, {"a/b/c": new}, "--threshold", "15")[0], 0)


class Misuse(unittest.TestCase):
    def test_usage_is_2_and_says_why(self):
        for arguments, expected in (
            (["no-such-revision", BUILD], "is no file, no build directory and no revision"),
            ([BUILD, BUILD, "--repetitions", "3"], "at least 9"),
            ([BUILD, BUILD, "--filter", "("], "--filter"),
            ([BUILD, BUILD, "--backends", "gpu"], "there is no gpu"),
            ([BUILD, BUILD, "--new-environment", "X"], "NAME=VALUE"),
            ([__file__, __file__], "holds no results"),
            ([__file__, BUILD], "compared with another one only"),
        ):
            with self.subTest(arguments):
                status, _, err = track(*arguments)
                self.assertEqual(status, 2)
                self.assertIn(expected, err)

    def test_a_build_without_programs_is_4(self):
        with tempfile.TemporaryDirectory() as empty:
            status, _, err = track(empty, BUILD)
        self.assertEqual(status, 4)
        self.assertIn("build the target `bench`", err)

    def test_a_program_that_fails_is_4(self):
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / "bench" / "programs" / "lock_bench"
            program.parent.mkdir(parents=True)
            program.write_text("#!/bin/sh\necho broken >&2\nexit 7\n")
            program.chmod(0o755)
            status, _, err = track(folder, folder, "--areas", "lock", "--backends", "threading")
        self.assertEqual(status, 4)
        self.assertIn("exit status 7: broken", err)


if __name__ == "__main__":
    unittest.main()
