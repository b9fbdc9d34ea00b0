"""What the files of a run cost beside training: python -m benchmarks.files

1,000 epochs on Iris, which take milliseconds each, by a trainer that writes checkpoints, figures, summary and run.log,
and by one that writes nothing; pictures and report.html are apart. Both take turns, and
print a line an epoch.
"""

import os
import statistics
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

from logger.history import History
from logger.setup import run_log
from logger.step_history import StepHistory
from trainer.checkpoints.run_folder import new_run_folder
from trainer.experiment import Experiment, prepare
from trainer.reporting.summary import SummaryFile
from trainer.trainer import Trainer
from trainer.update_ratio import ratio_names
from utils.command_line import no_arguments
from utils.config.parser import ConfigParser

EPOCHS, ROUNDS = 1000, 5
SETTINGS = [f"trainer.epochs={EPOCHS}"]
Times = tuple[float, float]  # seconds by the clock, and of this process


def main() -> None:
    """Print the medians of both, by the clock and of the process, and what files add."""
    _without()  # warms up
    pairs = [(_with(), _without()) for _ in range(ROUNDS)]
    for place, name in enumerate(("clock", "process")):
        files, plain = (statistics.median(pair[side][place] for pair in pairs) for side in (0, 1))
        share = statistics.median(pair[0][place] / pair[1][place] for pair in pairs) - 1
        print(f"{name:7}  with files {files:.2f} s, without {plain:.2f} s; median of pairs {share:+.1%}")
    print(f"load {os.getloadavg()[0]:.1f}")


def _with() -> Times:
    begun, experiment = time.monotonic(), _experiment()
    with tempfile.TemporaryDirectory(dir=".") as folder:  # not in memory, as /tmp may be
        run = new_run_folder(Path(folder), "files", None)
        summary = SummaryFile(experiment, run, lambda: time.monotonic() - begun)
        with run_log(run.log, 1), experiment.parallel() as parallel:
            history, steps = History(run.log), StepHistory(run.log, ratio_names(experiment.model))
            return _times(Trainer(experiment, parallel, run, history, steps, [summary]))


def _without() -> Times:
    experiment = _experiment()
    with run_log(None, 1), experiment.parallel() as parallel:
        return _times(Trainer(experiment, parallel, None, History(None), StepHistory(None)))


def _experiment() -> Experiment:
    return prepare(ConfigParser.from_file("configs/iris.json", SETTINGS))


def _times(trainer: Trainer) -> Times:
    start = time.perf_counter(), time.process_time()
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        trainer.train()
    return time.perf_counter() - start[0], time.process_time() - start[1]


if __name__ == "__main__":
    no_arguments("benchmarks.files", __doc__)
    main()
