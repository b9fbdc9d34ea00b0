"""A rule that a user writes in NumPy gets weight decay and groups as the optimizers of this project do."""

from typing import Any

import numpy as np
import pytest

from base.base_optimizer import BaseOptimizer
from base.parameter_group import Group
from base.types import Array
from tests.every_ops import choose_ops, every_ops
from trainer.optimizers.adam import Adam, AdamW
from trainer.optimizers.sgd import SGD


class OwnMomentum(BaseOptimizer):
    """SGD with momentum 0.9."""

    def __init__(self, lr: float, weight_decay: float, groups: list[Group]) -> None:
        super().__init__(lr, weight_decay, groups)
        self.slots = {"velocity": 0.0}

    def update(self, values: Array, grads: Array, scratch: Array, lr: float, *state: Any) -> None:
        (velocity,) = state
        velocity *= 0.9
        velocity += grads
        values -= np.multiply(velocity, lr, out=scratch)


class OwnAdam(BaseOptimizer):
    """Adam as its paper writes it."""

    def __init__(self, lr: float, weight_decay: float, groups: list[Group]) -> None:
        super().__init__(lr, weight_decay, groups)
        self.slots = {"m": 0.0, "v": 0.0}

    def prepare(self) -> None:
        self.corrections = 1 - 0.9**self.steps, 1 - 0.999**self.steps

    def update(self, values: Array, grads: Array, scratch: Array, lr: float, *state: Any) -> None:
        m, v = state
        m[...] = 0.9 * m + 0.1 * grads
        v[...] = 0.999 * v + 0.001 * grads**2
        scratch[...] = np.sqrt(v / self.corrections[1]) + 1e-8
        values -= lr * m / self.corrections[0] / scratch


class OwnAdamW(OwnAdam):
    """The same with decoupled decay."""

    decoupled = True


GROUPS = [Group(names="b", lr=0.3, weight_decay=0.0), Group(names="c", frozen=True)]
PAIRS = [
    (OwnMomentum(0.1, 0.2, GROUPS), SGD(0.1, momentum=0.9, weight_decay=0.2, groups=GROUPS)),
    (OwnAdam(0.1, 0.2, GROUPS), Adam(0.1, weight_decay=0.2, groups=GROUPS)),
    (OwnAdamW(0.1, 0.2, GROUPS), AdamW(0.1, weight_decay=0.2, groups=GROUPS)),
]


@every_ops
@pytest.mark.parametrize(("own", "ours"), PAIRS, ids=lambda optimizer: type(optimizer).__name__)
def test_an_own_rule_steps_as_ours(own: BaseOptimizer, ours: BaseOptimizer, ops: str) -> None:
    start, paths = np.random.default_rng(3).standard_normal(37), []
    for optimizer in (own, ours):
        optimizer.ops, values = choose_ops(ops), start.copy()
        optimizer.bind(values, {"a": slice(0, 20), "b": slice(20, 30), "c": slice(30, 37)})
        for _ in range(5):
            optimizer.begin(0.05)
            grads = np.sin(values)
            for part in (slice(0, 7), slice(7, 25), slice(25, 37)):
                optimizer.step(part, values, grads, np.empty(37))
        paths.append(values)
    np.testing.assert_allclose(*paths, rtol=1e-12)
    np.testing.assert_array_equal(paths[0][30:], start[30:])
