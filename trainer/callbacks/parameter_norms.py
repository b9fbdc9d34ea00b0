"""The callback that records how large parameters are."""

import csv
from pathlib import Path

import numpy as np

from base.base_trainer import BaseCallback, BaseTrainer, Record
from utils.files import writing


class ParameterNorms(BaseCallback):
    """Writes the Euclidean norm of each parameter after every epoch into a table in the run's log folder.

    A run that is continued goes on with the lines up to its checkpoint.

    file: the table's name.
    """

    def __init__(self, file: str = "norms.csv") -> None:
        if not file or Path(file).name != file:
            raise ValueError(f"file: expected a name without a folder, got {file!r}")
        self.file = file

    def on_train_start(self, trainer: BaseTrainer) -> None:
        self._path = trainer.log_folder / self.file
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        kept = [line for line in lines[1:] if int(line.partition(",")[0]) <= trainer.epochs_done]
        self._write("w", ["epoch", *self._norms(trainer)], *(line.split(",") for line in kept))

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        self._write("a", [str(record["epoch"]), *(f"{norm:.6g}" for norm in self._norms(trainer).values())])

    def _norms(self, trainer: BaseTrainer) -> dict[str, float]:
        named = trainer.model.named_views(trainer.model.values)
        return {name: float(np.linalg.norm(values)) for name, values in named.items()}

    def _write(self, mode: str, *rows: list[str]) -> None:
        with writing(self._path), self._path.open(mode, newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
