"""The score of several checkpoints on the test data, each alone and all together."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from base.errors import CheckpointError, UserError
from base.outputs import class_probabilities
from base.types import Array
from logger.setup import run_log, say
from trainer.inspection.predictions import PredictionCollector
from trainer.prediction.ensemble import as_outputs
from trainer.score import Tested, own_folder, report, score
from utils.files import make_folder

LOG = logging.getLogger(__name__)

_ROWS = 4096  # of which the loss is computed at once


def score_all(
    config_path: str | None, resumes: Sequence[str] | None, overrides: Sequence[str], tsne: bool, verbosity: int = 1
) -> None:
    """Score each checkpoint, and where there are several the mean of their probabilities, or of their numbers.

    With verbosity 0 each score is one line. That of all together goes into a folder of its own in saved/log/<name>/.
    """
    if resumes is not None and len(resumes) > 1 and tsne:
        raise UserError("--tsne draws the layers of one network; give one -r, or leave it out")
    wanted: Sequence[str | None] = resumes or [None]
    tested = []
    for resume in wanted:
        tested.append(score(config_path, resume, overrides, tsne, verbosity))
        if verbosity == 0:
            say(f"{tested[-1].path}: {tested[-1].line}" if len(wanted) > 1 else tested[-1].line)
    if len(tested) > 1:
        with run_log(None, verbosity):
            line = _score_together(tested)
        if verbosity == 0:
            say(f"together: {line}")


def _score_together(tested: Sequence[Tested]) -> str:
    first = tested[0].experiment
    data, settings = first.training, first.settings
    targets = data.read_targets(slice(None))
    for other in tested[1:]:
        held = other.experiment.training
        if held.classes != data.classes or not np.array_equal(held.read_targets(slice(None)), targets):
            raise CheckpointError(
                f"{tested[0].path} and {other.path} cannot be scored together: they have other classes or test data"
            )
    outputs = _together(tested).astype(settings.arch.values.dtype)
    collector = PredictionCollector(data.classes, settings.loss.outputs, keep_outputs=True)
    metrics, total, denominator = settings.metrics or [], 0.0, 0.0
    for metric in metrics:
        metric.reset()
    for start in range(0, len(data), _ROWS):
        output, target = outputs[start : start + _ROWS], targets[start : start + _ROWS]
        total += settings.loss.forward(output, target, 1.0)
        denominator += settings.loss.loss_denominator(target)
        for metric in metrics:
            metric.update(output, target)
        collector.update(output, target)
    folder = own_folder(first, "ensemble")
    make_folder(folder.log)
    LOG.info("\nall %d checkpoints together, by the mean of what they say\n", len(tested))
    scored: dict[str, object] = {
        "checkpoints": [str(one.path) for one in tested],
        "digests": [one.digest for one in tested],
        "time": datetime.now().astimezone().isoformat(timespec="seconds"),
    }
    return report(folder, scored, total / denominator, metrics, data, collector)


def _together(tested: Sequence[Tested]) -> Array:
    """The outputs that mean the mean of all probabilities, or of all numbers."""
    first = tested[0].experiment
    wide = [one.outputs.astype(np.float64) for one in tested]
    if first.training.classes is None:
        if len({outputs.shape for outputs in wide}) > 1:
            raise CheckpointError("the checkpoints predict numbers of several shapes, which have no mean")
        return np.asarray(np.mean(wide, axis=0))
    shares = [
        class_probabilities(outputs, one.experiment.settings.loss.outputs)
        for outputs, one in zip(wide, tested, strict=True)
    ]
    known = [share for share in shares if share is not None]
    if len(known) < len(shares):
        without = next(one.path for one, share in zip(tested, shares, strict=True) if share is None)
        raise CheckpointError(f"{without}: its loss gives no probabilities of which a mean could be taken")
    return as_outputs(np.asarray(np.mean(known, axis=0)), first.settings.loss.outputs, wide[0].shape[1])
