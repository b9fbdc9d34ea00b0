"""Lines over many steps stay short and keep what matters of them."""

import numpy as np
import pytest

from logger.pictures.over_steps import Clock, clock_of, finite, outline, smoothed


def test_a_long_line_keeps_its_extremes_and_its_order() -> None:
    x = np.arange(100_000.0)
    y = np.sin(x)
    y[[123, 77_777]] = 9, -9
    few_x, few_y = outline(x, y)
    assert len(few_x) <= 3000
    assert (few_y.max(), few_y.min()) == (9, -9)
    assert (np.diff(few_x) >= 0).all()
    np.testing.assert_array_equal(y[few_x.astype(int)], few_y)


def test_a_short_line_stays_as_it_is() -> None:
    x = np.arange(30.0)
    assert outline(x, x**2)[1].tolist() == (x**2).tolist()


@pytest.mark.parametrize("count", [1, 2, 49, 50, 1000, 54_321])
def test_a_smoothed_line_has_the_mean_of_what_surrounds_it(count: int) -> None:
    x = np.arange(count) + 1.0
    middles, line, window = smoothed(x, 3 * x)
    assert len(line) == min(count, 1000)
    inner = slice(len(line) // 10, len(line) - len(line) // 10)
    np.testing.assert_allclose(line[inner], 3 * middles[inner], rtol=1e-3)
    assert window == pytest.approx(max(1, count / 50), rel=0.1, abs=1)


def test_smoothing_after_an_enormous_loss_is_exact() -> None:
    losses = np.full(2000, 0.125)
    losses[0] = 1e30
    assert smoothed(np.arange(2000.0), losses)[1][-1] == 0.125


def test_numbers_that_are_none_are_left_out() -> None:
    x, y = finite(np.arange(4.0), np.array([1, np.nan, np.inf, 2]))
    assert (x.tolist(), y.tolist()) == ([0, 3], [1, 2])


def test_epochs_are_counted_by_the_history() -> None:
    assert clock_of([], 7) == Clock(7)
    assert clock_of([{"epoch": 4, "step": 1000}, {"epoch": 5, "step": 1007}], 7) == Clock(7, step=1007, epoch=5)
