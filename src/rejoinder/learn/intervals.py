"""How far a figure may be from what it would be on many more mails: 95 % intervals."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

Z = 1.959964
_RESAMPLES = 2000


def wilson(successes: float, total: float) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); (0, 1) when there is nothing to share."""
    if not total:
        return 0.0, 1.0
    share = successes / total
    middle = share + Z * Z / (2 * total)
    spread = Z * math.sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
    scale = 1 + Z * Z / total
    return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)


def f1_interval(true: int, false: int, missed: int) -> tuple[float, float]:
    """The 95 % interval of an F1.

    F1 = 2j / (1 + j), where j, the share of right ones among all found or
    there, is an ordinary share.
    """
    low, high = wilson(true, true + false + missed)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def macro_interval(outcomes: Sequence[tuple[tuple[int, int, int], ...]]) -> tuple[float, float]:
    """The 95 % interval of the mean F1, from (true, false, missed) of every label for every mail.

    The wider of two: resampled mails (a bootstrap with a fixed seed), which
    knows that one mail counts for several labels, and the labels' own
    intervals combined, which does not shrink to nothing where all is right.
    """
    import numpy as np

    if not outcomes:
        return 0.0, 1.0
    tally = Counter(outcomes)
    counts, cells = np.array(list(tally.values())), np.array(list(tally), dtype=float)
    draws = np.random.default_rng(0).multinomial(len(outcomes), counts / counts.sum(), _RESAMPLES)
    sums = np.tensordot(draws, cells, axes=1)
    double, found = 2 * sums[..., 0], sums[..., 1] + sums[..., 2]
    means = (double / np.maximum(double + found, 1)).mean(axis=1)
    low, high = (float(value) for value in np.quantile(means, (0.025, 0.975)))
    whole = np.tensordot(counts, cells, axes=1)
    f1 = [2 * true / max(2 * true + false + missed, 1) for true, false, missed in whole]
    limits = [f1_interval(*map(int, row)) for row in whole]
    mean = sum(f1) / len(f1)
    below = math.hypot(*(value - limit[0] for value, limit in zip(f1, limits, strict=True))) / len(f1)
    above = math.hypot(*(limit[1] - value for value, limit in zip(f1, limits, strict=True))) / len(f1)
    return max(min(low, mean - below), 0.0), min(max(high, mean + above), 1.0)
