"""The callbacks that a config names."""

import csv
from pathlib import Path

import numpy as np
import pytest

from tests.running import Config, arrays, go_on, run, same_bits

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


def rows(path: Path) -> list[dict[str, str]]:
    """A table as dicts."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_norms_are_those_of_the_parameters_after_each_epoch(config: Config) -> None:
    folder = run(config | {"callbacks": ["ParameterNorms"]})
    table = rows(folder.log / "norms.csv")
    assert [row["epoch"] for row in table] == ["1", "2"]
    for name, values in arrays(folder.last).items():
        if name.startswith("model/"):
            assert float(table[-1][name.removeprefix("model/")]) == pytest.approx(np.linalg.norm(values), rel=1e-5)


def test_a_continued_run_goes_on_with_the_table(config: Config) -> None:
    folder = run(config | {"callbacks": ["ParameterNorms"]}, "trainer.save_period=1")
    before = rows(folder.log / "norms.csv")
    go_on(folder.models, "trainer.epochs=3")
    after = rows(folder.log / "norms.csv")
    assert (after[:2], [row["epoch"] for row in after]) == (before, ["1", "2", "3"])


def test_callbacks_change_no_bit_and_may_be_others_when_a_run_goes_on(config: Config) -> None:
    plain = run(config, run_id="plain")
    noted = run(config | {"callbacks": [{"type": "ParameterNorms", "args": {"file": "n.csv"}}]}, run_id="noted")
    assert same_bits(arrays(plain.last), arrays(noted.last))
    go_on(plain.models, "trainer.epochs=3", 'callbacks=["ParameterNorms"]')
    assert [row["epoch"] for row in rows(plain.log / "norms.csv")] == ["3"]
