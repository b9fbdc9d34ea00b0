"""Augmentations one after another."""

from collections.abc import Sequence

import numpy as np

from base.base_augmentation import BaseAugmentation, BaseMixing
from base.errors import UserError
from base.random_streams import RandomStreams
from base.types import Array, Shape
from data_loader.resampling.resampling import BaseResampling, resample


class _OnePass(BaseAugmentation):
    """Resamplings that follow each other, made by one interpolation."""

    def __init__(self, first: BaseResampling) -> None:
        self.changes = [first]
        self.fill = first.fill

    def check(self, input_shape: Shape) -> None:
        for change in self.changes:
            change.check(input_shape)

    def apply(self, x: Array, target: Array, generator: np.random.Generator) -> tuple[Array, Array]:
        return resample(x, self.changes, generator), target


def merged(augmentation: Sequence[BaseAugmentation]) -> list[BaseAugmentation]:
    """The same changes in the same order, where neighbours that resample with the same `fill` do it in one pass.

    Each interpolation blurs, and one pass takes half the time of two. What the first moves beyond the edge, the next
    may bring back.
    """
    result: list[BaseAugmentation] = []
    for change in augmentation:
        last = result[-1] if result else None
        if isinstance(change, BaseResampling) and isinstance(last, _OnePass) and last.fill == change.fill:
            last.changes.append(change)
        else:
            result.append(_OnePass(change) if isinstance(change, BaseResampling) else change)
    return result


def augment(
    x: Array, target: Array, augmentation: Sequence[BaseAugmentation], streams: RandomStreams, step: int, shard: int
) -> tuple[Array, Array]:
    """Part of a batch after all changes; their randomness depends on seed, place in the list, step and shard alone."""
    for position, change in enumerate(augmentation):
        made = change.apply(x, target, streams.generator(f"augmentation/{position}", step, shard))
        if not isinstance(made, tuple):
            raise UserError(f"augmentation: {type(change).__name__}.apply must return (x, target), not x alone")
        x, target = made
    return x, target


def mixes(augmentation: Sequence[BaseAugmentation]) -> bool:
    """True if targets change with the inputs."""
    return any(isinstance(change, BaseMixing) for change in augmentation)
