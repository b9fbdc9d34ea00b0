"""Few points show the same curve."""

import numpy as np

from logger.report.thinning import kept_places, running_mean


def test_every_spike_and_both_ends_stay() -> None:
    values = np.random.default_rng(0).normal(size=(2, 100_000))
    values[0, 51_234], values[1, 777] = 50.0, -40.0
    places = kept_places(values, 1000)
    assert len(places) <= 1100
    assert {0, 777, 51_234, 99_999} <= set(places.tolist())
    assert places.tolist() == sorted(set(places.tolist()))


def test_a_short_series_is_kept_whole() -> None:
    assert kept_places(np.zeros((1, 10)), 10).tolist() == list(range(10))


def test_places_that_are_not_finite_are_never_chosen_before_those_that_are() -> None:
    values = np.full((1, 1000), np.nan)
    values[0, 321] = 5.0
    assert 321 in kept_places(values, 20)
    values[0, 5] = np.inf
    assert kept_places(values, 20).max() < 1000


def test_the_running_mean_is_that_of_the_finite_values_around() -> None:
    mean = running_mean(np.array([1.0, 2.0, np.nan, 4.0, 6.0]), 3)
    np.testing.assert_allclose(mean, [1.5, 1.5, 3.0, 5.0, 5.0])
    assert np.isnan(running_mean(np.array([np.nan]), 3)).all()
