"""The loop over the steps of an epoch: mini-batch gradient descent."""

import logging
import math
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np

from base.base_trainer import BaseCallback, BaseTrainer, Record
from base.dataset import Dataset
from base.errors import NotFinite
from base.state import State
from base.stop import Stop
from data_loader.resampling.compose import merged
from logger.console import epoch_line
from logger.history import History
from logger.progress import Progress
from logger.step_history import StepHistory
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.manager import CheckpointManager
from trainer.checkpoints.run_folder import RunFolder
from trainer.checkpoints.snapshot import snapshot
from trainer.checks.nonfinite import score_error, step_error
from trainer.checks.step_report import first_overflow, report_step
from trainer.epoch_metrics import EpochMetrics
from trainer.experiment import Experiment, steps_per_epoch
from trainer.parallel_model import Batch, ParallelModel
from trainer.recovery import Recovery

LOG = logging.getLogger(__name__)


class Trainer(BaseTrainer):
    """Mini-batch gradient descent on an experiment, writing into a run's folder.

    A step, of which the first four lines are those of each shard (trainer/shard.py):

        output = model.forward(augmented(x))
        loss = loss_function.forward(output, target)
        dy = loss_function.backward()
        model.backward(dy)
        grads = sum over shards, + penalty, clipped
        optimizer.step(grads, lr)
    """

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
        self.recovery = Recovery(self.settings.trainer.on_nonfinite)
        self.base_lr = self.settings.optimizer.lr
        self.update = experiment.update(parallel.workers)
        self.augmentation = merged(self.settings.augmentation or [])
        self.order = experiment.order()
        self.steps_per_epoch = steps_per_epoch(self.settings, len(experiment.training))
        self._buffers = self.model.buffers.copy()
        if self.settings.lr_scheduler:
            self.settings.lr_scheduler.bind(self.epochs * self.steps_per_epoch, self.steps_per_epoch)

    @property
    def schedule_step(self) -> int:
        """The next step's number in the plan of batches and rates: `step`, if all epochs had the same length."""
        return (self.epoch - 1) * self.steps_per_epoch + self.position

    def train_epoch(self) -> Record:
        if self.position == 0:
            self.epoch_metrics.reset()
        if self.position == 0 or self.recovery.start is None:
            self.recovery.start = self._checkpoint_before(self.epoch).copy()
        while self.position < self.steps_per_epoch:
            try:
                self._run_steps()
            except NotFinite as found:
                self._recover(found)
        record = self.epoch_metrics.record()
        return record if self.settings.regularizer is None else record | {"penalty": self.update.penalty()}

    def validate(self) -> Record:
        test = self.experiment.test if self.settings.trainer.log_test else None
        return self._score("val", self.experiment.validation) | self._score("test", test)

    def scored_model(self) -> AbstractContextManager[None]:
        return self.update.averaged()

    def keep(self, record: Record, improved: bool) -> None:
        if self.settings.lr_scheduler:
            self.settings.lr_scheduler.observe(record, self.epoch * self.steps_per_epoch)
        self.history.append(record)
        self.steps.flush()
        LOG.info(epoch_line(record, self.epochs, improved, self.monitor.metric))
        self.checkpoints.after_epoch(self.checkpoint(), self.epoch, improved)

    def checkpoint(self) -> Checkpoint:
        """The state after a step, as a checkpoint."""
        return snapshot(self.state_dict(), self.experiment, self.history, self.checkpoints.folder)

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
            "seconds": self.elapsed() if within_epoch else 0.0,
        }

    def load_state_dict(self, state: State, same_config: bool = True) -> None:
        """Continue from a state whose model, optimizer and scheduler are loaded, and whose monitor is left alone.

        With another config not within an epoch, but from its beginning.
        """
        self.epoch, self.step, self.position = state["epoch"], state["step"], 0
        self.epoch_metrics.reset()
        if same_config:
            self.recovery.load_state_dict(state)
            self.position = state.get("position", 0)
        if self.position:
            self.seconds = state["seconds"]
            self.epoch_metrics.load_state_dict(state["tally"])
        if self.update.average is not None:
            self.update.load_state_dict(state)

    def _run_steps(self) -> None:
        """Do the steps that are left of the epoch. Raises NotFinite."""
        title = f"epoch {self.epoch}/{self.epochs}"
        show = Progress(self.steps_per_epoch, title, self.position, enabled=self.settings.trainer.verbosity > 0)
        with show as progress, self.parallel.workers.started("an epoch") as is_leader, np.errstate(all="ignore"):
            while self.position < self.steps_per_epoch:
                batch = self._train_step()
                if is_leader:
                    self.epoch_metrics.add(batch.loss, batch.loss_denominator, batch.outputs, batch.targets)
                    self._log_step(batch.loss)
                    progress.update(batch.loss)
                    self._pause()

    def _train_step(self) -> Batch:
        scheduler = self.settings.lr_scheduler
        lr = scheduler.lr(self.base_lr, self.schedule_step) if scheduler else self.base_lr
        self.lr = self.recovery.rate_factor * lr
        self._buffers[...] = self.model.buffers
        samples = self.order.batch(self.schedule_step)
        batch = self.parallel.train_batch(self.experiment.training, samples, self.step, self.augmentation)
        if not math.isfinite(batch.loss):
            raise NotFinite("loss")
        self.update.apply(batch.grads, self.lr, self.step)
        self.recovery.skipped = 0
        self.step += 1
        self.position += 1
        return batch

    def _log_step(self, loss: float) -> None:
        ratio = self.update.ratio
        row = {"step": self.step, "loss": loss, "lr": self.lr, "grad_norm": self.update.grad_norm}
        self.steps.append(row | ratio.ratios() if ratio and ratio.due(self.step - 1) else row)

    def _pause(self) -> None:
        """Between two steps of an epoch: save, and stop, if it is time to."""
        if self.position == self.steps_per_epoch:
            return  # the end of the epoch is near, with a checkpoint of its own
        if self.stop.wanted or self.checkpoints.due(self.step):
            self.steps.flush()
            self.checkpoints.within_epoch(self.recovery.within_epoch(self.checkpoint()))
        self.stop.obey()

    def _recover(self, found: NotFinite) -> None:
        """Go on after a step whose numbers are not finite. Raises NonFiniteError where training is to stop."""
        self.model.buffers[...] = self._buffers
        where = (
            f"the {found.what} became infinite or not a number in step {self.position + 1} of epoch {self.epoch}, "
            f"learning rate {self.lr:g}"
        )
        action = self.recovery.choose(found)
        if action == "stop":
            data, samples = self.experiment.training, self.order.batch(self.schedule_step)
            inputs = data.inputs_of(samples, self.model.values.dtype)
            path = self._save_nonfinite(
                self._checkpoint_before(self.epoch).with_batch(inputs, data.read_targets(samples))
            )
            report = report_step(self.parallel, data, samples, self.step, self.augmentation)
            raise step_error(found.what, where, report, path, self.recovery.advice(self.lr))
        if action == "skip":
            LOG.warning("%s; the step is skipped", where)
            self.step += 1
            self.position += 1
            self._pause()
            return
        if action == "redo":
            self.update.backup_steps.add(self.step)
        else:
            factor = self.recovery.rate_factor
            LOG.warning("%s; back to the start of the epoch, learning rates times %g", where, factor)
        self._roll_back()

    def _roll_back(self) -> None:
        assert self.recovery.start is not None
        state, rate_factor = self.recovery.start.state, self.recovery.rate_factor
        self.experiment.load_state_dict(state)
        self.load_state_dict(state)
        self.steps.cut(self.step)
        self.recovery.rate_factor = rate_factor
        self.epoch += 1  # it is begun again

    def _checkpoint_before(self, epoch: int) -> Checkpoint:
        """The state as a checkpoint in which an epoch that is begun is not complete, even before its first step."""
        checkpoint = self.checkpoint()
        checkpoint.meta["epoch"] = epoch - 1
        return checkpoint

    def _save_nonfinite(self, checkpoint: Checkpoint) -> Path:
        path = self.checkpoints.folder.models / "nonfinite.npz"
        checkpoint.save(path)
        return path

    def _score(self, prefix: str, data: Dataset | None) -> Record:
        if data is None:
            return {}
        metrics = self.settings.metrics or []
        for metric in metrics:
            metric.reset()
        with np.errstate(all="ignore"), self.scored_model():
            loss = self.parallel.score(data, metrics)
        if not math.isfinite(loss):
            what, state = f"{prefix}_loss became {loss} after epoch {self.epoch}", self.checkpoint()
            with self.scored_model():
                layer = first_overflow(self.parallel, data)
            raise score_error(what, layer, state, self._save_nonfinite(state), self.lr)
        return {f"{prefix}_loss": loss} | {f"{prefix}_{metric.name}": metric.compute() for metric in metrics}
