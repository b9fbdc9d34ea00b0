"""The networks that are shipped."""

import json
from pathlib import Path

import pytest

from tests.running import PROJECT, meta, program
from utils.config.parser import ConfigParser


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_best_npz_scores_98_percent_and_more_on_the_real_test_images() -> None:
    data = f"data_loader.args.data_dir={PROJECT / 'data' / 'mnist'}"
    program("test.py", "-c", PROJECT / "config.json", "-r", PROJECT / "best.npz", "--set", data)
    (written,) = Path("saved").glob("log/mnist_mlp/test-*/test.json")
    result = json.loads(written.read_text(encoding="utf-8"))
    assert result["n_samples"] == 10_000
    assert result["accuracy"] >= 0.98


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_draw_npz_is_small_of_its_config_and_scores_99_percent_and_more() -> None:
    path, config = PROJECT / "draw.npz", PROJECT / "configs" / "draw.json"
    assert path.stat().st_size < 300_000
    kept = ConfigParser.from_file(str(config), []).resolved
    assert meta(path)["config"] == kept
    data = f"data_loader.args.data_dir={PROJECT / 'data' / 'mnist'}"
    program("test.py", "-c", config, "-r", path, "--set", data)
    (written,) = Path("saved").glob("log/mnist_draw/test-*/test.json")
    assert json.loads(written.read_text(encoding="utf-8"))["accuracy"] >= 0.99
