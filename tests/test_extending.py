"""docs/extending.md is true: its files are added to a copy of the project, and its configs are trained."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from utils.config.registry import FAMILIES

ROOT = Path(__file__).parent.parent
PROGRAM = (
    "ops",
    "base",
    "data_loader",
    "model",
    "trainer",
    "logger",
    "utils",
    "tools",
    "train.py",
    "test.py",
    "search.py",
    "numpy_template.py",
)
TEXT = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```python\n# (\S+\.py)\n(.*?)```", TEXT, re.DOTALL))
CONFIGS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the files of the page added."""
    folder = tmp_path_factory.mktemp("project")
    for name in PROGRAM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for config in CONFIGS:
        (folder / f"{config['name']}.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy."""
    return subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, timeout=120)


def test_the_page_shows_a_file_for_every_family() -> None:
    folders = {str(Path(name).parent).replace("/", ".") for name in FILES}
    assert folders == {family.package for family in FAMILIES.values()}


@pytest.mark.parametrize("name", [config["name"] for config in CONFIGS])
def test_a_config_of_the_page_passes_the_check_and_learns(copy: Path, name: str) -> None:
    checked = run(copy, "train.py", "-c", f"{name}.json", "--check")
    assert checked.returncode == 0, checked.stderr
    assert "gradient     as finite differences" in checked.stdout
    trained = run(copy, "train.py", "-c", f"{name}.json", "--run-id", "page")
    assert trained.returncode == 0, trained.stderr
    log = copy / "saved" / "log" / name / "page" / "metrics.jsonl"
    assert json.loads(log.read_text().splitlines()[-1])["val_accuracy"] > 0.95


def test_arguments_of_an_added_component_are_checked(copy: Path) -> None:
    ended = run(copy, "train.py", "-c", "extended.json", "--set", "arch.args.activation.args.betta=2")
    assert ended.returncode == 2
    assert "did you mean 'beta'" in ended.stderr


def test_added_components_stand_in_the_schema(copy: Path) -> None:
    assert run(copy, "-m", "tools.schema").returncode == 0
    schema = "".join((copy / name).read_text() for name in ("config.schema.json", "search.schema.json"))
    for text in FILES.values():
        name = re.search(r"^(?:class|def) (\w+)", text, re.MULTILINE)
        assert name is not None
        assert f'"{name[1]}"' in schema


BROKEN = """
from base.base_layer import BaseLayer
from base.types import Array, Shape


class Broken(BaseLayer):
    \"\"\"Breaks in the third epoch.\"\"\"

    def build(self, input_shape: Shape) -> Shape:
        self._calls = 0
        return input_shape

    def forward(self, x: Array) -> Array:
        self._calls += 1
        if self._calls > 5:
            raise KeyError("nothing")
        return x

    def backward(self, grad: Array) -> Array:
        return grad
"""


@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_layer_that_breaks_while_training_is_named_with_its_line(copy: Path, threads: str) -> None:
    (copy / "model" / "layers" / "broken.py").write_text(BROKEN, encoding="utf-8")
    try:
        config = CONFIGS[1] | {"name": "broken", "trainer": {"epochs": 3, "shards": 2, "threads": int(threads)}}
        config["arch"] = json.loads(json.dumps(CONFIGS[1]["arch"]).replace('"Softplus"', '"Broken"'))
        (copy / "broken.json").write_text(json.dumps(config), encoding="utf-8")
        ended = run(copy, "train.py", "-c", "broken.json")
    finally:
        (copy / "model" / "layers" / "broken.py").unlink()
    line = 1 + BROKEN.splitlines().index('            raise KeyError("nothing")')
    where = f"(model/layers/broken.py, line {line})"
    assert f"error: layer broken1 (Broken): forward raised KeyError: 'nothing' {where}" in ended.stderr, ended.stderr
    assert ended.returncode == 2


@pytest.mark.slow
def test_a_search_takes_the_sampler_and_the_pruner_of_the_page(copy: Path) -> None:
    search = {
        "name": "page", "goal": "max val_accuracy", "trials": 3,
        "space": {"optimizer.args.lr": {"low": 0.01, "high": 1.0, "log": True}},
        "sampler": "QuasiRandomSampler", "pruner": "PercentilePruner", "overrides": {"trainer.epochs": 1},
    }  # fmt: skip
    (copy / "search.json").write_text(json.dumps(search), encoding="utf-8")
    ended = run(copy, "search.py", "-c", "extended_sequential.json", "-s", "search.json")
    assert ended.returncode == 0, ended.stderr
    rows = (copy / "saved/search/page/results.csv").read_text().splitlines()[1:]
    assert len({row.split(",")[7] for row in rows}) == 3
