"""Predictions over the plane, for data that lie in one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from base.dataset import Dataset
from logger.pictures.boundary import Plane, PointSet, draw_boundary
from trainer.inspection.inspection import Inspection

_POINTS = 2000
_GRID = (40, 200)  # fewest and most cells along a side of the plane
_EFFORT = 4e9  # multiply-adds to spend on the plane


def boundary(inspection: Inspection, path: Path) -> bool:
    """Draw what the network says of every point of the plane, where the data lie in one."""
    if inspection.data.input_shape != (2,) or not len(inspection.predictions):
        return False
    parts = {"training": inspection.experiment.training, "validation": inspection.experiment.validation}
    sets = [_points(inspection, name, data) for name, data in parts.items() if data is not None]
    title = f"targets, and what the network says of every point of the plane, epoch {inspection.epoch}"
    plane = _plane(inspection, sets)
    match inspection.data.columns:
        case (first, second):  # which are as many as inputs where no column became several
            plane = replace(plane, features=(first.name, second.name))
    draw_boundary(sets, plane, inspection.data.classes, title, path)
    return True


def _points(inspection: Inspection, name: str, data: Dataset) -> PointSet:
    data = inspection.some(data, _POINTS)
    predictions = inspection.predict(data)
    return PointSet(name, data.inputs[data.rows].astype(np.float64), predictions.targets, predictions.predictions)


def _plane(inspection: Inspection, sets: list[PointSet]) -> Plane:
    points = np.concatenate([part.points for part in sets])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.08 * np.where(high > low, high - low, 1)
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    side = int(np.clip(np.sqrt(_EFFORT / len(inspection.model.values)), *_GRID))
    middles = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(left + (right - left) * middles, bottom + (top - bottom) * middles)
    predictions = inspection.predict_inputs(np.stack([x.ravel(), y.ravel()], axis=1))
    said, box = predictions.predictions.reshape(side, side), (left, right, bottom, top)
    if predictions.classes is None or (len(predictions.classes) > 2 and not predictions.has_probabilities):
        return Plane(box, said, None, "")
    if len(predictions.classes) > 2:
        return Plane(box, said, predictions.certainty.reshape(side, side), "")
    sure = predictions.second.reshape(side, side)
    if predictions.has_probabilities:
        return Plane(box, said, sure, f"probability of class {predictions.classes[1]}")
    middle = 0.0 if inspection.experiment.settings.loss.outputs == "margins" else 0.5
    return Plane(box, said, sure, "output of the network", 2 * middle - 1, 1.0)
