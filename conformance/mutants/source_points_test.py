#!/usr/bin/env python3
"""Tests of source_points.py and source_mutation.hpp: a small program, wrong in one place at a time."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import source_points

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = """\
#include <atomic>
#include <cstdio>
#include <stdexcept>

constexpr int limit = 10;          // nothing here is computed when it runs
static_assert(limit > 1 && true);  // nor here

namespace {
std::atomic<int> word{0};

template <class T>
bool is_less(T a, T b) {
    return a < b;
}

void add(int& sum, int value) {
    if (value > limit) throw std::runtime_error("1 < 2");
    sum += value;
}
}  // namespace

int main() {
    int sum = 0;
    for (int i = 0; i < 3; ++i)
        add(sum, 1 + 2 * i);
    word.store(sum, std::memory_order_release);
    const bool is_nine = word.load(std::memory_order_acquire) == 9 && !is_less(sum, 4);
    std::printf("%d %d\\n", sum, is_nine ? 1 : 0);
    return 0;
}
"""


class SourcePoints(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        source = cls.folder / "program.cpp"
        source.write_text(PROGRAM)
        cls.text, cls.points = source_points.find_points("program.cpp", source, ["-std=c++20"])
        for number, point in enumerate(cls.points):
            point.number = number
        cls.rendering = source_points.Rendering(cls.text, cls.points)
        source.write_bytes(cls.rendering.text)
        compiler = os.environ.get("CXX", "clang++-19")
        subprocess.run([compiler, "-std=c++20", "-include", HERE / "source_mutation.hpp", source, "-o", cls.folder / "program"],
                       check=True)  # fmt: skip

    def run_program(self, **environment):
        return subprocess.run([self.folder / "program"], capture_output=True, text=True, check=False, timeout=60,
                              env=os.environ | environment)  # fmt: skip

    def named(self, name):
        return next(point for point in self.points if point.name == f"program.cpp {name}")

    def test_names_say_where_and_what(self):
        names = {point.name for point in self.points}
        self.assertEqual(len(names), len(self.points))
        for expected in ("is_less: < to <=", "add: > to >=", "add: without sum += value", "main: && to ||", "main: ! left out",
                         "main: release to relaxed", "main: acquire to relaxed", "main: 0 to more", "main: * to +",
                         'add: without throw std::runtime_error("1 < 2")'):  # fmt: skip
            self.assertIn(f"program.cpp {expected}", names)

    def test_what_the_compiler_computes_is_left_alone(self):
        lines = {point.line for point in self.points}
        self.assertTrue(lines.isdisjoint({5, 6}), lines)

    def test_it_is_right_unless_a_place_is_chosen(self):
        self.assertEqual(self.run_program().stdout, "9 1\n")
        self.assertEqual(self.run_program(FREETHREADING_MUTATION="100000").stdout, "9 1\n")

    def test_one_place_is_wrong(self):
        for name, expected in (("add: without sum += value", "0 0\n"), ("main: + to -", "-3 0\n"),
                               ("main: < to <=", "16 0\n"), ("main: == to !=", "9 0\n"),
                               ("main: release to relaxed", "9 1\n")):  # fmt: skip
            with self.subTest(name):
                number = self.named(name).number
                self.assertEqual(self.run_program(FREETHREADING_MUTATION=str(number)).stdout, expected)

    def test_what_is_reached_is_marked(self):
        marks = self.folder / "marks"
        marks.write_bytes(bytes(len(self.points)))
        self.run_program(FREETHREADING_MUTATION_REACHED=str(marks))
        reached = marks.read_bytes()
        self.assertEqual(reached[self.named("add: > to >=").number], 1)
        self.assertEqual(reached[self.named('add: without throw std::runtime_error("1 < 2")').number], 0)

    def test_a_compiler_error_leads_to_the_change(self):
        point = self.named("add: > to >=")
        line = self.rendering.text.split(b"\n")[point.line - 1]
        column = line.index(b"value >= limit") + 1
        self.assertEqual(self.rendering.points_at(point.line, column), [point])
        self.assertIn(point, self.rendering.points_at(point.line, 1))

    def test_a_source_that_does_not_compile_is_refused(self):
        source = self.folder / "broken.cpp"
        source.write_text("int main() { return nothing; }\n")
        with self.assertRaisesRegex(ValueError, "does not compile: .*nothing"):
            source_points.find_points("broken.cpp", source, ["-std=c++20"])


if __name__ == "__main__":
    sys.exit(unittest.main())
