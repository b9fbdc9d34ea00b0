"""What the files of a run cost beside training: python -m benchmarks.files

1,000 epochs on Iris, which take milliseconds each, by a trainer that writes checkpoints, figures, summary and run.log,
and by one that writes nothing. Both take turns of 50 epochs; each is on one core.
"""

import os
import tempfile
import time
from pathlib import Path

from logger.history import History
from logger.setup import run_log
from logger.step_history import StepHistory
from trainer.checkpoints.run_folder import new_run_folder
from trainer.experiment import prepare
from trainer.reporting.summary import SummaryFile
from trainer.trainer import Trainer
from utils.command_line import no_arguments
from utils.config.parser import ConfigParser

EPOCHS, TURN = 1000, 50
SETTINGS = [f"trainer.epochs={EPOCHS}", "trainer.threads=1", "trainer.verbosity=0"]


def main() -> None:
    """Print the seconds of each, of the clock and of the processor, and their ratio."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(dir=".") as folder:  # not in memory, as /tmp may be
        experiments = [prepare(ConfigParser.from_file("configs/iris.json", SETTINGS)) for _ in range(2)]
        run = new_run_folder(Path(folder), "files", None)
        summary = SummaryFile(experiments[0], run, lambda: time.monotonic() - begun)
        with run_log(run.log, 0), experiments[0].parallel() as one, experiments[1].parallel() as other:
            writing = Trainer(experiments[0], one, run, History(run.log), StepHistory(run.log), [summary])
            plain = Trainer(experiments[1], other, None, History(None), StepHistory(None))
            clock, processor = _turns([writing, plain])
    for name, (files, none) in {"clock": clock, "processor": processor}.items():
        print(f"{name:9}  with files {files:.2f} s, without {none:.2f} s: {100 * (files / none - 1):+.1f} %")
    print(f"load {os.getloadavg()[0]:.1f}")


def _turns(trainers: list[Trainer]) -> tuple[list[float], list[float]]:
    """The seconds of each trainer by the clock and of this process, the last writing included."""
    clock, processor = [0.0] * len(trainers), [0.0] * len(trainers)
    for turn in range(EPOCHS // TURN + 1):  # the first warms up
        for place, trainer in enumerate(trainers):
            start = time.perf_counter(), time.process_time()
            for _ in range(TURN):
                trainer.run_epoch()
            if turn == EPOCHS // TURN:
                trainer.flush()
            if turn:
                clock[place] += time.perf_counter() - start[0]
                processor[place] += time.process_time() - start[1]
    return clock, processor


if __name__ == "__main__":
    no_arguments("benchmarks.files", __doc__)
    main()
