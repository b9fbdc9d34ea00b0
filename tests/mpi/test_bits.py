"""Several ranks train to the bits of one process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mpi.launch import TCP, start
from tests.mpi.trainings import KINDS, write_data
from tests.running import PROJECT, arrays, records, same_bits
from trainer.checkpoints.run_folder import RunFolder

pytestmark = pytest.mark.mpi


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the runs of one process."""
    folder = tmp_path_factory.mktemp("alone")
    write_data(folder)
    words = [sys.executable, "-m", "tests.mpi.trainings", str(folder), "1", *KINDS]
    subprocess.run(words, cwd=PROJECT, check=True, timeout=100)
    return folder


@pytest.mark.parametrize(
    ("ranks", "threads", "kinds", "environment"),
    [
        (2, 2, KINDS, {}),
        (3, 1, KINDS, {}),
        (4, 1, ("mlp", "cnn", "bounds"), TCP),
        (8, 1, ("mlp", "resnet"), {}),
    ],
    ids=("2 ranks", "3 ranks", "4 ranks, TCP", "8 ranks"),
)
def test_bits_are_those_of_one_process(
    alone: Path, tmp_path: Path, ranks: int, threads: int, kinds: list[str], environment: dict[str, str]
) -> None:
    write_data(tmp_path)
    process = start(
        ranks, "-m", "tests.mpi.trainings", tmp_path, str(threads), *kinds, environment=environment, cwd=PROJECT
    )
    out, err = process.communicate(timeout=100)
    assert process.returncode == 0, out + err
    for kind in kinds:
        expected, found = (RunFolder(folder / "saved", kind.replace(" ", "-"), "run") for folder in (alone, tmp_path))
        assert same_bits(arrays(expected.last), arrays(found.last)), kind
        assert same_bits(arrays(expected.best), arrays(found.best)), kind
        figures = [json.dumps([record | {"seconds": 0} for record in records(run)]) for run in (expected, found)]
        assert figures[0] == figures[1], kind
        assert (expected.log / "steps.csv").read_bytes() == (found.log / "steps.csv").read_bytes(), kind
