"""The samples and the layer that t-SNE pictures show."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from base.base_model import BaseModel
from base.dataset import Dataset
from base.types import Array
from logger.embedding import FEWEST_SAMPLES, embed, turned
from logger.pictures.tsne import draw_map
from logger.tsne_map import TsneMap
from trainer.checkpoints.run_folder import RunFolder
from trainer.experiment import Experiment, error_context
from trainer.parallel_model import ParallelModel
from utils.config.trainer_settings import TsneSettings

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class TsneView:
    """A layer of a network, seen through the same samples of some data every time; `kind` is what the data are for."""

    data: Dataset
    kind: str
    samples: Array
    layer: str
    seed: int

    @property
    def subject(self) -> str:
        """A title for the view."""
        return f"layer {self.layer}\n{len(self.samples):,} samples of the {self.kind} data"

    def features(self, parallel: ParallelModel) -> Array:
        """The layer's output for the samples, (N, ...)."""
        return parallel.features(self.data, self.samples, self.layer)

    def targets(self) -> Array:
        """A number for each sample: its class, or its target, of several the first."""
        targets = self.data.read_targets(self.samples)
        return targets if targets.ndim == 1 else targets.reshape(len(targets), -1)[:, 0]

    def draw(
        self,
        parallel: ParallelModel,
        folder: RunFolder,
        name: str,
        moment: str,
        show: bool,
        like: TsneMap | None = None,
    ) -> None:
        """Write the picture and the points into the run's log folder; a map `like` it is to lie as.

        Raises NonFiniteError and WriteError.
        """
        LOG.info("t-SNE of %d samples %s, layer %s ...", len(self.samples), moment, self.layer)
        points = embed(self.features(parallel), self.seed, show)
        if like is not None:
            points = turned(points, like.points)
        made = TsneMap(points, self.targets(), self.samples, self.kind, self.layer)
        made.write(folder.log / f"{name}.csv", self.data.classes)
        picture = folder.log / f"{name}.png"
        draw_map(made, self.data.classes, f"t-SNE {moment}: {self.subject}", picture)
        LOG.info("t-SNE in %s", picture)


def training_view(experiment: Experiment) -> TsneView:
    """The view of training, of the data that the config names. Raises ConfigError or DataError."""
    wanted = _settings(experiment).data
    if wanted == "test":
        with error_context(experiment.config, "data_loader.args"):
            test = experiment.test or experiment.settings.data_loader.load_test(experiment.streams)
        return view_of(experiment, test, "test")
    if wanted == "validation" and experiment.validation is not None:
        return view_of(experiment, experiment.validation, "validation")
    return view_of(experiment, experiment.training, "training")


def view_of(experiment: Experiment, data: Dataset, kind: str) -> TsneView:
    """A view of some samples of these data."""
    settings = _settings(experiment)
    count = min(settings.samples, len(data))
    samples = experiment.streams.generator("tsne").choice(len(data), count, replace=False)
    return TsneView(data, kind, samples, settings.layer or _last_hidden(experiment.model), experiment.settings.seed)


def check_drawable(experiment: Experiment, view: TsneView) -> None:
    """Raise ConfigError where a view has too few samples for t-SNE."""
    if len(view.samples) >= FEWEST_SAMPLES:
        return
    few = f"the {view.kind} data have" if len(view.samples) == len(view.data) else "the config asks for"
    with error_context(experiment.config, "trainer.tsne.samples"):
        raise ValueError(f"t-SNE needs at least {FEWEST_SAMPLES} samples, and {few} {len(view.samples)}")


def check_epochs(experiment: Experiment) -> None:
    """Raise ConfigError where a map is wanted after the last epoch of the run."""
    last = experiment.settings.trainer.epochs
    beyond = [epoch for epoch in _settings(experiment).epochs or [] if epoch > last]
    if beyond:
        with error_context(experiment.config, "trainer.tsne.epochs"):
            raise ValueError(f"expected epochs from 0 to {last}, the last of the run (trainer.epochs), got {beyond[0]}")


def _settings(experiment: Experiment) -> TsneSettings:
    return experiment.settings.trainer.tsne or TsneSettings()


def _last_hidden(model: BaseModel) -> str:
    """The layer before the last one that has parameters."""
    leaves = model.leaves()
    last = max((place for place, (_, layer) in enumerate(leaves) if layer.parameters), default=0)
    return leaves[max(last - 1, 0)][0]
