"""Every config of the project trains, and its checkpoint can be scored."""

from pathlib import Path

import numpy as np
import pytest

from tests.every_data import write_every_data
from tests.running import PROJECT, Config, arrays, records
from trainer.checkpoints.resume import plan
from trainer.checkpoints.run_folder import RunFolder
from trainer.checks.check import check
from trainer.score import score
from trainer.start import train
from utils.config.files import read_object
from utils.config.parser import ConfigParser

CONFIGS = [PROJECT / "config.json", *sorted((PROJECT / "configs").rglob("*.json"))]
CONFIGS = [path for path in CONFIGS if path.parent.name != "search" and path.name != "search.json"]
EXPERIMENTS = PROJECT / "configs" / "experiments"  # so many, and so alike, that one check a kind is enough
CHECKED = [path for path in CONFIGS if EXPERIMENTS not in path.parents]
SHORT = ["trainer.epochs=1", "trainer.len_epoch=2", "trainer.threads=1", "trainer.verbosity=0", "trainer.report=false"]
WITHOUT_FILES = {"fashion_mnist", "kmnist", "emnist_letters", "own_npz", "own_npy", "own_images"}


@pytest.fixture(scope="module")
def every_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data in every form."""
    return write_every_data(tmp_path_factory.mktemp("every"))


def held_out(resolved: Config) -> list[str]:
    """A share instead of a number of samples to validate, which may be more than the small data sets have."""
    split = resolved["data_loader"]["args"]["validation_split"]
    return ["data_loader.args.validation_split=0.2"] if split > 1 else []


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
@pytest.mark.usefixtures("no_pictures")
def test_a_config_trains_two_steps_and_is_scored(
    path: Path, every_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(every_data)
    resolved = ConfigParser.from_file(str(path), []).resolved
    train(plan(str(path), None, ["trainer.save_dir=saved", *SHORT, *held_out(resolved)]), path.stem, tsne=False)
    folder = RunFolder(Path("saved"), resolved["name"], path.stem)
    (record,) = records(folder)
    assert record["step"] == 2
    assert np.isfinite([record["loss"], record.get("val_loss", 0.0)]).all()
    assert all(np.isfinite(array).all() for array in arrays(folder.last).values())
    score(None, str(folder.last), [], tsne=False)
    assert "loss" in capsys.readouterr().out


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: path.stem)
def test_a_config_passes_its_check(
    path: Path, every_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the data it names, where the project has them: black pixels make numbers that others do not."""
    monkeypatch.chdir(every_data if path.stem in WITHOUT_FILES else PROJECT)
    monkeypatch.setattr("trainer.checks.check.GRADIENT_SAMPLES", 4)
    monkeypatch.setattr("trainer.checks.check.GRADIENT_SECONDS", 1e9)
    monkeypatch.setattr("trainer.checks.check.SCORE_SAMPLES", (4,))
    monkeypatch.setattr("trainer.checks.overfit_batch.STEPS", 2)
    resolved = ConfigParser.from_file(str(path), []).resolved
    check(plan(str(path), None, ["data_loader.args.batch_size=8", "trainer.threads=1", *held_out(resolved)]))
    assert "gradient     as finite differences for all" in capsys.readouterr().out


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_config_names_files_that_are_in_the_project_unless_it_is_known_to_need_others(path: Path) -> None:
    args = ConfigParser.from_file(str(path), []).resolved["data_loader"].get("args", {})
    named = [args[name] for name in ("data_dir", "path", "inputs") if str(args.get(name)).startswith("data/")]
    assert all((PROJECT / name).exists() for name in named) == (path.stem not in WITHOUT_FILES)


def test_names_of_runs_differ() -> None:
    names = [ConfigParser.from_file(str(path), []).resolved["name"] for path in CONFIGS]
    assert len(set(names)) == len(names)


def test_every_config_points_editors_to_the_schema() -> None:
    for path in CONFIGS:
        assert (path.parent / read_object(path)["$schema"]).resolve() == PROJECT / "config.schema.json"
