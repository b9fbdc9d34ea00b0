"""The family of operations, compiled."""

from ops.compiled import target
from ops.compiled.activations import CompiledActivations
from ops.compiled.beside import compile_beside
from ops.compiled.convolution import CompiledConvolutions
from ops.compiled.inputs import CompiledInputs
from ops.compiled.normalization import CompiledNormalizations
from ops.compiled.pooling import CompiledPooling
from ops.compiled.products import CompiledProducts
from ops.compiled.resampling import CompiledResampling
from ops.compiled.softmax import CompiledSoftmaxes
from ops.compiled.sums import CompiledSums
from ops.compiled.tile import has_panel, load_panel
from ops.compiled.update import CompiledUpdates
from ops.ops import Ops


class CompiledOps(
    CompiledProducts,
    CompiledConvolutions,
    CompiledPooling,
    CompiledNormalizations,
    CompiledActivations,
    CompiledSoftmaxes,
    CompiledSums,
    CompiledUpdates,
    CompiledInputs,
    CompiledResampling,
    Ops,
):
    """Operations that Numba compiles, with the same bits on every processor."""

    name = "compiled"

    def __init__(self, dtype: str | None = None, loads_tile: bool = True) -> None:
        self.description = f"compiled for {target.description()}"
        if dtype and loads_tile and not has_panel(dtype):
            compile_beside(dtype)
        for kind in ("float32", "float64") if loads_tile else ():
            if dtype in (None, kind):
                load_panel(kind)
