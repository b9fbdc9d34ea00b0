"""The pictures of a run."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.errors import ConfigError
from base.types import Array
from logger.tsne_map import read_map, read_maps
from tests.running import Config, arrays, write_config
from trainer.checkpoints.resume import plan
from trainer.parallel_model import ParallelModel
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
    maps = [f"tsne-epoch-000{epoch}.{kind}" for epoch in (0, 2) for kind in ("csv", "png")]
    assert draw(config) == [*maps, "tsne.png"]
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
def test_every_map_shows_the_same_samples(config: Config) -> None:
    draw(config, "trainer.tsne.epochs=[0, 1, 2]")
    maps = read_maps(LOG, tuple("0123456789"), last=2)
    assert [*maps] == [0, 1, 2]
    assert all(np.array_equal(one.samples, maps[0].samples) for one in maps.values())
    assert all(np.array_equal(one.targets, maps[0].targets) for one in maps.values())
    assert len(set(maps[0].samples.tolist())) == 50
    assert {(one.data, one.layer) for one in maps.values()} == {("validation", "relu1")}


@pytest.mark.usefixtures("no_pictures")
def test_a_continued_run_draws_the_same_maps(config: Config) -> None:
    epochs = "trainer.tsne.epochs=[0, 1, 3]"
    draw(config, "trainer.epochs=3", epochs)
    whole = {path.name: path.read_text() for path in LOG.glob("*.csv") if path.name.startswith("tsne")}
    train(plan("config.json", None, ["trainer.tsne.samples=50", "trainer.tsne.epochs=[0, 1]"]), "parts", tsne=True)
    train(plan(None, "saved/models/tiny/parts", ["trainer.epochs=3", epochs]), None, tsne=True)
    parts = {path.name: path.read_text() for path in (LOG.parent / "parts").glob("tsne*.csv")}
    assert parts == whole
    assert (LOG.parent / "parts/tsne.png").read_bytes() == (LOG / "tsne.png").read_bytes()


@pytest.mark.usefixtures("no_pictures")
def test_a_map_does_not_depend_on_which_others_were_drawn_after_the_first(config: Config) -> None:
    draw(config, "trainer.tsne.epochs=[0, 1, 2]")
    all_three = (LOG / "tsne-epoch-0002.csv").read_text()
    train(plan("config.json", None, ["trainer.tsne.samples=50"]), "other", tsne=True)
    assert (LOG.parent / "other/tsne-epoch-0002.csv").read_text() == all_three


@pytest.mark.usefixtures("no_pictures")
def test_the_sheet_holds_only_maps_of_the_same_layer(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(config)
    sheets: list[list[int]] = []
    monkeypatch.setattr("trainer.reporting.tsne.draw_tsne_sheet", lambda maps, *_: sheets.append([*maps]))
    changes = ["trainer.epochs=4", "trainer.tsne.layer=linear1", "trainer.tsne.epochs=[3, 4]"]
    train(plan(None, "latest", changes), None, tsne=True)
    assert sheets == [[3, 4]]


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(("data", "most"), [("training", 240), ("validation", 60), ("test", 60)])
def test_maps_are_of_the_data_asked_for(config: Config, fake_mnist: Path, data: str, most: int) -> None:
    draw(config, f"trainer.tsne.data={data}", "trainer.tsne.samples=1000", "trainer.tsne.epochs=[0]")
    found = read_map(LOG / "tsne-epoch-0000.csv", tuple("0123456789"))
    assert found
    assert (found.data, sorted(found.samples.tolist())) == (data, [*range(most)])
    if data == "test":
        labels = gzip.decompress((fake_mnist / "t10k-labels-idx1-ubyte.gz").read_bytes())[8:]
        assert found.targets.tolist() == [labels[sample] for sample in found.samples]


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("trainer.tsne.epochs=[0, 3]", r"trainer\.tsne\.epochs: expected epochs from 0 to 2, .*got 3"),
        ("trainer.tsne.samples=4", r"trainer\.tsne\.samples: t-SNE needs at least 5 samples, .* asks for 4"),
        ("data_loader.args.validation_split=4", "and the validation data have 4"),
        ("trainer.tsne.layer=linear3", r"trainer\.tsne\.layer: there is no layer .*did you mean 'linear2'"),
    ],
)
def test_maps_that_cannot_be_drawn_are_refused_before_anything_is_written(
    config: Config, here: Path, change: str, words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        draw(config, change)
    assert not (here / "saved").exists()


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
