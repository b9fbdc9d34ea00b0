"""A training run from its plan to its last file."""

from __future__ import annotations

import logging
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from base.base_trainer import BaseCallback, Record
from base.errors import AlreadyDone, CheckpointError, UserError, WorkerError, WriteError
from base.stop import Stop, TimeIsUp
from logger.console import component_lines, counted, data_lines, duration, entry, model_table
from logger.environment import blas_kernel, environment, library_versions, write_environment
from logger.figures import figure_text
from logger.history import History
from logger.report.page import FILE as REPORT
from logger.run_files import RunFiles
from logger.setup import run_log
from logger.step_history import StepHistory, StepReader
from logger.summary import update_summary
from logger.tensorboard import check_tensorboard_installed
from ops.choose import computed_with
from trainer.checkpoints.checkpoint import stored_digests
from trainer.checkpoints.resume import Plan, check_unchanged
from trainer.checkpoints.run_folder import RunFolder, new_run_folder
from trainer.checkpoints.run_lock import training_in
from trainer.checkpoints.snapshot import begin_anew, prepare_plan, restore_experiment
from trainer.checks.known_data import check_same_data, unknown_data
from trainer.checks.layer_contract import check_layers
from trainer.checks.rates import check_rates
from trainer.checks.settings_notes import settings_notes
from trainer.experiment import Experiment, steps_per_epoch
from trainer.inspection.tsne_view import TsneView, check_drawable, check_epochs, training_view
from trainer.parallel_model import ParallelModel
from trainer.ranks.same import expect_same
from trainer.ranks.shared_data import with_shared_data
from trainer.reporting.chosen import chosen_callbacks
from trainer.reporting.pictures import Pictures
from trainer.reporting.report import Report
from trainer.reporting.summary import SummaryEnd, SummaryFile
from trainer.reporting.tensorboard import TensorBoard
from trainer.reporting.tsne import Tsne
from trainer.trainer import Trainer
from trainer.update_ratio import ratio_names
from utils.config.imports import files_of
from utils.ranks.current import current
from utils.screen import Layout
from utils.shell import shell_command
from utils.stop_signals import stopping_by_signals

LOG = logging.getLogger(__name__)

_RISEN = 2.0  # times the loss of the first step: more than batches and dropout make


@dataclass(frozen=True)
class Extras:
    """Optional parts of a run: t-SNE pictures and TensorBoard, which need a view, and callbacks.

    `chosen` are those of the config, `callbacks` those of another program.
    """

    tsne: TsneView | None
    tensorboard: TsneView | None
    chosen: Sequence[BaseCallback] = ()
    callbacks: Sequence[BaseCallback] = ()


def train(
    plan: Plan,
    run_id: str | None,
    tsne: bool,
    callbacks: Sequence[BaseCallback] = (),
    stop: Stop | None = None,
    begun: float | None = None,
) -> RunFolder:
    """Train as planned and return the run's folder.

    Nothing is written before config, data, model and checkpoint are found to fit. `callbacks` come after those of every
    run; `stop` is a stop request that the caller can set too. `begun` is when the program began, by time.monotonic
    (None: now).
    """
    stop, begun = stop or Stop(), time.monotonic() if begun is None else begun
    experiment = prepare_plan(plan)
    expect_same(experiment)
    experiment = with_shared_data(experiment)
    stop.deadline = begun + 60 * (experiment.settings.trainer.max_minutes or math.inf)
    _check_plan(plan, experiment, run_id)
    check_layers(experiment)
    extras = _extras(experiment, tsne, callbacks)
    notes: list[str | Layout] = [
        *plan.notes,
        *_unmade(plan, experiment),
        *unknown_data(plan),
        *restore_experiment(experiment, plan),
        *(f"warning: {note}" for note in experiment.data_notes()),
        *(f"warning: {note}" for note in settings_notes(experiment)),
    ]
    folder = plan.folder or new_run_folder(Path(experiment.settings.trainer.save_dir), experiment.settings.name, run_id)
    with training_in(folder.models):
        check_unchanged(plan)
        folder.remove_leftovers()
        if plan.folder and plan.checkpoint and plan.path and plan.path.name != folder.last.name:
            plan.checkpoint.save(folder.last)  # a kill came before it was written, or it is damaged
        _train(plan, experiment, folder, notes, extras, stop, begun)
    return folder


