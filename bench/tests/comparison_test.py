"""The verdicts on made-up times, of which the truth is known. All seeds are fixed."""

import itertools
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from measurement import comparison  # noqa: E402

REPETITIONS = 12
RESAMPLES = 400


def quiet(chance, _round):
    return chance.lognormvariate(0, 0.015)


def bimodal(chance, _round):
    """A third of the runs share their core with somebody else."""
    return chance.lognormvariate(0, 0.01) * (1.4 if chance.random() < 0.33 else 1)


def spikes(chance, _round):
    return chance.lognormvariate(0, 0.01) * (1 + (chance.paretovariate(1) if chance.random() < 0.15 else 0))


def drift(chance, number):
    """The machine becomes slower while the session lasts: for both sides, since they take turns."""
    return chance.lognormvariate(0, 0.01) * (1 + 0.03 * number)


NOISES = (quiet, bimodal, spikes, drift)


def times(chance, noise, slowdown=0.0, repetitions=REPETITIONS):
    return [100 * (1 + slowdown) * noise(chance, number) for number in range(repetitions)]


def session(seed, noise, benchmarks, slowdown=0.0, repetitions=REPETITIONS):
    """Compares so many benchmarks, of which the first is slower in the new build."""
    chance = random.Random(seed)
    old = {f"b{i}": times(chance, noise, 0, repetitions) for i in range(benchmarks)}
    new = {f"b{i}": times(chance, noise, slowdown if i == 0 else 0, repetitions) for i in range(benchmarks)}
    return {one.name: one for one in comparison.compare(old, new, resamples=RESAMPLES)}


class RankTest(unittest.TestCase):
    def test_agrees_with_all_permutations(self):
        chance = random.Random(1)
        for _ in range(50):
            left = [chance.randrange(6) for _ in range(4)]  # few values, so that there are ties
            right = [chance.randrange(6) for _ in range(3)]
            both = left + right

            def rank_sum(chosen):
                below = lambda i: sum((both[j] < both[i]) + (both[j] == both[i]) / 2 for j in range(7))
                return sum(below(i) for i in chosen)

            sums = [rank_sum(chosen) for chosen in itertools.combinations(range(7), 4)]
            mean = sum(sums) / len(sums)
            off = abs(rank_sum(range(4)) - mean)
            expected = sum(abs(value - mean) >= off - 1e-9 for value in sums) / len(sums)
            self.assertAlmostEqual(comparison.rank_test(left, right), expected)

    def test_known_values(self):
        # Two lists of 9 without overlap: 2 of 48620 orders are as extreme.
        self.assertAlmostEqual(comparison.rank_test(range(9), range(10, 19)), 2 / 48620)
        self.assertEqual(comparison.rank_test([1, 1, 1], [1, 1, 1]), 1)

    def test_normal_approximation_is_near(self):
        chance = random.Random(2)
        left = [chance.gauss(0, 1) for _ in range(29)]
        right = [chance.gauss(0.4, 1) for _ in range(29)]
        exact = comparison.rank_test(left, right)
        before = comparison._EXACT_UP_TO
        try:
            comparison._EXACT_UP_TO = 0
            self.assertAlmostEqual(comparison.rank_test(left, right), exact, delta=0.005)
        finally:
            comparison._EXACT_UP_TO = before


class Correction(unittest.TestCase):
    def test_holm(self):
        for got, expected in zip(comparison.corrected([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]):
            self.assertAlmostEqual(got, expected)
        self.assertEqual(comparison.corrected([0.9, 0.8]), [1.0, 1.0])

    def test_repetitions_needed(self):
        needed = comparison.repetitions_needed(300)
        self.assertLessEqual(needed, REPETITIONS)
        chance = 2 / 2704156  # of 12 and 12 without overlap
        self.assertLessEqual(300 * chance, comparison.FALSE_ALARM)


class Interval(unittest.TestCase):
    def test_covers_the_truth(self):
        covered = 0
        for seed in range(200):
            chance = random.Random(seed)
            old = times(chance, quiet)
            new = times(chance, quiet, 0.1)
            low, high = comparison.ratio_interval(old, new, chance, confidence=0.95, resamples=RESAMPLES)
            covered += low <= 1.1 <= high
        # Percentile intervals of medians of few samples are too wide, if anything.
        self.assertGreaterEqual(covered, 185)


class Verdict(unittest.TestCase):
    def test_each(self):
        sure, unsure = comparison.FALSE_ALARM / 2, 0.5
        self.assertEqual(comparison.verdict_of(sure, 1.03, 1.07, 0.05), "slower")
        self.assertEqual(comparison.verdict_of(sure, 1.01, 1.03, 0.05), "same")  # slower, but it does not matter
        self.assertEqual(comparison.verdict_of(sure, 0.90, 0.94, 0.05), "faster")
        self.assertEqual(comparison.verdict_of(unsure, 0.98, 1.02, 0.05), "same")
        self.assertEqual(comparison.verdict_of(unsure, 0.90, 1.20, 0.05), "undecided")
        self.assertEqual(comparison.verdict_of(unsure, 1.03, 1.07, 0.05), "undecided")

    def test_a_build_compared_with_itself_a_hundred_times_gives_no_alarm(self):
        for noise in NOISES:
            for seed in range(100):
                for one in session(f"{noise.__name__} {seed}", noise, benchmarks=5).values():
                    self.assertIn(one.verdict, ("same", "undecided"), f"{noise.__name__} {seed}: {one}")

    def test_a_slowdown_of_five_percent_is_found_among_twenty_benchmarks(self):
        found = sum(session(seed, quiet, 20, slowdown=0.05)["b0"].verdict == "slower" for seed in range(40))
        self.assertGreaterEqual(found, 36)

    def test_a_slowdown_of_five_percent_is_found_in_spite_of_spikes_if_there_are_samples_enough(self):
        def found(repetitions):
            made = [session(seed, spikes, 1, 0.05, repetitions)["b0"] for seed in range(40)]
            return sum(one.verdict == "slower" for one in made)

        few, many = found(REPETITIONS), found(2 * REPETITIONS)
        self.assertGreater(many, few)
        self.assertGreaterEqual(many, 30)

    def test_where_two_modes_hide_it_nothing_is_claimed(self):
        """Noise of 40 % in a third of the runs: nobody can say, and nobody says `same`."""
        verdicts = [session(seed, bimodal, 1, slowdown=0.05)["b0"].verdict for seed in range(40)]
        self.assertNotIn("faster", verdicts)
        self.assertLessEqual(verdicts.count("same"), 4)

    def test_a_speedup_is_found(self):
        found = sum(session(seed, quiet, 20, slowdown=-0.06)["b0"].verdict == "faster" for seed in range(40))
        self.assertGreaterEqual(found, 36)


if __name__ == "__main__":
    unittest.main()
