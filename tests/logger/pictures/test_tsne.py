"""The map works for every input that a run can bring, and is the same every time."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_info, threadpool_limits

from base.errors import NonFiniteError, UserError
from base.types import Array
from logger.pictures.tsne import draw_tsne, embed

GENERATOR = np.random.Generator(np.random.Philox(key=7))
NORMAL = GENERATOR.normal(size=(20, 3))


def test_a_picture_and_its_points_are_written_the_same_every_time(tmp_path: Path) -> None:
    targets = np.arange(20) % 3
    tables = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        picture, table = draw_tsne(NORMAL, targets, ("cat", "dog", "owl", "none"), folder, "tsne-1", "linear1", 5)
        assert (picture, table) == (folder / "tsne-1.png", folder / "tsne-1.csv")
        assert picture.read_bytes().startswith(b"\x89PNG")
        tables.append(table.read_text())
    lines = tables[0].splitlines()
    assert tables[0] == tables[1]
    assert lines[0] == "x,y,target"
    assert [line.split(",")[2] for line in lines[1:]] == [("cat", "dog", "owl")[target] for target in targets]


def test_numbers_as_targets_are_kept_as_numbers(tmp_path: Path) -> None:
    _, table = draw_tsne(NORMAL, np.linspace(0, 1, 20), None, tmp_path, "tsne", "title", 5)
    assert np.allclose(np.loadtxt(table, delimiter=",", skiprows=1)[:, 2], np.linspace(0, 1, 20))


def test_more_classes_than_a_legend_can_hold_are_drawn(tmp_path: Path) -> None:
    picture, _ = draw_tsne(NORMAL, np.arange(20), [str(i) for i in range(101)], tmp_path, "tsne", "title", 5)
    assert picture.exists()


@pytest.mark.parametrize(
    "features",
    [
        pytest.param(NORMAL[:5], id="five"),
        pytest.param(NORMAL[:, :1], id="one column"),
        pytest.param(np.full((9, 3), 0.1), id="constant"),
        pytest.param(np.full((9, 3), 1e30, np.float32), id="constant and large"),
        pytest.param(NORMAL.reshape(5, 2, 2, 3), id="images"),
        pytest.param((NORMAL * 1e-30).astype(np.float32), id="tiny"),
        pytest.param((NORMAL * 1e30).astype(np.float32), id="huge"),
        pytest.param(NORMAL[[0, 1] * 5], id="duplicates"),
    ],
)
def test_odd_features_give_finite_points(features: Array) -> None:
    points = embed(features, seed=1)
    assert points.shape == (len(features), 2)
    assert np.isfinite(points).all()


def test_one_thread_works_because_their_number_changes_the_points(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    fit = TSNE.fit_transform

    def spy(self: TSNE, rows: Array) -> Array:
        threads.extend(pool["num_threads"] for pool in threadpool_info())
        return np.asarray(fit(self, rows))

    monkeypatch.setattr(TSNE, "fit_transform", spy)
    with threadpool_limits(2):
        embed(NORMAL, seed=1)
    assert set(threads) == {1}


def test_samples_that_are_alike_lie_together() -> None:
    near = np.repeat([[0.0, 0.0, 0.0], [9.0, 9.0, 9.0]], 15, axis=0) + GENERATOR.normal(size=(30, 3)) * 0.1
    points = embed(near, seed=1)
    centres = points[:15].mean(axis=0), points[15:].mean(axis=0)
    own = np.linalg.norm(points - np.repeat(centres, 15, axis=0), axis=1)
    assert own.max() < np.linalg.norm(centres[0] - centres[1]) / 2


def test_too_few_samples_are_refused_with_the_key_to_change() -> None:
    with pytest.raises(UserError, match=r"t-SNE of 4 samples: it needs at least 5; raise trainer\.tsne\.samples"):
        embed(NORMAL[:4], seed=1)


def test_features_that_are_not_finite_are_refused() -> None:
    with pytest.raises(NonFiniteError, match="not finite"):
        embed(np.full((9, 3), np.nan), seed=1)
