"""Points in the plane for what a layer makes of samples."""

from __future__ import annotations

import io
import re
import sys
from contextlib import redirect_stdout

import numpy as np

from base.errors import NonFiniteError, UserError
from base.types import Array
from logger.progress import Progress

FEWEST_SAMPLES = 5
ITERATIONS = 1000
_ITERATION = re.compile(r"\[t-SNE\] Iteration (\d+): error = ([-+.\w]+)")


def embed(features: Array, seed: int, show: bool = False) -> Array:
    """Points (N, 2) for features (N, ...), by t-SNE; `show` says how far it is.

    See van der Maaten and Hinton, "Visualizing data using t-SNE", 2008. Raises UserError for fewer than 5 samples, and
    NonFiniteError.
    """
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    samples = len(features)
    if samples < FEWEST_SAMPLES:
        raise UserError(f"t-SNE of {samples} samples: it needs at least {FEWEST_SAMPLES}; raise trainer.tsne.samples")
    rows = features.reshape(samples, -1).astype(np.float64)
    if not np.isfinite(rows).all():
        raise NonFiniteError("t-SNE: the layer's output holds numbers that are not finite")
    rows = _standardised(rows)
    init = "pca" if rows.any() else "random"  # there are no principal axes where all samples are alike
    tsne = TSNE(perplexity=perplexity_of(samples), init=init, random_state=seed, max_iter=ITERATIONS, verbose=2)
    # The bits depend on the number of threads, and two on a busy machine were seen to take six times as long as one.
    progress = Progress(ITERATIONS, "t-SNE", enabled=show, unit="iterations", metric="error")
    with threadpool_limits(1), progress as bar, redirect_stdout(_Listener(bar)):
        points: Array = tsne.fit_transform(rows)
    return points


def perplexity_of(samples: int) -> float:
    """The perplexity that so many samples are laid out with: about how many neighbours each keeps near."""
    return min(30.0, (samples - 1) / 3)


def turned(points: Array, like: Array) -> Array:
    """The points turned, or mirrored, so that they lie as near as can be to others of the same samples.

    t-SNE knows distances alone, so that this changes nothing that a map says; but it makes two maps comparable. See
    Schoenemann, "A generalized solution of the orthogonal Procrustes problem", 1966.
    """
    own, other = points - points.mean(axis=0), like - like.mean(axis=0)
    left, _, right = np.linalg.svd(own.T @ other)
    turned: Array = own @ (left @ right)
    return turned


class _Listener(io.TextIOBase):
    """Takes what scikit-learn prints and tells a progress bar; were its words to change, the bar would only stand."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._stdout = sys.stdout

    def write(self, text: str) -> int:
        if found := _ITERATION.match(text):
            with redirect_stdout(self._stdout):  # a line of progress is not to be taken too
                self._bar.update(float(found[2]), int(found[1]) - self._bar.steps)
        return len(text)


def _standardised(rows: Array) -> Array:
    """The rows centred and with a common scale, which t-SNE does not depend on, and at least two columns for PCA."""
    rows = rows - rows[0]  # exact, so that columns that are constant become 0 and not a rounding error
    rows -= rows.mean(axis=0)
    scale = np.abs(rows).max()
    rows = rows / scale if scale > 0 else rows
    return np.pad(rows, ((0, 0), (0, max(0, 2 - rows.shape[1]))))
