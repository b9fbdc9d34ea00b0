"""Pictures of how a layer separates the classes."""

import logging

from base.base_callback import BaseCallback
from base.base_data_loader import Dataset
from base.base_trainer import BaseTrainer, Record
from base.random_streams import RandomStreams
from base.types import Array
from logger.pictures.tsne import draw_tsne
from trainer.parallel_model import ParallelModel
from trainer.run_folder import RunFolder
from utils.trainer_settings import TsneSettings

LOG = logging.getLogger(__name__)


class Tsne(BaseCallback):
    """Draws the validation data, or without any the training data, at the epochs that the config names."""

    def __init__(self, view: "TsneView", data: Dataset, folder: RunFolder) -> None:
        self.view = view
        self.data = data
        self.folder = folder

    def on_train_start(self, trainer: BaseTrainer) -> None:
        if trainer.step == 0 and self._wanted(0, last=False):
            self._draw(0)

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        if self._wanted(trainer.epoch, last=trainer.finished):
            with trainer.scored_model():
                self._draw(trainer.epoch)

    def _wanted(self, epoch: int, last: bool) -> bool:
        epochs = self.view.settings.epochs
        return epoch == 0 or last if epochs is None else epoch in epochs

    def _draw(self, epoch: int) -> None:
        self.view.draw(self.data, self.folder, f"tsne-epoch-{epoch:04d}", f"after epoch {epoch}")


class TsneView:
    """A layer of a network, seen through the same samples every time."""

    def __init__(self, parallel: ParallelModel, streams: RandomStreams, settings: TsneSettings | None) -> None:
        self.parallel = parallel
        self.streams = streams
        self.settings = settings or TsneSettings()
        self.layer = self.settings.layer or _last_hidden(parallel)

    def draw(self, data: Dataset, folder: RunFolder, name: str, moment: str) -> None:
        """Write the picture and the points into the run's log folder."""
        samples = self._samples(data)
        LOG.info("t-SNE of %d samples %s, layer %s ...", len(samples), moment, self.layer)
        features = self.parallel.features(data, samples, self.layer)
        title = f"t-SNE of layer {self.layer}, {len(samples):,} samples, {moment}"
        targets = data.read_targets(samples)
        picture, _ = draw_tsne(features, targets, data.classes, folder.log, name, title, self.streams.seed)
        LOG.info("t-SNE in %s", picture)

    def _samples(self, data: Dataset) -> Array:
        count = min(self.settings.samples, len(data))
        return self.streams.generator("tsne").choice(len(data), count, replace=False)


def _last_hidden(parallel: ParallelModel) -> str:
    """The layer before the last one that has parameters."""
    leaves = parallel.model.leaves()
    last = max((place for place, (_, layer) in enumerate(leaves) if layer.parameters), default=0)
    return leaves[max(last - 1, 0)][0]
