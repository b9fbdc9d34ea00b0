"""The loop over the steps of an epoch: mini-batch gradient descent."""

import logging
import math
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from functools import cached_property, partial

import numpy as np

from base.base_trainer import BaseCallback, BaseTrainer, Record
from base.dataset import Dataset
from base.errors import NonFiniteError, NotFinite
from base.state import State
from base.stop import Stop
from base.types import Array
from data_loader.read_ahead import ReadAhead
from data_loader.resampling.compose import merged
from logger.epoch_line import epoch_line
from logger.history import History
from logger.progress import Progress
from logger.step_history import StepHistory
from trainer.batch_statistics import has_statistics, measured_buffers
from trainer.checkpoints.checkpoint import Checkpoint
from trainer.checkpoints.manager import CheckpointManager
from trainer.checkpoints.run_folder import RunFolder
from trainer.checkpoints.snapshot import constant_facts, snapshot
from trainer.checks.nonfinite import score_error, step_error
from trainer.checks.step_report import first_overflow, report_step
from trainer.checks.trained_rate import SECONDS, STEPS, find_rate
from trainer.epoch_metrics import EpochMetrics
from trainer.experiment import Experiment, steps_per_epoch
from trainer.parallel_model import ParallelModel, StepResult, divide
from trainer.recovery import Recovery
from utils.screen import Layout

LOG = logging.getLogger(__name__)

MOST_MEASURED = 2**14  # training samples that batch norm's statistics are taken of: more would not change them


