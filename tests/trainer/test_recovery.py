"""A step whose numbers are not finite stops the run, is skipped, or sends it back, and loses nothing."""

import os
import re
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.dataset import Dataset
from base.errors import NonFiniteError, NotFinite
from base.random_streams import RandomStreams
from base.types import Array
from data_loader.batch_order import BatchOrder
from model.losses.cross_entropy import CrossEntropyLoss
from tests.running import Config, arrays, go_on, meta, records, run, same_bits
from trainer.checkpoints.manager import CheckpointManager
from trainer.checkpoints.run_folder import RunFolder
from trainer.checks.replay import replay
from trainer.optimizers.sgd import SGD
from trainer.parallel_model import ParallelModel, StepResult
from trainer.trainer import Trainer
from trainer.update import Update

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

RUN = RunFolder(Path("saved"), "tiny", "run")
STEP = 12  # counted from 1: the fourth of the second epoch
BATCH_NORM = (
    'arch={"type": "CNN", "args": {"channels": [2], "kernel_size": 3, "stride": 2, "hidden_sizes": [], '
    '"classes": 10, "batch_norm": true}}'
)


def spoil_gradient(patch: pytest.MonkeyPatch, *steps: int) -> None:
    """Gradients of the loss that are not numbers, in some steps, however often they are done."""
    backward, train_batch, now = CrossEntropyLoss.backward, ParallelModel.train_batch, [0]

    def noted(parallel: ParallelModel, data: Dataset, samples: Array, step: int, *others: Any) -> StepResult:
        now[0] = step + 1
        return train_batch(parallel, data, samples, step, *others)

    def params_changed(loss: CrossEntropyLoss) -> Array:
        grad = backward(loss)
        return np.full_like(grad, np.nan) if now[0] in steps else grad

    patch.setattr(ParallelModel, "train_batch", noted)
    patch.setattr(CrossEntropyLoss, "backward", params_changed)


def spoil_weights(patch: pytest.MonkeyPatch, *steps: int) -> None:
    """An optimizer that makes a weight infinite in some steps, however often they are done."""
    rule, apply, now = SGD.apply, Update.apply, [0]

    def noted(one: Update, grads: list[Array], lr: float, step: int) -> None:
        now[0] = step + 1
        apply(one, grads, lr, step)

    def params_changed(optimizer: SGD, w: Array, *others: Any) -> None:
        rule(optimizer, w, *others)
        if now[0] in steps:
            w[0] = np.inf

    patch.setattr(Update, "apply", noted)
    patch.setattr(SGD, "apply", params_changed)


def interrupted(config: Config, step: int, *changes: str) -> RunFolder:
    """A run that is stopped by Ctrl-C after so many steps."""
    with pytest.MonkeyPatch.context() as patch:
        press_ctrl_c(patch, step)
        with pytest.raises(KeyboardInterrupt):
            run(config, *changes, run_id="interrupted")
    return RunFolder(Path("saved"), "tiny", "interrupted")


def press_ctrl_c(patch: pytest.MonkeyPatch, steps: int) -> None:
    apply = Update.apply

    def pressed(update: Update, grads: list[Array], lr: float, step: int) -> None:
        if step == steps - 1:
            os.kill(os.getpid(), signal.SIGINT)
        apply(update, grads, lr, step)

    patch.setattr(Update, "apply", pressed)


@pytest.mark.parametrize("what", ["gradient", "weights"])
def test_a_run_stops_and_keeps_the_state_before_the_step(config: Config, what: str) -> None:
    changes = (BATCH_NORM, "trainer.epochs=3")
    before = interrupted(config, STEP - 1, *changes)
    with pytest.MonkeyPatch.context() as patch:
        spoil_gradient(patch, STEP) if what == "gradient" else spoil_weights(patch, STEP)
        with pytest.raises(NonFiniteError, match=f"(?s)the {what} became .* in step 4 of epoch 2, .*nonfinite.npz"):
            run(config, *changes)
    kept = arrays(RUN.models / "nonfinite.npz")
    batch = {name: kept.pop(name) for name in ("batch/inputs", "batch/targets")}
    assert same_bits(kept, arrays(before.last))
    assert batch["batch/inputs"].shape == (32, 28, 28, 1)
    assert meta(RUN.models / "nonfinite.npz")["step"] == STEP - 1
    assert meta(RUN.last)["epoch"] == 1, "the epoch's own checkpoint is as it was"


