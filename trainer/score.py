"""The score of a checkpoint on the test data."""

from __future__ import annotations

import itertools
import json
import logging
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from base.base_metric import BaseMetric
from base.dataset import Dataset
from base.errors import CheckpointError, DataError, UserError
from base.outputs import Meaning, class_probabilities
from base.random_streams import RandomStreams
from base.state import State
from base.types import Array
from logger.console import component_lines, counted
from logger.figures import figure_text, finite_or_none
from logger.predictions import PredictionColumns, sample_table, write_predictions
from logger.report.page import FILE as REPORT
from logger.report.page import write_report
from logger.run_files import RunFiles
from logger.score import classification_score
from logger.setup import run_log
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.resume import checkpoint_config, find_scored, load_or_offer
from trainer.checkpoints.run_folder import RunFolder, run_of
from trainer.checkpoints.snapshot import restore_scored
from trainer.experiment import Experiment, build_model, error_context
from trainer.inspection.predictions import PredictionCollector
from trainer.inspection.tested import draw_tested
from trainer.inspection.tsne_view import check_drawable, view_of
from utils.config.files import check_no_checkpoint
from utils.config.parser import ConfigParser
from utils.files import make_folder, replace_text, writing
from utils.screen import Layout
from utils.shell import shell_command

LOG = logging.getLogger(__name__)

FEW = 100  # test samples that are all shown


@dataclass(frozen=True)
class Tested:
    """A checkpoint's network after its test: its experiment, whose data are the test data, and its outputs for them.

    `line` is its score in one line.
    """

    path: Path
    digest: str
    experiment: Experiment
    outputs: Array
    line: str


