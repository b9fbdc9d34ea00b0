"""The learning rate that a range test speaks for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from base.types import Array
from trainer.checks.lr_range_test import HIGHEST, STEPS_PER_DECADE, RangeTest

_WIDTH = 4.0  # standard deviation of the smoothing, in steps
_CLEARLY = 4.0  # standard errors that the loss has to fall by
_LEAST_FALL = 0.01  # of the loss at the beginning
_BELOW_HIGHEST = 4.0


@dataclass(frozen=True)
class Proposal:
    """A rate, and the smoothed loss (N,) that it was read off: lowest at `minimum`, falling fastest at `steepest`."""

    rate: float
    minimum: float
    steepest: float
    smoothed: Array

    @property
    def reason(self) -> str:
        """The reason for this rate."""
        why = (
            f"a quarter of {self.minimum:.2g}, where the smoothed loss is lowest ({min(self.smoothed):.4g}; it falls "
            f"fastest at {self.steepest:.2g})"
        )
        ended = self.minimum > HIGHEST / 2
        return f"{why}; it still falls at the highest rate tried, so a higher one may do as well" if ended else why


def propose(test: RangeTest) -> Proposal | str:
    """A quarter of the rate of the lowest loss, to two digits, or why there is no such rate.

    The rule is Smith's (WACV 2017, section 3.3): a third or a quarter of the largest rate that converges, beyond which
    the loss rises. fastai's rule `minimum` takes a tenth of it; docs/guides/learning-rate.md compares them.
    """
    losses, rates = np.array(test.losses), np.array(test.rates)
    if len(losses) < STEPS_PER_DECADE:
        at = (
            "before the first step"
            if not test.rates
            else f"after {len(test.rates)} steps, at a rate of {rates[-1]:.2g}"
        )
        return f"the loss is infinite or not a number {at}; scale inputs and targets, or set trainer.grad_clip"
    start, noise = losses[:STEPS_PER_DECADE].mean(), losses[:STEPS_PER_DECADE].std()
    ceiling = 2 * start - losses.min()  # what diverges would hide the minimum beside it
    smoothed = gaussian_filter1d(np.minimum(losses, max(ceiling, start)), _WIDTH, mode="nearest")
    lowest = int(smoothed.argmin())
    standard_error = noise / math.sqrt(2 * math.sqrt(math.pi) * _WIDTH)
    if start - smoothed[lowest] < max(_CLEARLY * standard_error, _LEAST_FALL * abs(start)):
        return (
            f"the loss falls at no rate from {rates[0]:.2g} to {rates[-1]:.2g}: from {start:.4g} at the lowest rates "
            f"to {smoothed[lowest]:.4g} at best; see whether train.py --check learns one batch"
        )
    steepest = int(np.gradient(smoothed)[: lowest + 1].argmin())
    rate = float(f"{rates[lowest] / _BELOW_HIGHEST:.1e}")
    return Proposal(rate, float(rates[lowest]), float(rates[steepest]), smoothed)
