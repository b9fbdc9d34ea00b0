"""Several networks that answer together: the mean of their probabilities, or numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from base.errors import CheckpointError
from base.outputs import Meaning
from base.types import Array
from data_loader.unlabelled.blocks import Block
from data_loader.unlabelled.problems import Problems
from trainer.predictor import Predictor

_SMALLEST = 1e-300  # probability of which a logarithm is taken


@dataclass(frozen=True)
class Predicted:
    """Predictions for those samples of a block that could be read.

    `predictions` are names of classes (N,) or numbers (N, ...), `scores` (N, C) the probabilities of the classes, or
    of classes without such the outputs; None beside numbers.
    """

    block: Block
    kept: Array
    predictions: Array
    scores: Array | None


@dataclass(frozen=True)
class Ensemble:
    """One network or several; they must agree in what they predict. Raises CheckpointError where they do not."""

    networks: Sequence[Predictor]

    def __post_init__(self) -> None:
        first = self.networks[0]
        for other in self.networks[1:]:
            if other.classes != first.classes:
                raise CheckpointError(
                    f"{first.path} and {other.path} cannot answer together: {_kinds(first)}, but {_kinds(other)}"
                )
            if other.classes is None and other.model.output_shape != first.model.output_shape:
                raise CheckpointError(
                    f"{first.path} and {other.path} cannot answer together: they predict numbers of shape "
                    f"{first.model.output_shape} and {other.model.output_shape}"
                )
        without = [network.path for network in self.networks if not network.has_probabilities]
        if len(self.networks) > 1 and first.classes is not None and without:
            raise CheckpointError(f"{without[0]}: its loss gives no probabilities of which a mean could be taken")

    @property
    def first(self) -> Predictor:
        """The network whose settings hold where only one can be followed."""
        return self.networks[0]

    def predict(self, blocks: Iterable[Block], problems: Problems) -> Iterator[Predicted]:
        """The predictions for each block, whose samples must be readable for all networks."""
        with ExitStack() as stack:
            most = self.first.reader.most
            parallels = [stack.enter_context(network.parallel(most)) for network in self.networks]
            for block in blocks:
                found = [
                    network.predict_block(block, parallel, problems)
                    for network, parallel in zip(self.networks, parallels, strict=True)
                ]
                kept, outputs = _common(found)
                if len(kept):
                    yield Predicted(block, kept, *self.combine(outputs))

    def combine(self, outputs: Sequence[Array]) -> tuple[Array, Array | None]:
        """The common predictions of all networks' outputs for the same samples, and their scores."""
        first = self.first
        if first.classes is None:
            mean = outputs[0] if len(outputs) == 1 else np.mean([one.astype(np.float64) for one in outputs], axis=0)
            return first.decide(mean), None
        if not first.has_probabilities:
            return first.decide(outputs[0]), outputs[0]
        shares = [network.probabilities(one) for network, one in zip(self.networks, outputs, strict=True)]
        if len(shares) == 1:
            return first.decide(outputs[0]), shares[0]
        mean = np.mean(shares, axis=0)
        return np.array(first.classes)[mean.argmax(axis=1)], mean


def as_outputs(scores: Array, meaning: Meaning, width: int) -> Array:
    """Outputs (N, width) that mean these probabilities (N, C), for losses and metrics."""
    if meaning == "probabilities":
        return scores if width > 1 else scores[:, 1:]
    with np.errstate(divide="ignore"):
        logarithms = np.log(np.maximum(scores, _SMALLEST))
    return logarithms if width > 1 else logarithms[:, 1:] - (logarithms[:, :1] if meaning == "logits" else 0)


def _common(found: Sequence[tuple[Array, Array]]) -> tuple[Array, list[Array]]:
    """The positions that all have, and their outputs there."""
    kept = found[0][0]
    for positions, _ in found[1:]:
        kept = np.intersect1d(kept, positions, assume_unique=True)
    return kept, [outputs[np.searchsorted(positions, kept)] for positions, outputs in found]


def _kinds(network: Predictor) -> str:
    if network.classes is None:
        return "one predicts numbers"
    shown = ", ".join(network.classes[:10]) + (", ..." if len(network.classes) > 10 else "")
    return f"one has the classes {shown}"
