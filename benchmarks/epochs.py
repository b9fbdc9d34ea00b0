"""An epoch of train.py, made ready to be timed."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from logger.history import History
from logger.step_history import StepHistory
from trainer.checkpoints.run_folder import new_run_folder
from trainer.experiment import prepare
from trainer.trainer import Trainer
from utils.config.parser import ConfigParser

THREADS = 2
PAUSE = 0.1


@contextmanager
def trainer_of(config: str, *overrides: str) -> Iterator[Trainer]:
    """A trainer of a config that writes into a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        settings = [f"trainer.save_dir={folder}", f"trainer.threads={THREADS}", "trainer.epochs=1000", *overrides]
        experiment = prepare(ConfigParser.from_file(config, settings))
        run = new_run_folder(Path(folder), "benchmark", None)
        with experiment.parallel() as parallel:
            yield Trainer(experiment, parallel, run, History(run.log), StepHistory(run.log))


def seconds(function: Callable[[], object]) -> float:
    """The time of one call, after a pause: others' threads wait awake for a moment when they have worked."""
    time.sleep(PAUSE)
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
