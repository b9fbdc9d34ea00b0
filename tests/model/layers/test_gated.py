"""GELU and SiLU far from 0, and how exact they are."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from base.base_layer import BaseLayer
from model.layers.gated import GELU, SiLU
from tests.one_layer import built

GATED: dict[str, Callable[[], BaseLayer]] = {"GELU": GELU, "GELU tanh": lambda: GELU("tanh"), "SiLU": SiLU}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("make", GATED.values(), ids=list(GATED))
def test_far_from_0_it_is_0_below_and_the_identity_above_and_overflows_nowhere(
    make: Callable[[], BaseLayer], dtype: str
) -> None:
    x = np.array([[-1e30, -1e4, -100.0, 0.0, 100.0, 1e4, 1e30]], dtype)
    model = built(make(), (7,), dtype)
    model.root.needs_input_gradient = True
    np.testing.assert_allclose(model.forward(x), np.maximum(x, 0), rtol=0, atol=1e-40)
    np.testing.assert_allclose(model.backward(np.ones_like(x)), [[0, 0, 0, 0.5, 1, 1, 1]], rtol=0, atol=1e-40)


def test_gelu_is_x_times_the_probability_of_less() -> None:
    x = np.linspace(-6, 6, 41)[None]
    expected = [number * (1 + math.erf(number / math.sqrt(2))) / 2 for number in x[0]]
    np.testing.assert_allclose(built(GELU(), (41,)).forward(x)[0], expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("layer", [GELU, SiLU])
def test_float32_is_as_exact_as_its_rounding(layer: type[BaseLayer]) -> None:
    x = np.linspace(-12, 12, 100_001)[None]
    results = {}
    for dtype in ("float32", "float64"):
        model = built(layer(), x.shape[1:], dtype)
        model.root.needs_input_gradient = True
        output = model.forward(x.astype(dtype))
        results[dtype] = (output, model.backward(np.ones_like(output)))
    for found, exact in zip(results["float32"], results["float64"], strict=True):
        assert exact is not None
        assert np.max(np.abs(found - exact) / np.maximum(1, np.abs(x))) < 5e-7
