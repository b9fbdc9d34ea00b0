"""The rate that is proposed was tried, and none is where no loss fell."""

import math

import pytest

from trainer.checks.trained_rate import STEPS, find_rate


def quadratic(lr: float) -> list[float]:
    """Losses of w² from w = 1 by gradient descent, up to the first that is not finite."""
    w, losses = 1.0, list[float]()
    for _ in range(STEPS):
        losses.append(w * w)
        w -= lr * 2 * w
        if not math.isfinite(w * w):
            return losses
    return losses


@pytest.mark.parametrize("lr", [1000.0, 1e30, 10.0, 1.0])
def test_the_rate_with_the_lowest_loss_is_found(lr: float) -> None:
    found = find_rate(quadratic, lr)
    assert found is not None
    assert found.lr == pytest.approx(0.1)
    assert found.before == 1
    assert found.after < 1e-4
    assert str(found).startswith("--lr 0.1 (at which the loss fell from 1 to ")


def test_a_rate_that_breaks_off_or_hardly_helps_is_none() -> None:
    assert find_rate(lambda lr: [1.0] * (STEPS - 1), 1000) is None
    assert find_rate(lambda lr: [], 1000) is None
    assert find_rate(lambda lr: [1.0] + [0.96] * (STEPS - 1), 1000) is None
    assert find_rate(lambda lr: [1.0] + [math.nan] * (STEPS - 1), 1000) is None


def test_only_lower_rates_are_tried() -> None:
    tried: list[float] = []
    find_rate(lambda lr: tried.append(lr) or [], 1e-3)  # type: ignore[func-returns-value]
    assert tried == pytest.approx([1e-4, 1e-5, 1e-6])
