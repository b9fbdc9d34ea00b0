"""Predictions of samples without targets, by checkpoints and into a file."""

from __future__ import annotations

import itertools
import logging
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from base.errors import DataError, UserError
from data_loader.image_files import formats
from data_loader.unlabelled.problems import Problems
from data_loader.unlabelled.sample_reader import Survey
from logger.console import counted, duration
from logger.predictions import PredictionColumns, prediction_table, write_predictions
from logger.progress import Progress
from logger.setup import run_log, say
from trainer.prediction.ensemble import Ensemble, Predicted
from trainer.predictor import Predictor
from utils.files import OUTPUT, make_folder
from utils.screen import columns as screen_columns

LOG = logging.getLogger(__name__)

FEW = 100  # predictions that are printed where no file is asked for
DEFAULT = "predictions.csv"
_STANDARD_INPUT = "-"

Row = tuple[object, ...]


def predict(checkpoints: Sequence[str], inputs: Sequence[str], output: str | None, verbosity: int = 1) -> None:
    """Predict all samples that can be read, then raise DataError, which names the others, where there are such."""
    start = time.perf_counter()
    ensemble = Ensemble([Predictor.load(checkpoint) for checkpoint in checkpoints])
    problems = Problems()
    with run_log(None, verbosity), _paths(inputs) as paths:
        if output is not None:
            _check_output(output, itertools.chain((network.path for network in ensemble.networks), paths))
        _introduce(ensemble)
        survey = ensemble.first.reader.survey(paths)
        columns = _columns(ensemble, survey)
        with Progress(survey.samples, "predict", enabled=verbosity > 0, unit="samples", metric=None) as progress:
            rows = _rows(ensemble, paths, columns, problems, progress)
            count, written = _write(rows, columns, output, problems)
        for note in problems.notes:
            LOG.warning(note)
        if count or not problems.count:
            LOG.info("%s in %s", counted(count, "prediction"), duration(time.perf_counter() - start))
        if written is not None:
            LOG.info("written: %s", written)
    if problems.count:
        others = f"; the others are predicted ({count:,})" if count else ""
        raise DataError(f"{counted(problems.count, 'input')} cannot be used{others}:\n  {problems.text()}")


def _introduce(ensemble: Ensemble) -> None:
    for network in ensemble.networks:
        LOG.info("%s, epoch %d, digest %s", network.path, network.checkpoint.meta["epoch"], network.checkpoint.digest)
        if network.settings.data_loader.preprocessing is None:
            LOG.warning(
                "%s was written before checkpoints knew their data: classes and samples are as its config tells",
                network.path,
            )
    if len(ensemble.networks) > 1:
        LOG.info("predictions are by the mean of what the %d networks say", len(ensemble.networks))


@contextmanager
def _paths(inputs: Sequence[str]) -> Iterator[Sequence[str] | _SpooledPaths]:
    """The paths that are given, and in the place of - those of standard input; they can be gone through twice."""
    if inputs.count(_STANDARD_INPUT) > 1:
        raise UserError("- stands for standard input, which can be read once; give it once")
    if _STANDARD_INPUT not in inputs:
        yield inputs
        return
    with tempfile.TemporaryFile() as file:
        for block in iter(lambda: sys.stdin.buffer.read(2**20), b""):
            if b"\0" in block:
                raise UserError("standard input holds zero bytes; - reads paths from it, one a line, without -print0")
            file.write(block)
        yield _SpooledPaths(inputs, file)


class _SpooledPaths:
    """Paths, some of which are lines of a file: there may be more of them than fit into memory."""

    def __init__(self, inputs: Sequence[str], file: IO[bytes]) -> None:
        self._inputs, self._file = inputs, file

    def __iter__(self) -> Iterator[str]:
        for given in self._inputs:
            if given != _STANDARD_INPUT:
                yield given
                continue
            self._file.seek(0)
            for line in iter(self._file.readline, b""):
                if path := line.rstrip(b"\r\n"):
                    yield os.fsdecode(path)


def _columns(ensemble: Ensemble, survey: Survey) -> PredictionColumns:
    """The columns of a line; the sample is named by its file where all are images, by its row in a single file."""
    first = ensemble.first
    if not survey.tables_and_arrays:
        names = ["file"]
    elif survey.tables_and_arrays == 1 and len(survey.kinds) == 1:
        names = ["line" if survey.kinds == {"table"} else "index"]
    else:
        names = ["file", "row"]
    return PredictionColumns(names, first.classes, first.has_probabilities, math.prod(first.model.output_shape))


def _rows(
    ensemble: Ensemble, paths: Iterable[str], columns: PredictionColumns, problems: Problems, progress: Progress
) -> Iterator[Row]:
    for found in ensemble.predict(ensemble.first.reader.blocks(paths, problems), problems):
        yield from columns.rows(_names(found, columns), None, found.predictions, found.scores)
        progress.update(steps=len(found.block))


def _names(found: Predicted, columns: PredictionColumns) -> list[Sequence[object]]:
    files, rows = found.block.names_of(found.kept.tolist())
    return [files, rows] if len(columns.samples) == 2 else [files if columns.samples[0] == "file" else rows]


def _write(
    rows: Iterator[Row], columns: PredictionColumns, output: str | None, problems: Problems
) -> tuple[int, Path | None]:
    """Print few lines, or write a file, unless nothing could be read; returns how many there were, and the file."""
    first = list(itertools.islice(rows, FEW + 1))
    if output is None and len(first) <= FEW:
        if first:
            say(prediction_table(columns, first, screen_columns(sys.stdout)))
        return len(first), None
    if not first and problems.count:
        return 0, None
    path = _new_default() if output is None else Path(output)
    return write_predictions(path, columns, itertools.chain(first, rows), OUTPUT), path


def _new_default() -> Path:
    """A file that is not there yet: predictions.csv, predictions-2.csv, ..."""
    stem, ending = os.path.splitext(DEFAULT)
    names = (DEFAULT if number == 1 else f"{stem}-{number}{ending}" for number in itertools.count(1))
    return next(path for path in map(Path, names) if not os.path.lexists(path))


def _reads(given: str | Path, path: Path) -> bool:
    """True where a file, or an image in a folder, is the one at the path."""
    if os.path.isdir(given):
        return path.suffix.lower() in formats() and Path(given).resolve() in path.resolve().parents
    return os.path.exists(given) and path.samefile(given)


def _check_output(output: str, used: Iterable[str | Path]) -> None:
    """Raise UserError before anything is predicted for a file that cannot be meant; make its folder."""
    path = Path(output)
    if os.path.isdir(path):
        raise UserError(f"-o {output}: is a folder; give the path of a file, such as {path / DEFAULT}")
    if os.path.isfile(path) and any(_reads(given, path) for given in used):
        raise UserError(f"-o {output}: is read for the predictions, and would be overwritten; choose another path")
    make_folder(path.parent, OUTPUT)
