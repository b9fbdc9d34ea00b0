"""A map of samples on which those that a layer sees as alike lie close."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.errors import NonFiniteError, UserError
from base.types import Array
from logger.files import make_folder, writing
from logger.pictures.style import CLASS_COLORS, CLASS_MARKERS, INK, panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FEWEST_SAMPLES = 5
_LONGEST_LEGEND = 20


def draw_tsne(
    features: Array, targets: Array, classes: Sequence[str] | None, folder: Path, name: str, title: str, seed: int
) -> tuple[Path, Path]:
    """Write a t-SNE map of features (N, ...) as `<name>.png`, and its points as `<name>.csv`; returns both paths.

    `targets` (N,) are class indices, or numbers where `classes` is None. See van der Maaten and Hinton, "Visualizing
    data using t-SNE", 2008. Raises UserError for fewer than 5 samples, NonFiniteError and WriteError.
    """
    points = embed(features, seed)
    make_folder(folder)
    picture, table = folder / f"{name}.png", folder / f"{name}.csv"
    _write_points(table, points, targets, classes)
    figure, (axes,) = panels(1, width=7.2, height=6.0)
    axes.set(title=title, xticks=[], yticks=[], aspect="equal", xlabel="t-SNE 1", ylabel="t-SNE 2")
    axes.set_adjustable("datalim")
    if classes is None:
        dots = axes.scatter(points[:, 0], points[:, 1], c=targets, cmap="viridis", s=_dot_area(points))
        figure.colorbar(dots, ax=axes, label="target")
    else:
        _draw_classes(axes, points, targets, classes)
    save(figure, picture)
    return picture, table


def embed(features: Array, seed: int) -> Array:
    """Points (N, 2) for features (N, ...)."""
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    samples = len(features)
    if samples < _FEWEST_SAMPLES:
        raise UserError(f"t-SNE of {samples} samples: it needs at least {_FEWEST_SAMPLES}; raise trainer.tsne.samples")
    rows = features.reshape(samples, -1).astype(np.float64)
    if not np.isfinite(rows).all():
        raise NonFiniteError("t-SNE: the layer's output holds numbers that are not finite")
    rows = _standardised(rows)
    init = "pca" if rows.any() else "random"  # there are no principal axes where all samples are alike
    tsne = TSNE(perplexity=min(30.0, (samples - 1) / 3), init=init, random_state=seed)
    # The bits depend on the number of threads, and two on a busy machine were seen to take six times as long as one.
    with threadpool_limits(1):
        points: Array = tsne.fit_transform(rows)
    return points


def _standardised(rows: Array) -> Array:
    """The rows centred and with a common scale, which t-SNE does not depend on, and at least two columns for PCA."""
    rows = rows - rows[0]  # exact, so that columns that are constant become 0 and not a rounding error
    rows -= rows.mean(axis=0)
    scale = np.abs(rows).max()
    rows = rows / scale if scale > 0 else rows
    return np.pad(rows, ((0, 0), (0, max(0, 2 - rows.shape[1]))))


def _write_points(path: Path, points: Array, targets: Array, classes: Sequence[str] | None) -> None:
    names = [float(target) for target in targets] if classes is None else [classes[target] for target in targets]
    with writing(path), path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("x", "y", "target"))
        writer.writerows((x, y, name) for (x, y), name in zip(points.tolist(), names, strict=True))


def _draw_classes(axes: Axes, points: Array, targets: Array, classes: Sequence[str]) -> None:
    few = len(classes) <= _LONGEST_LEGEND
    for index, name in enumerate(classes):
        mine = points[targets == index]
        if len(mine):
            turn, color = divmod(index, len(CLASS_COLORS))
            marker = CLASS_MARKERS[turn % len(CLASS_MARKERS)]
            x, y = mine[:, 0], mine[:, 1]
            axes.scatter(x, y, s=_dot_area(points), color=CLASS_COLORS[color], marker=marker, label=name)
            _write_name(axes, np.median(mine, axis=0), name, size=12 if few else 8)
    if few:
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize=10, markerscale=1.5)


def _write_name(axes: Axes, place: Array, name: str, size: int) -> None:
    from matplotlib.patheffects import withStroke

    x, y = place.tolist()
    text = axes.text(x, y, name, color=INK, fontsize=size, fontweight="bold", ha="center", va="center")
    text.set_path_effects([withStroke(linewidth=3, foreground="white")])


def _dot_area(points: Array) -> float:
    """The area of a dot in square points: small where there are many."""
    return float(np.clip(12000 / len(points), 4, 40))
