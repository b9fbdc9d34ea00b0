"""Without the extra, export.py says what to install."""

import pytest

from base.errors import UserError
from trainer.export.export import export


def test_what_is_missing_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserError, match=r'needs onnx, which is not installed: pip install -e "\.\[onnx\]"'):
        export("best.npz", "model.onnx")
