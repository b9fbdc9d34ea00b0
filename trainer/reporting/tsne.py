"""The callback that draws t-SNE maps of a layer's outputs."""

import logging

from base.base_trainer import BaseCallback, BaseTrainer, Record
from logger.pictures.tsne import draw_tsne_sheet
from logger.tsne_map import TsneMap, epoch_file, read_maps
from trainer.checkpoints.run_folder import RunFolder
from trainer.inspection.tsne_view import TsneView
from trainer.parallel_model import ParallelModel
from utils.config.trainer_settings import TrainerSettings

LOG = logging.getLogger(__name__)


class Tsne(BaseCallback):
    """Draws a map after the epochs that the config names, and at the end all maps of the same view on one sheet."""

    def __init__(self, view: TsneView, parallel: ParallelModel, folder: RunFolder, settings: TrainerSettings) -> None:
        self.view = view
        self.parallel = parallel
        self.folder = folder
        self.epochs = settings.tsne.epochs if settings.tsne else None
        self.show = settings.verbosity > 0

    def on_train_start(self, trainer: BaseTrainer) -> None:
        """Draw the map before the first step, or that of an epoch after which a kill prevented it."""
        if trainer.position or not self._wanted(trainer.epoch, last=trainer.finished):
            return
        continues = self.folder.newest() is not None
        if trainer.step == 0 or (continues and not (self.folder.log / f"{epoch_file(trainer.epoch)}.csv").is_file()):
            with trainer.evaluation_weights():
                self._draw(trainer.epoch)

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        if self._wanted(trainer.epoch, last=trainer.finished):
            with trainer.evaluation_weights():
                self._draw(trainer.epoch)

    def on_train_end(self, trainer: BaseTrainer) -> None:
        maps = self._maps(trainer.epochs_done)
        if len(maps) > 1:
            path = self.folder.log / "tsne.png"
            draw_tsne_sheet(maps, self.view.data.classes, f"t-SNE over the epochs: {self.view.subject}", path)
            LOG.info("t-SNE of %d epochs side by side in %s", len(maps), path)

    def _wanted(self, epoch: int, last: bool) -> bool:
        return epoch == 0 or last if self.epochs is None else epoch in self.epochs

    def _draw(self, epoch: int) -> None:
        """Draw the map, turned as the run's first: which others were drawn does not change it."""
        first = next(iter(self._maps(epoch - 1).values()), None)
        moment = "before training" if epoch == 0 else f"after epoch {epoch}"
        self.view.draw(self.parallel, self.folder, epoch_file(epoch), moment, self.show, first)

    def _maps(self, last: int) -> dict[int, TsneMap]:
        """The maps on disk up to an epoch that show what this view does."""
        maps, view = read_maps(self.folder.log, self.view.data.classes, last), self.view
        return {epoch: found for epoch, found in maps.items() if found.is_of(view.samples, view.kind, view.layer)}
