"""The layers; a new one is one row."""

from dataclasses import dataclass
from typing import Any

from base.base_layer import BaseLayer
from base.types import Shape
from tests.cases.case import Case


@dataclass(frozen=True)
class LayerCase(Case):
    """A layer, the shape of one sample, that of its output, and whether PyTorch has the same layer.

    `mixes_samples`: whether in training a sample's output depends on the others of its batch.
    """

    input_shape: Shape
    output_shape: Shape
    in_torch: bool = True
    mixes_samples: bool = False

    def __str__(self) -> str:
        return f"{super().__str__()} on {self.input_shape}"

    def make(self) -> BaseLayer:
        """The layer, not yet built."""
        layer: BaseLayer = self.built(BaseLayer)
        return layer


NETWORK = [
    {"type": "Linear", "args": {"out_features": 4}},
    "Tanh",
    {"type": "Sequential", "args": {"layers": ["ReLU", {"type": "Linear", "args": {"out_features": 3}}]}},
]
LINEAR = {"type": "Linear", "args": {"out_features": 3}}
RESIDUAL = [{"type": "Linear", "args": {"out_features": 4}}, "Tanh"]

CASES = [
    LayerCase("Linear", {"out_features": 3}, (5,), (3,)),
    LayerCase("Linear", {"out_features": 3, "bias": False}, (5,), (3,)),
    LayerCase("Linear", {"out_features": 2, "in_features": 3}, (4, 3), (4, 2)),
    LayerCase("Linear", {"out_features": 1}, (1,), (1,)),
    LayerCase("ReLU", {}, (5,), (5,)),
    LayerCase("ReLU", {}, (3, 2, 2), (3, 2, 2)),
    LayerCase("LeakyReLU", {}, (5,), (5,)),
    LayerCase("LeakyReLU", {"negative_slope": 0.3}, (3, 2), (3, 2)),
    LayerCase("Sigmoid", {}, (5,), (5,)),
    LayerCase("Tanh", {}, (3, 2), (3, 2)),
    LayerCase("Softmax", {}, (5,), (5,)),
    LayerCase("Softmax", {}, (3, 4), (3, 4)),
    LayerCase("LogSoftmax", {}, (5,), (5,)),
    LayerCase("LogSoftmax", {}, (3, 4), (3, 4)),
    LayerCase("GELU", {}, (5,), (5,)),
    LayerCase("GELU", {"approximate": "tanh"}, (3, 2, 2), (3, 2, 2)),
    LayerCase("SiLU", {}, (3, 2), (3, 2)),
    LayerCase("Identity", {}, (3, 2), (3, 2)),
    LayerCase("Flatten", {}, (3, 2, 2), (12,)),
    LayerCase("Reshape", {"shape": [4, 3]}, (3, 2, 2), (4, 3), in_torch=False),
    LayerCase("Reshape", {"shape": [2, -1, 1]}, (6,), (2, 3, 1), in_torch=False),
    LayerCase("Reshape", {"shape": [-1]}, (), (1,), in_torch=False),
    LayerCase("Dropout", {}, (6,), (6,), in_torch=False),
    LayerCase("Dropout", {"p": 0.2}, (3, 4), (3, 4), in_torch=False),
    LayerCase("Dropout", {"p": 0.0}, (6,), (6,)),
    LayerCase("Dropout2D", {}, (2, 3, 4), (2, 3, 4), in_torch=False),
    LayerCase("Dropout2D", {"p": 0.2}, (1, 1, 5), (1, 1, 5), in_torch=False),
    LayerCase("Dropout2D", {"p": 0.0}, (2, 3, 4), (2, 3, 4)),
    LayerCase("LayerNorm", {}, (5,), (5,)),
    LayerCase("LayerNorm", {"normalized_shape": 3, "eps": 0.1}, (2, 4, 3), (2, 4, 3)),
    LayerCase("LayerNorm", {"normalized_shape": [4, 3]}, (2, 4, 3), (2, 4, 3)),
    LayerCase("LayerNorm", {"bias": False}, (4, 3), (4, 3)),
    LayerCase("LayerNorm", {"elementwise_affine": False}, (4, 3), (4, 3)),
    LayerCase("BatchNorm1D", {}, (5,), (5,), mixes_samples=True),
    LayerCase("BatchNorm1D", {"num_features": 3, "eps": 0.1}, (4, 3), (4, 3), mixes_samples=True),
    LayerCase("BatchNorm1D", {"momentum": None, "affine": False}, (3,), (3,), mixes_samples=True),
    LayerCase("BatchNorm2D", {}, (3, 2, 4), (3, 2, 4), mixes_samples=True),
    LayerCase("BatchNorm2D", {"momentum": 0.7}, (1, 1, 3), (1, 1, 3), mixes_samples=True),
    LayerCase("BatchNorm2D", {"track_running_stats": False}, (2, 2, 1), (2, 2, 1), mixes_samples=True),
    LayerCase("Conv2D", {"out_channels": 3, "kernel_size": 3}, (5, 6, 2), (3, 4, 3)),
    LayerCase("Conv2D", {"out_channels": 4, "kernel_size": 3, "padding": 1}, (4, 5, 1), (4, 5, 4)),
    LayerCase("Conv2D", {"out_channels": 2, "kernel_size": 3, "padding": 1, "bias": False}, (4, 4, 3), (4, 4, 2)),
    LayerCase("Conv2D", {"out_channels": 3, "kernel_size": 5, "stride": 2, "padding": 1}, (9, 8, 1), (4, 3, 3)),
    LayerCase("Conv2D", {"out_channels": 3, "kernel_size": 3, "stride": 2, "padding": 1}, (6, 6, 2), (3, 3, 3)),
    LayerCase("Conv2D", {"out_channels": 2, "kernel_size": 2, "stride": 3}, (7, 8, 2), (2, 3, 2)),
    LayerCase("Conv2D", {"out_channels": 3, "kernel_size": [4, 3]}, (4, 3, 2), (1, 1, 3)),
    LayerCase("Conv2D", {"out_channels": 3, "kernel_size": 3, "padding": 1}, (1, 1, 2), (1, 1, 3)),
    LayerCase("Conv2D", {"out_channels": 2, "kernel_size": 2, "padding": 3, "stride": 2}, (2, 3, 1), (4, 4, 2)),
    LayerCase(
        "Conv2D",
        {"out_channels": 3, "kernel_size": [2, 3], "stride": [3, 1], "padding": [0, 2], "dilation": [1, 2]},
        (6, 4, 2),
        (2, 4, 3),
    ),
    LayerCase("Conv2D", {"out_channels": 2, "kernel_size": 3, "dilation": 2, "padding": 1}, (5, 6, 2), (3, 4, 2)),
    LayerCase("Conv2D", {"out_channels": 2, "kernel_size": 2, "padding": "same"}, (3, 4, 2), (3, 4, 2)),
    LayerCase(
        "Conv2D",
        {"out_channels": 2, "kernel_size": [4, 3], "dilation": [1, 2], "padding": "same"},
        (5, 3, 1),
        (5, 3, 2),
    ),
    LayerCase("Conv2D", {"out_channels": 3, "kernel_size": [1, 2], "padding": "valid"}, (2, 3, 2), (2, 2, 3)),
    LayerCase("Conv2D", {"out_channels": 4, "kernel_size": 1, "in_channels": 3}, (3, 2, 3), (3, 2, 4)),
    LayerCase("Conv2D", {"out_channels": 4, "kernel_size": 1, "stride": 2}, (5, 4, 3), (3, 2, 4)),
    LayerCase("Conv2D", {"out_channels": 4, "kernel_size": 1, "padding": 1}, (2, 2, 3), (4, 4, 4)),
    LayerCase("Conv2D", {"out_channels": 6, "kernel_size": 3, "groups": 2, "padding": 1}, (4, 3, 4), (4, 3, 6)),
    LayerCase("Conv2D", {"out_channels": 4, "kernel_size": 1, "groups": 2, "bias": False}, (3, 2, 6), (3, 2, 4)),
    LayerCase("Conv2D", {"out_channels": 3, "kernel_size": 3, "groups": 3, "stride": 2}, (6, 5, 3), (2, 2, 3)),
    LayerCase(
        "Conv2D",
        {"out_channels": 4, "kernel_size": [3, 2], "groups": 4, "padding": [2, 1], "dilation": [1, 2], "bias": False},
        (5, 6, 4),
        (7, 6, 4),
    ),
    LayerCase("Conv2D", {"out_channels": 2, "kernel_size": 2, "groups": 2, "stride": 3}, (7, 8, 2), (2, 3, 2)),
    LayerCase("Conv2D", {"out_channels": 1, "kernel_size": 3, "padding": 1}, (3, 2, 8), (3, 2, 1)),
    LayerCase("Conv2D", {"out_channels": 1, "kernel_size": [5, 2], "padding": [3, 0]}, (3, 3, 8), (5, 2, 1)),
    LayerCase("Conv2D", {"out_channels": 2, "kernel_size": [7, 4], "padding": 3}, (2, 3, 1), (2, 6, 2)),
    LayerCase("Conv2D", {"out_channels": 4, "kernel_size": [2, 3], "groups": 2, "dilation": 2}, (5, 6, 2), (3, 2, 4)),
    LayerCase("MaxPool2D", {"kernel_size": 2}, (4, 6, 3), (2, 3, 3)),
    LayerCase("MaxPool2D", {"kernel_size": 2}, (5, 3, 2), (2, 1, 2)),
    LayerCase("MaxPool2D", {"kernel_size": 3, "stride": 2, "padding": 1}, (6, 5, 2), (3, 3, 2)),
    LayerCase("MaxPool2D", {"kernel_size": 2, "stride": 3}, (7, 8, 1), (2, 3, 1)),
    LayerCase("MaxPool2D", {"kernel_size": [3, 2], "stride": [1, 2], "padding": [1, 0]}, (4, 5, 2), (4, 2, 2)),
    LayerCase("MaxPool2D", {"kernel_size": [2, 4], "padding": [1, 2]}, (2, 4, 3), (2, 2, 3)),
    LayerCase("MaxPool2D", {"kernel_size": [4, 3]}, (4, 3, 2), (1, 1, 2)),
    LayerCase("MaxPool2D", {"kernel_size": 1}, (2, 3, 2), (2, 3, 2)),
    LayerCase("MaxPool2D", {"kernel_size": 3, "padding": 1}, (1, 1, 2), (1, 1, 2)),
    LayerCase("AvgPool2D", {"kernel_size": 2}, (4, 6, 3), (2, 3, 3)),
    LayerCase("AvgPool2D", {"kernel_size": 2}, (5, 3, 2), (2, 1, 2)),
    LayerCase("AvgPool2D", {"kernel_size": 3, "stride": 2, "padding": 1}, (6, 5, 2), (3, 3, 2)),
    LayerCase(
        "AvgPool2D", {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False}, (6, 5, 2), (3, 3, 2)
    ),
    LayerCase("AvgPool2D", {"kernel_size": [1, 2], "stride": 3, "count_include_pad": False}, (7, 8, 1), (3, 3, 1)),
    LayerCase("AvgPool2D", {"kernel_size": 3, "padding": 1}, (1, 1, 2), (1, 1, 2)),
    LayerCase("GlobalAvgPool2D", {}, (3, 4, 2), (2,)),
    LayerCase("GlobalAvgPool2D", {}, (1, 1, 3), (3,)),
    LayerCase("Sequential", {"layers": NETWORK}, (5,), (3,), in_torch=False),
    LayerCase("Residual", {"layers": RESIDUAL}, (4,), (4,), in_torch=False),
    LayerCase("Residual", {"layers": NETWORK, "shortcut": [LINEAR], "after": ["Tanh"]}, (5,), (3,), in_torch=False),
    LayerCase("BasicBlock", {"channels": 2}, (4, 3, 2), (4, 3, 2), in_torch=False, mixes_samples=True),
    LayerCase("BasicBlock", {"channels": 3, "stride": 2}, (5, 4, 2), (3, 2, 3), in_torch=False, mixes_samples=True),
    LayerCase("Bottleneck", {"channels": 1}, (3, 3, 4), (3, 3, 4), in_torch=False, mixes_samples=True),
    LayerCase(
        "Bottleneck",
        {"channels": 2, "stride": 2, "expansion": 2},
        (4, 4, 3),
        (2, 2, 4),
        in_torch=False,
        mixes_samples=True,
    ),
    LayerCase("Sequential", {"layers": []}, (5,), (5,), in_torch=False),
]

