"""A learning rate that trains where another did not, found by trying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

STEPS, SECONDS = 40, 10.0  # of a trial, and of all of them
HIGHEST, LOWEST = 10.0, 1e-6  # rates of which any optimizer has trained something
FALL = 0.95  # of the first loss: noise and saturated layers do not reach it


@dataclass(frozen=True)
class TrainedRate:
    """A rate at which the loss fell, and by how much."""

    lr: float
    before: float
    after: float

    def __str__(self) -> str:
        fall = f"from {self.before:.3g} to {self.after:.3g} in {STEPS} steps"
        return f"--lr {self.lr:g} (at which the loss fell {fall} here)"


def find_rate(losses_at: Callable[[float], list[float]], lr: float) -> TrainedRate | None:
    """The best of some rates below `lr`, a tenth of each other; None where no loss fell.

    `losses_at` gives the losses of the first steps at a rate, and fewer than `STEPS` where they break off.
    """
    best: TrainedRate | None = None
    rate = min(lr / 10, HIGHEST)
    while rate > LOWEST / 2:
        losses = losses_at(rate)
        after = fmean(losses[-STEPS // 4 :]) if len(losses) == STEPS else float("inf")
        if after < min(FALL * losses[0] if losses else 0.0, best.after if best else float("inf")):
            best = TrainedRate(rate, losses[0], after)
        elif best is not None:
            break
        rate /= 10
    return best
