"""Decision boundaries: predictions over the plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.style import BLUE, CLASS_COLORS, CLASS_MARKERS, INK, VERMILION, save, sheet, style
from logger.pictures.text import add_legend, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LONGEST = 24  # letters of a class
_LETTERS = 160  # of a line of the legend
Box = tuple[float, float, float, float]  # left, right, bottom, top


@dataclass(frozen=True)
class PointSet:
    """Points (N, 2) of one part of the data, with targets and predictions (N,)."""

    name: str
    points: Array
    targets: Array
    predictions: Array


@dataclass(frozen=True)
class Plane:
    """Predictions at the middles of a grid's cells (H, W), from the lower left corner of the box on.

    `said` are class indices or numbers. `certainty` (H, W) is, of two classes, how much the second is said, from
    `least` to `most`; of more the probability of the class that is said. None where that is not known.
    """

    box: Box
    said: Array
    certainty: Array | None
    label: str
    least: float = 0.0
    most: float = 1.0
    features: tuple[str, str] = ("first feature", "second feature")


@drawing
def draw_boundary(
    sets: Sequence[PointSet], plane: Plane, classes: Sequence[str] | None, title: str, path: Path
) -> None:
    """Draw the points with their targets, and beside them what the network says, into a PNG. Raises WriteError."""
    figure = sheet(10.4, 4.9, title)
    truth, said = figure.subplots(1, 2, sharex=True, sharey=True)
    for axes in (truth, said):
        style(axes)
        left, right, bottom, top = plane.box
        axes.set(xlim=(left, right), ylim=(bottom, top), xlabel=shortened(plane.features[0], _LONGEST))
        axes.set_aspect("equal" if 0.75 < (right - left) / (top - bottom) < 1.33 else "auto")
        axes.grid(visible=False)
    truth.set_title("ground truth")
    truth.set_ylabel(shortened(plane.features[1], _LONGEST))
    if classes is None:
        _draw_numbers(figure, truth, said, sets, plane)
    else:
        _draw_classes(figure, truth, said, sets, plane, classes)
    save(figure, path)


def _draw_numbers(figure: Figure, truth: Axes, said: Axes, sets: Sequence[PointSet], plane: Plane) -> None:
    everything = np.concatenate([plane.said.ravel(), *[part.targets for part in sets]])
    scale: dict[str, Any] = {"cmap": "viridis", "vmin": everything.min(), "vmax": everything.max()}
    said.set_title("prediction")
    image = said.imshow(plane.said, origin="lower", extent=plane.box, aspect=said.get_aspect(), **scale)
    for part in sets:
        for axes, values in ((truth, part.targets), (said, part.predictions)):
            axes.scatter(*part.points.T, label=part.name, **{"c": values} | _look(part, sets) | scale)
    if len(sets) > 1:
        _explain(figure, truth.collections, [part.name for part in sets])
    figure.colorbar(image, ax=[truth, said], label="value")


def _draw_classes(
    figure: Figure, truth: Axes, said: Axes, sets: Sequence[PointSet], plane: Plane, classes: Sequence[str]
) -> None:
    colors = [BLUE, VERMILION] if len(classes) == 2 else [CLASS_COLORS[i % 10] for i in range(len(classes))]
    _draw_regions(figure, said, truth, plane, colors)
    handles, labels = [], []
    for part in sets:
        look = _look(part, sets)
        for number, name in enumerate(classes):
            points, mine = part.points, part.targets == number
            marker = CLASS_MARKERS[number % len(CLASS_MARKERS)]
            short = shortened(name, _LONGEST)
            labels.append(f"{short} ({part.name})" if len(sets) > 1 else short)
            handles.append(truth.scatter(*points[mine].T, color=colors[number], marker=marker, **look))
            mine = part.predictions == number
            said.scatter(*points[mine].T, color=colors[number], marker=marker, **look)
        wrong = part.points[part.targets != part.predictions]
        thick = 1.2 if look["s"] > 30 else 0.6
        ring = {"s": 3.2 * look["s"], "facecolors": "none", "edgecolors": INK, "linewidths": thick}
        said.scatter(wrong[:, 0], wrong[:, 1], label="wrong", **ring)
    wrongs = [f"{100 * np.mean(part.targets != part.predictions):.1f} % of {part.name}" for part in sets]
    rings = any((part.targets != part.predictions).any() for part in sets)
    said.set_title(f"prediction\nwrong{' (ringed)' if rings else ''}: {', '.join(wrongs)}")
    if len(classes) * len(sets) <= 12:
        _explain(figure, handles, labels)


def _explain(figure: Figure, handles: Sequence[Any], labels: Sequence[str]) -> None:
    columns = min(6, max(1, int(_LETTERS / (6 + max(map(len, labels))))))
    add_legend(figure, handles, labels, loc="outside lower center", ncols=columns, handletextpad=0.1)


def _draw_regions(figure: Figure, said: Axes, truth: Axes, plane: Plane, colors: Sequence[str]) -> None:
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    place: dict[str, Any] = {"origin": "lower", "extent": plane.box, "aspect": said.get_aspect(), "zorder": 0}
    if len(colors) == 2 and plane.certainty is not None:
        scale = LinearSegmentedColormap.from_list("two", [_pale(BLUE), "#FFFFFF", _pale(VERMILION)])
        image = said.imshow(plane.certainty, cmap=scale, vmin=plane.least, vmax=plane.most, **place)
        figure.colorbar(image, ax=[truth, said], label=shortened(plane.label, 45), extend="neither")
    else:
        sure = np.ones(plane.said.shape) if plane.certainty is None else plane.certainty
        tints = np.array([to_rgb(color) for color in colors])[plane.said]
        said.imshow(1 - (1 - tints) * 0.5 * sure[..., None], **place)
    _draw_borders(said, plane, len(colors))


def _draw_borders(said: Axes, plane: Plane, classes: int) -> None:
    left, right, bottom, top = plane.box
    rows, columns = plane.said.shape
    x, y = _middles(left, right, columns), _middles(bottom, top, rows)
    levels = [(plane.said == number).astype(float) for number in range(classes)]
    middle = 0.5
    if classes == 2:  # one line between two, and a smooth one where it is known how far each point is from it
        levels = levels[1:] if plane.certainty is None else [plane.certainty]
        middle = 0.5 if plane.certainty is None else (plane.least + plane.most) / 2
    for level in levels:
        if level.min() < middle < level.max():
            said.contour(x, y, level, levels=[middle], colors=[INK], linewidths=0.9)


def _middles(low: float, high: float, count: int) -> Array:
    return low + (np.arange(count) + 0.5) * (high - low) / count


def _pale(color: str) -> str:
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = (1 - 0.7 * (1 - part) for part in to_rgb(color))
    return to_hex((red, green, blue))


def _look(part: PointSet, sets: Sequence[PointSet]) -> dict[str, Any]:
    """Few points are large, many small; those of the last set, which is what matters, have a dark edge."""
    area = float(np.clip(6000 / max(len(other.points) for other in sets), 8, 46))
    foremost = part is sets[-1] and len(sets) > 1
    edge = INK if foremost else "white"
    return {"s": area * (1.3 if foremost else 1), "edgecolors": edge, "linewidths": 0.7 if area > 14 else 0.4}
