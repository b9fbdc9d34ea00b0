"""Every mistake of the tables ends with its exit code and one message that says what is wrong, and writes nothing."""

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from tests.fake_mnist import write_fake_mnist
from tests.mistakes import ROWS
from tests.mistakes.making import CONFIG, Wrong, setting
from tests.running import PROJECT, Config, run, tree, write_config
from tests.utils.config.cases import BEYOND_SCHEMA, STRUCTURAL
from tests.utils.config.cases import CONFIG as CHECKED
from utils.entry import run_program

ENTRIES = {
    name: PROJECT / f"{name.replace('.', '/')}.py"
    for name in ("tools.plot_schedule", "tools.plot_augmentation", "tools.replay", "tools.report")
}
ENTRIES |= {
    name: PROJECT / name
    for name in (
        *("train.py", "test.py", "predict.py", "export.py", "compare.py", "search.py"),
        *("draw.py", "new_project.py", "watch.py"),
    )
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the tables want it."""
    folder = tmp_path_factory.mktemp("prepared")
    write_fake_mnist(folder / "data")
    return folder


@pytest.fixture
def place(prepared: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder is a copy of the prepared one, which the first to ask completes."""
    config["data_loader"]["args"]["data_dir"] = "data"
    if not (prepared / "saved").exists():
        monkeypatch.chdir(prepared)
        monkeypatch.setattr("trainer.reporting.pictures.Pictures.on_train_end", lambda *_: None)
        run(config)
    shutil.copytree(prepared, tmp_path / "place")
    monkeypatch.chdir(tmp_path / "place")
    return tmp_path / "place"


def ended(monkeypatch: pytest.MonkeyPatch, *command: str) -> object:
    """The exit code of a program that runs in this process; train.py unless the command begins with another."""
    name, arguments = (command[0], command[1:]) if command and command[0] in ENTRIES else ("train.py", command)
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    spec = importlib.util.spec_from_file_location("program", ENTRIES[name])
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with pytest.raises(SystemExit) as end:
        run_program(module.main)
    return end.value.code


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_mistake_ends_with_its_code_and_words(
    row: Wrong, place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if row.prepare:
        row.prepare()
    before = tree(place)
    assert ended(monkeypatch, *row.command) == row.code
    err = capfd.readouterr().err
    assert row.words in err
    assert err.count("error: ") == 1
    if row.code == 2:
        assert tree(place) == before


@pytest.mark.parametrize(("change", "words"), STRUCTURAL + BEYOND_SCHEMA, ids=lambda value: str(value)[:60])
def test_a_mistake_in_a_config_ends_with_2(
    change: str, words: list[str], here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write_config(CHECKED)
    assert ended(monkeypatch, *setting(change)) == 2
    err = capfd.readouterr().err
    assert err.startswith("error: config.json: ")
    assert all(one in err for one in words)
    assert tree(here).keys() == {"config.json"}


def test_there_are_as_many_as_promised() -> None:
    assert len(ROWS) >= 250
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert all(row.command[:2] != CONFIG or row.prepare or len(row.command) > 2 for row in ROWS)
