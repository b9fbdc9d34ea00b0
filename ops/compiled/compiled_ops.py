"""The family of operations, compiled."""

from ops.compiled import target
from ops.compiled.activations import CompiledActivations
from ops.compiled.convolution import CompiledConvolutions
from ops.compiled.gradients import CompiledGradients
from ops.compiled.inputs import CompiledInputs
from ops.compiled.normalization import CompiledNormalizations
from ops.compiled.optimizers import CompiledOptimizers
from ops.compiled.pooling import CompiledPooling
from ops.compiled.products import CompiledProducts
from ops.compiled.resampling import CompiledResampling
from ops.compiled.softmax import CompiledSoftmaxes
from ops.compiled.sums import CompiledSums
from ops.ops import Ops


class CompiledOps(
    CompiledProducts,
    CompiledConvolutions,
    CompiledPooling,
    CompiledNormalizations,
    CompiledActivations,
    CompiledSoftmaxes,
    CompiledSums,
    CompiledGradients,
    CompiledOptimizers,
    CompiledInputs,
    CompiledResampling,
    Ops,
):
    """Operations that Numba compiles, with the same bits on every processor."""

    name = "compiled"

    def __init__(self) -> None:
        self.description = f"compiled for {target.description()}"
