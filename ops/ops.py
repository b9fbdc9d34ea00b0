"""The family of operations, as layers, losses, optimizers and augmentations see it."""

from __future__ import annotations

from typing import Any

from ops.formulas.activations import Activations
from ops.formulas.convolution import Convolutions
from ops.formulas.inputs import Inputs
from ops.formulas.normalization import Normalizations
from ops.formulas.pooling import Pooling
from ops.formulas.products import Products
from ops.formulas.resampling import Resampling
from ops.formulas.softmax import Softmaxes
from ops.formulas.sums import Sums
from ops.formulas.update import Updates


class Ops(Products, Convolutions, Pooling, Normalizations, Activations, Softmaxes, Sums, Updates, Inputs, Resampling):
    """Operations in plain NumPy. What a component computes with is its `ops`; each run has one for all of them."""

    name = "numpy"
    description = "NumPy"

    def __deepcopy__(self, memo: dict[int, Any]) -> Ops:
        """Copies of a model share their operations, which hold nothing."""
        return self
