"""A run that was stopped and continued is the run that never was, to the bit."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

from base.errors import UserError
from ops.ops import Ops
from tests.every_ops import needs_numba
from tests.running import Config, arrays, go_on, meta, records, run, same_bits
from trainer.checkpoints.run_folder import RunFolder

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

SHIFT = 'augmentation=[{"type": "RandomShift", "args": {"max_pixels": 2}}]'
STEPS = 'lr_scheduler={"type": "MultiStepLR", "args": {"milestones": [10, 21], "gamma": 0.5, "interval": "step"}}'
EPOCHS = 'lr_scheduler={"type": "ExponentialLR", "args": {"gamma": 0.5, "interval": "epoch"}}'
PLATEAU = '{"type": "ReduceLROnPlateau", "args": {"figure": "val_accuracy", "patience": 0, "factor": 0.5}}'
PLATEAU_STEPS = f'lr_scheduler={{"type": "LinearWarmup", "args": {{"total_iters": 1, "scheduler": {PLATEAU}}}}}'
RISE = 'lr_scheduler={"type": "OneCycleLR", "args": {"max_lr": 0.9}}'
PENALTY = 'regularizer={"type": "L2", "args": {"weight": 0.001}}'

BATCH_NORM = (
    'arch={"type": "Sequential", "args": {"layers": ["Flatten", {"type": "Linear", "args": {"out_features": 9}}, '
    '"BatchNorm1D", "ReLU", {"type": "Dropout", "args": {"p": 0.1}}, '
    '{"type": "Linear", "args": {"out_features": 10}}]}}'
)

KINDS: dict[str, tuple[str, ...]] = {
    "SGD with momentum": (),
    "SGD without state": ("optimizer.args.momentum=0",),
    "Adam": ('optimizer={"type": "Adam", "args": {"lr": 0.01}}', PENALTY),
    "dropout": ("arch.args.dropout=0.4",),
    "augmentation": (SHIFT,),
    "scheduler by step": (STEPS, 'optimizer={"type": "Adam", "args": {"lr": 0.01}}'),
    "scheduler by epoch": (EPOCHS,),
    "scheduler by results": (f"lr_scheduler={PLATEAU}",),
    "scheduler by results after others": (PLATEAU_STEPS, "optimizer=Adam"),
    "early stopping": ("trainer.monitor=max lr", "trainer.early_stop=3"),
    "early stopping by more than a little": ("trainer.early_stop=2", "trainer.min_delta=0.05"),
    "epochs within a pass": ("trainer.len_epoch=3",),
    "average of parameters": ('trainer.ema={"decay": 0.9}',),
    "average of parameters with batch norm": ('trainer.ema={"decay": 0.99, "warmup": true}', BATCH_NORM),
    "accumulation": ("trainer.accumulate_steps=2", "arch.args.dropout=0.4"),
    "clipping": ('trainer.grad_clip={"norm": 0.5}',),
    "groups": ('optimizer.args.groups=[{"names": "*.bias", "lr": 0.01}, {"names": "linear1.*", "frozen": true}]',),
    "classes drawn equally often": ("data_loader.args.class_balanced=true", SHIFT),
    "classes drawn equally often, epochs within a pass": (
        "data_loader.args.class_balanced=true",
        "trainer.len_epoch=3",
    ),
    "balanced loss": ('loss={"type": "CrossEntropyLoss", "args": {"weight": "balanced"}}', 'augmentation=["Mixup"]'),
    "float64, four shards": ("trainer.dtype=float64", "trainer.shards=4", "arch.args.dropout=0.4"),
}


DIFFERENT = ("seconds", "sha256", "epochs", "log_bytes")


def assert_same_run(one: RunFolder, other: RunFolder) -> None:
    """Checkpoints and histories are equal but for seconds."""
    for name in ("last.npz", "best.npz"):
        assert same_bits(arrays(one.models / name), arrays(other.models / name))
        first, second = (_timeless(meta(folder.models / name)) for folder in (one, other))
        assert first == second
    assert _timeless(records(one)) == _timeless(records(other))
    assert (one.log / "steps.csv").read_bytes() == (other.log / "steps.csv").read_bytes()
    tables = [(folder.log / "metrics.csv").read_text().splitlines() for folder in (one, other)]
    assert [line.rpartition(",")[0] for line in tables[0]] == [line.rpartition(",")[0] for line in tables[1]]


def _timeless(value: Any) -> Any:
    """Without what a clock, the length of a log, or --epochs of an earlier part says."""
    if isinstance(value, list):
        return [_timeless(item) for item in value]
    if isinstance(value, dict):
        return {name: _timeless(item) for name, item in value.items() if name not in DIFFERENT}
    return value


@pytest.mark.parametrize("changes", KINDS.values(), ids=KINDS.keys())
def test_two_epochs_and_two_more_are_four(config: Config, changes: tuple[str, ...]) -> None:
    whole = run(config, "trainer.epochs=4", *changes, run_id="whole")
    parts = run(config, "trainer.epochs=2", *changes, run_id="parts")
    go_on(parts.models, "trainer.epochs=4")
    assert_same_run(whole, parts)


@pytest.mark.parametrize(
    ("changes", "step"),
    [pytest.param(changes, (3, 13)[k % 2], id=f"{name}") for k, (name, changes) in enumerate(KINDS.items())]
    + [pytest.param((), 8, id="the last of an epoch")],
)
def test_a_run_stopped_after_any_step_goes_on_from_there(
    config: Config, monkeypatch: pytest.MonkeyPatch, changes: tuple[str, ...], step: int
) -> None:
    changes = ("trainer.epochs=5", 'metrics=["accuracy", "f1", "roc_auc"]', *changes)
    whole = run(config, *changes, run_id="whole")
    with monkeypatch.context() as patch:
        _signal_at(patch, "trainer.update.Update.apply", step)
        with pytest.raises(KeyboardInterrupt):
            run(config, *changes, run_id="parts")
    parts = RunFolder(Path("saved"), "tiny", "parts")
    stopped = meta(parts.last)
    assert stopped["step"] == step
    go_on("latest")
    assert_same_run(whole, parts)
    assert_same_lines(whole, parts)


@pytest.mark.parametrize("option", ["steps=3", "minutes=1e-9"])
def test_a_run_killed_within_an_epoch_goes_on_from_its_last_checkpoint(
    config: Config, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setattr("trainer.checkpoints.manager.SHORTEST", 0.0)
    changes = ("trainer.epochs=3", f"trainer.checkpoint_every_{option}")
    whole = run(config, *changes, run_id="whole")
    with monkeypatch.context() as patch:
        _stop_at(patch, "trainer.update.Update.apply", 15)
        with pytest.raises(Stop):
            run(config, *changes, run_id="parts")
    parts = RunFolder(Path("saved"), "tiny", "parts")
    assert meta(parts.last)["step"] == (12 if option.startswith("steps") else 14)
    go_on("latest")
    assert_same_run(whole, parts)
    assert_same_lines(whole, parts)


def test_a_new_config_begins_the_epoch_anew(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    _signal_at(monkeypatch, "trainer.update.Update.apply", 11)
    with pytest.raises(KeyboardInterrupt):
        run(config, "trainer.epochs=3", run_id="parts")
    other = run(config, "trainer.epochs=3", "optimizer.args.lr=0.02", run_id="other", resume="latest")
    assert [record["epoch"] for record in records(other)] == [2, 3]
    assert [record["step"] for record in records(other)] == [19, 27]


def assert_same_lines(one: RunFolder, other: RunFolder) -> None:
    """Each epoch has its line in both logs, once."""
    first, second = (
        [re.sub(r" +\S+ m?s\*?$", "", line.split("INFO")[1]) for line in log.splitlines() if "  loss " in line]
        for log in ((folder.log / "run.log").read_text() for folder in (one, other))
    )
    assert first == second != []


def _signal_at(patch: pytest.MonkeyPatch, function: str, call: int) -> None:
    """Press Ctrl-C when a function is called for the so-manieth time."""
    _act_at(patch, function, call, lambda: os.kill(os.getpid(), signal.SIGINT))


@pytest.mark.parametrize("change", [f"lr_scheduler={PLATEAU}", PLATEAU_STEPS], ids=["at once", "after a warm-up"])
def test_a_rate_that_fell_stays_fallen(config: Config, change: str) -> None:
    whole = run(config, "trainer.epochs=7", change, run_id="whole")
    parts = run(config, "trainer.epochs=4", change, run_id="parts")
    fallen = records(parts)[-1]["lr"]
    go_on(parts.models, "trainer.epochs=7")
    assert fallen < 0.1, "or this says nothing"
    assert_same_run(whole, parts)


def test_patience_goes_on_where_it_was(config: Config) -> None:
    changes = ("trainer.monitor=max lr", "trainer.early_stop=3")
    whole = run(config, "trainer.epochs=9", *changes, run_id="whole")
    parts = run(config, "trainer.epochs=2", *changes, run_id="parts")
    go_on(parts.models, "trainer.epochs=9")
    assert len(records(parts)) == 4, "the first epoch is the best, and patience is three"
    assert_same_run(whole, parts)


@pytest.mark.parametrize("name", ["latest", "saved/models/tiny/parts", "saved/models/tiny/parts/last.npz"])
def test_a_run_is_continued_by_word_folder_or_file(config: Config, name: str) -> None:
    whole = run(config, "trainer.epochs=3", run_id="whole")
    parts = run(config, "trainer.epochs=1", run_id="parts")
    go_on(name, "trainer.epochs=3")
    assert_same_run(whole, parts)


def test_threads_and_save_options_may_differ(config: Config) -> None:
    whole = run(config, "trainer.epochs=3", "trainer.threads=2", run_id="whole")
    parts = run(config, "trainer.epochs=1", run_id="parts")
    go_on(parts.models, "trainer.epochs=3", "trainer.threads=2", "trainer.save_period=1", "trainer.verbosity=0")
    assert same_bits(arrays(whole.last), arrays(parts.last))
    assert (parts.models / "epoch-0003.npz").is_file()


class Stop(KeyboardInterrupt):
    """Ctrl-C at a moment of our choice."""


MOMENTS: dict[str, str] = {
    "in the middle of an epoch": "trainer.update.Update.apply",
    "before the history has the epoch": "logger.history.History.append",
    "before any checkpoint of the epoch": "trainer.checkpoints.snapshot.Checkpoint.of",
    "while validating": "trainer.parallel_model.ParallelModel.score",
    "before a file is put in place": "pathlib.Path.replace",
}


@pytest.mark.parametrize("call", [9, 10])
@pytest.mark.parametrize("function", MOMENTS.values(), ids=MOMENTS.keys())
def test_a_run_interrupted_anywhere_continues_as_if_it_had_not_been(
    config: Config, monkeypatch: pytest.MonkeyPatch, function: str, call: int
) -> None:
    changes = ("trainer.epochs=12", "trainer.monitor=max val_loss", RISE, "trainer.save_period=1")
    whole = run(config, *changes, run_id="whole")
    with monkeypatch.context() as patch:
        _stop_at(patch, function, call)
        with pytest.raises(Stop):
            run(config, *changes, run_id="parts")
    parts = RunFolder(Path("saved"), "tiny", "parts")
    assert not [*parts.models.glob(".*")], "a temporary file was left"
    go_on(parts.models)
    assert_same_run(whole, parts)


def _stop_at(patch: pytest.MonkeyPatch, function: str, call: int) -> None:
    """Raise when a function is called for the so-manieth time."""

    def stop() -> None:
        raise Stop

    _act_at(patch, function, call, stop)


def _act_at(patch: pytest.MonkeyPatch, function: str, call: int, act: Callable[[], None]) -> None:
    original: Callable[..., Any] = resolve_name(function)
    calls = iter(range(1, 10_000))

    def replaced(*args: Any, **options: Any) -> Any:
        if next(calls) == call:
            act()
        return original(*args, **options)

    patch.setattr(function, replaced)


def test_a_continued_run_says_so_and_adds_to_its_log(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    go_on("latest", "trainer.epochs=2")
    log = (folder.log / "run.log").read_text()
    assert "epoch 1/1" in log
    assert "continues run run after epoch 1" in log
    assert "epoch 2/2" in log


def test_another_kernel_or_version_is_said(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = run(config, "trainer.epochs=1", "trainer.ops=numpy")
    monkeypatch.setattr("trainer.start.blas_kernel", lambda: "abacus")
    go_on("latest", "trainer.epochs=2")
    log = (folder.log / "run.log").read_text()
    assert "WARNING blas_kernel differ, so the result may not be the same to the bit" in log


@needs_numba
def test_other_operations_are_said(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = run(config, "trainer.epochs=1")
    assert meta(folder.last)["ops"] == "compiled"
    monkeypatch.setattr("trainer.experiment.choose_ops", lambda *_: Ops())
    go_on("latest", "trainer.epochs=2")
    log = (folder.log / "run.log").read_text()
    assert "WARNING operations differ, so the result will not be the same to the bit: were compiled, are numpy" in log
    assert meta(folder.last)["ops"] == "numpy"


@needs_numba
def test_compiled_runs_do_not_depend_on_libraries(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = run(config, "trainer.epochs=1")
    monkeypatch.setattr("trainer.start.blas_kernel", lambda: "abacus")
    go_on("latest", "trainer.epochs=2")
    assert "differ" not in (folder.log / "run.log").read_text()


def test_operations_are_not_changed_within_a_run(config: Config) -> None:
    run(config, "trainer.epochs=1")
    with pytest.raises(UserError, match=r"trainer\.ops"):
        go_on("latest", "trainer.epochs=2", "trainer.ops=numpy")
