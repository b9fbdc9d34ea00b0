"""The pictures that show a trained network."""

from collections.abc import Callable
from pathlib import Path

from trainer.inspection.decision_boundary import boundary
from trainer.inspection.inspection import Inspection
from trainer.inspection.layers import feature_maps, kernels, weights
from trainer.inspection.mistakes import confusion, mistakes, regression

INSPECTED: dict[str, Callable[[Inspection, Path], bool]] = {  # whether the picture applies, and so was drawn
    "confusion": confusion,
    "regression": regression,
    "mistakes": mistakes,
    "weights": weights,
    "kernels": kernels,
    "feature_maps": feature_maps,
    "boundary": boundary,
}
