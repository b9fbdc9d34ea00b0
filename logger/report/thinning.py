"""Long series in few points."""

from __future__ import annotations

import math

import numpy as np

from base.types import Array


def kept_places(values: Array, most: int) -> Array:
    """The places of at most about `most` of the N columns of `values` (S, N) that show the same curves.

    The columns are cut into equal parts, of which those with the smallest and the largest value of each series are
    kept, so that no spike is lost; so are the first and the last column. Values that are not finite are passed over.
    """
    series, count = values.shape
    if count <= max(most, 2):
        return np.arange(count)
    width = math.ceil(count / max(1, most // (2 * series)))
    padded = np.full((series, math.ceil(count / width) * width), np.nan)
    padded[:, :count] = np.where(np.isfinite(values), values, np.nan)
    parts = padded.reshape(series, -1, width)
    starts = np.arange(parts.shape[1]) * width
    lowest = starts + np.where(np.isnan(parts), np.inf, parts).argmin(axis=2)
    highest = starts + np.where(np.isnan(parts), -np.inf, parts).argmax(axis=2)
    return np.unique(np.concatenate([lowest.ravel(), highest.ravel(), [0, count - 1]]))


def running_mean(values: Array, width: int) -> Array:
    """The mean of the finite ones among up to `width` values (N,) around each; nan where there is none."""
    finite = np.isfinite(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(finite, values, 0.0))])
    counts = np.concatenate([[0], np.cumsum(finite)])
    places = np.arange(len(values))
    first, last = np.maximum(places - width // 2, 0), np.minimum(places + (width + 1) // 2, len(values))
    total, number = sums[last] - sums[first], counts[last] - counts[first]
    return np.divide(total, number, out=np.full(len(values), np.nan), where=number > 0)
