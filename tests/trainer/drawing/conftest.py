"""Networks that pages are made of."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.running import PROJECT, Config, run
from trainer.predictor import Predictor

Trained = Callable[..., Path]


@pytest.fixture(scope="session")
def trained(fake_mnist: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A function that trains an architecture for a moment, on images or what else is said, and tells its checkpoint."""

    def train(arch: Any, **others: Any) -> Path:
        config: Config = {
            "name": "drawn",
            "arch": arch,
            "data_loader": {"type": "MnistDataLoader", "args": {"data_dir": str(fake_mnist)}},
            "loss": "CrossEntropyLoss",
            "optimizer": {"type": "SGD", "args": {"lr": 0.1}},
            "trainer": {"epochs": 1, "verbosity": 0, "threads": 1, "pictures": [], "report": False},
        }
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(tmp_path_factory.mktemp("drawn"))
            return run(config | others).last.resolve()

    return train


@pytest.fixture(scope="session")
def _convolutional(trained: Trained) -> Path:
    return trained({"type": "CNN", "args": {"channels": [3, 4], "classes": 10}})


@pytest.fixture(scope="session")
def _flowers(trained: Trained) -> Path:
    table = {"path": str(PROJECT / "data/iris/iris.csv"), "target": "species", "normalize": "standardize"}
    arch = {"type": "MLP", "args": {"layer_sizes": [4, 8, 3]}}
    return trained(arch, data_loader={"type": "CsvDataLoader", "args": table})


@pytest.fixture
def convolutional(_convolutional: Path) -> Predictor:
    """A small convolutional network for digits."""
    return Predictor.load(_convolutional)


@pytest.fixture
def flowers(_flowers: Path) -> Predictor:
    """A network for a table of numbers."""
    return Predictor.load(_flowers)
