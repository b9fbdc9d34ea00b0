"""The network that is shipped."""

import json
from pathlib import Path

import pytest

from tests.running import PROJECT, program


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_best_npz_scores_98_percent_and_more_on_the_real_test_images() -> None:
    data = f"data_loader.args.data_dir={PROJECT / 'data' / 'mnist'}"
    program("test.py", "-c", PROJECT / "config.json", "-r", PROJECT / "best.npz", "--set", data)
    (written,) = Path("saved").glob("log/mnist_mlp/test-*/test.json")
    result = json.loads(written.read_text(encoding="utf-8"))
    assert result["n_samples"] == 10_000
    assert result["accuracy"] >= 0.98
