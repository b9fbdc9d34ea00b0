"""Training as every run does it."""

import logging
import math
from collections.abc import Sequence
from typing import Any

from base.base_callback import BaseCallback
from base.base_data_loader import Dataset
from base.base_trainer import BaseTrainer, Record
from base.errors import NonFiniteError
from data_loader.augmentation.merge import merged
from data_loader.batch_order import BatchOrder
from logger.console import epoch_line
from logger.history import History
from logger.progress import Progress
from trainer.experiment import Experiment, steps_per_epoch
from trainer.parallel_model import Batch, ParallelModel
from trainer.run_folder import RunFolder
from trainer.snapshot import take

LOG = logging.getLogger(__name__)


class Trainer(BaseTrainer):
    """Mini-batch gradient descent on an experiment, writing into a run's folder."""

    def __init__(
        self,
        experiment: Experiment,
        parallel: ParallelModel,
        folder: RunFolder,
        history: History,
        callbacks: Sequence[BaseCallback] = (),
    ) -> None:
        self.experiment = experiment
        self.run = experiment.run
        self.model = experiment.model
        self.parallel = parallel
        self.folder = folder
        self.history = history
        super().__init__(self.run.trainer.epochs, experiment.monitor(), callbacks)
        self.base_lr = self.run.optimizer.lr
        self.update = experiment.update(parallel.workers)
        loader, training = self.run.data_loader, experiment.training
        samples = loader.batch_size * self.run.trainer.accumulate_steps
        self.augmentation = merged(self.run.augmentation or [])
        self.order = BatchOrder(len(training), samples, loader.shuffle, experiment.streams)
        self.steps_per_epoch = steps_per_epoch(self.run, len(training))
        if self.run.lr_scheduler:
            self.run.lr_scheduler.bind(self.epochs * self.steps_per_epoch, self.steps_per_epoch)

    def train_epoch(self) -> Record:
        metrics = self.run.metrics or []
        for metric in metrics:
            metric.reset()
        loss = total = 0.0
        title = f"epoch {self.epoch}/{self.epochs}"
        show = Progress(self.steps_per_epoch, title, enabled=self.run.trainer.verbosity > 0)
        with show as progress, self.parallel.workers.team("an epoch") as leading:
            for position in range(self.steps_per_epoch):
                batch = self._train_step(position)
                if not leading:
                    continue
                normaliser = self.run.loss.normaliser(batch.targets)
                loss += batch.loss * normaliser
                total += normaliser
                for metric in metrics:
                    metric.update(batch.outputs, batch.targets)
                progress.update(batch.loss)
        record = {"loss": loss / total} | {metric.name: metric.compute() for metric in metrics}
        return record if self.run.regularizer is None else record | {"penalty": self.update.penalty()}

    def validate(self) -> Record:
        with self.update.averaged():
            scores = self._score("val", self.experiment.validation)
            return scores | self._score("test", self.experiment.test if self.run.trainer.log_test else None)

    def keep(self, record: Record, improved: bool) -> None:
        if self.run.lr_scheduler:
            self.run.lr_scheduler.observe(record, self.epoch * self.steps_per_epoch)
        self.history.append(record)
        self._save(improved)
        LOG.info(epoch_line(record, self.epochs, improved, self.monitor.figure))

    def _train_step(self, position: int) -> Batch:
        scheduler, done = self.run.lr_scheduler, (self.epoch - 1) * self.steps_per_epoch + position
        self.lr = scheduler.lr(self.base_lr, done) if scheduler else self.base_lr
        samples = self.order.batch(self.step)
        batch = self.parallel.train_batch(self.experiment.training, samples, self.step, self.augmentation)
        if not math.isfinite(batch.loss):
            raise NonFiniteError(
                f"the loss became {batch.loss} at step {self.step + 1} of epoch {self.epoch}, "
                f"learning rate {self.lr:g}; try a lower optimizer.args.lr (--lr {self.lr / 10:g})"
            )
        self.update.apply(batch.grads, self.lr)
        self.step += 1
        return batch

    def _score(self, prefix: str, data: Dataset | None) -> Record:
        if data is None:
            return {}
        metrics = self.run.metrics or []
        for metric in metrics:
            metric.reset()
        loss = self.parallel.score(data, metrics)
        return {f"{prefix}_loss": loss} | {f"{prefix}_{metric.name}": metric.compute() for metric in metrics}

    def _save(self, improved: bool) -> None:
        settings = self.run.trainer
        snapshot = take(self, self._config(), self.history.lines)
        if settings.save_period and self.epoch % settings.save_period == 0:
            snapshot.save(self.folder.numbered(self.epoch))
            if settings.keep_last:
                self.folder.prune(settings.keep_last)
        if improved:
            snapshot.save(self.folder.best)
        snapshot.save(self.folder.last)  # last of all: a run stopped before this does the epoch again, best and all

    def _config(self) -> dict[str, Any]:
        return self.experiment.config.resolved
