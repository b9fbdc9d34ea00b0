"""Looking at what is drawn, without files."""

from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Figure]:
    """The figures that are saved, in place of their files."""
    monkeypatch.chdir(tmp_path)
    kept: list[Figure] = []

    def keep(figure: Figure, path: Path, **_: Any) -> None:
        kept.append(figure)

    monkeypatch.setattr(Figure, "savefig", keep)
    return kept
