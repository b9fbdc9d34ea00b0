"""Random numbers with the same bits on every machine and with every version of NumPy."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from base.exact_math import exp, log
from base.normal_quantile import normal_quantile
from base.types import Array, Shape

_BLOCK = 2**14  # numbers made at a time, so that what they are made of stays in the cache
_TRIES = 4

Size = int | Shape | None


class RandomGenerator(np.random.Generator):
    """NumPy's generator, whose most used methods make numbers of raw 64-bit words in a way that is written down here.

    NumPy promises the words of its bit generators, but not what its generators make of them, and some of their
    methods call the C library. `random`, `uniform`, `integers`, `bytes`, `permutation`, `choice`, `standard_normal`,
    `normal` and `beta` are ours: they use integers, + - * /, square roots and stable sorts. All others, and these
    with arguments that are named below, are NumPy's.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.bit_generator,)

    def random(self, size: Any = None, dtype: Any = np.float64, out: Any = None) -> Any:
        """Uniform in [0, 1): multiples of 2^-53 of a word each, or in float32 of 2^-24 of half a word each."""
        if np.dtype(dtype) == np.float64:
            return _filled(
                size, dtype, out, lambda block: np.multiply(self._words(len(block)) >> 11, 2.0**-53, out=block)
            )
        return _filled(size, dtype, out, lambda block: np.multiply(self._halves(len(block)) >> 8, 2.0**-24, out=block))

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        """low + (high - low) u, with u of `random`."""
        start = np.asarray(low, np.float64)
        width = np.asarray(high, np.float64) - start
        return _number(start + width * self.random(_shape(size, start, width)), size)

    def integers(
        self, low: Any, high: Any = None, size: Any = None, dtype: Any = np.int64, endpoint: bool = False
    ) -> Any:
        """Whole numbers from low to below high: low + floor(word (high - low) / 2^64). Ranges over 2^32: NumPy's."""
        first, end = (0, low) if high is None else (low, high)
        count = np.asarray(end) - np.asarray(first) + endpoint
        if count.dtype.kind not in "iu" or ((count < 1) | (count > 2**32)).any():
            return super().integers(low, high, size, dtype, endpoint)
        words, count = self._words(_shape(size, count)), count.astype(np.uint64)
        drawn = ((words >> 32) * count + ((words & 0xFFFFFFFF) * count >> 32)) >> 32
        return _number((drawn.astype(np.int64) + first).astype(dtype), size)

    def bytes(self, length: int) -> bytes:
        """Random bytes: those of the words, the lowest first."""
        return self._words(-(-length // 8)).astype("<u8", copy=False).tobytes()[:length]

    def permutation(self, x: Any, axis: int = 0) -> Any:
        """The numbers below x, or the parts of an array, sorted by a word each."""
        if isinstance(x, int | np.integer):
            return np.argsort(self._words(int(x)), kind="stable")
        array = np.asarray(x)
        return array.take(self.permutation(array.shape[axis]), axis)

    def choice(
        self, a: Any, size: Any = None, replace: bool = True, p: Any = None, axis: int = 0, shuffle: bool = True
    ) -> Any:
        """Parts of an array, or numbers below a, by `integers`; without replacement the first of `permutation`.

        With probabilities p: NumPy's.
        """
        if p is not None:
            return super().choice(a, size, replace, p, axis, shuffle)
        count = int(a) if isinstance(a, int | np.integer) else np.shape(a)[axis]
        wanted = prod(_shape(size))
        if not replace and wanted > count:
            raise ValueError(f"choice of {wanted} out of {count} without replacement: there are not as many")
        drawn = self.integers(0, count, wanted) if replace else self.permutation(count)[:wanted]
        chosen = drawn.reshape(_shape(size))
        return _number(chosen, size) if isinstance(a, int | np.integer) else np.take(a, chosen, axis)

    def standard_normal(self, size: Any = None, dtype: Any = np.float64, out: Any = None) -> Any:
        """N(0, 1), by its quantile function: of 52 bits of a word each, or in float32 of half a word each."""
        kind = np.dtype(dtype)

        def fill(block: Array) -> None:
            if kind == np.float64:
                block[...] = normal_quantile(self._words(len(block)).view(np.int64) >> 12, 52, kind)
            else:
                block[...] = normal_quantile(self._halves(len(block)).view(np.int32), 32, kind)

        return _filled(size, dtype, out, fill)

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
        """loc + scale z, with z of `standard_normal`. Raises ValueError for a scale below 0."""
        mean, deviation = np.asarray(loc, np.float64), np.asarray(scale, np.float64)
        if (deviation < 0).any():
            raise ValueError(f"normal needs a scale of at least 0, got {scale}")
        return _number(mean + deviation * self.standard_normal(_shape(size, mean, deviation)), size)

    def beta(self, a: Any, b: Any, size: Any = None) -> Any:
        """X / (X + Y), with X and Y of the gamma distributions of a and b.

        Raises ValueError where they are not above 0.
        """
        shapes = np.asarray(a, np.float64), np.asarray(b, np.float64)
        if not all((one > 0).all() for one in shapes):
            raise ValueError(f"beta needs a and b above 0, got {a} and {b}")
        shape = _shape(size, *shapes)
        x, y = self._log_gamma(np.stack([np.broadcast_to(one, shape).ravel() for one in shapes]).ravel()).reshape(2, -1)
        return _number((1 / (1 + exp(y - x))).reshape(shape), size)

    def _log_gamma(self, a: Array) -> Array:
        """The logarithms of numbers of the gamma distributions of a (N,): those of a small a are too small for floats.

        Marsaglia and Tsang, "A simple method for generating gamma variables", 2000: the first of a few numbers that
        is accepted, as 19 of 20 are or more; where none is, there is another round.
        """
        d = a + 2 / 3  # of a + 1, whose number times u^(1 / a) is one of a
        result, left = np.empty(len(a)), np.arange(len(a))
        while len(left):
            z, u = self.standard_normal((_TRIES, len(left))), self._positive((_TRIES, len(left)))
            root = 1 + z / np.sqrt(9 * d[left])
            v = root * root * root
            log_v, log_u = log(np.stack([np.where(v > 0, v, 1), u]))
            accepted = (v > 0) & (log_u < 0.5 * z * z + d[left] * (1 - v + log_v))
            first, done = accepted.argmax(axis=0), accepted.any(axis=0)
            result[left[done]] = log_v[first, np.arange(len(left))][done]
            left = left[~done]
        log_d, log_u = log(np.stack([d, self._positive(len(a))]))
        return result + log_d + log_u / a

    def _positive(self, size: Size) -> Array:
        """Uniform in (0, 1]."""
        return np.subtract(1, self.random(size))

    def _words(self, shape: int | Shape) -> Array:
        """Raw words of 64 bits."""
        return self.bit_generator.random_raw(shape)

    def _halves(self, count: int) -> Array:
        """Numbers of 32 bits, the lower half of each word first; the upper half of the last may be left."""
        return self._words(-(-count // 2)).astype("<u8", copy=False).view("<u4")[:count]


def _shape(size: Size, *parameters: Array) -> Shape:
    """The shape of what is drawn with a size and parameters like these."""
    if size is None:
        return np.broadcast_shapes(*(one.shape for one in parameters))
    return (size,) if isinstance(size, int | np.integer) else tuple(size)


def _filled(size: Size, dtype: Any, out: Array | None, fill: Callable[[Array], object]) -> Any:
    """An array, or one given, after `fill` has been called with each block of it in turn."""
    kind = np.dtype(dtype)
    if kind not in (np.float32, np.float64):
        raise TypeError(f"random numbers are float32 or float64, not {kind}")
    if out is None:
        result = np.empty(_shape(size), kind)
    elif out.dtype != kind or not out.flags.carray or (size is not None and _shape(size) != out.shape):
        raise ValueError(f"out must be an array in one piece, of type {kind} and of the size asked for")
    else:
        result = out
    flat = result.reshape(-1)
    for start in range(0, flat.size, _BLOCK):
        fill(flat[start : start + _BLOCK])
    return result if out is not None else _number(result, size)


def _number(result: Array, size: Size) -> Any:
    """A single number where no size is asked for."""
    return result[()] if size is None else result
