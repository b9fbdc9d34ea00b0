"""Weights of fully connected layers, on scales that can be compared."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from base.types import Array
from logger.pictures.weights import InputWeights, draw_weights


def some(*shape: int, scale: float = 1) -> Array:
    return scale * np.random.default_rng(1).standard_normal(shape)


def test_a_png_is_written(tmp_path: Path) -> None:
    draw_weights(None, {"linear1": some(3, 2)}, tmp_path / "weights.png")
    assert (tmp_path / "weights.png").read_bytes().startswith(b"\x89PNG")


def test_a_layer_that_sees_the_input_is_drawn_as_images_of_it(figures: list[Figure]) -> None:
    weights = some(36, 4)
    draw_weights(InputWeights("linear1", weights, (6, 6, 1)), {}, Path("x"))
    axes = figures[0].axes[0]
    strongest = weights[:, np.linalg.norm(weights, axis=0).argmax()].reshape(6, 6)
    shown = np.asarray(axes.images[0].get_array())
    np.testing.assert_allclose(shown[:18:3, :18:3], strongest, rtol=1e-6)
    assert axes.get_title("left") == "linear1: all 4 units, as images of the input (6 x 6)"


def test_of_many_units_those_with_the_largest_norm_are_drawn_and_the_title_says_so(figures: list[Figure]) -> None:
    weights = some(9, 100) * np.arange(100)
    draw_weights(InputWeights("linear1", weights, (3, 3)), {}, Path("x"))
    assert "the 64 of 100 units with the largest norm" in figures[0].axes[0].get_title("left")


def test_heat_maps_share_a_scale_with_0_in_its_middle(figures: list[Figure]) -> None:
    first, second = some(30, 20), some(20, 10, scale=0.1)
    draw_weights(None, {"linear1": first, "linear2": second}, Path("x"))
    one, other = (axes.images[0] for axes in figures[0].axes[:2])
    assert sorted(map(tuple, np.asarray(one.get_array()).T)) == sorted(map(tuple, first))
    assert one.get_clim() == other.get_clim()
    low, high = one.get_clim()
    assert low == -high
    assert 1 < high <= np.abs(first).max()


@pytest.mark.parametrize("smaller", [3, 10, 100])
def test_a_layer_with_small_weights_takes_up_about_half_of_the_shared_colours(
    figures: list[Figure], smaller: float
) -> None:
    wide = some(300, 20, scale=1 / smaller)
    draw_weights(None, {"linear1": wide, "linear2": some(20, 10)}, Path("x"))
    image = figures[0].axes[0].images[0]
    colours = np.abs(np.asarray(image.norm(wide)) - 0.5) * 2
    assert 0.4 < np.quantile(colours, 0.99) < 0.7
    assert np.asarray(image.norm(0.0)) == 0.5


def test_the_colours_of_a_layer_on_its_own_are_nearly_in_proportion_to_its_weights(figures: list[Figure]) -> None:
    draw_weights(None, {"linear1": some(30, 20)}, Path("x"))
    image = figures[0].axes[0].images[0]
    _, most = image.get_clim()
    assert np.asarray(image.norm(most / 2)) == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("scale", [1, 10, 1000])
def test_the_colour_bar_says_which_weights_its_colours_are(figures: list[Figure], scale: float) -> None:
    draw_weights(None, {"linear1": some(30, 20), "linear2": some(20, 10, scale=scale)}, Path("x"))
    norm, bar = figures[0].axes[0].images[0].norm, figures[0].axes[-1]
    said = [float(label.get_text()) for label in bar.get_yticklabels()]
    np.testing.assert_allclose(bar.get_yticks(), said)
    distances = np.diff(np.asarray(norm(said)))
    assert len(said) == 7
    assert 0.07 < distances.min() < distances.max() < 0.25


@pytest.mark.parametrize("seeing", [None, InputWeights("linear1", some(3072, 70), (32, 32, 3))])
def test_deep_and_wide_networks_are_drawn_in_part(figures: list[Figure], seeing: InputWeights | None) -> None:
    draw_weights(seeing, {f"linear{i}": some(5, 2000) for i in range(2, 40)}, Path("x"))
    maps = [axes for axes in figures[0].axes if axes.get_xlabel() == "input"]
    assert [axes.get_title("left").split(":")[0] for axes in maps][:: len(maps) - 1] == ["linear2", "linear39"]
    assert all(np.shape(axes.images[0].get_array()) == (2000, 5) for axes in maps)


def test_inputs_stand_beside_those_that_add_to_the_same_output(figures: list[Figure]) -> None:
    draw_weights(None, {"linear": some(60, 10)}, Path("x"))
    shown = np.asarray(figures[0].axes[0].images[0].get_array())
    strongest = shown.argmax(axis=0)
    assert (np.diff(strongest) >= 0).all()
    assert (np.diff(shown.max(axis=0))[np.diff(strongest) == 0] <= 0).all()


def test_of_a_wide_layer_the_distribution_of_each_units_weights_is_drawn(figures: list[Figure]) -> None:
    weights = some(100, 80) * np.linspace(0, 1, 80)
    draw_weights(None, {"linear": weights}, Path("x"))
    (axes,) = figures[0].axes
    every, most, half = axes.collections
    tops = [band.get_paths()[0].vertices[:, 1].max() for band in (every, most, half)]
    assert tops[0] == weights.max()
    assert tops[0] > tops[1] > tops[2] > 0
    assert not axes.images


def test_weights_that_are_all_0_are_drawn(figures: list[Figure]) -> None:
    draw_weights(InputWeights("linear1", np.zeros((4, 2)), (2, 2)), {"linear2": np.zeros((2, 1))}, Path("x"))
    figures[0].draw_without_rendering()
