"""Predictions and mistakes of a trained network: as a file and as pictures."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from base.dataset import Dataset
from base.types import Array
from logger.figures import finite_or_none
from logger.mistake_images import MistakeImages
from logger.pictures.confusion import draw_confusion
from logger.pictures.mistakes import Caption, certainty_text, draw_mistakes, number_text
from logger.pictures.regression import draw_regression
from logger.pictures.tiles import is_image
from trainer.inspection.input_gradients import prediction_gradients
from trainer.inspection.inspection import Inspection
from trainer.inspection.predictions import Predictions
from utils.files import replace_text

_MOST_CLASSES = 300  # of a confusion matrix that can be looked at
_MOST_NUMBERS = 4  # of a sample, each of which has a row of plots
_MISTAKES = 24


def write_validation(inspection: Inspection, path: Path) -> None:
    """Write what the best epoch makes of the validation data, as JSON. Raises WriteError."""
    predictions, few = inspection.predictions, len(inspection.data.classes or ()) in range(1, _MOST_CLASSES + 1)
    result: dict[str, Any] = {
        "epoch": inspection.epoch,
        "data": inspection.part,
        "n_samples": len(inspection.data),
        **finite_or_none({"loss": predictions.loss}),
        "classes": None if predictions.classes is None else list(predictions.classes),
        "confusion_matrix": predictions.confusion.tolist() if few else None,
        "mistakes": [_mistake(inspection, int(sample)) for sample in predictions.mistakes(_MISTAKES)],
    }
    replace_text(path, json.dumps(result, indent=2, allow_nan=False) + "\n")


def _mistake(inspection: Inspection, sample: int) -> dict[str, Any]:
    predictions, named = inspection.predictions, {"sample": sample, "name": sample_name(inspection.data, sample)}
    target, prediction = predictions.targets[sample], predictions.predictions[sample]
    if predictions.classes is None:
        numbers = finite_or_none({"target": float(target), "prediction": float(prediction)})
        return {**named, **numbers, "probability": None}
    certainty = finite_or_none({"probability": float(predictions.certainty[sample])})["probability"]
    return {
        **named,
        "target": predictions.classes[target],
        "prediction": predictions.classes[prediction],
        "probability": certainty if predictions.has_probabilities else None,
    }


def confusion(inspection: Inspection, path: Path) -> bool:
    """Draw the confusion matrix, where there are classes, and not too many."""
    if inspection.data.classes is None:
        return False
    return draw_classes(inspection.predictions, _where(inspection), path)


def draw_classes(predictions: Predictions, where: str, path: Path) -> bool:
    """Draw which class is taken for which, unless there are too many."""
    if predictions.classes is None or len(predictions.classes) > _MOST_CLASSES:
        return False
    draw_confusion(predictions.confusion, predictions.classes, f"confusion matrix: {where}", path)
    return True


def regression(inspection: Inspection, path: Path) -> bool:
    """Draw predicted against true numbers and residuals, where a few numbers are predicted."""
    if inspection.data.classes is not None or int(np.prod(inspection.data.target_shape)) > _MOST_NUMBERS:
        return False
    return draw_numbers(*inspection.numbers, _where(inspection), path)


def draw_numbers(targets: Array, outputs: Array, where: str, path: Path) -> bool:
    """Draw targets and outputs (N, K) and residuals, where there is an output for each of a few numbers."""
    if targets.shape != outputs.shape or targets.shape[1] > _MOST_NUMBERS:
        return False
    draw_regression(targets, outputs, f"predicted and true numbers: {where}", path)
    return True


def _where(inspection: Inspection) -> str:
    return f"{inspection.part} data, epoch {inspection.epoch}"


def mistakes(inspection: Inspection, path: Path) -> bool:
    """Draw the images that the network is most wrong about, where there are such."""
    predictions = inspection.predictions
    samples = predictions.mistakes(_MISTAKES)
    if not len(samples) or not is_image(inspection.data.input_shape):
        return False
    where = _where(inspection)
    title = f"the {len(samples)} largest errors, {where}"
    if predictions.classes is not None:
        title = f"{len(samples)} of {predictions.wrong:,} mistakes, the most confident first: {where}"
    draw_mistakes(inspection.stored(samples), [_caption(inspection, sample) for sample in samples], title, path)
    return True


def write_images(inspection: Inspection, path: Path) -> bool:
    """Write the same images with what in each decided the prediction, where there are such. Raises WriteError."""
    samples = inspection.predictions.mistakes(_MISTAKES)
    if not len(samples) or not is_image(inspection.data.input_shape):
        return False
    gradients = prediction_gradients(inspection, samples)
    if gradients is None:
        return False
    MistakeImages.of(samples, inspection.stored(samples), gradients).write(path)
    return True


def sample_name(data: Dataset, sample: int) -> str:
    """The name a user finds a sample by: its file, "line 17" of a table, or its number as it is stored, from 0."""
    name = data.names_of(slice(sample, sample + 1))[0]
    return f"line {name}" if data.names is not None and data.names.kind == "line" else name


def _caption(inspection: Inspection, sample: int) -> Caption:
    predictions, data = inspection.predictions, inspection.data
    name = PurePosixPath(sample_name(data, sample)).name
    name = f"sample {name}" if data.names is None else name
    target, prediction = predictions.targets[sample], predictions.predictions[sample]
    if predictions.classes is None:
        return Caption(number_text(target), number_text(prediction), f"off by {number_text(prediction - target)}", name)
    certainty = predictions.certainty[sample]
    sure = certainty_text(certainty) if predictions.has_probabilities else f"output {number_text(certainty)}"
    return Caption(predictions.classes[target], predictions.classes[prediction], sure, name)
