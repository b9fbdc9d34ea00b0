"""Augmentations one after another."""

from collections.abc import Sequence

import numpy as np

from base.base_augmentation import BaseAugmentation, BaseMixing
from base.random_streams import RandomStreams
from base.types import Array, Shape
from data_loader.resampling.resampling import Resampling, resample


class _OnePass(BaseAugmentation):
    """Resamplings that follow each other, made by one interpolation."""

    def __init__(self, first: Resampling) -> None:
        self.changes = [first]
        self.fill = first.fill

    def check(self, input_shape: Shape) -> None:
        for change in self.changes:
            change.check(input_shape)

    def apply(self, x: Array, generator: np.random.Generator) -> Array:
        return resample(x, self.changes, generator)


def merged(augmentation: Sequence[BaseAugmentation]) -> list[BaseAugmentation]:
    """The same changes in the same order, where neighbours that resample with the same `fill` do it in one pass.

    Each interpolation blurs, and one pass takes half the time of two. What the first moves beyond the edge, the next
    may bring back.
    """
    result: list[BaseAugmentation] = []
    for change in augmentation:
        last = result[-1] if result else None
        if isinstance(change, Resampling) and isinstance(last, _OnePass) and last.fill == change.fill:
            last.changes.append(change)
        else:
            result.append(_OnePass(change) if isinstance(change, Resampling) else change)
    return result


def augmented(
    x: Array, augmentation: Sequence[BaseAugmentation], streams: RandomStreams, step: int, shard: int
) -> Array:
    """Part of a batch after all changes; their randomness depends on seed, place in the list, step and shard alone."""
    for position, change in enumerate(augmentation):
        x = change.apply(x, streams.generator(f"augmentation/{position}", step, shard))
    return x


def mixed(
    target: Array, augmentation: Sequence[BaseAugmentation], streams: RandomStreams, step: int, shard: int
) -> Array:
    """The targets, numbers or probabilities (N, ...), of what `augmented` makes of their inputs."""
    for position, change in enumerate(augmentation):
        if isinstance(change, BaseMixing):
            target = change.apply_targets(target, streams.generator(f"augmentation/{position}", step, shard))
    return target


def mixes(augmentation: Sequence[BaseAugmentation]) -> bool:
    """Whether targets change with the inputs."""
    return any(isinstance(change, BaseMixing) for change in augmentation)
