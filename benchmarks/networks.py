"""The convolutional networks that are timed, in ours and in PyTorch's layers."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.base_optimizer import BaseOptimizer
from benchmarks.steps import THREADS, OurStep, Step, TorchOptimizer, our_step, torch_step
from model.architectures.resnet import ResNet
from model.architectures.sequential import Sequential
from model.layers.activations import ReLU
from model.layers.conv import Conv2D
from model.layers.dropout import Dropout, Dropout2D
from model.layers.gated import GELU, SiLU
from model.layers.layer_norm import LayerNorm
from model.layers.linear import Linear
from model.layers.pooling import AvgPool2D, MaxPool2D
from model.layers.shape import Flatten
from ops.choose import Enum
from trainer.optimizers.adam import Adam
from trainer.optimizers.sgd import SGD
from utils.config.parser import ConfigParser

CONFIG = Path(__file__).parent.parent / "configs" / "template_lenet.json"

Spec = tuple[Any, ...]
FORMATS = [torch.contiguous_format, torch.channels_last]


@dataclass(frozen=True)
class Network:
    """A network twice, its batch size, and the optimizer twice; each step is made anew."""

    name: str
    batch: int
    ours: Callable[[], BaseModel]
    theirs: Callable[[], nn.Module]
    optimizer: Callable[[], BaseOptimizer] = lambda: SGD(0.01)
    torch_optimizer: TorchOptimizer = lambda p: torch.optim.SGD(p, 0.01)

    def our_step(self, threads: int = THREADS, choice: Enum = "auto") -> OurStep:
        """Our step."""
        return our_step(self.ours(), self.batch, self.optimizer(), threads, choice)

    def torch_step(self, memory_format: torch.memory_format) -> Step:
        """PyTorch's, with images and kernels in one of its memory formats."""
        x = torch.rand(self.batch, 1, 28, 28).to(memory_format=memory_format)
        model = self.theirs()
        model(x)  # sizes of inputs are found
        return torch_step(model.to(memory_format=memory_format), x, self.torch_optimizer)


def our_layer(kind: str, *args: Any) -> BaseLayer:
    """A layer of ours."""
    makers: dict[str, Callable[..., BaseLayer]] = {
        "conv": our_convolution, "relu": ReLU, "gelu": GELU, "silu": SiLU, "pool": MaxPool2D, "average": AvgPool2D,
        "dropout": Dropout, "dropout2d": Dropout2D, "flatten": Flatten, "layer_norm": lambda _: LayerNorm(),
        "linear": lambda size: Linear(out_features=size),
    }  # fmt: skip
    return makers[kind](*args)


def our_convolution(
    channels: int, kernel: int, stride: int, padding: int, dilation: int = 1, groups: int = 1
) -> BaseLayer:
    """Arguments in PyTorch's order."""
    return Conv2D(
        out_channels=channels, kernel_size=kernel, stride=stride, padding=padding, dilation=dilation, groups=groups
    )


def torch_layer(kind: str, *args: Any) -> nn.Module:
    """The same of PyTorch's; sizes of inputs are found at the first forward."""
    makers: dict[str, Callable[..., nn.Module]] = {
        "conv": nn.LazyConv2d, "relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU, "pool": nn.MaxPool2d,
        "average": nn.AvgPool2d, "dropout": nn.Dropout, "dropout2d": nn.Dropout2d, "flatten": nn.Flatten,
        "layer_norm": nn.LayerNorm, "linear": nn.LazyLinear,
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


def torch_resnet(channels: list[int]) -> nn.Module:
    """ResNet with a block a stage."""
    first, last = channels[0], channels[-1]
    stem = [*normalised(1, first, 3, 1), nn.ReLU(), TorchBlock(first, first, 1)]
    blocks = [TorchBlock(before, after, 2) for before, after in itertools.pairwise(channels)]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(last, 10))


def residual(name: str, batch: int, channels: list[int]) -> Network:
    """A residual network with a block a stage."""
    return Network(name, batch, lambda: ResNet(10, channels), lambda: torch_resnet(channels))


def template_lenet() -> Network:
    """The network, batch size and optimizer of configs/template_lenet.json."""
    config = ConfigParser.from_file(str(CONFIG), [])
    adam = config.resolved["optimizer"]["args"]
    return chain(
        "(c) template_lenet",
        config.resolved["data_loader"]["args"]["batch_size"],
        [spec_of(layer) for layer in config.resolved["arch"]["args"]["layers"]],
        optimizer=lambda: config.build().optimizer,
        torch_optimizer=lambda p: torch.optim.Adam(p, adam["lr"], adam["betas"], adam["eps"], amsgrad=adam["amsgrad"]),
    )


def spec_of(layer: str | dict[str, Any]) -> Spec:
    """A layer of a config."""
    kind, args = (layer, {}) if isinstance(layer, str) else (layer["type"], layer["args"])
    name, *wanted = SPECS[kind]
    return (name, *[args[one] for one in wanted])


SPECS = {
    "Conv2D": ["conv", "out_channels", "kernel_size", "stride", "padding"],
    "MaxPool2D": ["pool", "kernel_size"],
    "ReLU": ["relu"],
    "Dropout": ["dropout", "p"],
    "Dropout2D": ["dropout2d", "p"],
    "Flatten": ["flatten"],
    "Linear": ["linear", "out_features"],
}


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
    template_lenet(),
    chain(
        "(d) 32, 64, pool",
        64,
        [("conv", 32, 3, 1, 0), ("relu",), ("conv", 64, 3, 1, 0), ("relu",), ("pool", 2), *HEAD],
    ),
    residual("(e) residual, batch norm", 128, [16, 32, 64]),
]
TINY = [
    chain("", 4, [("conv", 4, 3, 1, 0), ("dropout2d", 0.5), ("pool", 2), *HEAD], optimizer=lambda: Adam(0.1)),
    chain("", 4, [("conv", 16, 3, 2, 0), ("relu",), ("conv", 16, 3, 1, 1), ("pool", 2), ("dropout", 0.5), *HEAD]),
    residual("", 4, [4, 8]),
]  # which make all that a process makes once for all networks
