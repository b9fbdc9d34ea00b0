"""Files are written at most once a second, and whatever ends a run writes what waits."""

import os
import shutil
import signal
from collections import Counter
from pathlib import Path

import pytest

from base.errors import NonFiniteError, NotFinite, WorkerError
from tests.running import Config, arrays, go_on, meta, records, run, same_bits
from trainer.checkpoints import manager
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint
from trainer.checkpoints.resume import find_checkpoint
from trainer.checkpoints.run_folder import RunFolder
from trainer.update import Update

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

EPOCHS = 6
WHOLE = ("trainer.epochs=6",)


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1e9
        monkeypatch.setattr(manager.time, "monotonic", lambda: self.now)


def count(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each checkpoint is written."""
    saved: Counter[str] = Counter()
    save = Checkpoint.save

    def counted(checkpoint: Checkpoint, path: Path, *flush: bool) -> None:
        saved[path.name] += 1
        save(checkpoint, path, *flush)

    monkeypatch.setattr(Checkpoint, "save", counted)
    return saved


def at_step(monkeypatch: pytest.MonkeyPatch, step: int, error: BaseException | None) -> None:
    """Raise an error in a step, or press Ctrl-C."""
    apply = Update.apply

    def fail(update: Update, grads: object, lr: float, now: int) -> None:
        if now == step and error is None:
            os.kill(os.getpid(), signal.SIGINT)
        if now == step and error is not None:
            raise error
        apply(update, grads, lr, now)  # type: ignore[arg-type]

    monkeypatch.setattr(Update, "apply", fail)


def test_within_a_second_only_the_first_and_the_last_epoch_are_written(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)
    saved, synced = count(monkeypatch), Counter[str]()
    fsync = os.fsync

    def sync(handle: int) -> None:
        synced[Path(f"/proc/self/fd/{handle}").resolve().name.split(".2")[0]] += 1
        fsync(handle)

    if Path("/proc/self/fd").is_dir():
        monkeypatch.setattr(os, "fsync", sync)
    folder = run(config, *WHOLE, "trainer.save_period=2")
    assert saved == {"last.npz": 2, "best.npz": 4, "epoch-0002.npz": 1, "epoch-0004.npz": 1, "epoch-0006.npz": 1}
    assert meta(folder.last)["epoch"] == EPOCHS
    assert len(records(folder)) == EPOCHS
    if synced:
        assert synced["metrics.jsonl"] == synced["steps.csv"] == 4, "before each checkpoint that counts their lines"


def test_what_waits_is_written_when_a_second_is_over_even_within_an_epoch(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, found = Clock(monkeypatch), []
    apply = Update.apply

    def later(update: Update, grads: object, lr: float, step: int) -> None:
        if step == 19:  # in the third epoch; the second waits
            clock.now += 2
        if step == 21:
            last = RunFolder(Path("saved"), "tiny", "run").last
            found.append((meta(last)["epoch"], len(records(RunFolder(Path("saved"), "tiny", "run")))))
        apply(update, grads, lr, step)  # type: ignore[arg-type]

    monkeypatch.setattr(Update, "apply", later)
    run(config, "trainer.epochs=3")
    assert found == [(2, 2)]


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (None, KeyboardInterrupt),
        (NotFinite("gradient"), NonFiniteError),
        (WorkerError("a worker was ended"), WorkerError),
        (MemoryError("none left"), MemoryError),
        (SystemExit(3), SystemExit),
    ],
    ids=["Ctrl-C", "not finite", "a worker killed", "no memory", "exit"],
)
def test_whatever_ends_a_run_its_epochs_are_on_disk_and_it_continues_to_the_same_bits(
    config: Config, error: BaseException | None, raised: type[BaseException]
) -> None:
    whole = run(config, *WHOLE, run_id="whole")
    with pytest.MonkeyPatch.context() as patch:
        Clock(patch)
        at_step(patch, 35, error)  # the fourth of the fifth epoch
        with pytest.raises(raised):
            run(config, *WHOLE, run_id="parts")
    parts = RunFolder(Path("saved"), "tiny", "parts")
    assert meta(parts.last)["epoch"] == 4
    assert meta(parts.last)["step"] == (36 if error is None else 32)
    assert meta(parts.best)["epoch"] == meta(parts.last)["monitor"]["best_epoch"]
    go_on(parts.models)
    for name in ("last.npz", "best.npz"):
        assert same_bits(arrays(parts.models / name), arrays(whole.models / name))
    assert [one | {"seconds": 0} for one in records(parts)] == [one | {"seconds": 0} for one in records(whole)]
    assert (parts.log / "steps.csv").read_bytes() == (whole.log / "steps.csv").read_bytes()


def test_a_kill_between_best_and_last_is_continued_from_best(config: Config) -> None:
    whole = run(config, *WHOLE, run_id="whole")
    parts = run(config, "trainer.epochs=1", run_id="parts")
    old = parts.last.read_bytes()
    go_on(parts.models, "trainer.epochs=3")
    assert meta(parts.best)["epoch"] == 3
    parts.last.write_bytes(old)
    assert find_checkpoint(str(parts.models), None) == parts.best
    assert find_checkpoint("latest", None).name == "best.npz"
    go_on(parts.models, "trainer.epochs=6")
    assert same_bits(arrays(parts.last), arrays(whole.last))
    assert [one["epoch"] for one in records(parts)] == [1, 2, 3, 4, 5, 6]


def test_a_damaged_last_is_not_passed_over_in_silence(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    folder.last.write_bytes(b"PK")
    assert find_checkpoint(str(folder.models), None) == folder.last
    shutil.copy(folder.best, folder.last)
    assert load_checkpoint(find_checkpoint(str(folder.models), None)).meta["epoch"] == 1
