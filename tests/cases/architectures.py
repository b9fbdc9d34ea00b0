"""The architectures; a new one is one row."""

from dataclasses import dataclass

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
    ArchitectureCase("MLP", {"layer_sizes": [6, 5, 3], "dropout": 0.4}, (6,), (3,), 6 * 5 + 5 + 5 * 3 + 3),
    ArchitectureCase("Sequential", {"layers": LAYERS}, (3, 2), (3,), 6 * 3 + 3),
]
