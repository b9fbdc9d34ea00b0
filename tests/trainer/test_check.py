"""What --check says, which writes nothing."""

from pathlib import Path

import pytest

from base.errors import UserError
from model.layers.linear import Linear
from tests.running import Config, tree, write_config
from trainer.check import check
from trainer.resume import plan

pytestmark = pytest.mark.usefixtures("here")

NOT_LEARNT = "one batch is not learnt"


def checked(config: Config, *changes: str) -> None:
    write_config(config)
    check(plan("config.json", None, changes))


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


def test_a_loss_that_cannot_be_small_is_no_reason_to_warn(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    checked(config, 'loss={"type": "CrossEntropyLoss", "args": {"label_smoothing": 0.3}}')
    assert NOT_LEARNT not in capsys.readouterr().out


def test_a_wrong_gradient_is_named(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    right = Linear.backward
    monkeypatch.setattr(Linear, "backward", lambda layer, grad: right(layer, 1.1 * grad))
    with pytest.raises(UserError, match=r"(?s)differs from finite differences.*linear1\.weight: relative error"):
        checked(config)
