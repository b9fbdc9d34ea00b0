"""Components of a user's own modules: found, checked, told, and found again by whoever reads a checkpoint."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from base.errors import ConfigError, UserError
from tests.running import PROJECT, Config, meta, program, run, write_config
from trainer.fit import fit
from utils.config import imports
from utils.config.parser import ConfigParser

MODULE = '''
from base.base_layer import BaseLayer
from base.base_trainer import BaseCallback
from base.types import Array, Shape
from model.layers.linear import Linear


class Scale(BaseLayer):
    """y = f x.

    factor: f.
    """

    def __init__(self, factor: float = 2.0) -> None:
        super().__init__()
        self.factor = factor

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array) -> Array:
        return self.factor * x

    def backward(self, dy: Array) -> Array:
        return self.factor * dy


class Note(BaseCallback):
    """Notes the epochs."""

    def on_epoch_end(self, trainer, record):
        with (trainer.log_folder / "noted.txt").open("a") as file:
            file.write(f"{record['epoch']} ")
'''


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test imports is forgotten after it."""
    modules, path = set(sys.modules), sys.path.copy()
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith(("own_", "hidden_")):
            del sys.modules[name]
    imports._IMPORTED.clear()


@pytest.fixture
def own(here: Path, config: Config) -> Config:
    """A config whose layer and callback are in own_parts.py, in the current folder."""
    (here / "own_parts.py").write_text(MODULE)
    config["arch"]["args"]["activation"] = {"type": "Scale", "args": {"factor": 0.5}}
    return config | {"imports": ["own_parts"], "callbacks": ["Note"]}


@pytest.mark.usefixtures("no_pictures")
def test_they_are_trained_told_and_kept_in_checkpoints(own: Config, here: Path) -> None:
    folder = run(own)
    assert (folder.log / "noted.txt").read_text() == "1 2 "
    assert f"imports  own_parts from {here / 'own_parts.py'}" in (folder.log / "run.log").read_text()
    assert json.loads((folder.log / "environment.json").read_text())["imports"] == {
        "own_parts": str(here / "own_parts.py")
    }
    held = meta(folder.best)
    assert held["config"]["imports"] == ["own_parts"]
    assert held["imports"] == {"own_parts": str(here / "own_parts.py")}


@pytest.mark.usefixtures("no_pictures")
def test_programs_find_them_again_in_the_folder_and_elsewhere_say_where_they_were(own: Config, here: Path) -> None:
    folder = run(own)
    assert "accuracy" in program("test.py", "-r", folder.best).stdout
    program("train.py", "-r", folder.models, "--epochs", "3")
    other = here / "other"
    other.mkdir()
    words = [sys.executable, str(PROJECT / "test.py"), "-r", str(here / folder.best)]
    ended = subprocess.run(words, cwd=other, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert f"there is no module 'own_parts' in {other} nor on Python's path" in ended.stderr
    assert f"when it was trained, own_parts was {here / 'own_parts.py'}" in ended.stderr
    on_path = subprocess.run(
        words, cwd=other, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(here)}
    )
    assert on_path.returncode == 0, on_path.stderr


@pytest.mark.slow
def test_workers_of_a_search_find_them(own: Config) -> None:
    pytest.importorskip("optuna")
    write_config(own)
    search = {
        "name": "s",
        "space": {"arch.args.activation.args.factor": [0.5, 1.0]},
        "overrides": {"trainer.epochs": 1},
    }
    Path("search.json").write_text(json.dumps(search | {"sampler": "GridSampler", "workers": 1}))
    program("search.py", "-c", "config.json", "-s", "search.json")
    assert len(Path("saved/search/s/results.csv").read_text().splitlines()) == 3


def test_a_package_shows_what_its_init_imports(own: Config, here: Path) -> None:
    (here / "own_package").mkdir()
    (here / "own_package" / "deep.py").write_text(MODULE)
    (here / "own_package" / "__init__.py").write_text("from own_package.deep import Note, Scale\n")
    for name in ("own_package", "own_package.deep"):
        ConfigParser(own | {"imports": [name]})


def test_configs_see_the_modules_that_they_name_alone(own: Config) -> None:
    ConfigParser(own)
    with pytest.raises(ConfigError, match=r"unknown layer 'Scale'"):
        ConfigParser({key: value for key, value in own.items() if key != "imports"})


def test_what_a_module_itself_imports_is_not_its_own(own: Config) -> None:
    ConfigParser(own)  # Linear is there once, and no clash


