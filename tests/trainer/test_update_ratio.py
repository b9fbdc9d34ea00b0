"""How much a step changes weights is measured where it is made, and is what it says."""

import numpy as np
import pytest

from ops.ops import Ops
from tests.trainer.problem import model
from trainer.optimizers.sgd import SGD
from trainer.update import Update
from trainer.update_ratio import ratio_names
from trainer.workers.threads import Threads


@pytest.mark.parametrize("threads", [1, 2])
def test_the_ratio_is_that_of_the_norms_of_update_and_weights(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ops, "piece", 3)  # pieces begin and end within weights
    network, workers, optimizer = model(), Threads(threads), SGD(lr=1.0)
    optimizer.bind(network.values, network.parameter_ranges())
    before = {name: value.copy() for name, value in network.named_views(network.values).items()}
    update = Update(network, optimizer, None, workers, measure_every=2)
    grads = np.random.default_rng(3).normal(size=network.values.shape)
    update.apply([grads], lr=0.5, step=4)
    assert update.ratio is not None
    ratios = update.ratio.ratios()
    assert list(ratios) == ratio_names(network) == ["update/linear1", "update/linear2"]
    for layer in ("linear1", "linear2"):
        old, new = before[f"{layer}.weight"], network.named_views(network.values)[f"{layer}.weight"]
        assert ratios[f"update/{layer}"] == pytest.approx(np.linalg.norm(new - old) / np.linalg.norm(old), rel=1e-12)
    update.apply([grads], lr=5.0, step=5)
    assert update.ratio.ratios() == ratios, "only every second step is measured"
    workers.close()


def test_weights_that_are_all_0_have_no_ratio() -> None:
    network, optimizer = model(), SGD(lr=1.0)
    network.values[...] = 0
    optimizer.bind(network.values, network.parameter_ranges())
    update = Update(network, optimizer, None, Threads(1), measure_every=1)
    update.apply([np.ones_like(network.values)], lr=0.5)
    assert update.ratio is not None
    assert all(np.isnan(ratio) for ratio in update.ratio.ratios().values())
