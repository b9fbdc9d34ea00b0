"""Callbacks of this project: what is done beside training, without changing it."""

from base.base_trainer import BaseCallback, BaseTrainer, Record


class BestEpoch(BaseCallback):
    """Writes the figures of the best epoch so far into a file in the run's log folder.

    file: the name of that file.
    """

    def __init__(self, file: str = "best_epoch.txt") -> None:
        self.file = file

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        if trainer.monitor.best_epoch == record["epoch"]:
            lines = [f"{name} {value:g}\n" for name, value in record.items()]
            (trainer.log_folder / self.file).write_text("".join(lines), encoding="utf-8")
