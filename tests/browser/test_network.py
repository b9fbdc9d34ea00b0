"""Every layer and architecture computes in a page what it computes in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.types import Shape
from model.browser.descriptions import describe
from tests.cases import architectures, layers
from tests.one_layer import OneLayer, batch, replica
from tests.running import PROJECT
from trainer.drawing.description import array_description

pytestmark = pytest.mark.browser

CASES = [
    *(pytest.param(case.make, case.input_shape, id=str(case)) for case in layers.CASES),
    *(pytest.param(case.make, case.input_shape, id=str(case)) for case in architectures.CASES),
]


@pytest.fixture(scope="module")
def page(browser: Any) -> Any:
    """An empty page that knows network.js."""
    page = browser.new_page()
    page.add_script_tag(path=PROJECT / "logger" / "drawing" / "network.js")
    return page


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("make", "shape"), CASES)
def test_the_page_computes_the_same(page: Any, make: Any, shape: Shape, dtype: str) -> None:
    made = make()
    model = replica(OneLayer(made) if isinstance(made, BaseLayer) else made, shape, dtype)
    model.buffers[...] = np.random.default_rng(3).uniform(0.5, 2, len(model.buffers))
    model.eval()
    root, arrays = describe(model)
    description = {
        "root": root,
        "arrays": {name: array_description(values) for name, values in arrays.items()},
        "input_shape": shape,
        "dtype": dtype,
        "preprocessing": {"offset": [0.5], "divisor": [2.0]},
    }
    x = batch(1, shape, dtype)
    stored = (x.astype(np.float64) * 2 + 0.5).reshape(-1).tolist()
    outputs, seen = page.evaluate(
        """([description, stored]) => {
          const network = new Network(description);
          const seen = {};
          const outputs = network.forward(network.prepared(stored), seen);
          return [Array.from(outputs), Object.entries(seen).map(([name, data]) => [name, Array.from(data)])];
        }""",
        [description, stored],
    )
    close = 1e-5 if dtype == "float32" else 1e-12
    expected = model.forward(x).reshape(-1).copy()
    assert np.abs(np.array(outputs) - expected).max() <= close * max(1, np.abs(expected).max())
    assert {name for name, _ in seen} == {name for name, _ in model.leaves()}
    for name, data in seen:
        within = model.output_of(x, name).reshape(-1)
        assert np.abs(np.array(data) - within).max() <= close * max(1, np.abs(within).max())
