"""What --check says, which writes nothing."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from base.errors import UserError
from model.layers.linear import Linear
from tests.fake_mnist import idx, write_fake_mnist
from tests.running import Config, tree, write_config
from trainer.checkpoints.resume import plan
from trainer.checks.check import check

pytestmark = pytest.mark.usefixtures("here")

NOT_LEARNT = "one batch is not learnt"


def checked(config: Config, *changes: str) -> None:
    write_config(config)
    check(plan("config.json", None, changes))


def write_black_data(folder: Path) -> None:
    """As the fake MNIST, but with all that is dark black."""
    write_fake_mnist(folder)
    for path in folder.glob("*-images-idx3-ubyte.gz"):
        images = np.frombuffer(gzip.decompress(path.read_bytes())[16:], np.uint8).reshape(-1, 28, 28)
        path.write_bytes(gzip.compress(idx(np.where(images < 120, 0, images)), compresslevel=1))


def test_all_of_it_and_nothing_is_written(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    checked(config)
    out = capsys.readouterr().out
    assert "the config is right" in out
    assert "linear1" in out
    assert "gradient     as finite differences for all 4 parameter arrays" in out
    assert "after 200 steps on the same" in out
    assert NOT_LEARNT not in out
    assert "an epoch of" in out
    assert "memory       about" in out
    assert tree(Path()).keys() == {"config.json"}


@pytest.mark.parametrize("rate", ["1e-9", "1e4"])
def test_a_batch_that_is_not_learnt(config: Config, rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    checked(config, f"optimizer.args.lr={rate}")
    assert NOT_LEARNT in capsys.readouterr().out


def test_a_loss_that_cannot_be_small_is_no_reason_to_warn(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    checked(config, 'loss={"type": "CrossEntropyLoss", "args": {"label_smoothing": 0.3}}')
    assert NOT_LEARNT not in capsys.readouterr().out


def test_balanced_weights_are_those_of_the_run(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    checked(config, 'loss={"type": "CrossEntropyLoss", "args": {"weight": "balanced"}}')
    assert "gradient     as finite differences for all 4 parameter arrays" in capsys.readouterr().out


def test_a_wrong_gradient_is_named(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    right = Linear.backward
    monkeypatch.setattr(Linear, "backward", lambda layer, grad: right(layer, 1.1 * grad))
    with pytest.raises(UserError, match=r"(?s)differs from finite differences.*linear1\.weight: relative error"):
        checked(config)


def test_black_pixels_under_biases_of_0_are_no_wrong_gradient(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is trained, a convolution of them is exactly 0, the kink of ReLU, whichever way one goes."""
    write_black_data(Path("data"))
    cnn = 'arch={"type": "CNN", "args": {"channels": [4, 4], "classes": 10}}'
    checked(config, "data_loader.args.data_dir=data", cnn)
    assert "gradient     as finite differences for all" in capsys.readouterr().out


def test_the_gradients_compared_are_few_where_they_take_long(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("trainer.checks.check.GRADIENT_SECONDS", 0.0)
    checked(config)
    said = "gradient     as finite differences for the first 1 of 4 parameter arrays"
    assert said in (out := capsys.readouterr().out)
    assert "0 s were too short for the others" in out


def test_steps_that_take_long_are_no_batch_that_cannot_be_learnt(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("trainer.checks.overfit_batch.SECONDS", 0.0)
    checked(config)
    out = capsys.readouterr().out
    assert "one batch is not learnt yet, but 0 s were enough for 1 of 200 steps only" in out
    assert "labels that do not belong" not in out
