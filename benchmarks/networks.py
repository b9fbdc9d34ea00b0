"""The convolutional networks that are timed, in ours and in PyTorch's layers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.base_optimizer import BaseOptimizer
from benchmarks.steps import TorchOptimizer
from model.architectures.resnet import ResNet
from model.architectures.sequential import Sequential
from model.layers.activations import ReLU
from model.layers.conv import Conv2D
from model.layers.dropout import Dropout, Dropout2D
from model.layers.linear import Linear
from model.layers.pooling import MaxPool2D
from model.layers.shape import Flatten
from trainer.optimizers.adam import Adam
from trainer.optimizers.sgd import SGD

Spec = tuple[Any, ...]


@dataclass(frozen=True)
class Network:
    """A network twice, its batch size, and the optimizer twice."""

    name: str
    batch: int
    ours: Callable[[], BaseModel]
    theirs: Callable[[], nn.Module]
    optimizer: Callable[[], BaseOptimizer] = lambda: SGD(0.01)
    torch_optimizer: TorchOptimizer = lambda p: torch.optim.SGD(p, 0.01)


def our_layer(kind: str, *args: Any) -> BaseLayer:
    """A layer of ours."""
    if kind == "conv":
        channels, kernel, stride, padding = args
        return Conv2D(out_channels=channels, kernel_size=kernel, stride=stride, padding=padding)
    makers: dict[str, Callable[..., BaseLayer]] = {
        "relu": ReLU, "pool": MaxPool2D, "dropout": Dropout, "dropout2d": Dropout2D, "flatten": Flatten,
        "linear": lambda size: Linear(out_features=size),
    }  # fmt: skip
    return makers[kind](*args)


def torch_layer(kind: str, *args: Any) -> nn.Module:
    """The same of PyTorch's; sizes of inputs are found at the first forward."""
    makers: dict[str, Callable[..., nn.Module]] = {
        "conv": nn.LazyConv2d, "relu": nn.ReLU, "pool": nn.MaxPool2d, "dropout": nn.Dropout,
        "dropout2d": nn.Dropout2d, "flatten": nn.Flatten, "linear": nn.LazyLinear,
    }  # fmt: skip
    return makers[kind](*args)


def chain(name: str, batch: int, specs: list[Spec], **optimizers: Any) -> Network:
    """A network without branches."""
    return Network(
        name,
        batch,
        lambda: Sequential([our_layer(*spec) for spec in specs]),
        lambda: nn.Sequential(*[torch_layer(*spec) for spec in specs]),
        **optimizers,
    )


class TorchBlock(nn.Module):
    """BasicBlock."""

    def __init__(self, before: int, channels: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *normalised(before, channels, 3, stride), nn.ReLU(), *normalised(channels, channels, 3, 1)
        )
        changes = stride != 1 or before != channels
        self.shortcut = nn.Sequential(*(normalised(before, channels, 1, stride) if changes else []))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """ReLU of the sum of both branches."""
        return torch.relu(self.body(x) + self.shortcut(x))


def normalised(before: int, channels: int, kernel: int, stride: int) -> list[nn.Module]:
    """A convolution without bias and its normalisation."""
    return [nn.Conv2d(before, channels, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(channels)]


def torch_resnet() -> nn.Module:
    """ResNet with a block a stage."""
    blocks = [TorchBlock(16, 16, 1), TorchBlock(16, 32, 2), TorchBlock(32, 64, 2)]
    stem = [*normalised(1, 16, 3, 1), nn.ReLU()]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


HEAD: list[Spec] = [("flatten",), ("linear", 128), ("relu",), ("linear", 10)]

NETWORKS = [
    chain(
        "(a) Report A's CNN",
        128,
        [("conv", 4, 5, 2, 1), ("relu",), ("conv", 8, 5, 2, 1), ("relu",), ("conv", 16, 3, 2, 1), ("relu",), *HEAD],
    ),
    chain(
        "(b) 16, pool, 32, pool",
        128,
        [("conv", 16, 3, 1, 1), ("relu",), ("pool", 2), ("conv", 32, 3, 1, 1), ("relu",), ("pool", 2), *HEAD],
    ),
    chain(
        "(c) template_lenet",
        128,
        [
            *[("conv", 10, 5, 1, 0), ("pool", 2), ("relu",), ("conv", 20, 5, 1, 0), ("dropout2d", 0.5), ("pool", 2)],
            *[("relu",), ("flatten",), ("linear", 50), ("relu",), ("dropout", 0.5), ("linear", 10)],
        ],
        optimizer=lambda: Adam(1e-3, amsgrad=True),
        torch_optimizer=lambda p: torch.optim.Adam(p, 1e-3, amsgrad=True),
    ),
    chain(
        "(d) 32, 64, pool",
        64,
        [("conv", 32, 3, 1, 0), ("relu",), ("conv", 64, 3, 1, 0), ("relu",), ("pool", 2), *HEAD],
    ),
    Network("(e) residual, batch norm", 128, lambda: ResNet(classes=10, channels=[16, 32, 64]), torch_resnet),
]
