"""Statistics that are taken in pieces are those of the whole."""

import numpy as np
import pytest

from base import statistics
from base.statistics import bounds, moments

GENERATOR = np.random.Generator(np.random.Philox(key=3))
ARRAYS = {
    "features": GENERATOR.normal(5, 2, (300, 4)),
    "images": GENERATOR.integers(0, 256, (60, 5, 5, 3)).astype(np.uint8),
    "single numbers": GENERATOR.normal(size=200).astype(np.float32),
    "a large mean": GENERATOR.normal(1e9, 1, (300, 2)),
}


@pytest.fixture(params=[2**20, 100], ids=["one block", "many blocks"])
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "BLOCK", request.param)


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize("inputs", ARRAYS.values(), ids=ARRAYS.keys())
def test_they_are_those_of_numpy_for_each_feature_or_channel(inputs: np.ndarray) -> None:
    rows = np.arange(3, len(inputs), 2)
    flat = inputs[rows].reshape(-1, inputs.shape[-1] if inputs.ndim > 1 else 1).astype(np.float64)
    least, extent = bounds(inputs, rows)
    mean, deviation = moments(inputs, rows)
    assert np.array_equal(least, flat.min(axis=0))
    assert np.array_equal(extent, np.ptp(flat, axis=0))
    assert np.allclose(mean, flat.mean(axis=0), rtol=1e-12)
    assert np.allclose(deviation, flat.std(axis=0), rtol=1e-6)