def _train(
    plan: Plan,
    experiment: Experiment,
    folder: RunFolder,
    notes: list[str | Layout],
    extras: Extras,
    stop: Stop,
    begun: float,
) -> None:
    trainer_settings = experiment.settings.trainer
    log_bytes = plan.checkpoint.meta.get("log_bytes") if plan.checkpoint and plan.folder else None
    with run_log(folder.log, trainer_settings.verbosity, log_bytes), experiment.parallel() as parallel:
        _describe(experiment, parallel, folder, [*_where_it_begins(plan, experiment.model.ops.name), *notes])
        folder.write_config(plan.config.resolved)
        told = environment(experiment.settings.seed, sys.argv, experiment.model.ops.description)
        if plan.initial:
            told["init"] = plan.initial.origin
        if experiment.settings.imports:
            told["imports"] = files_of(experiment.settings.imports)
        write_environment(folder.log, told, continued=plan.folder is not None)
        before = _seconds_before(folder) if plan.folder else 0.0

        def waited() -> float:
            return before + time.monotonic() - begun

        trainer = _trainer(plan, experiment, parallel, folder, extras, stop, waited)
        try:
            with suppress(TimeIsUp), _naming_checkpoint(folder), stopping_by_signals(stop):
                trainer.train()
        finally:
            with suppress(WriteError):  # which has been told where it matters
                update_summary(folder.log, seconds=round(waited(), 3))
        _conclude(trainer, folder, waited())


def _seconds_before(folder: RunFolder) -> float:
    """The seconds that earlier processes of a run took, as far as that is known."""
    return RunFiles(folder.models, folder.log).seconds or 0.0


def _trainer(
    plan: Plan,
    experiment: Experiment,
    parallel: ParallelModel,
    folder: RunFolder,
    extras: Extras,
    stop: Stop,
    waited: Callable[[], float],
) -> Trainer:
    in_place = plan.checkpoint if plan.folder else None
    history = History(folder.log, in_place.meta["history_lines"] if in_place else 0)
    steps = StepHistory(folder.log, ratio_names(experiment.model), in_place.meta["step"] if in_place else 0)
    callbacks: list[BaseCallback] = [SummaryFile(experiment, folder, waited), Pictures(experiment, parallel, folder)]
    if extras.tsne:
        callbacks.append(Tsne(extras.tsne, parallel, folder, experiment.settings.trainer))
    if extras.tensorboard:  # it takes over the pictures
        callbacks.append(TensorBoard(experiment, parallel, folder.log, history, steps, extras.tensorboard))
    callbacks += [*(chosen for chosen in extras.chosen if not chosen.after_report), SummaryEnd(folder, waited)]
    if experiment.settings.trainer.report:
        callbacks.append(Report(folder))  # it shows what those before it write
    callbacks += [chosen for chosen in extras.chosen if chosen.after_report]
    trainer = Trainer(experiment, parallel, folder, history, steps, [*callbacks, *extras.callbacks], stop)
    if plan.checkpoint:
        trainer.load_state_dict(plan.checkpoint.state, plan.same_config)
    if in_place:
        trainer.monitor.load_state_dict(in_place.meta["monitor"])
    return trainer


def _extras(experiment: Experiment, tsne: bool, callbacks: Sequence[BaseCallback]) -> Extras:
    """Raises ConfigError where what is asked for cannot be drawn, UserError where TensorBoard is not installed."""
    tensorboard = experiment.settings.trainer.tensorboard
    if tensorboard:
        check_tensorboard_installed()
    view = training_view(experiment) if tsne or tensorboard else None
    if tsne and view:
        check_epochs(experiment)
        check_drawable(experiment, view)
    chosen = chosen_callbacks(experiment)
    return Extras(view if tsne else None, view if tensorboard else None, chosen, callbacks)