def test_the_layer_and_the_parameter_are_named(config: Config) -> None:
    with pytest.MonkeyPatch.context() as patch:
        spoil_gradient(patch, STEP)
        patch.setattr("trainer.trainer.report_step", lambda *_: None)
        with pytest.raises(AttributeError):
            run(config)
    with pytest.MonkeyPatch.context() as patch:
        spoil_gradient(patch, STEP)
        report, _, step = replay(str(RUN.models / "nonfinite.npz"))
    assert step == STEP - 1
    assert report.first_not_finite() == "the gradient of parameter linear2.weight in layer linear2"
    healthy, _, _ = replay(str(RUN.models / "nonfinite.npz"))
    assert healthy.first_not_finite() is None
    assert np.isfinite(healthy.loss)
    assert "linear1.weight" in healthy.text()


@pytest.mark.parametrize("step", [1, 9])
def test_the_first_step_of_an_epoch_can_be_looked_at_too(config: Config, step: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        spoil_gradient(patch, step)
        with pytest.raises(NonFiniteError):
            run(config)
    read: list[Array] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trainer.checks.replay.report_step", lambda parallel, data, samples, *_: read.append(samples))
        _, _, found = replay(str(RUN.models / "nonfinite.npz"))
    samples = BatchOrder(240, 32, True, RandomStreams(config["seed"])).batch(step - 1)
    assert found == step - 1
    assert np.array_equal(read[0], samples)


def test_a_loss_is_traced_to_the_layer_that_overflows(config: Config) -> None:
    with pytest.raises(NonFiniteError, match=r"in the output of layer linear2 \(its parameter linear2.weight has numb"):
        run(config, "optimizer.args.lr=1e30")


@pytest.mark.parametrize("what", ["gradient", "weights"])
def test_a_step_is_skipped_as_if_its_batch_were_not_there(config: Config, what: str) -> None:
    changes = (BATCH_NORM, "trainer.on_nonfinite=skip")
    before = interrupted(config, STEP - 1, *changes)
    with pytest.MonkeyPatch.context() as patch:
        spoil_gradient(patch, STEP) if what == "gradient" else spoil_weights(patch, STEP)
        press_ctrl_c(patch, STEP + 1)
        with pytest.raises(KeyboardInterrupt):
            run(config, *changes)
    assert meta(RUN.last)["step"] == STEP + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "_save_and_stop_if_due", lambda trainer: trainer.stop.raise_if_requested())
        skipped = Update.apply
        calls = iter([True])

        def skip_one(update: Update, grads: list[Array], lr: float, step: int) -> None:
            if next(calls, False):
                raise NotFinite("gradient")
            skipped(update, grads, lr, step)

        patch.setattr(Update, "apply", skip_one)
        go_on(before.models)
    go_on(RUN.models)
    assert same_bits(arrays(before.last), arrays(RUN.last))
    assert records(before)[1]["accuracy"] == records(RUN)[1]["accuracy"]
    assert "step 4 of epoch 2, learning rate 0.1; the step is skipped" in (RUN.log / "run.log").read_text()


