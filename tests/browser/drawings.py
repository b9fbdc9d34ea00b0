"""Forty digits, four of each, as strokes of a pen: two ways to write a digit, each written twice, not quite alike."""

from __future__ import annotations

import math

import numpy as np

from base.types import Array
from tools.screenshots import Stroke


def arc(x: float, y: float, width: float, height: float, start: float, end: float) -> Stroke:
    """Points of an ellipse about (x, y) from one angle to another, in degrees clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 9))
    return [(x + width * math.cos(angle), y + height * math.sin(angle)) for angle in angles]


WAYS: dict[int, list[list[Stroke]]] = {
    0: [[arc(0.5, 0.5, 0.25, 0.38, -100, 265)], [arc(0.5, 0.5, 0.33, 0.36, -60, 310)]],
    1: [[[(0.5, 0.1), (0.5, 0.9)]], [[(0.36, 0.28), (0.54, 0.1), (0.54, 0.9)]]],
    2: [
        [[*arc(0.48, 0.33, 0.24, 0.22, -165, 30), (0.5, 0.68), (0.25, 0.88), (0.77, 0.88)]],
        [[*arc(0.47, 0.32, 0.23, 0.22, -160, 45), (0.4, 0.75), (0.27, 0.83), (0.32, 0.72), (0.5, 0.82), (0.78, 0.84)]],
    ],
    3: [
        [[*arc(0.46, 0.3, 0.23, 0.19, -150, 90), *arc(0.46, 0.69, 0.26, 0.21, -90, 150)]],
        [[(0.25, 0.13), (0.7, 0.13), (0.45, 0.42), *arc(0.45, 0.66, 0.26, 0.23, -80, 155)]],
    ],
    4: [
        [[(0.35, 0.1), (0.22, 0.55), (0.78, 0.55)], [(0.62, 0.3), (0.58, 0.92)]],
        [[(0.6, 0.1), (0.2, 0.62), (0.82, 0.62)], [(0.6, 0.1), (0.6, 0.92)]],
    ],
    5: [
        [[(0.32, 0.12), (0.29, 0.44), *arc(0.44, 0.65, 0.28, 0.24, -110, 150)], [(0.32, 0.12), (0.74, 0.12)]],
        [[(0.74, 0.12), (0.34, 0.14), (0.3, 0.46), *arc(0.45, 0.66, 0.26, 0.22, -100, 140)]],
    ],
    6: [
        [[(0.62, 0.08), (0.4, 0.3), *arc(0.48, 0.68, 0.22, 0.21, -180, 190)]],
        [[*arc(0.62, 0.55, 0.32, 0.45, -105, -180), *arc(0.5, 0.7, 0.2, 0.2, -200, 175)]],
    ],
    7: [
        [[(0.22, 0.14), (0.76, 0.14), (0.44, 0.9)]],
        [[(0.24, 0.2), (0.5, 0.14), (0.74, 0.16), (0.6, 0.5), (0.48, 0.9)], [(0.4, 0.52), (0.72, 0.5)]],
    ],
    8: [
        [[*arc(0.5, 0.3, 0.2, 0.19, 60, -250), *arc(0.5, 0.7, 0.24, 0.21, -70, 275)]],
        [
            [
                *((0.68, 0.2), (0.5, 0.1), (0.32, 0.22), (0.4, 0.42), (0.64, 0.6), (0.68, 0.8)),
                *((0.5, 0.91), (0.33, 0.8), (0.4, 0.58), (0.6, 0.42), (0.68, 0.2)),
            ]
        ],
    ],
    9: [
        [[*arc(0.48, 0.31, 0.2, 0.2, -20, -370), (0.66, 0.5), (0.6, 0.92)]],
        [[*arc(0.5, 0.3, 0.2, 0.2, 0, -340), (0.7, 0.32)], [(0.7, 0.16), (0.68, 0.6), (0.56, 0.92)]],
    ],
}


def drawings() -> list[tuple[int, list[Stroke]]]:
    """Each digit with its strokes, the same every time; they differ in size, place, slant, turn and proportions."""
    generator = np.random.default_rng(28)
    return [(digit, _written(strokes, generator)) for digit, ways in WAYS.items() for strokes in ways for _ in range(2)]


def _written(strokes: list[Stroke], generator: np.random.Generator) -> list[Stroke]:
    """The strokes by one hand at one time, somewhere in the unit square."""
    turn, slant = generator.normal(0, 0.08), generator.normal(-0.12, 0.1)
    across, down = generator.uniform(0.35, 0.85) * np.array([generator.uniform(0.8, 1.1), 1.0])
    change = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    change = np.diag([across, down]) @ change @ np.array([[1, slant], [0, 1]])
    rows = [_unsteady(np.array(stroke) - 0.5, generator) @ change.T for stroke in strokes]
    points = np.concatenate(rows)
    low, high = 0.04 - points.min(axis=0), 0.96 - points.max(axis=0)
    place = low + (high - low) * generator.uniform(0.1, 0.9, 2)
    return [[(float(x), float(y)) for x, y in row + place] for row in rows]


def _unsteady(points: Array, generator: np.random.Generator) -> Array:
    """Points along a smooth curve near these."""
    near = points + generator.normal(0, 0.012, points.shape)
    far = np.concatenate([near[:1], near, near[-1:]])
    curves = []
    for before, start, end, after in zip(far, far[1:], far[2:], far[3:], strict=False):  # Catmull and Rom's spline
        t = np.array([[0.0], [0.5]])
        bend = t * (2 * before - 5 * start + 4 * end - after) + t**2 * (3 * (start - end) + after - before)
        curves.append(0.5 * (2 * start + t * (end - before) + t * bend))
    return np.concatenate([*curves, near[-1:]])
