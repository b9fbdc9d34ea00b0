"""Receptive fields: the pixels of the input that a position of a feature map depends on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from model.layers.conv import Conv2D
from model.layers.pooling import Pool2D
from model.layers.residual import Block
from model.layers.sequential import Sequential
from model.windows import Pair, pair


@dataclass(frozen=True)
class ReceptiveField:
    """Position (i, j) of a map sees `size` pixels from (start[0] + i * step[0], start[1] + j * step[1]) on.

    Parts of that may lie outside of the image, in its padding.
    """

    start: Pair = (0, 0)
    step: Pair = (1, 1)
    size: Pair = (1, 1)

    def seen_through(self, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair = (1, 1)) -> ReceptiveField:
        """The field of positions which see windows of positions that have this one."""
        (top, left), (down, across), (height, width) = self.start, self.step, self.size
        return ReceptiveField(
            (top - padding[0] * down, left - padding[1] * across),
            (down * stride[0], across * stride[1]),
            (height + (kernel[0] - 1) * dilation[0] * down, width + (kernel[1] - 1) * dilation[1] * across),
        )

    def joined(self, other: ReceptiveField) -> ReceptiveField:
        """The field of positions which depend on both; the two have the same steps."""
        ends = [max(a + b, c + d) for a, b, c, d in zip(self.start, self.size, other.start, other.size, strict=True)]
        top, left = (min(a, b) for a, b in zip(self.start, other.start, strict=True))
        return replace(self, start=(top, left), size=(ends[0] - top, ends[1] - left))


def receptive_fields(model: BaseModel) -> dict[str, ReceptiveField | None]:
    """The receptive field of each layer's output, by the layer's path; None: all that the network is given.

    None also where a layer is none of those whose windows are known.
    """
    fields: dict[str, ReceptiveField | None] = {}
    start = ReceptiveField() if len(model.input_shape) == 3 else None
    fields[model.root.name] = _through(model.root, start, fields)
    return fields


def _through(
    layer: BaseLayer, field: ReceptiveField | None, fields: dict[str, ReceptiveField | None]
) -> ReceptiveField | None:
    """The field of a layer's output, whose input has this one; those of all layers within are added to `fields`."""
    if isinstance(layer, Sequential):
        for child in layer.children.values():
            field = _through(child, field, fields)
    elif isinstance(layer, Block):
        body, shortcut, after = (layer.children.get(name) for name in ("body", "shortcut", "after"))
        one = field if body is None else _through(body, field, fields)
        other = field if shortcut is None else _through(shortcut, field, fields)
        field = one.joined(other) if one and other else None
        field = field if after is None else _through(after, field, fields)
    else:
        field = _through_leaf(layer, field)
    fields[layer.name] = field
    return field


def _through_leaf(layer: BaseLayer, field: ReceptiveField | None) -> ReceptiveField | None:
    if field is None or layer.children:
        return None
    if isinstance(layer, Conv2D):
        geometry, kernel = layer.geometry, layer.weight.shape
        return field.seen_through((kernel[0], kernel[1]), geometry.stride, geometry.padding, geometry.dilation)
    if isinstance(layer, Pool2D):
        kernel_size = pair(layer.kernel_size)
        return field.seen_through(kernel_size, pair(layer.stride or kernel_size), pair(layer.padding))
    if layer.input_shape == layer.output_shape and type(layer).__module__.startswith(_BY_PIXEL):
        return field
    return None


_BY_PIXEL = ("model.layers.activations", "model.layers.gated", "model.layers.batch_norm", "model.layers.dropout")
