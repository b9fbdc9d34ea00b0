"""The architectures; a new one is one row."""

from dataclasses import dataclass
from typing import Any

from base.base_model import BaseModel
from base.types import Shape
from tests.cases.case import Case


@dataclass(frozen=True)
class ArchitectureCase(Case):
    """An architecture, the shape of one sample, that of its output, and how many numbers it trains."""

    input_shape: Shape
    output_shape: Shape
    size: int

    def __str__(self) -> str:
        return f"{super().__str__()} on {self.input_shape}"

    def make(self) -> BaseModel:
        """The model, not yet built."""
        model: BaseModel = self.built(BaseModel)
        return model


LAYERS = ["Flatten", {"type": "Linear", "args": {"out_features": 3}}, "Softmax"]

CASES = [
    ArchitectureCase("MLP", {"layer_sizes": [6, 5, 4, 3]}, (6,), (3,), 6 * 5 + 5 + 5 * 4 + 4 + 4 * 3 + 3),
    ArchitectureCase("MLP", {"layer_sizes": [6, 3]}, (3, 2, 1), (3,), 6 * 3 + 3),
    ArchitectureCase("MLP", {"layer_sizes": [6, 5, 3], "bias": False, "activation": "Tanh"}, (6,), (3,), 6 * 5 + 5 * 3),
    ArchitectureCase("MLP", {"layer_sizes": [6, 5, 3], "batch_norm": True}, (6,), (3,), 6 * 5 + 2 * 5 + 5 * 3 + 3),
    ArchitectureCase("MLP", {"layer_sizes": [6, 5, 3], "dropout": 0.4}, (6,), (3,), 6 * 5 + 5 + 5 * 3 + 3),
    ArchitectureCase(
        "CNN", {"channels": [2, 3], "classes": 4, "pool_size": [2, 0]}, (8, 8, 1), (4,), (18 + 2) + (54 + 3) + (12 + 4)
    ),
    ArchitectureCase(
        "CNN",
        {"channels": [2], "classes": 3, "hidden_sizes": [4], "batch_norm": True, "padding": "same", "dropout": 0.3},
        (4, 4, 2),
        (3,),
        (36 + 4) + (8 * 4 + 8) + (4 * 3 + 3),
    ),
    ArchitectureCase(
        "CNN",
        {"channels": [2, 2], "classes": 2, "kernel_size": [3, 1], "stride": [2, 1], "padding": [1, 0], "pool_size": 0},
        (5, 4, 1),
        (2,),
        (18 + 2) + (4 + 2) + (3 * 2 * 2 * 2 + 2),
    ),
    ArchitectureCase(
        "CNN",
        {"channels": [2], "classes": 3, "batch_norm": True, "padding": "same", "pool_first": True},
        (4, 4, 2),
        (3,),
        (36 + 4) + (8 * 3 + 3),
    ),
    ArchitectureCase(
        "ResNet",
        {"classes": 3, "channels": [2, 3], "blocks": [1, 2]},
        (6, 6, 1),
        (3,),
        (18 + 4) + (36 + 4) * 2 + (54 + 6) + (81 + 6) + (6 + 6) + (81 + 6) * 2 + (9 + 3),
    ),
    ArchitectureCase(
        "ResNet",
        {"classes": 2, "channels": [1], "bottleneck": True},
        (4, 4, 1),
        (2,),
        (9 + 2) + (1 + 2) + (9 + 2) + (4 + 8) + (4 + 8) + (8 + 2),
    ),
    ArchitectureCase("Sequential", {"layers": LAYERS}, (3, 2), (3,), 6 * 3 + 3),
]

# Arguments that cannot be: type, args, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("MLP", {"layer_sizes": [6]}, "layer_sizes: expected a list with at least 2"),
    ("MLP", {"layer_sizes": [6, 3], "activation": "relu"}, "activation: unknown .*'relu'; did you mean 'ReLU'"),
    ("MLP", {"layer_sizes": [6, 3], "dropout": 1}, "dropout: expected a number of at least 0 and below 1, got 1"),
    ("CNN", {"channels": [], "classes": 3}, "channels: expected a list with at least 1"),
    ("CNN", {"channels": [2, 2], "classes": 3, "kernel_size": [3, 3, 3]}, "CNN cannot be made"),
    ("ResNet", {"channels": [2]}, "classes: is missing"),
    ("ResNet", {"channels": [2, 3], "classes": 2, "blocks": [1]}, "ResNet cannot be made"),
    ("Sequential", {"layers": [{"type": "Linear"}]}, r"layers\.0\.args\.out_features: is missing"),
]
