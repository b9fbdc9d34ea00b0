"""The callback that draws a run's pictures."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import get_args

from base.base_trainer import BaseCallback, BaseTrainer
from logger import mistake_images
from logger.metric_titles import metric_titles
from logger.pictures.curves import draw_curves
from logger.pictures.dynamics import draw_dynamics
from logger.pictures.over_steps import clock_of
from logger.pictures.steps import draw_steps
from logger.run_files import RunFiles
from trainer.checkpoints.run_folder import RunFolder
from trainer.experiment import Experiment
from trainer.inspection.inspection import inspecting
from trainer.inspection.mistakes import write_images, write_validation
from trainer.inspection.pictures import INSPECTED
from trainer.parallel_model import ParallelModel
from trainer.reporting.log_and_continue import log_and_continue
from utils.config.trainer_settings import PictureName

LOG = logging.getLogger(__name__)


class Pictures(BaseCallback):
    """Draws the pictures that the config chooses when training ends, and writes validation.json beside them.

    A run that was stopped gets only those that are drawn from its log. Errors in drawing are logged and do not end the
    run, except for files that cannot be written. `drawn` names the pictures made.
    """

    def __init__(self, experiment: Experiment, parallel: ParallelModel, folder: RunFolder) -> None:
        self.experiment = experiment
        self.parallel = parallel
        self.folder = folder
        self.drawn: list[str] = []
        chosen = experiment.settings.trainer.pictures
        self._chosen = list(get_args(PictureName)) if chosen == "all" else list(dict.fromkeys(chosen))

    def on_train_end(self, trainer: BaseTrainer) -> None:
        files = RunFiles(self.folder.models, self.folder.log)
        for name, draw in RECORDED.items():
            self._draw(trainer, name, partial(draw, files))
        if not trainer.finished:
            return
        with (
            log_and_continue("what the best epoch makes of the data cannot be shown"),
            inspecting(trainer, self.experiment, self.parallel, self.folder) as inspection,
        ):
            write_validation(inspection, self.folder.log / "validation.json")
            if "mistakes" in self._chosen:
                with log_and_continue("what decided mistakes cannot be shown"):
                    write_images(inspection, self.folder.log / mistake_images.FILE)
            for name, draw_inspected in INSPECTED.items():
                self._draw(trainer, name, partial(draw_inspected, inspection))

    def _draw(self, trainer: BaseTrainer, name: str, draw: Callable[[Path], bool]) -> None:
        if name not in self._chosen or (trainer.finished and trainer.stop.requested):
            return
        if _is_drawn(name, draw, self.folder.log):
            self.drawn.append(name)


def draw_recorded(files: RunFiles) -> None:
    """Draw what a run's log alone shows, of the pictures that its config chooses. Raises WriteError."""
    trainer = files.config.get("trainer")
    chosen = trainer.get("pictures", "all") if isinstance(trainer, dict) else "all"
    for name, draw in RECORDED.items():
        if chosen == "all" or (isinstance(chosen, list) and name in chosen):
            _is_drawn(name, partial(draw, files), files.log)


def _is_drawn(name: str, draw: Callable[[Path], bool], log: Path) -> bool:
    begun, path = time.perf_counter(), log / f"{name}.png"
    with log_and_continue(f"{path.name} cannot be drawn"):
        if draw(path):
            LOG.debug("%s took %.2f s", path.name, time.perf_counter() - begun)
            return True
        LOG.debug("%s does not apply to this run", path.name)
    return False


def _curves(files: RunFiles, path: Path) -> bool:
    summary = files.summary
    if summary is None or not files.records:
        return False
    best = summary.best.epoch if summary.best else None
    titles = metric_titles(files.config.get("metrics"))
    draw_curves(files.records, path, best, summary.figure or summary.mode, titles)
    return True


def _steps(files: RunFiles, path: Path) -> bool:
    if files.summary is None or not files.steps:
        return False
    draw_steps(files.steps, clock_of(files.records, files.summary.steps_per_epoch), path)
    return True


def _dynamics(files: RunFiles, path: Path) -> bool:
    if files.summary is None or not files.steps:
        return False
    draw_dynamics(files.steps, files.records, clock_of(files.records, files.summary.steps_per_epoch), path)
    return True


RECORDED: dict[str, Callable[[RunFiles, Path], bool]] = {"curves": _curves, "steps": _steps, "dynamics": _dynamics}
