"""The pictures that show a trained network: what of it goes into each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from base.base_data_loader import Dataset
from base.types import Array
from logger.figures import finite_or_none
from logger.files import replace_text
from logger.pictures.boundary import Plane, PointSet, draw_boundary
from logger.pictures.confusion import draw_confusion
from logger.pictures.feature_maps import LayerMaps, draw_feature_maps
from logger.pictures.kernels import draw_kernels
from logger.pictures.mistakes import Caption, certainty_text, draw_mistakes, number_text
from logger.pictures.tiles import is_image, spread
from logger.pictures.weights import InputWeights, draw_weights
from trainer.inspection import Inspection
from trainer.judgement import Judgement

_MOST_CLASSES = 300  # of a confusion matrix that can be looked at
_MISTAKES = 24
_SAMPLES = 3  # that go through the network
_LAYERS = 10  # whose maps are shown
_POINTS = 2000
_GRID = (40, 200)  # fewest and most cells along a side of the plane
_EFFORT = 4e9  # multiply-adds to spend on the plane


def write_judgement(inspection: Inspection, path: Path) -> None:
    """Write what the best epoch makes of the validation data, as JSON. Raises WriteError."""
    judged, few = inspection.judgement, inspection.data.classes is not None and _few_classes(inspection)
    result: dict[str, Any] = {
        "epoch": inspection.epoch,
        "data": inspection.part,
        "n_samples": len(inspection.data),
        **finite_or_none({"loss": judged.loss}),
        "classes": None if judged.classes is None else list(judged.classes),
        "confusion_matrix": judged.confusion.tolist() if few else None,
        "mistakes": [_mistake(judged, int(sample)) for sample in judged.mistakes(_MISTAKES)],
    }
    replace_text(path, json.dumps(result, indent=2, allow_nan=False) + "\n")


def _mistake(judged: Judgement, sample: int) -> dict[str, Any]:
    target, prediction = judged.targets[sample], judged.predictions[sample]
    if judged.classes is None:
        numbers = finite_or_none({"target": float(target), "prediction": float(prediction)})
        return {"sample": sample, **numbers, "probability": None}
    certainty = finite_or_none({"probability": float(judged.certainty[sample])})["probability"]
    return {
        "sample": sample,
        "target": judged.classes[target],
        "prediction": judged.classes[prediction],
        "probability": certainty if judged.has_probabilities else None,
    }


def _few_classes(inspection: Inspection) -> bool:
    classes = inspection.data.classes
    return classes is not None and len(classes) <= _MOST_CLASSES


def _confusion(inspection: Inspection, path: Path) -> bool:
    judged = inspection.judgement
    if judged.classes is None or not _few_classes(inspection):
        return False
    title = f"which class is taken for which: {inspection.part} data, epoch {inspection.epoch}"
    draw_confusion(judged.confusion, judged.classes, title, path)
    return True


def _mistakes(inspection: Inspection, path: Path) -> bool:
    judged = inspection.judgement
    samples = judged.mistakes(_MISTAKES)
    if not len(samples) or not is_image(inspection.data.input_shape):
        return False
    where = f"{inspection.part} data, epoch {inspection.epoch}"
    title = f"the {len(samples)} largest errors, {where}"
    if judged.classes is not None:
        title = f"{len(samples)} of {judged.wrong:,} mistakes, the most confident first: {where}"
    draw_mistakes(inspection.stored(samples), [_caption(judged, sample) for sample in samples], title, path)
    return True


def _caption(judged: Judgement, sample: int) -> Caption:
    target, prediction = judged.targets[sample], judged.predictions[sample]
    if judged.classes is None:
        return Caption(number_text(target), number_text(prediction), f"off by {number_text(prediction - target)}")
    certainty = judged.certainty[sample]
    sure = certainty_text(certainty) if judged.has_probabilities else f"output {number_text(certainty)}"
    return Caption(judged.classes[target], judged.classes[prediction], sure)


def _weights(inspection: Inspection, path: Path) -> bool:
    matrices = {name: values for name, (_, values) in inspection.weights().items() if values.ndim == 2}
    if not matrices:
        return False
    seeing = _seeing_input(inspection)
    draw_weights(seeing, {name: held for name, held in matrices.items() if not seeing or name != seeing.name}, path)
    return True


def _seeing_input(inspection: Inspection) -> InputWeights | None:
    """The first layer with weights, where each of its units has one for every number of an image."""
    name, (_, values) = next(iter(inspection.weights().items()))
    shape = inspection.data.input_shape
    if values.ndim == 2 and is_image(shape) and len(values) == np.prod(shape):
        return InputWeights(name, values, shape)
    return None


def _kernels(inspection: Inspection, path: Path) -> bool:
    layers = {name: values for name, (_, values) in inspection.weights().items() if values.ndim == 4}
    if not layers:
        return False
    first = next(iter(inspection.weights()))
    colours = inspection.data.input_shape[-1] == 3 and first in layers and layers[first].shape[2] == 3
    draw_kernels(layers, first if colours else None, path)
    return True


def _feature_maps(inspection: Inspection, path: Path) -> bool:
    layers = _image_layers(inspection)
    if not layers or not is_image(inspection.data.input_shape):
        return False
    samples = _different(inspection.data)
    maps = [LayerMaps(name, kind, inspection.features(samples, name)) for name, kind in layers.items()]
    targets, classes = inspection.data.read_targets(samples), inspection.data.classes
    titles = [f"{inspection.part} sample {sample}" for sample in samples]
    if classes is not None:
        titles = [f"{classes[target]} ({title})" for target, title in zip(targets, titles, strict=True)]
    title = f"images on their way through the network, epoch {inspection.epoch}; dark to bright: a row's least to most"
    draw_feature_maps(inspection.stored(samples), titles, maps, title, path)
    return True


def _image_layers(inspection: Inspection) -> dict[str, str]:
    """Some layers whose outputs are images, with their types: of all, or where those are many, of the outermost."""
    layers = [
        (name, layer)
        for name, layer in inspection.model.named_layers()
        if len(layer.output_shape or ()) == 3 and is_image(layer.output_shape or ())
    ]
    inner = [(name, layer) for name, layer in layers if not layer.children]
    if len(inner) > _LAYERS:
        inner = [(name, layer) for name, layer in layers if "." not in name]
    return {inner[place][0]: type(inner[place][1]).__name__ for place in spread(len(inner), _LAYERS)}


def _different(data: Dataset) -> Array:
    """A few samples, of different classes where there are any."""
    targets = data.read_targets(slice(None))
    if data.classes is None:
        return np.arange(min(_SAMPLES, len(data)))
    _, first = np.unique(targets, return_index=True)
    return first[spread(len(first), _SAMPLES)]


def _boundary(inspection: Inspection, path: Path) -> bool:
    if inspection.data.input_shape != (2,) or not len(inspection.judgement):
        return False
    parts = {"training": inspection.experiment.training, "validation": inspection.experiment.validation}
    sets = [_points(inspection, name, data) for name, data in parts.items() if data is not None]
    title = f"targets, and what the network says of every point of the plane, epoch {inspection.epoch}"
    draw_boundary(sets, _plane(inspection, sets), inspection.data.classes, title, path)
    return True


def _points(inspection: Inspection, name: str, data: Dataset) -> PointSet:
    data = inspection.some(data, _POINTS)
    judged = inspection.judge(data)
    return PointSet(name, data.inputs[data.rows].astype(np.float64), judged.targets, judged.predictions)


def _plane(inspection: Inspection, sets: list[PointSet]) -> Plane:
    points = np.concatenate([part.points for part in sets])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.08 * np.where(high > low, high - low, 1)
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    side = int(np.clip(np.sqrt(_EFFORT / len(inspection.model.values)), *_GRID))
    middles = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(left + (right - left) * middles, bottom + (top - bottom) * middles)
    judged = inspection.judge_inputs(np.stack([x.ravel(), y.ravel()], axis=1))
    said, box = judged.predictions.reshape(side, side), (left, right, bottom, top)
    if judged.classes is None or (len(judged.classes) > 2 and not judged.has_probabilities):
        return Plane(box, said, None, "")
    if len(judged.classes) > 2:
        return Plane(box, said, judged.certainty.reshape(side, side), "")
    sure = judged.second.reshape(side, side)
    if judged.has_probabilities:
        return Plane(box, said, sure, f"probability of class {judged.classes[1]}")
    middle = 0.0 if inspection.experiment.run.loss.outputs == "margins" else 0.5
    return Plane(box, said, sure, "output of the network", 2 * middle - 1, 1.0)


INSPECTED: dict[str, Callable[[Inspection, Path], bool]] = {  # whether the picture applies, and so was drawn
    "confusion": _confusion,
    "mistakes": _mistakes,
    "weights": _weights,
    "kernels": _kernels,
    "feature_maps": _feature_maps,
    "boundary": _boundary,
}
