"""The curves of a run as a picture."""

from base.base_callback import BaseCallback
from base.base_trainer import BaseTrainer
from logger.history import History
from logger.pictures.curves import draw_curves
from trainer.run_folder import RunFolder


class Curves(BaseCallback):
    """Draws curves.png when training ends."""

    def __init__(self, folder: RunFolder, history: History) -> None:
        self.path = folder.log / "curves.png"
        self.history = history

    def on_train_end(self, trainer: BaseTrainer) -> None:
        if self.history.records:
            monitor = trainer.monitor
            draw_curves(self.history.records, self.path, monitor.best_epoch, monitor.figure or monitor.mode)
