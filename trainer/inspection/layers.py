"""The layers of a trained network: what of them goes into each picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from base.dataset import Dataset
from base.types import Array
from logger.pictures.feature_maps import LayerMaps, draw_feature_maps
from logger.pictures.kernels import draw_kernels
from logger.pictures.tiles import is_image, spread
from logger.pictures.weights import InputWeights, draw_weights
from trainer.inspection.inspection import Inspection

_SAMPLES = 3  # that go through the network
_LAYERS = 10  # whose maps are shown


def weights(inspection: Inspection, path: Path) -> bool:
    """Draw the weights of fully connected layers, where there are such."""
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


def kernels(inspection: Inspection, path: Path) -> bool:
    """Draw the kernels of convolutions, where there are such."""
    layers = {name: values for name, (_, values) in inspection.weights().items() if values.ndim == 4}
    if not layers:
        return False
    first = next(iter(inspection.weights()))
    colours = inspection.data.input_shape[-1] == 3 and first in layers and layers[first].shape[2] == 3
    draw_kernels(layers, first if colours else None, path)
    return True


def feature_maps(inspection: Inspection, path: Path) -> bool:
    """Draw some images on their way through layers whose outputs are images, where there are such."""
    layers = _image_layers(inspection)
    if not layers or not is_image(inspection.data.input_shape):
        return False
    samples = _different(inspection.data)
    maps = [LayerMaps(name, kind, inspection.features(samples, name)) for name, kind in layers.items()]
    targets, classes = inspection.data.read_targets(samples), inspection.data.classes
    titles = [[f"{inspection.part} sample {sample}"] for sample in samples]
    if classes is not None:
        titles = [[classes[target], *title] for target, title in zip(targets, titles, strict=True)]
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
