"""The losses; a new one is one row."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from base.base_loss import BaseLoss
from base.types import Array, Shape
from tests.cases.case import Case

Targets = Literal["classes", "probabilities", "numbers"]


@dataclass(frozen=True)
class LossCase(Case):
    """A loss, the shape of one output, and what targets are; `scale` makes outputs large.

    Targets of "probabilities" stand for class indices of which samples were mixed, or for labels between 0 and 1.
    """

    output_shape: Shape
    targets: Targets = "classes"
    scale: float = 1.0
    in_torch: bool = True

    def __str__(self) -> str:
        return f"{super().__str__()} on {self.output_shape} times {self.scale:g} against {self.targets}"

    def make(self) -> BaseLoss:
        """The loss, which knows how often each class occurs where it asks for that."""
        loss: BaseLoss = self.built(BaseLoss)
        if self.args.get("weight") == "balanced":
            loss.class_counts = np.array(COUNTS)
        return loss

    @property
    def classes(self) -> int | None:
        """How many classes the data has, if it has classes."""
        return None if self.targets == "numbers" else max(self.output_shape[0], 2)

    def batch(self, count: int = 7) -> tuple[Array, Array]:
        """Outputs in float64 of the kind that the loss takes, and their targets."""
        generator = np.random.default_rng(3)
        outputs = self.scale * generator.standard_normal((count, *self.output_shape))
        meaning = self.make().outputs
        if meaning in ("probabilities", "log_probabilities"):
            outputs = np.exp(-np.logaddexp(0, -outputs))
        if meaning == "log_probabilities":
            outputs = np.log(outputs)
        if self.targets == "classes":
            return outputs, generator.integers(0, self.classes, count)
        if self.targets == "probabilities":
            return outputs, generator.dirichlet(np.ones(self.classes or 1), count)
        return outputs, generator.standard_normal(outputs.shape)


WEIGHT = [0.5, 2.0, 1.0, 3.0]
COUNTS = [7, 1, 40, 3]  # training samples of each class

CASES = [
    LossCase("CrossEntropyLoss", {}, (5,)),
    LossCase("CrossEntropyLoss", {}, (2,)),
    LossCase("CrossEntropyLoss", {}, (4,), scale=1e4),
    LossCase("CrossEntropyLoss", {}, (4,), "probabilities"),
    LossCase("CrossEntropyLoss", {}, (4,), "probabilities", scale=1e4),
    LossCase("CrossEntropyLoss", {"label_smoothing": 0.1}, (4,)),
    LossCase("CrossEntropyLoss", {"weight": WEIGHT}, (4,)),
    LossCase("CrossEntropyLoss", {"weight": WEIGHT, "label_smoothing": 0.3}, (4,)),
    LossCase("CrossEntropyLoss", {"weight": WEIGHT, "label_smoothing": 0.3}, (4,), "probabilities"),
    LossCase("CrossEntropyLoss", {"weight": "balanced"}, (4,)),
    LossCase("CrossEntropyLoss", {"weight": "balanced", "label_smoothing": 0.3}, (4,), "probabilities"),
    LossCase("CrossEntropyLoss", {"from_logits": False}, (4,)),
    LossCase("CrossEntropyLoss", {"from_logits": False, "weight": WEIGHT}, (4,)),
    LossCase("CrossEntropyLoss", {"from_logits": False, "label_smoothing": 0.2}, (3,), "probabilities", in_torch=False),
    LossCase("CrossEntropyLoss", {"from_logits": False}, (4,), scale=1e4, in_torch=False),
    LossCase("NLLLoss", {}, (5,)),
    LossCase("NLLLoss", {"weight": WEIGHT}, (4,)),
    LossCase("NLLLoss", {"weight": WEIGHT}, (4,), "probabilities", in_torch=False),
    LossCase("NLLLoss", {"weight": "balanced"}, (4,)),
    LossCase("MSELoss", {}, (5,), "numbers"),
    LossCase("MSELoss", {}, (3, 2), "numbers"),
    LossCase("MSELoss", {}, (4,)),
    LossCase("MSELoss", {}, (4,), "probabilities"),
    LossCase("MSELoss", {}, (1,)),
    LossCase("MSELoss", {}, (1,), "probabilities"),
    LossCase("MSELoss", {"reduction": "half_sum"}, (3, 2), "numbers"),
    LossCase("MSELoss", {"softmax": True}, (4,)),
    LossCase("MSELoss", {"softmax": True, "reduction": "half_sum"}, (3,), "probabilities"),
    LossCase("MSELoss", {"softmax": True}, (4,), scale=1e4),
    LossCase("L1Loss", {}, (3, 2), "numbers"),
    LossCase("L1Loss", {}, (4,)),
    LossCase("L1Loss", {}, (1,), "probabilities"),
    LossCase("HuberLoss", {}, (5,), "numbers"),
    LossCase("HuberLoss", {"delta": 0.3}, (3, 2), "numbers"),
    LossCase("HuberLoss", {"delta": 2}, (4,), scale=1e4),
    LossCase("BCEWithLogitsLoss", {}, (1,)),
    LossCase("BCEWithLogitsLoss", {}, (4,), "probabilities"),
    LossCase("BCEWithLogitsLoss", {"pos_weight": 3}, (4,)),
    LossCase("BCEWithLogitsLoss", {"pos_weight": 0.2}, (1,), "probabilities"),
    LossCase("BCEWithLogitsLoss", {"pos_weight": 3}, (4,), scale=1e4),
    LossCase("BCELoss", {}, (1,)),
    LossCase("BCELoss", {}, (4,), "probabilities"),
    LossCase("BCELoss", {}, (4,), scale=1e4, in_torch=False),  # it writes 1e-12 in float32
    LossCase("HingeLoss", {}, (5,)),
    LossCase("HingeLoss", {"margin": 0.4, "p": 2}, (4,)),
    LossCase("HingeLoss", {}, (4,), scale=1e4),
    LossCase("HingeLoss", {}, (4,), "probabilities", in_torch=False),
    LossCase("HingeLoss", {"multi_class": "crammer_singer"}, (4,), in_torch=False),
    LossCase("HingeLoss", {"multi_class": "crammer_singer", "p": 2, "margin": 2}, (3,), in_torch=False),
    LossCase("HingeLoss", {}, (1,), in_torch=False),
    LossCase("HingeLoss", {"margin": 0.5, "p": 2}, (1,), "numbers", in_torch=False),
    LossCase("HingeLoss", {"p": 2}, (1,), "probabilities", in_torch=False),
]

# What cannot be compared: type, args, shapes of output and target of a sample, classes, and what the message must say.
MISFITS: list[tuple[str, dict[str, Any], Shape, Shape, int | None, str]] = [
    ("CrossEntropyLoss", {}, (4,), (), 3, r"\(4,\), but CrossEntropyLoss needs an output for each of the 3 classes"),
    ("CrossEntropyLoss", {}, (2, 3), (), 3, r"shape \(2, 3\), but CrossEntropyLoss"),
    ("CrossEntropyLoss", {}, (1,), (), 2, r"shape \(1,\), but CrossEntropyLoss"),
    ("CrossEntropyLoss", {}, (3,), (3,), None, "CrossEntropyLoss needs class labels"),
    ("CrossEntropyLoss", {"weight": [1, 2]}, (3,), (), 3, "2 numbers in weight, but there are 3 classes"),
    ("NLLLoss", {}, (4,), (), 3, r"shape \(4,\), but NLLLoss"),
    ("CrossEntropyLoss", {"weight": "balanced"}, (3,), (), 3, "needs the number of training samples of each class"),
    ("NLLLoss", {"weight": [1, 2]}, (3,), (), 3, "NLLLoss has 2 numbers in weight"),
    ("NLLLoss", {"weight": "balanced"}, (3,), (), None, "NLLLoss needs class labels"),
    ("MSELoss", {}, (4,), (), 3, r"output has shape \(4,\), but for MSELoss 3 classes need \(3,\); change"),
    ("MSELoss", {}, (4,), (2, 2), None, r"output has shape \(4,\), but for MSELoss the targets have \(2, 2\)"),
    ("MSELoss", {}, (2,), (), None, r"the targets have \(1,\)"),
    ("MSELoss", {"softmax": True}, (1,), (), 2, "the softmax of one is always 1"),
    ("L1Loss", {}, (1,), (), 3, r"for L1Loss 3 classes need \(3,\)"),
    ("HuberLoss", {}, (3,), (), 2, r"for HuberLoss 2 classes need \(2,\) or \(1,\)"),
    ("BCEWithLogitsLoss", {}, (3,), (), 2, "for BCEWithLogitsLoss 2 classes need"),
    ("BCELoss", {}, (3,), (2,), None, "for BCELoss the targets have"),
    ("HingeLoss", {}, (4,), (), 3, r"shape \(4,\), but HingeLoss"),
    ("HingeLoss", {}, (3,), (3,), None, "HingeLoss needs class labels"),
    ("HingeLoss", {}, (1,), (), 3, "HingeLoss of a single output needs one target of two values"),
    ("HingeLoss", {}, (1,), (2,), None, "HingeLoss of a single output needs one target of two values"),
]

# Arguments that cannot be: type, args, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("CrossEntropyLoss", {"label_smoothing": 1}, "label_smoothing: expected a number of at least 0 and below 1, got 1"),
    ("CrossEntropyLoss", {"weight": [1, 0]}, "weight.1: expected a number above 0, got 0"),
    ("CrossEntropyLoss", {"weight": "balance"}, '"balanced" or null, got "balance"'),
    ("NLLLoss", {"weight": [-1]}, "weight.0: expected a number above 0, got -1"),
    ("MSELoss", {"reduction": "sum"}, 'reduction: expected "mean" or "half_sum", got "sum"'),
    ("L1Loss", {"reduction": "sum"}, "L1Loss has no argument 'reduction'"),
    ("BCELoss", {"pos_weight": 2}, "BCELoss has no argument 'pos_weight'"),
    ("HuberLoss", {"delta": 0}, "delta: expected a number above 0, got 0"),
    ("BCEWithLogitsLoss", {"pos_weight": 0}, "pos_weight: expected a number above 0, got 0"),
    ("HingeLoss", {"p": 3}, "p: expected 1 or 2, got 3"),
    ("HingeLoss", {"margin": 0}, "margin: expected a number above 0, got 0"),
    ("HingeLoss", {"multi_class": "sum"}, 'multi_class: expected "weston_watkins" or "crammer_singer", got "sum"'),
]