def test_several_steps_of_an_epoch_may_spoil_the_weights(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil_weights(monkeypatch, STEP - 2, STEP, STEP + 1)
    folder = run(config, "trainer.on_nonfinite=skip")
    assert [record["step"] for record in records(folder)] == [8, 16]
    assert meta(folder.last)["optimizer"]["steps"] == 13
    assert all(np.isfinite(array).all() for array in arrays(folder.last).values())


def test_more_than_ten_skipped_steps_stop_the_run(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil_gradient(monkeypatch, *range(3, 14))
    with pytest.raises(NonFiniteError, match=r"(?s)in step 5 of epoch 2.*\nThe 10 steps before it were skipped"):
        run(config, "trainer.on_nonfinite=skip")


def test_skipped_steps_are_counted_on_when_a_run_continues(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil_gradient(monkeypatch, *range(3, 14))
    folder = interrupted(config, 6, "trainer.on_nonfinite=skip")
    assert (meta(folder.last)["step"], meta(folder.last)["skipped"]) == (6, 4)
    with pytest.raises(NonFiniteError, match="in step 5 of epoch 2"):
        go_on(folder.models)


def test_a_checkpoint_that_is_due_after_a_skipped_step_is_written(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[int] = []
    monkeypatch.setattr(
        CheckpointManager, "save_last", lambda checkpoints, checkpoint: saved.append(checkpoint.meta["step"])
    )
    spoil_gradient(monkeypatch, 3, 4)
    run(config, "trainer.on_nonfinite=skip", "trainer.checkpoint_every_steps=2", "trainer.epochs=1")
    assert saved == [2, 4, 6, 8, 8], "and at the end of the epoch"


def too_fast(patch: pytest.MonkeyPatch) -> None:
    """A step that fails unless the rate is low."""
    apply = Update.apply

    def fail(update: Update, grads: list[Array], lr: float, step: int) -> None:
        if step == STEP - 1 and lr > 0.03:
            raise NotFinite("gradient")
        apply(update, grads, lr, step)

    patch.setattr(Update, "apply", fail)


def test_a_run_goes_back_to_the_start_of_the_epoch_with_a_lower_rate(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = ("trainer.on_nonfinite=back_off", "trainer.epochs=3", "arch.args.dropout=0.3")
    too_fast(monkeypatch)
    whole = run(config, *changes, run_id="whole")
    assert [record["lr"] for record in records(whole)] == [0.1, 0.025, 0.025]
    assert [record["step"] for record in records(whole)] == [8, 16, 24]
    parts = interrupted(config, STEP - 2, *changes)
    assert meta(parts.last)["step"] == STEP - 2
    go_on(parts.models)
    assert same_bits(arrays(whole.last), arrays(parts.last))
    assert meta(parts.last)["rate_factor"] == 0.25


def test_a_lowered_rate_stays_when_the_weights_of_a_later_step_are_spoilt(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_fast(monkeypatch)
    spoil_weights(monkeypatch, STEP + 2)
    with pytest.raises(NonFiniteError, match=r"Learning rates were already times 0\.000976562, and go no lower"):
        run(config, "trainer.on_nonfinite=back_off")
    log = (RUN.log / "run.log").read_text()
    assert [line.split("times ")[1] for line in log.splitlines() if "back to the start" in line][:3] == [
        "0.5", "0.25", "0.125",
    ]  # fmt: skip


def test_going_back_has_an_end(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil_gradient(monkeypatch, *range(1, 100))
    with pytest.raises(NonFiniteError, match=r"learning rate 9\.7656.e-05"):
        run(config, "trainer.on_nonfinite=back_off")


def test_a_spoilt_validation_keeps_no_checkpoint_of_the_epoch(config: Config) -> None:
    words = r"the val_loss became (nan|inf) after epoch 1.* is in the output of layer linear1.*The state is in"
    with pytest.raises(NonFiniteError, match=f"(?s){words}"):
        run(config, "optimizer.args.lr=1e38", "trainer.len_epoch=1")
    assert not RUN.last.exists()
    assert meta(RUN.models / "nonfinite.npz")["step"] == 1
    assert re.search(f"(?s)ERROR +{words}", (RUN.log / "run.log").read_text())


@pytest.mark.parametrize(
    ("changes", "where"),
    [((BATCH_NORM,), "buffer/batchnorm2d1.running_mean"), (('trainer.ema={"decay": 0.9}',), "ema/linear1.weight")],
    ids=["running statistics", "moving average"],
)
def test_what_only_validation_sees_is_named(
    config: Config, monkeypatch: pytest.MonkeyPatch, changes: tuple[str, ...], where: str
) -> None:
    score = Trainer._evaluate

    def params_changed(trainer: Trainer, prefix: str, data: Dataset) -> Any:
        average = trainer.update.average
        (trainer.model.buffers if average is None else average)[0] = np.nan
        return score(trainer, prefix, data)

    monkeypatch.setattr(Trainer, "_evaluate", params_changed)
    with pytest.raises(NonFiniteError, match=rf"(?s)val_loss became nan after epoch 1.* is in {where} of the state"):
        run(config, *changes)
