"""The page of a run made again, with what a kill prevented."""

from __future__ import annotations

import logging
import sys
from contextlib import redirect_stdout
from pathlib import Path

from base.errors import UserError
from logger.report.page import write_report
from logger.run_files import RunFiles
from trainer.checkpoints.resume import plan
from trainer.checkpoints.run_lock import is_trained_in
from trainer.reporting.pictures import draw_recorded
from trainer.start import train

LOG = logging.getLogger(__name__)


def remake_report(files: RunFiles) -> Path:
    """Write report.html, and before it the pictures and validation.json that a kill prevented; returns its path.

    Those that show the network need the run's checkpoint and its data: where they are missing a warning says so, and
    the rest is made. A run that is being trained, or was stopped, keeps the pictures that it has. Raises WriteError.
    """
    summary = files.summary
    if summary is not None and not files.is_complete and not is_trained_in(files.models):
        if summary.finished:
            _end_again(files, summary.epoch)
        elif summary.state == "running":
            draw_recorded(files)
    return write_report(RunFiles(files.models, files.log))


def _end_again(files: RunFiles, epoch: int) -> None:
    """Go through the end of a run that has done its last epoch."""
    try:
        again = plan(None, str(files.models), [])
        if again.checkpoint is None or again.folder is None or again.checkpoint.meta["epoch"] != epoch:
            raise UserError(f"{again.path}: is not of the last epoch that summary.json tells of")
        with redirect_stdout(sys.stderr):
            train(again, None, tsne=False)
    except UserError as error:
        print(f"warning: what shows the network is not made: {error}", file=sys.stderr)
        draw_recorded(files)