def _check_plan(plan: Plan, experiment: Experiment, run_id: str | None) -> None:
    if plan.checkpoint is None:
        return
    done, wanted = plan.checkpoint.meta["epoch"], experiment.settings.trainer.epochs
    is_complete = plan.folder is None or RunFiles(plan.folder.models, plan.folder.log).is_complete
    if done > wanted or (done == wanted and is_complete):
        anew = f"; {begin_anew(plan, 'to begin at epoch 1 with its weights')}" if not plan.same_config else ""
        kind = AlreadyDone if plan.folder and done == wanted else UserError
        raise kind(f"{plan.path}: has done {done} of {wanted} epochs; to go on, ask for more with --epochs N{anew}")
    check_same_data(plan, experiment)
    position = plan.checkpoint.meta.get("position", 0)
    length = steps_per_epoch(experiment.settings, len(experiment.training))
    if plan.same_config and position >= length:
        raise CheckpointError(f"{plan.path}: is after step {position} of an epoch, which has {length}; the data differ")
    check_rates(plan, experiment)
    if plan.folder is None:
        return
    if run_id is not None:
        raise UserError(f"--run-id: -r {plan.path} alone continues run {plan.folder.run_id} in its own folder")
    monitor = experiment.monitor()
    monitor.load_state_dict(plan.checkpoint.meta["monitor"])
    if monitor.should_stop and is_complete:
        raise AlreadyDone(
            f"{plan.path}: stopped early: {monitor.shortfall}; to go on, start a new run from it with a larger "
            f"trainer.early_stop: python train.py -c CONFIG -r {shell_command(plan.path)} ..."
        )


def _unmade(plan: Plan, experiment: Experiment) -> list[str]:
    """A line on a run that has ended, but for the files of its end."""
    if plan.folder is None or plan.checkpoint is None:
        return []
    monitor = experiment.monitor()
    monitor.load_state_dict(plan.checkpoint.meta["monitor"])
    if plan.checkpoint.meta["epoch"] < experiment.settings.trainer.epochs and not monitor.should_stop:
        return []
    return ["training has ended; what it makes at its end is not all there, and is made now"]


def _where_it_begins(plan: Plan, ops: str) -> list[str]:
    if plan.checkpoint is None:
        return []
    epoch, position = plan.checkpoint.meta["epoch"], plan.checkpoint.meta.get("position", 0)
    where = f"after epoch {epoch}"
    if position and plan.same_config:
        where = f"after step {position} of epoch {epoch + 1}"
    if plan.folder is not None:
        return [f"continues run {plan.folder.run_id} {where}", *_other_bits(plan.checkpoint.meta, ops)]
    why = "as it is not the newest checkpoint of a run here" if plan.same_config else "with the config given"
    return [f"new run from {plan.path}, {where}, {why}; which epoch is best is judged anew"]


def _other_bits(meta: dict[str, object], ops: str) -> list[str]:
    """Warnings of what may give other bits than before; to compiled operations libraries make no difference."""
    if (before := meta.get("ops", "numpy")) != ops:
        return [f"warning: operations differ, so the result will not be the same to the bit: were {before}, are {ops}"]
    now = {"versions": library_versions(), "blas_kernel": blas_kernel()} if ops == "numpy" else {}
    return [
        f"warning: {name} differ, so the result may not be the same to the bit: was {meta.get(name)}, is {value}"
        for name, value in now.items()
        if meta.get(name) != value
    ]


