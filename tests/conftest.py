"""What many tests need: data, a config, and a folder to work in."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_mnist import write_fake_mnist
from tests.running import Config
from utils.stop_signals import SIGNALS

# What a shell starts in the background ignores Ctrl-C, or a closed terminal; so would all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Programs that run in this process leave signals as they were."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def fake_mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 300 images to train on and 60 to test on."""
    return write_fake_mnist(tmp_path_factory.mktemp("data") / "fake_mnist")


@pytest.fixture
def config(fake_mnist: Path) -> Config:
    """A config that trains in a moment: 240 samples in 8 batches, the last of them half as large; 60 to validate."""
    return {
        "name": "tiny",
        "seed": 5,
        "arch": {"type": "MLP", "args": {"layer_sizes": [784, 16, 10]}},
        "data_loader": {
            "type": "MnistDataLoader",
            "args": {"data_dir": str(fake_mnist), "batch_size": 32, "validation_split": 0.2},
        },
        "loss": "CrossEntropyLoss",
        "metrics": ["accuracy"],
        "optimizer": {"type": "SGD", "args": {"lr": 0.1, "momentum": 0.9}},
        "trainer": {
            "epochs": 2, "monitor": "min val_loss", "verbosity": 0, "shards": 2, "threads": 1, "pictures": [],
            "report": False,
        },
    }  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one, so that `saved/` is made there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs draw nothing when they end, which takes longer than they do."""
    monkeypatch.setattr("trainer.reporting.pictures.Pictures.on_train_end", lambda *_: None)
