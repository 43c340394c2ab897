"""What is read from a program's JSON."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from measurement.results import BenchmarkFailed, Name, Samples, name_of  # noqa: E402


def report(*benchmarks):
    return {"context": {}, "benchmarks": list(benchmarks)}


def one(name, real, cpu, unit="ns", **more):
    return {"name": name, "run_type": "iteration", "iterations": 5, "real_time": real, "cpu_time": cpu, "time_unit": unit,
            **more}


class Names(unittest.TestCase):
    def test_how_it_was_measured_is_no_part_of_a_name(self):
        self.assertEqual(name_of("threading/lock/contended/workers:4/steps:0/std::mutex/iterations:1/manual_time"),
                         Name("threading", "lock/contended/workers:4/steps:0", "std::mutex"))
        self.assertEqual(name_of("threading/pool/apply/reference/real_time"), Name("threading", "pool/apply", "reference"))

    def test_other_programs_have_no_parts(self):
        self.assertIsNone(name_of("small_histories"))


class Times(unittest.TestCase):
    def test_processor_time_where_one_worker_works_and_wall_time_where_several_do(self):
        samples = Samples()
        samples.add_report(report(one("a/b/c", 10, 7), one("a/b/d/real_time", 10, 7), one("a/b/e/manual_time", 2, 7, "us")))
        self.assertEqual(samples.times, {"a/b/c": [7], "a/b/d": [10], "a/b/e": [2000]})

    def test_samples_add_up_and_aggregates_do_not_count(self):
        samples = Samples()
        for time in (3, 1, 2):
            samples.add_report(report(one("a/b/c", time, time, sleeps=time),
                                      dict(one("a/b/c_mean", 9, 9), run_type="aggregate")))
        self.assertEqual(samples.median("a/b/c"), 2)
        self.assertEqual(samples.counter("a/b/c", "sleeps"), 2)
        self.assertEqual(list(samples.times), ["a/b/c"])

    def test_an_error_is_no_time(self):
        with self.assertRaisesRegex(BenchmarkFailed, "a/b/c: a worker died"):
            Samples().add_report(report(one("a/b/c", 0, 0, error_occurred=True, error_message="a worker died")))

    def test_is_the_same_after_saving(self):
        samples = Samples()
        samples.add_report(report(one("a/b/c", 1, 2, sleeps=3)))
        again = Samples.from_json(samples.to_json())
        self.assertEqual((again.times, again.counters), (samples.times, samples.counters))


if __name__ == "__main__":
    unittest.main()
