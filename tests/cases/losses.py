"""The losses; a new one is one row."""

from dataclasses import dataclass

import numpy as np

from base.base_loss import BaseLoss
from base.types import Array, Shape
from tests.cases.case import Case


@dataclass(frozen=True)
class LossCase(Case):
    """A loss, the shape of one output, and whether targets are class indices; `scale` makes outputs large."""

    output_shape: Shape
    classes: bool
    scale: float = 1.0
    in_torch: bool = True

    def __str__(self) -> str:
        kind = "classes" if self.classes else "numbers"
        return f"{super().__str__()} on {self.output_shape} times {self.scale:g} against {kind}"

    def make(self) -> BaseLoss:
        """The loss."""
        loss: BaseLoss = self.built(BaseLoss)
        return loss

    def batch(self, count: int = 7) -> tuple[Array, Array]:
        """Outputs in float64, and their targets."""
        generator = np.random.default_rng(3)
        outputs = self.scale * generator.standard_normal((count, *self.output_shape))
        if self.classes:
            return outputs, generator.integers(0, self.output_shape[0], count)
        return outputs, generator.standard_normal(outputs.shape)


CASES = [
    LossCase("CrossEntropyLoss", {}, (5,), classes=True),
    LossCase("CrossEntropyLoss", {}, (2,), classes=True),
    LossCase("CrossEntropyLoss", {}, (4,), classes=True, scale=1e4),
    LossCase("MSELoss", {}, (5,), classes=False),
    LossCase("MSELoss", {}, (3, 2), classes=False),
    LossCase("MSELoss", {}, (4,), classes=True),
]
