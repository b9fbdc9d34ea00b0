"""Statistics of a few runs that differ in their seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

_LEVEL = 0.95


def half_width(values: Sequence[float]) -> float | None:
    """Half of the 95 % confidence interval of the mean, t s / sqrt(n) (Student, 1908); None for a single value.

    >>> half_width([0.95, 0.96, 0.97])
    0.0248...
    """
    return _margin(values, math.sqrt(1 / len(values))) if len(values) > 1 else None


def is_beyond_noise(values: Sequence[float], one: float) -> bool:
    """True if one more run of the same kind would be as far from their mean as `one` less than once in 20.

    That is outside the prediction interval, mean +- t s sqrt(1 + 1 / n). False for a single value, which says nothing
    of noise.

    >>> is_beyond_noise([0.95, 0.96, 0.97], 0.92), is_beyond_noise([0.95, 0.96, 0.97], 0.90)
    (False, True)
    """
    if len(values) < 2:
        return False
    return abs(one - float(np.mean(values))) > _margin(values, math.sqrt(1 + 1 / len(values)))


def differ(first: Sequence[float], second: Sequence[float]) -> bool:
    """True if two means differ by more than noise: p < 0.05 in Welch's t-test (1947). False with a single value.

    >>> differ([0.95, 0.96, 0.97], [0.96, 0.97, 0.98]), differ([0.95, 0.96, 0.97], [0.99, 0.98, 0.99])
    (False, True)
    """
    if min(len(first), len(second)) < 2:
        return False
    if np.ptp(first) == np.ptp(second) == 0:  # where the test divides by 0
        return first[0] != second[0]
    from scipy.stats import ttest_ind_from_stats

    samples = [(np.mean(values), np.std(values, ddof=1), len(values)) for values in (first, second)]
    return bool(ttest_ind_from_stats(*samples[0], *samples[1], equal_var=False).pvalue < 1 - _LEVEL)


def _margin(values: Sequence[float], factor: float) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + _LEVEL) / 2, len(values) - 1) * np.std(values, ddof=1) * factor)
