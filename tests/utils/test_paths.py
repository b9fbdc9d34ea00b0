"""~ and $NAME in paths stand for what they do in a shell."""

from pathlib import Path

import pytest

from base.errors import ConfigError
from tests.running import Config, run
from trainer.callbacks.mlflow_tracking import MLflow
from utils.command_line import (
    compare_arguments,
    draw_arguments,
    export_arguments,
    schema_arguments,
    train_arguments,
)
from utils.config.files import read_config
from utils.paths import expanded


@pytest.fixture
def home(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder, and the folder that $PLACE stands for."""
    (here / "home").mkdir()
    monkeypatch.setenv("HOME", str(here / "home"))
    monkeypatch.setenv("PLACE", str(here / "home"))
    monkeypatch.setenv("EMPTY", "")
    return here / "home"


@pytest.mark.parametrize("text", ["~/a", "$HOME/a", "${PLACE}/a", "$PLACE/a"])
def test_what_stands_for_a_folder_becomes_it(home: Path, text: str) -> None:
    assert expanded(text) == str(home / "a")


@pytest.mark.parametrize("text", ["a", "./~", "a~", "/x/a~b", "a$", "$^$", "-", "latest"])
def test_other_texts_stay(home: Path, text: str) -> None:
    Path("~").mkdir()
    assert expanded(text) == text


def test_a_file_with_a_dollar_in_its_name_is_found(home: Path) -> None:
    Path("a$b.csv").touch()
    assert expanded("a$b.csv") == "a$b.csv"


@pytest.mark.parametrize(
    "text", ["$NO_SUCH/a", "${NO_SUCH}", "${PLACE:-x}/a", "$EMPTY/a", "~nobody_is_called_so/a", "a/~/b"]
)
def test_what_stands_for_nothing_is_refused(home: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"write out the path|nobody here is called"):
        expanded(text)


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize("written", ["~/runs", "$PLACE/runs", "-runs"])
def test_runs_go_where_the_shell_would_and_the_config_keeps_what_was_written(
    home: Path, config: Config, written: str
) -> None:
    before = set(home.parent.iterdir())
    config["trainer"]["save_dir"] = written
    folder = run(config)
    saved = Path("-runs") if written == "-runs" else home / "runs"
    models = saved / folder.models.relative_to("saved")
    assert (models / "best.npz").is_file()
    assert f'"save_dir": "{written}"' in (models / "config.json").read_text()
    assert {path.name for path in set(home.parent.iterdir()) - before} <= {"config.json", "-runs"}


def test_paths_of_the_command_line_are_expanded_and_never_options(home: Path) -> None:
    args = train_arguments(["--config=~/a.json", "-r", "$PLACE/b"])
    assert (args.config, args.resume) == (str(home / "a.json"), str(home / "b"))
    assert compare_arguments(["--output=-out", "latest"]).output == "./-out"
    assert train_arguments(["-c", "a.json", "--find-lr", "~/a.png"]).find_lr == str(home / "a.png")
    assert draw_arguments(["-r", "a.npz", "-o", "$PLACE/a.html"]).output == str(home / "a.html")
    assert export_arguments(["-r", "a.npz", "-o", "~/a.onnx"]).output == str(home / "a.onnx")
    assert schema_arguments(["--imports", "mine", "-o", "~/a.json"]).output == str(home / "a.json")


@pytest.mark.parametrize("written", ["~/base.json", "$PLACE/base.json"])
def test_a_config_extends_one_at_home(home: Path, written: str) -> None:
    (home / "base.json").write_text('{"seed": 3}')
    (home.parent / "own.json").write_text(f'{{"extends": "{written}", "name": "own"}}')
    assert read_config("own.json") == {"seed": 3, "name": "own"}


def test_a_config_beside_it_comes_before_a_variable(home: Path) -> None:
    Path("sub").mkdir()
    Path("sub", "a$b.json").write_text('{"seed": 3}')
    Path("sub", "own.json").write_text('{"extends": "a$b.json"}')
    assert read_config("sub/own.json") == {"seed": 3}
    Path("own.json").write_text('{"extends": "$NO_SUCH/a.json"}')
    with pytest.raises(ConfigError, match=r"own.json: extends: \$NO_SUCH/a.json: the environment variable NO_SUCH is"):
        read_config("own.json")


def test_a_store_of_mlflow_lies_at_home() -> None:
    assert MLflow("sqlite:///~/a.db").tracking_uri == f"sqlite:///{Path.home() / 'a.db'}"
    with pytest.raises(ValueError, match="the environment variable NO_SUCH is not set"):
        MLflow("sqlite:///$NO_SUCH/a.db")
