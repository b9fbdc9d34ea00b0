"""Test samples for a page: at random, those the network mistakes, and those that a layer's channel responds to most."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import NamedTuple

import numpy as np

from base.dataset import Dataset
from base.errors import DataError, UserError
from base.random_streams import RandomStreams
from base.types import Array
from trainer.drawing.network import DrawnNetwork
from trainer.inspection.mistakes import sample_name
from trainer.inspection.predictions import PredictionCollector, Predictions

MOST = 10_000  # test samples that are looked at, so that it takes seconds
MOST_RESPONSES = 1000  # through which a layer is looked at


class Strongest(NamedTuple):
    """Samples, where in each a channel's map is largest (0 for a single unit), and how large it is there."""

    samples: Array
    positions: Array
    values: Array


@dataclass(frozen=True)
class Sample:
    """A sample of the test data as it is stored, its name, its target and what the network says of it."""

    stored: Array
    name: str
    target: str
    prediction: str
    certainty: float | None


class TestSamples:
    """The test data of a network's config, read when they are first asked for."""

    __test__ = False  # to pytest

    def __init__(self, network: DrawnNetwork) -> None:
        self._network = network
        self._lock = Lock()  # data are read and predicted once
        self._responses: dict[str, Strongest] = {}

    def some(self, count: int, mistakes: bool, seed: int) -> list[Sample]:
        """Samples at random, of all or of those that are mistaken. Raises DataError where there are no test data."""
        with self._lock:
            chosen = self._mistakes if mistakes else np.arange(len(self._data))
            generator = np.random.default_rng(seed)
            return [self._sample(int(at)) for at in generator.permutation(chosen)[:count]]

    def strongest(self, layer: str, channel: int, count: int) -> tuple[list[Sample], Strongest]:
        """The samples in which a channel's map is largest, and where. Raises UserError, DataError."""
        with self._lock:
            found = self._responses.get(layer) or self._respond(layer)
            self._responses[layer] = found
            if not 0 <= channel < found.values.shape[1]:
                raise UserError(f"layer {layer} has no channel {channel}")
            order = np.argsort(-found.values[:, channel], kind="stable")[:count]
            part = Strongest(order, found.positions[order, channel], found.values[order, channel])
            return [self._sample(int(at)) for at in order], part

    def _respond(self, layer: str) -> Strongest:
        data = self._data.subset(np.arange(min(MOST_RESPONSES, len(self._data))))
        positions, values = [], []
        try:
            for output in self._network.over(data, layer):
                maps = output.reshape(len(output), -1, output.shape[-1])
                positions.append(maps.argmax(axis=1))
                values.append(maps.max(axis=1))
        except KeyError:
            raise UserError(f"there is no layer {layer!r}") from None
        return Strongest(np.arange(len(data)), np.concatenate(positions), np.concatenate(values))

    def _sample(self, at: int) -> Sample:
        data, found = self._data, self._predictions
        stored = data.inputs[data.rows[at]]
        name = sample_name(data, at)
        if not len(found):  # outputs that are not one class or number
            return Sample(stored, name, "", "", None)
        target, prediction = found.targets[at], found.predictions[at]
        if found.classes is None:
            return Sample(stored, name, f"{target:.4g}", f"{prediction:.4g}", None)
        certainty = float(found.certainty[at]) if found.has_probabilities else None
        return Sample(stored, name, found.classes[target], found.classes[prediction], certainty)

    @cached_property
    def _data(self) -> Dataset:
        settings = self._network.predictor.settings
        try:
            data = settings.data_loader.load_test(RandomStreams(settings.seed))
        except (OSError, ValueError) as error:
            raise DataError(f"the test data cannot be read: {error}") from error
        return data.subset(np.arange(min(MOST, len(data))))

    @cached_property
    def _predictions(self) -> Predictions:
        data, start = self._data, 0
        collector = PredictionCollector(data.classes, self._network.predictor.meaning)
        for outputs in self._network.over(data):
            collector.update(outputs, data.read_targets(slice(start, start + len(outputs))))
            start += len(outputs)
        return collector.predictions(0.0)

    @cached_property
    def _mistakes(self) -> Array:
        return self._predictions.mistakes(len(self._data) if self._data.classes is not None else 100)
