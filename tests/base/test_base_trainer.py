"""The loop over epochs stops where it should, and does things in their order."""

from contextlib import AbstractContextManager, nullcontext

import pytest

from base.base_trainer import BaseCallback, BaseTrainer, Record
from base.monitor import Monitor


class Scripted(BaseTrainer):
    """Trains nothing: validation losses come from a list, and whatever happens is written down."""

    def __init__(self, losses: list[float], epochs: int, monitor: Monitor, watch: bool = True) -> None:
        self.losses = losses
        self.events: list[str] = []
        self.kept: list[tuple[Record, bool]] = []
        super().__init__(epochs, monitor, [Recorder(self.events, "a"), Recorder(self.events, "b")] if watch else [])

    def train_epoch(self) -> Record:
        self.events.append(f"train {self.epoch}")
        self.step += 10
        self.lr = 0.1 / self.epoch
        if self.losses[self.epoch - 1] < 0:
            raise KeyboardInterrupt
        return {"loss": 7.0}

    def validate(self) -> Record:
        self.events.append(f"validate {self.epoch}")
        return {"val_loss": self.losses[self.epoch - 1]}

    def evaluation_weights(self) -> AbstractContextManager[None]:
        return nullcontext()

    def finish_epoch(self, record: Record, improved: bool) -> None:
        self.events.append(f"keep {self.epoch}")
        self.kept.append((record, improved))


class Recorder(BaseCallback):
    """Writes down when it is called."""

    def __init__(self, events: list[str], name: str) -> None:
        self.events = events
        self.name = name

    def on_train_start(self, trainer: BaseTrainer) -> None:
        self.events.append(f"start {self.name}")

    def on_epoch_end(self, trainer: BaseTrainer, record: Record) -> None:
        self.events.append(f"end of {record['epoch']} {self.name}")

    def on_train_end(self, trainer: BaseTrainer) -> None:
        self.events.append(f"end {self.name}")


def trained(losses: list[float], epochs: int = 9, mode: str = "min", patience: int | None = None) -> Scripted:
    trainer = Scripted(losses, epochs, Monitor(mode, "val_loss", patience))
    trainer.train()
    return trainer


def test_each_epoch_is_trained_scored_kept_and_only_then_told_to_callbacks_in_their_order() -> None:
    first = ["train 1", "validate 1", "keep 1", "end of 1 a", "end of 1 b"]
    second = ["train 2", "validate 2", "keep 2", "end of 2 a", "end of 2 b"]
    expected = ["start a", "start b", *first, *second, "end a", "end b"]
    assert trained([0.5, 0.4], epochs=2).events == expected


class Breaking(BaseCallback):
    """Cannot end."""

    def on_train_end(self, trainer: BaseTrainer) -> None:
        raise OSError("the disk is full")


def test_what_failed_first_is_what_is_reported() -> None:
    trainer = Scripted([0.5, -1.0], 9, Monitor("min", "val_loss", None))
    trainer.callbacks = [Breaking(), *trainer.callbacks]
    with pytest.raises(KeyboardInterrupt) as caught:
        trainer.train()
    assert caught.value.__notes__ == ["and Breaking at the end: the disk is full"]
    assert trainer.events[-2:] == ["end a", "end b"]
    with pytest.raises(OSError, match="the disk is full"):
        _without_failure().train()


def _without_failure() -> Scripted:
    trainer = Scripted([0.5], 1, Monitor("min", "val_loss", None))
    trainer.callbacks = [Breaking()]
    return trainer


def test_who_asks_twice_to_stop_waits_for_nothing_that_takes_time() -> None:
    trainer = Scripted([0.5, -1.0], 9, Monitor("min", "val_loss", None))
    trainer.callbacks[1].quick = True
    trainer.stop.at_once = True
    with pytest.raises(KeyboardInterrupt):
        trainer.train()
    assert [event for event in trainer.events if event in ("end a", "end b")] == ["end b"]


def test_a_record_holds_the_figures_in_the_order_of_the_log() -> None:
    record, improved = trained([0.5, 0.4], epochs=2).kept[1]
    assert improved
    assert list(record) == ["epoch", "step", "loss", "val_loss", "lr", "seconds"]
    assert [record[key] for key in ("epoch", "step", "loss", "val_loss", "lr")] == [2, 20, 7.0, 0.4, 0.05]
    assert 0 <= record["seconds"] < 1


@pytest.mark.parametrize(
    ("losses", "patience", "epochs", "last"),
    [
        ([0.5, 0.6, 0.7, 0.1], 2, 9, 3),
        ([0.5, 0.5, 0.5, 0.1], 2, 9, 3),
        ([0.5, 0.6, 0.4, 0.5, 0.5], 2, 9, 5),
        ([0.5, 0.6, 0.7], None, 3, 3),
        ([0.5, 0.6, 0.7], 2, 2, 2),
    ],
)
def test_training_stops_when_patience_runs_out_or_epochs_are_done(
    losses: list[float], patience: int | None, epochs: int, last: int
) -> None:
    trainer = trained(losses, epochs, patience=patience)
    assert (trainer.epoch, trainer.finished, len(trainer.kept)) == (last, True, last)


def test_with_the_monitor_off_nothing_improves_and_nothing_stops_early() -> None:
    trainer = trained([0.5] * 4, epochs=4, mode="off", patience=1)
    assert [improved for _, improved in trainer.kept] == [False] * 4


def test_what_is_kept_is_told_whether_it_is_the_best() -> None:
    assert [improved for _, improved in trained([0.5, 0.6, 0.4, 0.4], epochs=4).kept] == [True, False, True, False]


def test_callbacks_hear_of_the_end_when_training_is_interrupted_and_the_epoch_is_not_kept() -> None:
    trainer = Scripted([0.5, -1.0], 9, Monitor("min", "val_loss", None))
    with pytest.raises(KeyboardInterrupt):
        trainer.train()
    assert trainer.events[-3:] == ["train 2", "end a", "end b"]
    assert len(trainer.kept) == 1


def test_a_run_that_continues_does_the_epochs_that_are_left() -> None:
    trainer = Scripted([0.5, 0.4, 0.3], 3, Monitor("min", "val_loss", None), watch=False)
    trainer.epoch, trainer.step = 2, 20
    trainer.train()
    assert trainer.events == ["train 3", "validate 3", "keep 3"]
    assert trainer.kept[0][0]["step"] == 30


def test_a_run_that_is_finished_trains_nothing() -> None:
    trainer = Scripted([], 3, Monitor("min", "val_loss", None), watch=False)
    trainer.epoch = 3
    trainer.train()
    assert (trainer.finished, trainer.events) == (True, [])
