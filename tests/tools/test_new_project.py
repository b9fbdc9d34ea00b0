"""new_project.py makes a folder that trains, scores and passes its own tests, and imports the framework."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from base.errors import UserError, WriteError
from tests.running import PROJECT, program, tree
from tools import new_project
from tools.new_project import make_project

pytestmark = pytest.mark.usefixtures("here")
QUICK = ("--epochs", "2", "--set", "trainer.pictures=[]", "--set", "trainer.report=false")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python finds the framework, as its installation sees to."""
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))


def run(folder: str, *words: str) -> str:
    """Run Python in a folder; returns what it prints."""
    ended = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.usefixtures("installed")
@pytest.mark.slow
def test_a_project_trains_scores_and_passes_its_tests() -> None:
    told = program("new_project.py", "our-wines").stdout
    assert told.startswith("made our-wines; ")
    assert "pip install" not in told
    assert "epoch 2/2" in run("our-wines", "train.py", "-c", "config.json", *QUICK)
    assert "true_class_probability" in run("our-wines", "test.py", "-r", "latest")
    assert "passed" in run("our-wines", "-m", "pytest", "-n", "0")
    held = json.loads(next(Path("our-wines/saved/models/our_wines").glob("*/config.json")).read_text())
    assert held["imports"] == ["our_wines"]


def test_it_is_a_folder_of_its_own_with_its_own_name() -> None:
    make_project(Path("Our-Wines"))
    made = tree(Path("Our-Wines"))
    expected = {
        ".gitignore",
        "README.md",
        "config.json",
        "configs",
        "our_wines",
        "pyproject.toml",
        "test.py",
        "tests",
        "train.py",
    }
    assert {name.partition(os.sep)[0] for name in made} == expected
    assert not [name for name, content in made.items() if b"my_project" in content or "my_project" in name]
    assert b"from our_wines.layers import Swish" in made[os.path.join("our_wines", "__init__.py")]


@pytest.mark.parametrize("name", ["train.py", "test.py"])
def test_a_python_without_the_framework_is_told_of(name: str) -> None:
    make_project(Path("wines"))
    ended = subprocess.run([sys.executable, "-S", "-E", name, "-h"], cwd="wines", capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"error: {sys.executable} does not find numpy-template; run this with")


def test_where_the_framework_is_not_installed_it_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_project, "_is_installed", lambda folder: False)
    assert f"pip install -e '{PROJECT}[fast,test]'" in make_project(Path("wines"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("there", "there is there already, and nothing in it is changed"),
        ("a_file", "a_file is there already"),
        pytest.param(
            "a_link", "a_link is there already", marks=pytest.mark.skipif(os.name != "posix", reason="a link")
        ),
        ("no/such", "there is no folder no to make it in"),
        ("3d", "'3d' is to name a folder and a package of Python"),
        ("two words", "'two words' is to name"),
        ("..", "'..' is to name"),
        ("a" * 51, "50 characters at most"),
        ("naïve", "use letters, digits"),
        ("class", "'class' is a word of Python's own"),
        ("Model", "that hides the folder model/ of numpy-template"),
        ("tests", "'tests' is the name of something else in a project"),
        ("saved", "'saved' is the name of something else"),
        ("random", "that hides the module 'random'"),
        ("numpy", "that hides the module 'numpy'"),
    ],
)
def test_a_name_that_will_not_do_is_refused_and_nothing_is_written(name: str, words: str, here: Path) -> None:
    Path("there").mkdir()
    Path("there", "kept.txt").write_text("mine")
    Path("a_file").touch()
    if os.name == "posix":
        Path("a_link").symlink_to("nowhere")
    before = tree(here)
    with pytest.raises(UserError, match=words):
        make_project(Path(name))
    assert tree(here) == before


def test_a_disk_that_is_full_leaves_nothing(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    def full(source: Path, target: Path, package: str) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.name == "loaders.py":
            raise OSError(28, "No space left on device")
        target.touch()

    monkeypatch.setattr(new_project, "_copy", full)
    with pytest.raises(WriteError, match="cannot write wines: No space left on device; free some space, or make it in"):
        make_project(Path("wines"))
    assert list(here.iterdir()) == []
