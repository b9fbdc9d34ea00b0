"""The convolutional network."""

import copy
from typing import Annotated, Literal, TypeVar

from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.constraints import Fraction, Length, NonNegativeInt, PositiveInt
from model.initializers.constant import Zeros
from model.initializers.he import HeNormal
from model.layers.activations import ReLU
from model.layers.batch_norm import BatchNorm1D, BatchNorm2D
from model.layers.conv import Conv2D
from model.layers.dropout import Dropout
from model.layers.linear import Linear
from model.layers.pooling import MaxPool2D
from model.layers.sequential import Sequential
from model.layers.shape import Flatten

Value = TypeVar("Value")
Padding = NonNegativeInt | Literal["same", "valid"]


class CNN(BaseModel):
    """Convolutions, then Linear layers; after each but the last an activation.

    A convolution is followed by BatchNorm2D if asked for, the activation, and MaxPool2D where `pool_size` says so.
    Flatten leads to the Linear layers; a hidden one is followed by BatchNorm1D if asked for, the activation, and
    Dropout if asked for. `kernel_size`, `stride`, `padding` and
    `pool_size` are one value for all convolutions, or a list with one for each.

    channels: the number of output channels of each convolution.
    classes: the number of outputs.
    hidden_sizes: the output sizes of the Linear layers before the last.
    kernel_size: height and width of the kernels.
    stride: the step from one kernel position to the next.
    padding: zeros added on each side ("valid": none; "same": as many as keep the size).
    pool_size: height and width of the windows of max pooling (0: no pooling).
    pool_first: whether MaxPool2D comes right after the convolution, so that what follows has fewer numbers to work on
        (Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU", 2024). Without batch norm and with
        ReLU, the outputs are the same.
    activation: the layer after each convolution and hidden Linear.
    batch_norm: whether to add batch normalisation before each activation; the layers before it have no bias.
    dropout: the probability of a hidden unit to be zeroed in training.
    initializer: the initial values of the weights.
    bias_initializer: the initial values of the biases.
    """

    def __init__(
        self,
        channels: Annotated[list[PositiveInt], Length(1)],
        classes: PositiveInt,
        hidden_sizes: list[PositiveInt] | None = None,
        kernel_size: PositiveInt | list[PositiveInt] = 3,
        stride: PositiveInt | list[PositiveInt] = 1,
        padding: Padding | list[Padding] = 0,
        pool_size: NonNegativeInt | list[NonNegativeInt] = 2,
        pool_first: bool = False,
        activation: BaseLayer = ReLU(),
        batch_norm: bool = False,
        dropout: Fraction = 0.0,
        initializer: BaseInitializer = HeNormal(),
        bias_initializer: BaseInitializer = Zeros(),
    ) -> None:
        super().__init__()
        self.channels = channels
        self.classes = classes
        self.hidden_sizes = hidden_sizes or []
        self.kernel_size = _for_each("kernel_size", kernel_size, channels)
        self.stride = _for_each("stride", stride, channels)
        self.padding: list[Padding] = _for_each("padding", padding, channels)
        self.pool_size = _for_each("pool_size", pool_size, channels)
        self.pool_first = pool_first
        self._check_paddings()
        self.activation = activation
        self.batch_norm = batch_norm
        self.dropout = dropout
        self.initializer = initializer
        self.bias_initializer = bias_initializer

    def network(self) -> BaseLayer:
        layers: list[BaseLayer] = []
        for position in range(len(self.channels)):
            layers += self._convolution(position)
        layers.append(Flatten())
        for size in self.hidden_sizes:
            layers += self._hidden(size)
        layers.append(self._linear(self.classes, bias=True))
        return Sequential(layers)

    def _check_paddings(self) -> None:
        for number, (stride, padding) in enumerate(zip(self.stride, self.padding, strict=True), start=1):
            if padding == "same" and stride != 1:
                raise ValueError(
                    f'conv2d{number} has padding "same", which needs stride 1, and stride {stride}; set '
                    f"arch.args.padding to {self.kernel_size[number - 1] // 2}, or arch.args.stride to 1"
                )

    def _convolution(self, position: int) -> list[BaseLayer]:
        convolution = Conv2D(
            out_channels=self.channels[position],
            kernel_size=self.kernel_size[position],
            stride=self.stride[position],
            padding=self.padding[position],
            bias=not self.batch_norm,
            initializer=self.initializer,
            bias_initializer=self.bias_initializer,
        )
        window = self.pool_size[position]
        pool = [MaxPool2D(window)] if window else []
        norm = [BatchNorm2D()] if self.batch_norm else []
        activation = copy.deepcopy(self.activation)
        if self.pool_first:
            return [convolution, *pool, *norm, activation]
        return [convolution, *norm, activation, *pool]

    def _hidden(self, size: int) -> list[BaseLayer]:
        norm = [BatchNorm1D()] if self.batch_norm else []
        dropout = [Dropout(self.dropout)] if self.dropout else []
        return [self._linear(size, not self.batch_norm), *norm, copy.deepcopy(self.activation), *dropout]

    def _linear(self, size: int, bias: bool) -> Linear:
        return Linear(
            out_features=size, bias=bias, initializer=self.initializer, bias_initializer=self.bias_initializer
        )


def _for_each(name: str, value: Value | list[Value], channels: list[int]) -> list[Value]:
    """One value for each convolution. Raises ValueError for a list of another length."""
    values = value if isinstance(value, list) else [value] * len(channels)
    if len(values) != len(channels):
        raise ValueError(f"{name} needs one value, or one for each of the {len(channels)} convolutions, got {values}")
    return values