# Layers that do not fit what comes before them: type, args, shape of a sample, and what the message must say.
MISFITS: list[tuple[str, dict[str, Any], Shape, str]] = [
    ("Residual", {"layers": NETWORK}, (5,), r"adds what its layers make, \(3,\), to what its shortcut makes, \(5,\)"),
    ("Residual", {"layers": NETWORK, "shortcut": [LINEAR]}, (), "body: linear1: Linear needs samples"),
    ("BasicBlock", {"channels": 2}, (5,), r"BasicBlock needs images .* got samples of shape \(5,\)"),
    ("Bottleneck", {"channels": 2}, (5,), r"Bottleneck needs images .* got samples of shape \(5,\)"),
    ("Linear", {"out_features": 3}, (), "needs samples with at least one axis"),
    ("Linear", {"out_features": 3, "in_features": 4}, (5,), "set in_features to 5 or leave it out"),
    ("Linear", {"out_features": 3, "in_features": 24}, (3, 2, 4), "put a Flatten before it"),
    ("Softmax", {}, (), "needs samples with at least one axis"),
    ("LogSoftmax", {}, (), "needs samples with at least one axis"),
    ("Reshape", {"shape": [4, 4]}, (5, 3), r"of shape \(5, 3\), .* 15 numbers, into \[4, 4\]; .* multiply to 15"),
    ("Reshape", {"shape": [4, -1]}, (5, 3), r"into \[4, -1\]; the lengths must divide 15"),
    ("Dropout2D", {}, (5, 3), r"Dropout2D needs images \(height, width, channels\), got samples of shape \(5, 3\)"),
    ("LayerNorm", {}, (), "LayerNorm normalises over axes"),
    ("LayerNorm", {"normalized_shape": [5]}, (5, 3), r"axes \[5\], but what comes before it has shape \(5, 3\)"),
    ("LayerNorm", {"normalized_shape": [2, 5, 3]}, (5, 3), "must be the last of these lengths, or be left out"),
    ("BatchNorm1D", {}, (), r"needs samples \(features,\) or \(length, features\), got shape \(\)"),
    ("BatchNorm1D", {}, (4, 4, 2), r"got shape \(4, 4, 2\)"),
    ("BatchNorm1D", {"num_features": 4}, (5,), "set num_features to 5 or leave it out"),
    ("BatchNorm2D", {}, (5,), r"BatchNorm2D needs images .* got samples of shape \(5,\)"),
    ("Conv2D", {"out_channels": 3, "kernel_size": 3}, (5,), r"Conv2D needs images .* got samples of shape \(5,\)"),
    ("Conv2D", {"out_channels": 3, "kernel_size": 3, "in_channels": 2}, (5, 5, 3), "set in_channels to 3 or leave it"),
    ("Conv2D", {"out_channels": 4, "kernel_size": 3, "groups": 2}, (5, 5, 3), "into 2 groups, .* has 3 channels"),
    ("Conv2D", {"out_channels": 3, "kernel_size": 5}, (4, 9, 1), r"Conv2D: .* covers \(5, 5\), .* image \(4, 9\)"),
    ("Conv2D", {"out_channels": 3, "kernel_size": 3, "dilation": 3, "padding": 1}, (5, 4, 1), r"\(7, 7\), .*7, 6\);"),
    ("MaxPool2D", {"kernel_size": 2}, (5,), r"MaxPool2D needs images \(height, width, channels\), got .* \(5,\)"),
    ("MaxPool2D", {"kernel_size": 5}, (4, 9, 1), r"kernel_size \(5, 5\) is larger than the image \(4, 9\)"),
    ("AvgPool2D", {"kernel_size": [2, 7], "padding": [1, 0]}, (4, 4, 1), r"AvgPool2D: .* at most \(6, 4\) fits"),
    ("GlobalAvgPool2D", {}, (5, 3), "GlobalAvgPool2D needs images"),
    ("Sequential", {"layers": ["ReLU", *NETWORK]}, (), "linear1: Linear needs samples with at least one axis"),
]

