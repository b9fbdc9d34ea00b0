"""Residual blocks. He, Zhang, Ren and Sun, "Deep residual learning", CVPR 2016."""

from abc import abstractmethod
from dataclasses import dataclass, field

import numpy as np

from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.constraints import PositiveInt
from base.types import Array, Shape
from model.initializers.he import HeNormal
from model.layers.activations import ReLU
from model.layers.batch_norm import BatchNorm2D
from model.layers.conv import Conv2D
from model.layers.sequential import Sequential
from model.windows import image_size


@dataclass
class Branches:
    """The layers of a block: its body, its shortcut, and those after their sum."""

    body: list[BaseLayer]
    shortcut: list[BaseLayer] = field(default_factory=list)
    after: list[BaseLayer] = field(default_factory=list)


class Block(BaseLayer):
    """y = after(body(x) + shortcut(x)); a shortcut without layers is the identity."""

    def build(self, input_shape: Shape) -> Shape:
        branches = self.branches(input_shape)
        self._body, self._shortcut = Sequential(branches.body), Sequential(branches.shortcut)
        self._after = Sequential(branches.after)
        parts = {"body": self._body, "shortcut": self._shortcut, "after": self._after}
        self.children |= {name: part for name, part in parts.items() if part.children}
        shape, other = self._connect("body", input_shape), self._connect("shortcut", input_shape)
        if shape != other:
            raise ValueError(
                f"{type(self).__name__} adds what its layers make, {shape}, to what its shortcut makes, {other}: they "
                f"must have one shape; give the shortcut layers that make {shape}, such as a Conv2D with kernel_size 1"
            )
        return self._connect("after", shape)

    def forward(self, x: Array) -> Array:
        body, shortcut = self._body.forward(x), self._shortcut.forward(x)
        total = np.add(body, shortcut, out=self.empty(body.shape, body.dtype))
        return self._after.forward(total)

    def backward(self, dy: Array) -> Array | None:
        for branch in (self._body, self._shortcut):
            branch.needs_input_gradient = self.needs_input_gradient
        above = self._after.backward(dy)
        assert above is not None  # what comes after needs its input's gradient
        body, shortcut = self._body.backward(above), self._shortcut.backward(above)
        if body is None or shortcut is None:
            return None
        return np.add(body, shortcut, out=self.empty(body.shape, body.dtype))

    @abstractmethod
    def branches(self, input_shape: Shape) -> Branches:
        """The layers for samples of this shape."""

    def _connect(self, name: str, shape: Shape) -> Shape:
        part = {"body": self._body, "shortcut": self._shortcut, "after": self._after}[name]
        try:
            return part.connect(shape)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error


class Residual(Block):
    """y = after(layers(x) + shortcut(x)).

    layers: the layers whose output is added to the input.
    shortcut: the layers of the shortcut (none: the identity).
    after: the layers applied to the sum.
    """

    def __init__(
        self, layers: list[BaseLayer], shortcut: list[BaseLayer] | None = None, after: list[BaseLayer] | None = None
    ) -> None:
        super().__init__()
        self.layers = layers
        self.shortcut = shortcut
        self.after = after

    def branches(self, input_shape: Shape) -> Branches:
        return Branches(self.layers, self.shortcut or [], self.after or [])


class BasicBlock(Block):
    """ReLU(BatchNorm(Conv3x3(ReLU(BatchNorm(Conv3x3(x))))) + shortcut(x)).

    Where the shape changes, the shortcut is a batch-normalised 1 x 1 convolution.

    channels: the number of output channels.
    stride: the stride of the first convolution.
    initializer: the initial values of the kernels.
    """

    def __init__(
        self, channels: PositiveInt, stride: PositiveInt = 1, initializer: BaseInitializer = HeNormal()
    ) -> None:
        super().__init__()
        self.channels = channels
        self.stride = stride
        self.initializer = initializer

    def branches(self, input_shape: Shape) -> Branches:
        body = [
            *_normalised(self.channels, 3, self.stride, self.initializer),
            ReLU(),
            *_normalised(self.channels, 3, 1, self.initializer),
        ]
        return Branches(body, _shortcut(self, input_shape, self.channels, self.stride, self.initializer), [ReLU()])


class Bottleneck(Block):
    """ReLU(body(x) + shortcut(x)), with a body of 1 x 1, 3 x 3 and 1 x 1 convolutions.

    Each is batch-normalised, with ReLU between. Where the shape changes, the shortcut is a batch-normalised 1 x 1
    convolution.

    channels: the number of channels of the first two convolutions.
    stride: the stride of the 3 x 3 convolution.
    expansion: the number of output channels, as a multiple of `channels`.
    initializer: the initial values of the kernels.
    """

    def __init__(
        self,
        channels: PositiveInt,
        stride: PositiveInt = 1,
        expansion: PositiveInt = 4,
        initializer: BaseInitializer = HeNormal(),
    ) -> None:
        super().__init__()
        self.channels = channels
        self.stride = stride
        self.expansion = expansion
        self.initializer = initializer

    def branches(self, input_shape: Shape) -> Branches:
        wide = self.channels * self.expansion
        body = [
            *_normalised(self.channels, 1, 1, self.initializer),
            ReLU(),
            *_normalised(self.channels, 3, self.stride, self.initializer),
            ReLU(),
            *_normalised(wide, 1, 1, self.initializer),
        ]
        return Branches(body, _shortcut(self, input_shape, wide, self.stride, self.initializer), [ReLU()])


def _normalised(channels: int, kernel: int, stride: int, initializer: BaseInitializer) -> list[BaseLayer]:
    """A convolution, padded to keep the image's size at stride 1, and batch normalisation in place of its bias."""
    convolution = Conv2D(
        out_channels=channels,
        kernel_size=kernel,
        stride=stride,
        padding=kernel // 2,
        bias=False,
        initializer=initializer,
    )
    return [convolution, BatchNorm2D()]


def _shortcut(
    block: BaseLayer, input_shape: Shape, channels: int, stride: int, initializer: BaseInitializer
) -> list[BaseLayer]:
    image_size(type(block).__name__, input_shape)
    return [] if (stride, channels) == (1, input_shape[-1]) else _normalised(channels, 1, stride, initializer)
