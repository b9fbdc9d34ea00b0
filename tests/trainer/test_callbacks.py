"""The pictures of a run."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.types import Array
from tests.running import Config, arrays, write_config
from trainer.parallel_model import ParallelModel
from trainer.resume import plan
from trainer.start import train

pytestmark = pytest.mark.usefixtures("here")

LOG = Path("saved/log/tiny/run")


def draw(config: Config, *changes: str) -> list[str]:
    """Train with --tsne on few samples; the names of the pictures and tables made."""
    write_config(config)
    train(plan("config.json", None, ("trainer.tsne.samples=50", *changes)), "run", tsne=True)
    return sorted(path.name for path in LOG.glob("tsne*"))


@pytest.mark.parametrize("monitor", ["min val_loss", "off"])
def test_the_curves_are_drawn_whatever_is_monitored(config: Config, monitor: str) -> None:
    write_config(config)
    train(plan("config.json", None, [f"trainer.monitor={monitor}", 'trainer.pictures=["curves"]']), "run", tsne=False)
    assert (LOG / "curves.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("no_pictures")
def test_maps_are_drawn_before_training_and_after_the_last_epoch(config: Config) -> None:
    assert draw(config) == [f"tsne-epoch-000{epoch}.{kind}" for epoch in (0, 2) for kind in ("csv", "png")]
    assert len((LOG / "tsne-epoch-0000.csv").read_text().splitlines()) == 1 + 50


@pytest.mark.usefixtures("no_pictures")
def test_the_last_epoch_is_also_the_one_at_which_patience_runs_out(config: Config) -> None:
    changes = ("optimizer.args.lr=1e-300", "trainer.early_stop=1", "trainer.epochs=5")
    assert "tsne-epoch-0002.png" in draw(config, *changes)


@pytest.mark.usefixtures("no_pictures")
def test_maps_are_drawn_at_the_epochs_that_the_config_names(config: Config) -> None:
    assert draw(config, "trainer.tsne.epochs=[1]", "trainer.tsne.layer=linear1") == [
        "tsne-epoch-0001.csv",
        "tsne-epoch-0001.png",
    ]


@pytest.mark.usefixtures("no_pictures")
def test_a_continued_run_does_not_draw_what_was_before_training(config: Config) -> None:
    write_config(config)
    train(plan("config.json", None, ["trainer.tsne.samples=50"]), "run", tsne=False)
    train(plan(None, "latest", ["trainer.epochs=3"]), None, tsne=True)
    assert [path.name for path in LOG.glob("tsne*.png")] == ["tsne-epoch-0003.png"]


@pytest.mark.usefixtures("no_pictures")
def test_maps_change_nothing_of_the_result(config: Config) -> None:
    draw(config, "arch.args.dropout=0.5")
    drawn = (LOG / "metrics.jsonl").read_text().splitlines()
    train(plan("config.json", None, ["arch.args.dropout=0.5"]), "plain", tsne=False)
    plain = (LOG.parent / "plain/metrics.jsonl").read_text().splitlines()
    assert [line.split('"seconds"')[0] for line in drawn] == [line.split('"seconds"')[0] for line in plain]


@pytest.mark.usefixtures("no_pictures")
def test_maps_are_of_the_average_that_is_scored(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    features, seen = ParallelModel.features, []

    def noted(parallel: ParallelModel, *others: Any) -> Array:
        seen.append(parallel.model.values.copy())
        return features(parallel, *others)

    monkeypatch.setattr(ParallelModel, "features", noted)
    draw(config, 'trainer.ema={"decay": 0.9}', "trainer.tsne.epochs=[2]")
    kept = arrays(Path("saved/models/tiny/run/last.npz"))
    average = [array.ravel() for name, array in kept.items() if name.startswith("ema/")]
    np.testing.assert_array_equal(seen, [np.concatenate(average)])
