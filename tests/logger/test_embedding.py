"""The points of a map work for every input that a run can bring, and are the same every time."""

import logging
import sys
from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_info, threadpool_limits

from base.errors import NonFiniteError, UserError
from base.types import Array
from logger import progress
from logger.embedding import embed, turned

GENERATOR = np.random.Generator(np.random.Philox(key=7))
NORMAL = GENERATOR.normal(size=(20, 3))


def test_points_are_the_same_every_time() -> None:
    assert embed(NORMAL, 5).tobytes() == embed(NORMAL, 5).tobytes()


def test_a_turned_map_lies_as_another_and_says_the_same() -> None:
    like, angle = GENERATOR.normal(size=(30, 2)), 2.0
    turn = np.array([[np.cos(angle), np.sin(angle)], [np.sin(angle), -np.cos(angle)]])  # and mirrored
    points = like @ turn + [3, 4]
    np.testing.assert_allclose(turned(points, like), like - like.mean(axis=0), atol=1e-12)
    other = GENERATOR.normal(size=(30, 2))
    np.testing.assert_allclose(pdist(turned(points, other)), pdist(points))


def test_progress_is_told_in_the_log_and_nothing_else_is_printed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_LINE_SECONDS", 0.0)
    with caplog.at_level(logging.INFO):
        embed(NORMAL, 5, show=True)
    assert len(caplog.messages) >= 5
    assert caplog.messages[0].startswith("t-SNE: 5 %, error ")
    assert caplog.messages[0].endswith(" iterations/s")
    shown = [int(message.split()[1]) for message in caplog.messages]
    assert shown == sorted(shown)
    assert shown[-1] > 50  # it stops earlier where nothing gets better
    assert capsys.readouterr() == ("", "")


def test_a_line_of_progress_reaches_the_console(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from logger.setup import run_log

    monkeypatch.setattr(progress, "_LINE_SECONDS", 0.0)
    with run_log(None, 1):
        embed(NORMAL, 5, show=True)
    assert capsys.readouterr().out.startswith("t-SNE: 5 %, error ")


def test_words_that_the_library_may_have_one_day_only_stop_the_bar(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    fit = TSNE.fit_transform

    def other_words(self: TSNE, rows: Array) -> Any:
        own, sys.stdout.write = sys.stdout.write, lambda text: own(text.replace("Iteration", "Round"))  # type: ignore[method-assign]
        return fit(self, rows)

    monkeypatch.setattr(progress, "_LINE_SECONDS", 0.0)
    plain = embed(NORMAL, 5)
    monkeypatch.setattr(TSNE, "fit_transform", other_words)
    with caplog.at_level(logging.INFO):
        assert embed(NORMAL, 5, show=True).tobytes() == plain.tobytes()
    assert (caplog.messages, capsys.readouterr()) == ([], ("", ""))


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
