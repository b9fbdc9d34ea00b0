"""The CNN of a config, in PyTorch's layers."""

from typing import Any

from torch import nn


def torch_cnn(args: dict[str, Any]) -> nn.Sequential:
    """The network of a config's `arch.args`; sizes of inputs are found at the first forward.

    PyTorch's own initial weights, ReLU, no dropout.
    """
    batch_norm, layers = args["batch_norm"], list[nn.Module]()
    for position, channels in enumerate(args["channels"]):
        kernel, stride, padding, window = (
            _each(args[name], position) for name in ("kernel_size", "stride", "padding", "pool_size")
        )
        layers.append(nn.LazyConv2d(channels, kernel, stride, padding, bias=not batch_norm))
        pool = [nn.MaxPool2d(window)] if window else []
        after = [*([nn.BatchNorm2d(channels)] if batch_norm else []), nn.ReLU()]
        layers += [*pool, *after] if args["pool_first"] else [*after, *pool]
    layers.append(nn.Flatten())
    for size in args["hidden_sizes"]:
        layers.append(nn.LazyLinear(size, bias=not batch_norm))
        layers += [*([nn.BatchNorm1d(size)] if batch_norm else []), nn.ReLU()]
    return nn.Sequential(*layers, nn.LazyLinear(args["classes"]))


def _each(value: Any, position: int) -> Any:
    """One value for all convolutions, or that of one."""
    return value[position] if isinstance(value, list) else value