# Arguments that cannot be: type, args, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    *((kind, {"size": 3}, f"{kind} has no argument 'size'") for kind in ("ReLU", "Sigmoid", "Tanh", "Softmax", "SiLU")),
    *((kind, {"size": 3}, f"{kind} has no argument 'size'") for kind in ("LogSoftmax", "Identity", "Flatten")),
    ("GlobalAvgPool2D", {"kernel_size": 3}, "GlobalAvgPool2D has no argument 'kernel_size'"),
    ("LeakyReLU", {"negative_slope": -1}, "negative_slope: expected a number of at least 0, got -1"),
    ("GELU", {"approximate": True}, 'approximate: expected "none" or "tanh", got true'),
    ("Linear", {}, "out_features: is missing"),
    ("Linear", {"out_features": 0}, "out_features: expected a whole number of at least 1, got 0"),
    ("Linear", {"out_features": 3, "initializer": "HeNorm"}, "did you mean 'HeNormal'"),
    ("Reshape", {"shape": []}, "shape: expected a list with at least 1"),
    ("Reshape", {"shape": [-2]}, "shape.0: expected a whole number of at least -1, got -2"),
    ("Reshape", {"shape": [-1, -1]}, "Reshape cannot be made"),
    ("Dropout", {"p": 1}, "p: expected a number of at least 0 and below 1, got 1"),
    ("Dropout2D", {"p": -0.1}, "p: expected a number of at least 0 and below 1, got -0.1"),
    ("LayerNorm", {"eps": 0}, "eps: expected a number above 0, got 0"),
    ("LayerNorm", {"normalized_shape": [0]}, "normalized_shape.0: expected a whole number of at least 1, got 0"),
    ("BatchNorm1D", {"momentum": 1.5}, "momentum: expected a number of at least 0 and of at most 1 or null, got 1.5"),
    ("BatchNorm2D", {"num_features": 0}, "num_features: expected a whole number of at least 1 or null, got 0"),
    ("Conv2D", {"out_channels": 3}, "kernel_size: is missing"),
    ("Conv2D", {"out_channels": 3, "kernel_size": [3]}, "kernel_size: expected .*a list of 2"),
    ("Conv2D", {"out_channels": 3, "kernel_size": 3, "padding": "full"}, 'padding: expected .*"same"'),
    ("Conv2D", {"out_channels": 3, "kernel_size": 3, "groups": 2}, "Conv2D cannot be made"),
    ("MaxPool2D", {"kernel_size": 2, "padding": 2}, "MaxPool2D cannot be made"),
    ("AvgPool2D", {"kernel_size": 0}, "kernel_size: expected a whole number of at least 1"),
    ("Residual", {"layers": "ReLU"}, "layers: expected a list"),
    ("BasicBlock", {"channels": 2, "stride": 0}, "stride: expected a whole number of at least 1, got 0"),
    ("Bottleneck", {"channels": 2, "expansion": 0}, "expansion: expected a whole number of at least 1, got 0"),
    ("Sequential", {"layers": ["ReLU", "Relu6"]}, r"layers\.1: unknown layer 'Relu6'"),
]
