"""The layers; a new one is one row."""

from dataclasses import dataclass
from typing import Any

from base.base_layer import BaseLayer
from base.types import Shape
from tests.cases.case import Case


@dataclass(frozen=True)
class LayerCase(Case):
    """A layer, the shape of one sample, that of its output, and whether PyTorch has the same layer."""

    input_shape: Shape
    output_shape: Shape
    in_torch: bool = True

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
    LayerCase("Identity", {}, (3, 2), (3, 2)),
    LayerCase("Flatten", {}, (3, 2, 2), (12,)),
    LayerCase("Dropout", {}, (6,), (6,), in_torch=False),
    LayerCase("Dropout", {"p": 0.2}, (3, 4), (3, 4), in_torch=False),
    LayerCase("Dropout", {"p": 0.0}, (6,), (6,)),
    LayerCase("Sequential", {"layers": NETWORK}, (5,), (3,), in_torch=False),
    LayerCase("Sequential", {"layers": []}, (5,), (5,), in_torch=False),
]

# Layers that do not fit what comes before them: type, args, shape of a sample, and what the message must say.
MISFITS: list[tuple[str, dict[str, Any], Shape, str]] = [
    ("Linear", {"out_features": 3}, (), "needs samples with at least one axis"),
    ("Linear", {"out_features": 3, "in_features": 4}, (5,), "set in_features to 5 or leave it out"),
    ("Softmax", {}, (), "needs samples with at least one axis"),
    ("Sequential", {"layers": ["ReLU", *NETWORK]}, (), "linear1: Linear needs samples with at least one axis"),
]