def score(
    config_path: str | None, resume: str | None, overrides: Sequence[str], tsne: bool, verbosity: int = 1
) -> Tested:
    """Print the score; write test.json and predictions.csv into the log folder of the checkpoint's run."""
    path, checkpoint, experiment = _load(config_path, resume, overrides)
    view = view_of(experiment, experiment.training, "test")
    if tsne:
        check_drawable(experiment, view)
    folder = run_of(path) or own_folder(experiment, "test")
    make_folder(folder.log)
    with run_log(None, verbosity), experiment.parallel() as parallel:
        data, metrics = experiment.training, experiment.settings.metrics or []
        collector = PredictionCollector(data.classes, experiment.settings.loss.outputs, keep_outputs=True)
        for metric in metrics:
            metric.reset()
        loss = parallel.score(data, [*metrics, collector])
        LOG.info("%s, epoch %d, digest %s", path, checkpoint.meta["epoch"], checkpoint.digest)
        if resume is not None and path != Path(resume):
            LOG.info("the %s checkpoint there; for another give its file with -r", path.stem)
        LOG.info("on %s test samples\n", f"{len(data):,}")
        for note in _data_notes(experiment, path):
            LOG.warning(note)
        LOG.debug(Layout(lambda columns: f"{component_lines(experiment.config.resolved, columns)}\n"))
        scored = {
            "checkpoint": path.name if run_of(path) else str(path),
            "epoch": checkpoint.meta["epoch"],
            "digest": checkpoint.digest,
            "time": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        line = report(folder, scored, loss, metrics, data, collector)
        draw_tested(experiment, collector, checkpoint.meta["epoch"], folder.log)
        if tsne:
            view.draw(parallel, folder, "tsne-test", f"of epoch {checkpoint.meta['epoch']}", show=verbosity > 0)
    if (folder.log / REPORT).is_file():
        write_report(RunFiles(folder.models, folder.log))
    return Tested(path, checkpoint.digest, experiment, collector.outputs, line)


def _load(config_path: str | None, resume: str | None, overrides: Sequence[str]) -> tuple[Path, Checkpoint, Experiment]:
    """The checkpoint to score, and the experiment with its weights and the test data. Raises UserError."""
    if resume is None:
        if config_path is not None:
            check_no_checkpoint(Path(config_path))
        raise UserError("give a checkpoint with -r, which holds its config; for example: python test.py -r latest")
    config = None if config_path is None else ConfigParser.from_file(config_path, overrides)
    path = find_scored(resume, config)
    checkpoint = load_or_offer(path, "python", "test.py", *(("-c", config_path) if config_path else ()), "-r")
    alone = shell_command("python", "test.py", "-r", path)
    try:
        experiment = _prepare(config or checkpoint_config(path, checkpoint, overrides), checkpoint.state.get("data"))
        restore_scored(experiment.model, checkpoint, config is None and experiment.settings.trainer.ema is not None)
    except CheckpointError as error:
        own = "" if config is None else f"\nto test it with its own config, leave -c out: {alone}"
        raise CheckpointError(f"{path}: {error}{own}") from None
    except DataError as error:
        if config is None or config.resolved["data_loader"] == checkpoint.meta["config"]["data_loader"]:
            raise
        raise DataError(f"{error}\nto test {path} on its own data, leave -c out: {alone}") from None
    return path, checkpoint, experiment


def _prepare(config: ConfigParser, data_state: State | None) -> Experiment:
    """The experiment with the test data as its only data, read as the checkpoint says."""
    settings = config.build()
    if data_state:
        settings.data_loader.load_state_dict(data_state)
    streams = RandomStreams(settings.seed)
    with error_context(config, "data_loader.args"):
        data = settings.data_loader.load_test(streams)
    build_model(config, settings, data, streams)
    return Experiment(config, settings, streams, settings.arch, training=data, validation=None, test=None)


def _data_notes(experiment: Experiment, path: Path) -> list[str]:
    """Lines to warn of before the score of the test data is believed."""
    loader = experiment.settings.data_loader
    if loader.known is None:
        return [f"{path} was written before checkpoints knew their data: classes and statistics are those of now"]
    overlap = loader.known.overlap(experiment.training, "test")
    return [*experiment.data_notes(), *(f"data: {note}, so the score may be too good" for note in overlap)]


def own_folder(experiment: Experiment, kind: str) -> RunFolder:
    """A new folder for a score that belongs to no run."""
    settings = experiment.settings
    stem = time.strftime(f"{kind}-%Y%m%d-%H%M%S")
    names = (stem if number == 1 else f"{stem}-{number}" for number in itertools.count(1))
    folders = (RunFolder(Path(settings.trainer.save_dir), settings.name, name) for name in names)
    return next(folder for folder in folders if _made(folder.log))


def _made(folder: Path) -> bool:
    """Make a folder; False where it is there already."""
    make_folder(folder.parent)
    with writing(folder):
        try:
            folder.mkdir()  # not exists(): another process may make it at this moment
        except FileExistsError:
            return False
    return True


def report(
    folder: RunFolder,
    scored: dict[str, object],
    loss: float,
    metrics: Sequence[BaseMetric],
    data: Dataset,
    collector: PredictionCollector,
) -> str:
    """Print the score; write it, and every prediction, into a log folder. Returns the score in one line."""
    outputs, targets, found = collector.outputs, data.read_targets(slice(None)), collector.predictions(loss)
    figures = {"loss": loss} | {metric.name: metric.compute() for metric in metrics}
    texts = {name: f"{name} {figure_text(value)}" for name, value in figures.items()}
    for name in figures:
        if name != "accuracy" or data.classes is None:  # the table of classes begins with it
            LOG.info(texts[name])
    result: dict[str, object] = {**scored, **finite_or_none(figures), "n_samples": len(data)}
    if data.classes is None:
        _show_samples(data, outputs, None)
    else:
        _show_samples(data, outputs, found.predictions)
        classified = classification_score(found.predictions, targets, data.classes)
        LOG.info(Layout(lambda columns: f"\n{classified.text(columns)}"))
        texts["accuracy"] = classified.accuracy_text()
        result |= {"accuracy": classified.accuracy, "accuracy_interval": classified.interval}
        result |= {"classes": classified.as_dict()["classes"], "confusion_matrix": classified.confusion}
    _write_predictions(folder.log / "predictions.csv", data, outputs, found.predictions, collector.meaning)
    path = folder.log / "test.json"
    replace_text(path, json.dumps(result, indent=2, allow_nan=False) + "\n")
    LOG.info("\nwritten: %s and predictions.csv beside it", path)
    return ", ".join([*texts.values(), counted(len(data), "sample")])


def _write_predictions(path: Path, data: Dataset, outputs: Array, predictions: Array, meaning: Meaning) -> None:
    targets, width = data.read_targets(slice(None)), math.prod(outputs.shape[1:])
    scores, told = None, outputs
    if data.classes is not None:
        names = np.array(data.classes)
        targets, told = names[targets], names[predictions]
        scores = class_probabilities(outputs.astype(np.float64), meaning)
    kind = "index" if data.names is None else data.names.kind
    columns = PredictionColumns([kind], data.classes, scores is not None, width, math.prod(targets.shape[1:]))
    scores = outputs if scores is None and data.classes is not None else scores
    write_predictions(path, columns, columns.rows([data.names_of(slice(None))], targets, told, scores))


def _show_samples(data: Dataset, outputs: Array, predictions: Array | None) -> None:
    if len(data) > FEW:
        return
    inputs, targets = data.inputs[data.rows], data.read_targets(slice(None))
    marks = "✓✗" if (sys.stdout.encoding or "").lower().startswith("utf") else "+-"
    facts = data.names_of(slice(None)), inputs, targets, outputs, predictions, data.classes, marks
    LOG.info(Layout(lambda columns: f"\n{sample_table(*facts, columns)}"))