def test_a_name_that_the_project_has_too_is_a_clash(own: Config, here: Path) -> None:
    (here / "own_linear.py").write_text(
        MODULE.replace("class Scale", "class ReLU").replace("import Linear", "import *")
    )
    with pytest.raises(ConfigError, match=r"model.layers.activations and own_linear both define a layer 'ReLU'"):
        ConfigParser(own | {"imports": ["own_linear"]})


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "own_part",
            None,
            r"imports.0: there is no module 'own_part' in .* did you mean 'own_parts'\? Run in the folder",
        ),
        ("own_parts.deep", None, "there is no module 'own_parts.deep'"),
        ("own_none.deep", None, "there is no module 'own_none' in .* Run in the folder that holds own_none.py"),
        (
            "own_broken",
            "import no_such_thing\n",
            r"own_broken cannot be imported: ModuleNotFoundError: No module named",
        ),
        ("own_broken", "1 / 0\n", r"cannot be imported: ZeroDivisionError: .*own_broken.py, line 1"),
        ("own_broken", "def f(:\n", r"own_broken cannot be imported: SyntaxError"),
        (
            "own_broken",
            "import sys; sys.exit(0)\n",
            "own_broken ends the program when it is imported; put what it runs",
        ),
        ("utils", "x = 1\n", '"utils" is of the project itself, whose components need no import; give your module'),
        ("trainer.own", None, '"trainer.own" is of the project itself'),
        ("__main__", None, "in a notebook or a program has no name for others; write it into a file"),
        ("colorsys", "x = 1\n", r'"colorsys" is /.*colorsys.py, which hides .*colorsys.py; give yours another name'),
        (
            "own parts",
            None,
            r'expected the name of a module as Python imports it, such as "my_layers", got "own parts"',
        ),
        ("own_parts.py", None, r"there is no module 'own_parts.py'.* write own_parts, without .py"),
    ],
)
def test_a_module_that_cannot_be_taken_is_one_message(
    own: Config, here: Path, name: str, text: str | None, words: str
) -> None:
    if text is not None:
        (here / f"{name}.py").write_text(text)
    simple = own | {"imports": [name], "callbacks": None}
    simple["arch"] = {"type": "MLP", "args": {"layer_sizes": [784, 16, 10]}}
    with pytest.raises(ConfigError, match=rf"(?s)config: 1 mistake\n.*{words}"):
        ConfigParser(simple)


CALLBACK = "from base.base_trainer import BaseCallback\nclass Wrong(BaseCallback):\n    def "


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (
            "on_epoch_ends(self, trainer, record): pass",
            "Wrong.on_epoch_ends is never called; did you mean 'on_epoch_end'",
        ),
        ("on_epoch_end(self, trainer): pass", r"on_epoch_end takes .*; expected on_epoch_end\(self, trainer, record\)"),
    ],
)
def test_a_callback_that_would_not_be_called_is_refused_before_training(
    own: Config, here: Path, method: str, words: str
) -> None:
    (here / "own_wrong.py").write_text(f"{CALLBACK}{method}\n")
    with pytest.raises(ConfigError, match=rf"callbacks.0: .*{words}"):
        fit(own | {"imports": ["own_parts", "own_wrong"], "callbacks": ["Wrong"]})
    assert not Path("saved").exists()


@pytest.mark.parametrize("hook", ["on_train_start(self, trainer)", "on_epoch_end(self, trainer, record)"])
@pytest.mark.usefixtures("no_pictures")
def test_a_callback_that_fails_is_named_with_its_line(own: Config, here: Path, hook: str) -> None:
    (here / "own_wrong.py").write_text(f"{CALLBACK}{hook}:\n        1 / 0\n")
    name = hook.partition("(")[0]
    words = rf"callbacks.1 \(Wrong\): {name} raised ZeroDivisionError: .*own_wrong.py, line 4"
    with pytest.raises(UserError, match=words):
        fit(own | {"imports": ["own_parts", "own_wrong"], "callbacks": ["Note", "Wrong"]})


def test_a_schema_that_knows_them_can_be_written(own: Config, here: Path) -> None:
    words = [sys.executable, "-m", "tools.schema", "--imports", "own_parts", "-o", "own.schema.json"]
    path = {**os.environ, "PYTHONPATH": str(PROJECT)}
    ended = subprocess.run(words, cwd=here, capture_output=True, text=True, timeout=60, env=path)
    assert ended.returncode == 0, ended.stderr
    definitions = json.loads((here / "own.schema.json").read_text())["$defs"]
    assert definitions["layers.Scale"]["properties"]["args"]["properties"]["factor"]["default"] == 2.0
    assert "callbacks.Note" in definitions
    words[4] = "own_part"
    ended = subprocess.run(words, cwd=here, capture_output=True, text=True, timeout=60, env=path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: --imports: 1 mistake\n  imports.0: there is no module 'own_part' in ")
