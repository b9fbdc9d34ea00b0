"""The guide's example runs."""

import re

import pytest

from tests.running import PROJECT

PAGE = PROJECT / "docs" / "guides" / "scikit-learn.md"


def test_the_example_learns(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    names: dict[str, object] = {}
    exec(compile(code, str(PAGE), "exec"), names)
    first, *_, last = capsys.readouterr().out.splitlines()
    assert float(first) > 0.9
    assert float(last.split()[-1]) > 0.9


def test_every_parameter_stands_in_the_table() -> None:
    from trainer.estimators import NetworkClassifier

    rows = "\n".join(line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|")
    assert set(re.findall(r"`(\w+)`", rows)) == set(NetworkClassifier().get_params(deep=False))