def _describe(experiment: Experiment, parallel: ParallelModel, folder: RunFolder, notes: list[str | Layout]) -> None:
    settings = experiment.settings
    LOG.info("%s, run %s, seed %d", settings.name, folder.run_id, settings.seed)
    for note in notes:
        if isinstance(note, str) and note.startswith("warning: "):
            LOG.warning(note.removeprefix("warning: "))
        else:
            LOG.info(note)
    for name, file in files_of(settings.imports or []).items():
        LOG.info("imports  %s from %s", name, file)
    LOG.debug(Layout(lambda columns: f"\n{component_lines(experiment.config.resolved, columns)}"))
    shapes = experiment.model.output_shapes()
    LOG.info(Layout(lambda columns: f"\n{model_table(experiment.model, shapes, columns)}\n"))
    LOG.info(Layout(partial(data_lines, experiment.training, experiment.validation, experiment.test)))
    shards, workers = counted(len(parallel.shards), "shard"), counted(parallel.workers.count, "core")
    ranks = f" of each of {counted(current().size, 'rank')}" if current().size > 1 else ""
    LOG.info("steps    batches of %d in %s on %s%s", settings.data_loader.batch_size, shards, workers, ranks)
    LOG.info(Layout(partial(entry, "computes", computed_with(settings.trainer.ops, experiment.model.ops))))
    LOG.info("")


@contextmanager
def _naming_checkpoint(folder: RunFolder) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as stopped:
        newest = folder.newest()
        if newest is not None:
            going_on = shell_command("python", "train.py", "-r", folder.models)
            why = "stopped, as trainer.max_minutes are over" if isinstance(stopped, TimeIsUp) else "stopped"
            LOG.warning("%s; the newest checkpoint is %s\ncontinue  %s", why, newest, going_on)
        else:
            LOG.warning("stopped at once; there is no checkpoint yet")
        raise
    except WorkerError:
        if (newest := folder.newest()) is not None:
            going_on = shell_command("python", "train.py", "-r", folder.models)
            LOG.warning("the newest checkpoint is %s\ncontinue  %s", newest, going_on)
        raise


def _conclude(trainer: Trainer, folder: RunFolder, seconds: float) -> None:
    monitor = trainer.monitor
    if monitor.should_stop:
        LOG.info("stopped early: %s", monitor.shortfall)
    LOG.info("\ntrained %s in %s", counted(trainer.history.lines, "epoch"), duration(seconds))
    if monitor.best is not None:
        value = figure_text(monitor.best)
        LOG.info("best     epoch %s, %s %s: best.npz", monitor.best_epoch, monitor.metric, value)
    if advice := _advice_on_loss(trainer.history.records, folder):
        LOG.warning(advice)
    LOG.info("digest   %s", _digests(trainer, folder))
    LOG.info("models   %s\nlogs     %s", folder.models, folder.log)
    drawn = [name for callback in trainer.callbacks if isinstance(callback, Pictures) for name in callback.drawn]
    if drawn:
        LOG.info(Layout(partial(entry, "pictures", ", ".join(drawn))))
    if any(isinstance(callback, Report) for callback in trainer.callbacks):
        LOG.info("report   %s", folder.log / REPORT)
    newest = folder.best if folder.best.is_file() else folder.last
    LOG.info("test it  %s", shell_command("python", "test.py", "-r", newest))
    LOG.info("predict  %s INPUT", shell_command("python", "predict.py", "-r", newest))


def _advice_on_loss(records: Sequence[Record], folder: RunFolder) -> str:
    """Advice on a loss that rose to a multiple of the first step's; "" where it did not."""
    try:
        first = next(StepReader(folder.log / "steps.csv").up_to(1), {}).get("loss", 0.0)
    except (OSError, ValueError):  # somebody else has changed it since
        return ""
    last = records[-1].get("loss", 0.0) if records else 0.0
    if first <= 0 or last < _RISEN * first:
        return ""
    finding = shell_command("python", "train.py", "-c", folder.models / "config.json", "--find-lr")
    return (
        f"the loss rose from {first:.3g} in the first step to {last:.3g}, so the learning rate is probably too high; "
        f"to have one proposed:\n  {finding}"
    )


def _digests(trainer: Trainer, folder: RunFolder) -> str:
    """The digests of the weights, which are those of the same run on any machine if they were computed so."""
    told = ", ".join(f"{name} {digest}" for name, digest in stored_digests(folder).items())
    if trainer.model.ops.name == "compiled":
        return told
    return f"{told}\n         not compiled, so other than the README's"
