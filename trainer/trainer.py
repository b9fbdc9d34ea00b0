"""Training as every run does it."""

import logging
import math
from collections.abc import Sequence
from contextlib import AbstractContextManager

import numpy as np

from base.base_data_loader import Dataset
from base.base_trainer import BaseCallback, BaseTrainer, Record
from base.errors import NotFinite
from base.state import State
from base.stop import Stop
from data_loader.resampling.compose import merged
from logger.console import epoch_line
from logger.history import History
from logger.progress import Progress
from logger.step_history import StepHistory
from trainer.checkpoints.manager import CheckpointManager
from trainer.checkpoints.run_folder import RunFolder
from trainer.checkpoints.snapshot import take
from trainer.epoch_metrics import EpochMetrics
from trainer.experiment import Experiment, steps_per_epoch
from trainer.parallel_model import Batch, ParallelModel
from trainer.recovery import Recovery

LOG = logging.getLogger(__name__)


class Trainer(BaseTrainer):
    """Mini-batch gradient descent on an experiment, writing into a run's folder."""

    def __init__(
        self,
        experiment: Experiment,
        parallel: ParallelModel,
        folder: RunFolder,
        history: History,
        steps: StepHistory,
        callbacks: Sequence[BaseCallback] = (),
        stop: Stop | None = None,
    ) -> None:
        self.experiment = experiment
        self.settings = experiment.settings
        self.model = experiment.model
        self.parallel = parallel
        self.history = history
        self.steps = steps
        super().__init__(self.settings.trainer.epochs, experiment.monitor(), callbacks, stop)
        self.checkpoints = CheckpointManager(folder, self.settings.trainer)
        self.epoch_metrics = EpochMetrics(self.settings.metrics or [], experiment.empty_batch())
        self.recovery = Recovery(self)
        self.rate_factor = 1.0
        self.base_lr = self.settings.optimizer.lr
        self.update = experiment.update(parallel.workers)
        self.augmentation = merged(self.settings.augmentation or [])
        self.order = experiment.order()
        self.steps_per_epoch = steps_per_epoch(self.settings, len(experiment.training))
        self._buffers = self.model.buffers.copy()
        if self.settings.lr_scheduler:
            self.settings.lr_scheduler.bind(self.epochs * self.steps_per_epoch, self.steps_per_epoch)

    def state_dict(self) -> State:
        """Everything that the rest of training depends on, after a step."""
        within_epoch = self.position > 0
        return {
            **self.experiment.state_dict(),
            **self.update.state_dict(),
            **self.recovery.state_dict(),
            **({"tally": self.epoch_metrics.state_dict()} if within_epoch else {}),
            "monitor": self.monitor.state_dict(),
            "epoch": self.epoch - within_epoch,  # those that are complete
            "step": self.step,
            "position": self.position,
            "rate_factor": self.rate_factor,
            "seconds": self.elapsed() if within_epoch else 0.0,
        }

    def load_state_dict(self, state: State, same_config: bool = True) -> None:
        """Continue from a state whose model, optimizer and scheduler are loaded, and whose monitor is left alone.

        With another config not within an epoch, but from its beginning.
        """
        self.epoch, self.step, self.position = state["epoch"], state["step"], 0
        self.epoch_metrics.reset()
        if same_config:
            self.rate_factor = state.get("rate_factor", 1.0)
            self.recovery.load_state_dict(state)
            self.position = state.get("position", 0)
        if self.position:
            self.seconds = state["seconds"]
            self.epoch_metrics.load_state_dict(state["tally"])
        if self.update.average is not None:
            self.update.load_state_dict(state)

    @property
    def schedule_step(self) -> int:
        """Where in the plan of batches and rates the next step is: `step`, if all epochs were of the same length."""
        return (self.epoch - 1) * self.steps_per_epoch + self.position

    def train_epoch(self) -> Record:
        if self.position == 0:
            self.epoch_metrics.reset()
        self.recovery.begin_epoch()
        while self.position < self.steps_per_epoch:
            try:
                self._run_steps()
            except NotFinite as found:
                self.recovery.answer(found)
        record = self.epoch_metrics.record()
        return record if self.settings.regularizer is None else record | {"penalty": self.update.penalty()}

    def validate(self) -> Record:
        test = self.experiment.test if self.settings.trainer.log_test else None
        return self._score("val", self.experiment.validation) | self._score("test", test)

    def scored_model(self) -> AbstractContextManager[None]:
        return self.update.averaged()

    def undo_statistics(self) -> None:
        """Put running statistics back to what they were before the last step, or the one that failed."""
        self.model.buffers[...] = self._buffers

    def keep(self, record: Record, improved: bool) -> None:
        if self.settings.lr_scheduler:
            self.settings.lr_scheduler.observe(record, self.epoch * self.steps_per_epoch)
        self.history.append(record)
        self.steps.flush()
        LOG.info(epoch_line(record, self.epochs, improved, self.monitor.metric))
        self.checkpoints.after_epoch(take(self), self.epoch, improved)

    def _run_steps(self) -> None:
        """The steps that are left of the epoch. Raises NotFinite."""
        title = f"epoch {self.epoch}/{self.epochs}"
        show = Progress(self.steps_per_epoch, title, self.position, enabled=self.settings.trainer.verbosity > 0)
        with show as progress, self.parallel.workers.started("an epoch") as is_leader, np.errstate(all="ignore"):
            while self.position < self.steps_per_epoch:
                batch = self._train_step()
                if is_leader:
                    self.epoch_metrics.add(batch.loss, batch.loss_denominator, batch.outputs, batch.targets)
                    self._log_step(batch.loss)
                    progress.update(batch.loss)
                    self.pause()

    def _train_step(self) -> Batch:
        scheduler = self.settings.lr_scheduler
        self.lr = self.rate_factor * (scheduler.lr(self.base_lr, self.schedule_step) if scheduler else self.base_lr)
        self._buffers[...] = self.model.buffers
        samples = self.order.batch(self.schedule_step)
        batch = self.parallel.train_batch(self.experiment.training, samples, self.step, self.augmentation)
        if not math.isfinite(batch.loss):
            raise NotFinite("loss")
        self.update.apply(batch.grads, self.lr, self.step)
        self.step += 1
        self.position += 1
        return batch

    def _log_step(self, loss: float) -> None:
        ratio = self.update.ratio
        row = {"step": self.step, "loss": loss, "lr": self.lr, "grad_norm": self.update.grad_norm}
        self.steps.append(row | ratio.ratios() if ratio and ratio.due(self.step - 1) else row)

    def pause(self) -> None:
        """Between two steps of an epoch: save, and stop, if it is time to."""
        if self.position == self.steps_per_epoch:
            return  # the end of the epoch is near, with a checkpoint of its own
        if self.stop.wanted or self.checkpoints.due(self.step):
            self.steps.flush()
            self.checkpoints.within_epoch(self.recovery.checkpoint())
        self.stop.obey()

    def _score(self, prefix: str, data: Dataset | None) -> Record:
        if data is None:
            return {}
        metrics = self.settings.metrics or []
        for metric in metrics:
            metric.reset()
        with np.errstate(all="ignore"), self.scored_model():
            loss = self.parallel.score(data, metrics)
        if not math.isfinite(loss):
            self.recovery.raise_nonfinite_score(f"{prefix}_loss", loss, data)
        return {f"{prefix}_loss": loss} | {f"{prefix}_{metric.name}": metric.compute() for metric in metrics}