class Trainer(BaseTrainer):
    """Mini-batch gradient descent on an experiment, writing into a run's folder if there is one.

    A step; its first four lines are done by each shard for its part of the batch (trainer/shard.py). There is no
    zero_grad, as backward overwrites gradients:

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
        folder: RunFolder | None,
        history: History,
        steps: StepHistory,
        callbacks: Sequence[BaseCallback] = (),
        stop: Stop | None = None,
    ) -> None:
        self.experiment = experiment
        self.settings = experiment.settings
        self.model = experiment.model
        if folder is not None:  # else nothing is written, and there are no callbacks that would
            self.log_folder = folder.log
        self.parallel = parallel
        self.workers = parallel.workers
        self.history = history
        self.steps = steps
        super().__init__(self.settings.trainer.epochs, experiment.monitor(), callbacks, stop)
        self.checkpoints = CheckpointManager(folder, self.settings.trainer, self._write_figures)
        self.epoch_metrics = EpochMetrics(self.settings.metrics or [], experiment.empty_batch())
        self.recovery = Recovery(self.settings.trainer.on_nonfinite)
        self.base_lr = self.settings.optimizer.lr
        self.update = experiment.update(self.workers)
        self.augmentation = merged(self.settings.augmentation or [])
        self.order = experiment.order()
        self.read_ahead = ReadAhead(experiment.training, self.order, parallel.own_parts)
        self.steps_per_epoch = steps_per_epoch(self.settings, len(experiment.training))
        self._buffers_before_step = self.model.buffers.copy()
        if self.settings.lr_scheduler:
            self.settings.lr_scheduler.bind(self.epochs * self.steps_per_epoch, self.steps_per_epoch)

    @property
    def schedule_step(self) -> int:
        """The index, from 0, of the next step in the batch order and the learning rate schedule.

        It is not `step` where epochs before had another length: in a new run from a checkpoint of another batch size.
        """
        return (self.epoch - 1) * self.steps_per_epoch + self.position

    def train_epoch(self) -> Record:
        if self.position == 0:
            self.epoch_metrics.reset()
        if self.recovery.start is None:  # else `finish_epoch` has left it
            self.recovery.start = self._unfinished_epoch().copy()
        # A step that is not finite ends _run_steps, which then goes on from `position`: a roll-back has set it back.
        while self.position < self.steps_per_epoch:
            try:
                self._run_steps()
            except NotFinite as event:
                self._recover(event)
        record = self.workers.leaders(self.epoch_metrics.record)
        return record if self.settings.regularizer is None else record | {"penalty": self.update.penalty()}

    def validate(self) -> Record:
        if self.update.average is not None and has_statistics(self.model):
            self.update.average_buffers = self._average_buffers()
        test = self.experiment.test if self.settings.trainer.log_test else None
        return self._evaluate("val", self.experiment.validation) | self._evaluate("test", test)

    def evaluation_weights(self) -> AbstractContextManager[None]:
        return self.update.averaged()

    def stop_code(self) -> int:
        return self.workers.largest(self.stop.code)[0]

    def shared(self, record: Record) -> Record:
        return self.workers.leaders(lambda: record)

    def finish_epoch(self, record: Record, improved: bool) -> None:
        if self.settings.lr_scheduler:
            self.settings.lr_scheduler.observe(record, self.epoch * self.steps_per_epoch)
        self.history.append(record)
        LOG.info(Layout(partial(epoch_line, record, self.epochs, improved, self.monitor.metric)))
        # The copy outlives the next steps: as what waits to be written, and as what they may go back to.
        self.recovery.start = self._copy()
        self.checkpoints.save_epoch(self.recovery.start, self.epoch, improved)

    def flush(self) -> None:
        self.checkpoints.flush()
        self._write_figures()

    def checkpoint(self) -> Checkpoint:
        """The state after a step, as a checkpoint."""
        return self._completed(Checkpoint.of(self.state_dict()))

    def _copy(self) -> Checkpoint:
        """The same, which does not change when training goes on."""
        return self._completed(Checkpoint.of(self.state_dict()).copy())

    def _completed(self, state: Checkpoint) -> Checkpoint:
        if self.checkpoints.folder is None:
            return state
        return snapshot(state, self._constant, self.history, self.log_folder)

    @cached_property
    def _constant(self) -> Checkpoint:
        return constant_facts(self.experiment)

    def state_dict(self) -> State:
        """Everything that the rest of training depends on, between two steps or two epochs.

        It has more than `load_state_dict` takes: model, optimizer, scheduler and monitor are restored by their owners.
        """
        mid_epoch = self.position > 0
        return {
            **self.experiment.state_dict(),
            **self.update.state_dict(),
            **self.recovery.state_dict(),
            **({"tally": self.epoch_metrics.state_dict()} if mid_epoch else {}),
            "monitor": self.monitor.state_dict(),
            "epoch": self.epoch - mid_epoch,  # complete ones
            "step": self.step,
            "position": self.position,
            "seconds": self.elapsed() if mid_epoch else 0.0,
        }

    def load_state_dict(self, state: State, same_config: bool = True) -> None:
        """Restore the trainer's own part of a state: counters, metrics of the epoch, recovery, moving average.

        Model, optimizer and scheduler are restored before (`restore_experiment`), and the monitor only where the same
        run goes on. With another config (`same_config` false) an epoch that was interrupted begins at its first step.
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
        """Run the steps that are left of the epoch. Raises NotFinite."""
        title = f"epoch {self.epoch}/{self.epochs}"
        show = Progress(self.steps_per_epoch, title, self.position, enabled=self.settings.trainer.verbosity > 0)
        region, together = self.workers.parallel_region("an epoch"), self.workers.together()
        with show as progress, together, region as is_leader, self.read_ahead, np.errstate(all="ignore"):
            # Every worker process runs this loop (SPMD) and does its own shards of each step. What is not shared
            # between them, metrics, log, progress and checkpoints, is the leader's alone.
            while self.position < self.steps_per_epoch:
                result = self._train_step()
                if is_leader:
                    self.epoch_metrics.add(result.loss, result.loss_denominator, result.outputs, result.targets)
                    self._log_step(result.loss)
                    progress.update(result.loss)
                if self.workers.keeps_state:
                    self._save_and_stop_if_due()

    def _train_step(self) -> StepResult:
        scheduler = self.settings.lr_scheduler
        lr = scheduler.lr(self.base_lr, self.schedule_step) if scheduler else self.base_lr
        self.lr = self.recovery.rate_factor * lr
        self._buffers_before_step[...] = self.model.buffers
        samples = self.order.batch(self.schedule_step)
        if self.workers.keeps_state:
            self.read_ahead.before(self.schedule_step)
        result = self.parallel.train_batch(self.experiment.training, samples, self.step, self.augmentation)
        if not math.isfinite(result.loss):
            raise NotFinite("loss")
        self.update.apply(result.grads, self.lr, self.step)
        self.recovery.skipped = 0
        self.step += 1
        self.position += 1
        return result

    def _log_step(self, loss: float) -> None:
        ratio = self.update.ratio
        row = {"step": self.step, "loss": loss, "lr": self.lr, "grad_norm": self.update.grad_norm}
        self.steps.append(row | ratio.ratios() if ratio and ratio.due(self.step - 1) else row)

    def _save_and_stop_if_due(self) -> None:
        """Save a checkpoint if one is due; raise KeyboardInterrupt if a stop was requested."""
        if self.position == self.steps_per_epoch:
            return  # validation and the epoch's own checkpoint come next; `train` then checks for a stop
        code, is_due = self.workers.largest(self.stop.code, int(self.checkpoints.due(self.step)))
        if code or is_due:
            self.checkpoints.save_last(self.recovery.with_epoch_start(self.checkpoint()))
        elif self.checkpoints.overdue:
            self.checkpoints.flush()
        self.stop.raise_for(code)  # and not for a signal since, of which the other ranks do not know

    def _write_figures(self) -> None:
        """Write the figures of epochs and steps, which are to be on disk before a checkpoint that counts them."""
        self.history.flush()
        self.steps.flush()

    def _recover(self, event: NotFinite) -> None:
        """Skip the step, or go back to the start of the epoch. Raises NonFiniteError where training is to stop."""
        self.model.buffers[...] = self._buffers_before_step
        where = (
            f"the {event.what} became infinite or not a number in step {self.position + 1} of epoch {self.epoch}, "
            f"learning rate {self.lr:g}"
        )
        action = self.recovery.choose(event)
        if action == "skip":
            LOG.warning("%s; the step is skipped", where)
            self.step += 1
            self.position += 1
            self._save_and_stop_if_due()
        elif action == "back_off":
            factor = self.recovery.rate_factor
            LOG.warning("%s; back to the start of the epoch, learning rates times %g", where, factor)
            self._roll_back()
        elif action == "redo":
            # The optimizer has changed the parameters already. Going through the epoch again gives the same numbers up
            # to this step, which is then done with a backup and undone; after that the policy decides.
            self.update.backup_steps.add(self.step)
            self._roll_back()
        else:
            raise self._stop_error(event, where)

    def _stop_error(self, event: NotFinite, where: str) -> NonFiniteError:
        """Save the state before the step with its batch, and make the error that names the first such number."""
        data, samples = self.experiment.training, self.order.batch(self.schedule_step)
        inputs = data.inputs_of(samples, self.model.values.dtype)
        state = self._unfinished_epoch().with_batch(inputs, data.read_targets(samples))
        path = self.checkpoints.save_nonfinite(state)
        report = report_step(self.parallel, data, samples, self.step, self.augmentation)
        better = "other data" if report.batch.not_finite else self._better_rate(state)
        return step_error(event.what, where, report, path, self.recovery.advice(better))

    def _better_rate(self, now: Checkpoint) -> str:
        """Advice for a failed step; a rate only where the run begins and that rate trains. Goes back to `now`."""
        start, now = self.recovery.start, now.copy()
        if start is None or start.meta["step"] > 0:
            return "a lower learning rate or trainer.grad_clip"
        LOG.info("looking for a learning rate that trains, for %g seconds at most", SECONDS)
        deadline = time.monotonic() + SECONDS

        def losses_at(lr: float) -> list[float]:
            self._restore(start)
            self.base_lr, losses = lr, list[float]()
            region, together = self.workers.parallel_region("a trial"), self.workers.together()
            with suppress(NotFinite), together, region as is_leader, np.errstate(all="ignore"):
                while len(losses) < STEPS:
                    is_over = is_leader and (time.monotonic() > deadline or self.stop.requested)
                    if any(self.workers.largest(int(is_over))):
                        break
                    losses.append(self._train_step().loss)
            return losses

        found = find_rate(losses_at, self.base_lr)
        self.base_lr = self.settings.optimizer.lr
        self._restore(now)
        return f"{found or 'other data, another network'} or trainer.grad_clip"

    def _roll_back(self) -> None:
        """Restore the state at the start of the epoch, whose steps `train_epoch` then runs again."""
        assert self.recovery.start is not None
        rate_factor = self.recovery.rate_factor
        self._restore(self.recovery.start)
        self.steps.cut(self.step)
        self.recovery.rate_factor = rate_factor  # as lowered now: with that of the state the step would fail again

    def _restore(self, checkpoint: Checkpoint) -> None:
        """Go back to a state within or before the current epoch."""
        state = checkpoint.state
        self.experiment.load_state_dict(state)
        self.load_state_dict(state)
        self.epoch += 1  # the state counts complete epochs, `epoch` those begun

    def _unfinished_epoch(self) -> Checkpoint:
        """The state as a checkpoint in which the current epoch is not complete, even before its first step."""
        checkpoint = self.checkpoint()
        checkpoint.meta["epoch"] = self.epoch - 1
        return checkpoint

    def _average_buffers(self) -> Array:
        """The buffers with batch norm's statistics as they are with the averaged weights."""
        size, micro_batches = self.order.batch_size, self.settings.trainer.accumulate_steps
        begun, count = (self.epoch - 1) * self.steps_per_epoch, -(-min(self.order.samples, MOST_MEASURED) // size)
        whole = [self.order.batch(step) for step in range(begun, begun + count)]
        batches = [samples[part] for samples in whole for part in divide(len(samples), micro_batches)]
        with np.errstate(all="ignore"), self.update.averaged(), self.workers.together():
            return measured_buffers(self.parallel, self.experiment.training, batches)

    def _evaluate(self, prefix: str, data: Dataset | None) -> Record:
        if data is None:
            return {}
        metrics = self.settings.metrics or []
        for metric in metrics:
            metric.reset()
        with np.errstate(all="ignore"), self.evaluation_weights(), self.workers.together():
            loss = self.parallel.score(data, metrics)
        if not math.isfinite(loss):
            what, checkpoint = f"{prefix}_loss became {loss} after epoch {self.epoch}", self.checkpoint()
            with self.evaluation_weights():
                layer = first_overflow(self.parallel, data)
            path, better = self.checkpoints.save_nonfinite(checkpoint), self._better_rate(self._unfinished_epoch())
            raise score_error(what, layer, checkpoint, path, f"Try {better}")
        figures = self.workers.leaders(lambda: {f"{prefix}_{metric.name}": metric.compute() for metric in metrics})
        return {f"{prefix}_loss": loss} | figures
