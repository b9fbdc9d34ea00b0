"""The answers to what the page asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import numpy as np

from base.errors import UserError
from base.types import Array
from logger.drawing.page import drawing_page
from trainer.drawing.description import description_of
from trainer.drawing.inputs import Pixels, inputs_of
from trainer.drawing.network import DrawnNetwork
from trainer.drawing.samples import Sample, TestSamples
from trainer.predictor import Predictor
from utils.local_server import Answer, Request

_SAMPLES = 12
_STRONGEST = 9
_MOST_DIGITS = 15  # which JavaScript has without loss


class Answers:
    """Answers to the requests of a page: the page itself, a sample's way through the network, test samples, weights."""

    def __init__(self, predictor: Predictor) -> None:
        self._network = DrawnNetwork(predictor)
        self._inputs = inputs_of(predictor)
        self._page = drawing_page(description_of(predictor, self._inputs))
        self._samples = TestSamples(self._network)
        # So that the first stroke does not wait for kernels to be compiled or loaded.
        self._network.through(self._network.inputs_of(self._inputs.first()), [])
        self._routes: dict[str, Callable[[Request], Answer]] = {
            "": lambda _: Answer.text(self._page, "html"),
            "through": self._through,
            "unit": self._unit,
            "weights": self._weights,
            "samples": self._some_samples,
            "strongest": self._strongest,
            "image": self._image,
        }

    def __call__(self, request: Request) -> Answer:
        route = self._routes.get(request.path)
        if route is None:
            return Answer.error(f"there is nothing called {request.path!r}", HTTPStatus.NOT_FOUND)
        return route(request)

    def _through(self, request: Request) -> Answer:
        layers = request.query.get("layers", "").split(",")
        target = _number(request, "target") if "target" in request.query else None
        found = self._network.through(self._inputs_of(request), layers, target)
        outputs = {"outputs": found.outputs, "gradient": found.gradient}
        if self._network.predictor.has_probabilities:
            outputs["probabilities"] = self._network.predictor.probabilities(found.outputs[None])[0]
        return packed({"target": found.target}, outputs | {f"layer {name}": of for name, of in found.layers.items()})

    def _unit(self, request: Request) -> Answer:
        x, layer = self._inputs_of(request), request.query.get("layer", "")
        return packed({}, {"gradient": self._network.gradient_of_unit(x, layer, _number(request, "unit"))})

    def _weights(self, request: Request) -> Answer:
        layer = dict(self._network.predictor.model.named_layers()).get(request.query.get("layer", ""))
        if layer is None or "weight" not in layer.parameters:
            raise UserError(f"there are no weights of {request.query.get('layer')!r}")
        return packed({}, {"weight": layer.parameters["weight"].value})

    def _some_samples(self, request: Request) -> Answer:
        mistakes = request.query.get("kind") == "mistakes"
        found = self._samples.some(_SAMPLES, mistakes, _number(request, "seed"))
        return Answer.json({"samples": [self._described(sample) for sample in found]})

    def _strongest(self, request: Request) -> Answer:
        layer, channel = request.query.get("layer", ""), _number(request, "channel")
        samples, found = self._samples.strongest(layer, channel, _STRONGEST)
        positions = {"positions": found.positions.tolist(), "values": found.values.tolist()}
        return Answer.json({"samples": [self._described(sample) for sample in samples], **positions})

    def _image(self, request: Request) -> Answer:
        if not isinstance(self._inputs, Pixels):
            raise UserError("this network takes no images")
        pixels = self._inputs.decoded(request.body, request.query.get("name", ""))
        return Answer(pixels, "application/octet-stream")

    def _inputs_of(self, request: Request) -> Array:
        if isinstance(self._inputs, Pixels):
            return self._network.inputs_of(self._inputs.block(request.body))
        values = request.json()
        return self._network.inputs_of(self._inputs.block(values if isinstance(values, list) else []))

    def _described(self, sample: Sample) -> dict[str, Any]:
        shown = self._inputs.shown(sample.stored)
        told = {name: getattr(sample, name) for name in ("name", "target", "prediction", "certainty")}
        return {**told, "input": list(shown)}


def packed(facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> Answer:
    """Facts and arrays of float32: the length of a JSON text, the text, and the arrays' bytes in its order.

    A text is as long as a multiple of 4 bytes, spaces included, so that a page can read the numbers where they stand.
    """
    shapes = {name: list(values.shape) for name, values in arrays.items()}
    text = json.dumps({**facts, "arrays": shapes}).encode()
    text += b" " * (-len(text) % 4)
    numbers = b"".join(np.ascontiguousarray(values, "<f4").tobytes() for values in arrays.values())
    return Answer(len(text).to_bytes(4, "little") + text + numbers, "application/octet-stream")


def _number(request: Request, name: str) -> int:
    text = request.query.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise UserError(f"{name}: expected a whole number of {_MOST_DIGITS} digits at most, got {text[:50]!r}")
    return int(text)
