"""docs/guides/export.md is true: its code runs, and its converter is that of the layer in docs/extending.md."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.one_layer import built
from tests.running import PROJECT, program

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
pytestmark = [pytest.mark.onnx, pytest.mark.usefixtures("here")]

GUIDE, EXTENDING = (
    (PROJECT / "docs" / name).read_text(encoding="utf-8") for name in ("guides/export.md", "extending.md")
)
USE, CONVERTER = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


def test_what_is_printed_is_as_shown_and_the_code_below_runs() -> None:
    told = program("export.py", "-r", PROJECT / "best.npz").stdout
    (shown,) = re.findall(r"```\n\S*best.npz, (epoch.*?model.onnx)", GUIDE, re.DOTALL)
    assert shown in told
    found: dict[str, Any] = {}
    exec(USE, found)
    assert found["probabilities"].shape == (3, 10)
    assert len(found["label"]) == 3
    assert Path("model.onnx").is_file()


def test_the_converter_shown_is_that_of_the_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    from model.export import converters
    from model.export.network import check_outputs

    monkeypatch.setattr(converters, "_CONVERTERS", dict(converters._CONVERTERS))
    (layer,) = re.findall(r"```python\n# model/layers/softplus.py\n(.*?)```", EXTENDING, re.DOTALL)
    made: dict[str, Any] = {"__name__": "model.layers.softplus"}
    exec(layer + CONVERTER, made)
    model = built(made["Softplus"](beta=2.0), (4,))
    model.eval()
    check_outputs(model, np.dtype("float64"))
