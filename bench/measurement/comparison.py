"""Is one list of times slower than another? A rank test, an interval for the ratio, and a verdict.

Nothing is assumed of the noise but that the samples of both sides had an equal share in it, which interleaving
them provides for. Sources: Mann and Whitney, "On a test of whether one of two random variables is stochastically
larger than the other" (1947), here with the exact distribution, ties included; Holm, "A simple sequentially
rejective multiple test procedure" (1979); Efron, "Bootstrap methods" (1979), percentile interval.
"""

import math
import random
import statistics
from typing import NamedTuple

# The chance of any false alarm in a whole session.
FALSE_ALARM = 0.001
CONFIDENCE = 0.99
RESAMPLES = 2000
# Beyond so many samples the normal distribution is as good.
_EXACT_UP_TO = 60


def _doubled_ranks(values):
    """Ranks from 1, ties at their mean; doubled, so that they are whole numbers."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0] * len(values)
    begin = 0
    while begin < len(order):
        end = begin
        while end + 1 < len(order) and values[order[end + 1]] == values[order[begin]]:
            end += 1
        for place in range(begin, end + 1):
            ranks[order[place]] = begin + end + 2
        begin = end + 1
    return ranks


def rank_test(left, right):
    """The chance, two-sided, that lists this different come from the same distribution."""
    ranks = _doubled_ranks(list(left) + list(right))
    total, chosen = len(ranks), len(left)
    expected = chosen * (total + 1)  # of the doubled rank sum
    off = abs(sum(ranks[:chosen]) - expected)
    if total > _EXACT_UP_TO:
        mean = (total + 1)
        variance = chosen * (total - chosen) / (total * (total - 1)) * sum((rank - mean) ** 2 for rank in ranks)
        if variance == 0:
            return 1.0
        return math.erfc(max(0.0, off - 1) / math.sqrt(2 * variance))
    # ways[k][s]: how many choices of k ranks have the sum s
    ways = [{} for _ in range(chosen + 1)]
    ways[0][0] = 1
    for rank in ranks:
        for count in range(chosen, 0, -1):
            into = ways[count]
            for value, number in ways[count - 1].items():
                into[value + rank] = into.get(value + rank, 0) + number
    extreme = sum(number for value, number in ways[chosen].items() if abs(value - expected) >= off)
    return extreme / math.comb(total, chosen)


def ratio_interval(old, new, chance, confidence=CONFIDENCE, resamples=RESAMPLES):
    """Between which ratios of medians, new by old, the true one lies with this confidence."""
    ratios = sorted(
        statistics.median(chance.choices(new, k=len(new))) / statistics.median(chance.choices(old, k=len(old)))
        for _ in range(resamples)
    )
    outside = round((1 - confidence) / 2 * resamples)
    return ratios[outside], ratios[resamples - 1 - outside]


def corrected(chances):
    """Holm's correction: the chances as if each were that of a false alarm anywhere in the family."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    result = [1.0] * len(chances)
    highest = 0.0
    for place, index in enumerate(order):
        highest = max(highest, min(1.0, chances[index] * (len(chances) - place)))
        result[index] = highest
    return result


class Comparison(NamedTuple):
    name: str
    verdict: str  # faster, slower, same or undecided
    ratio: float  # new by old
    low: float
    high: float
    chance: float  # corrected


def verdict_of(chance, low, high, threshold):
    """`slower`: certainly slower, and perhaps by `threshold`. `same`: certainly by less than that."""
    limit = 1 + threshold
    if chance <= FALSE_ALARM and low > 1 and high >= limit:
        return "slower"
    if chance <= FALSE_ALARM and high < 1 and low <= 1 / limit:
        return "faster"
    if 1 / limit < low and high < limit:
        return "same"
    return "undecided"


def compare(old, new, threshold=0.05, seed=0, resamples=RESAMPLES):
    """Compares the times that both sides have of each benchmark. `old` and `new`: times by name."""
    names = sorted(set(old) & set(new))
    chances = corrected([rank_test(old[name], new[name]) for name in names])
    made = []
    for name, chance in zip(names, chances):
        low, high = ratio_interval(old[name], new[name], random.Random(f"{seed} {name}"), resamples=resamples)
        ratio = statistics.median(new[name]) / statistics.median(old[name])
        made.append(Comparison(name, verdict_of(chance, low, high, threshold), ratio, low, high, chance))
    return made


def repetitions_needed(comparisons):
    """How many samples of each side it takes to find anything among so many benchmarks."""
    count = 2
    while comparisons * 2 / math.comb(2 * count, count) > FALSE_ALARM:
        count += 1
    return count
