"""The pictures that show a trained network."""

from collections.abc import Callable
from pathlib import Path

from trainer.inspected_judgement import confusion, mistakes
from trainer.inspected_layers import feature_maps, kernels, weights
from trainer.inspected_plane import boundary
from trainer.inspection import Inspection

INSPECTED: dict[str, Callable[[Inspection, Path], bool]] = {  # whether the picture applies, and so was drawn
    "confusion": confusion,
    "mistakes": mistakes,
    "weights": weights,
    "kernels": kernels,
    "feature_maps": feature_maps,
    "boundary": boundary,
}
