"""Compiled convolutions and products against the NumPy that defines them."""

from collections.abc import Callable

import numpy as np
import pytest

from base.types import Array
from ops.choose import choose_ops
from ops.formulas.convolution import Geometry
from ops.ops import Ops
from tests.every_ops import needs_numba

pytestmark = needs_numba

NUMPY = Ops()
every_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])

# samples, height, width, inputs, outputs, kernel, stride, padding, dilation, groups
CONVOLUTIONS = [
    (1, 1, 1, 1, 1, (1, 1), (1, 1), (0, 0), (1, 1), 1),
    (3, 28, 28, 1, 16, (3, 3), (1, 1), (1, 1), (1, 1), 1),
    (2, 14, 13, 16, 33, (3, 3), (1, 1), (1, 1), (1, 1), 1),
    (2, 12, 12, 10, 20, (5, 5), (1, 1), (0, 0), (1, 1), 1),
    (2, 13, 13, 4, 8, (5, 5), (2, 2), (1, 1), (1, 1), 1),
    (2, 9, 8, 3, 17, (3, 2), (2, 3), (1, 0), (1, 1), 1),
    (2, 7, 7, 5, 4, (2, 2), (3, 3), (0, 0), (1, 1), 1),
    (2, 8, 8, 16, 32, (1, 1), (2, 2), (0, 0), (1, 1), 1),
    (2, 9, 9, 6, 5, (3, 3), (1, 1), (2, 2), (2, 2), 1),
    (2, 11, 10, 6, 5, (3, 3), (2, 2), (2, 2), (2, 3), 1),
    (2, 6, 6, 8, 12, (3, 3), (1, 1), (1, 1), (1, 1), 4),
    (2, 7, 6, 6, 9, (3, 3), (2, 1), (1, 1), (1, 2), 3),
    (2, 6, 7, 33, 33, (3, 3), (1, 1), (1, 1), (1, 1), 33),
    (2, 7, 7, 10, 10, (3, 2), (2, 2), (1, 0), (2, 1), 10),
    (2, 2, 3, 2, 2, (2, 2), (8, 8), (3, 3), (1, 1), 1),
    (1, 3, 40, 400, 3, (3, 3), (1, 1), (1, 1), (1, 1), 1),
    (1, 40, 40, 2, 3, (3, 3), (1, 1), (1, 1), (1, 1), 1),
    (3, 7, 8, 16, 32, (3, 3), (1, 1), (1, 1), (1, 1), 1),
    (2, 6, 5, 32, 16, (3, 3), (1, 1), (0, 2), (1, 1), 1),
    (1, 1, 1, 16, 16, (3, 3), (1, 1), (1, 1), (1, 1), 1),
    (2, 3, 130, 16, 16, (3, 3), (1, 1), (4, 0), (1, 1), 1),
]


def tolerance(dtype: str) -> dict[str, float]:
    """For sums of numbers of size 1."""
    return {"rtol": 2e-5, "atol": 2e-4} if dtype == "float32" else {"rtol": 1e-12, "atol": 1e-11}


@pytest.mark.parametrize("case", CONVOLUTIONS, ids=str)
@every_dtype
def test_convolution(case: tuple, dtype: str) -> None:  # type: ignore[type-arg]
    count, height, width, inputs, outputs, kernel, stride, padding, dilation, groups = case
    rng, geometry = np.random.default_rng(0), Geometry(stride, padding, dilation, groups)
    shape = [
        (size + 2 * pad - d * (k - 1) - 1) // s + 1
        for size, pad, d, k, s in zip((height, width), padding, dilation, kernel, stride, strict=True)
    ]
    x = rng.standard_normal((count, height, width, inputs)).astype(dtype)
    weight = rng.standard_normal((*kernel, inputs // groups, outputs)).astype(dtype)
    bias = rng.standard_normal(outputs).astype(dtype)
    dy = rng.standard_normal((count, *shape, outputs)).astype(dtype)

    def run(ops: Ops) -> list[Array]:
        y, dx, dw, db = np.empty_like(dy), np.full_like(x, np.nan), np.empty_like(weight), np.empty_like(bias)
        ops.conv2d(x, weight, bias, geometry, y)
        ops.conv2d_weight_gradient(x, dy, geometry, dw, db)
        ops.conv2d_input_gradient(dy, weight, geometry, dx)
        return [y, dx, dw, db, ops.conv2d(x, weight, None, geometry, np.empty_like(dy))]

    for compiled, defined in zip(run(choose_ops("compiled")), run(NUMPY), strict=True):
        np.testing.assert_allclose(compiled, defined, **tolerance(dtype))


def test_fewer_products_round_no_worse_than_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Winograd's way and the direct one: their errors' quadratic means, to NumPy in float64."""
    rng, geometry = np.random.default_rng(0), Geometry((1, 1), (1, 1), (1, 1), 1)
    x, dy = (rng.standard_normal((8, 14, 14, 32)).astype("float32") for _ in range(2))
    weight = rng.standard_normal((3, 3, 32, 32)).astype("float32")

    def run(ops: Ops, dtype: str) -> list[Array]:
        a, b, w = x.astype(dtype), dy.astype(dtype), weight.astype(dtype)
        y, dx, dw = np.empty_like(b), np.empty_like(a), np.empty_like(w)
        ops.conv2d(a, w, None, geometry, y)
        ops.conv2d_weight_gradient(a, b, geometry, dw, None)
        ops.conv2d_input_gradient(b, w, geometry, dx)
        return [y, dw, dx]

    exact, fewer = run(NUMPY, "float64"), run(choose_ops("compiled"), "float32")
    monkeypatch.setattr("ops.compiled.winograd.suits", lambda *_: False)
    for right, quick, direct in zip(exact, fewer, run(choose_ops("compiled"), "float32"), strict=True):
        assert 0 < np.linalg.norm(quick - right) < 2 * np.linalg.norm(direct - right)


@pytest.mark.parametrize(
    ("count", "inputs", "outputs"),
    [(1, 1, 1), (3, 5, 7), (64, 784, 33), (41, 100, 10), (13, 2100, 40), (100, 33, 16), (2000, 3, 4)],
)
@every_dtype
def test_linear(count: int, inputs: int, outputs: int, dtype: str) -> None:
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((count, inputs)).astype(dtype), rng.standard_normal((inputs, outputs)).astype(dtype)
    bias, dy = rng.standard_normal(outputs).astype(dtype), rng.standard_normal((count, outputs)).astype(dtype)

    def run(ops: Ops) -> list[Array]:
        dw, db = np.empty_like(weight), np.empty_like(bias)
        ops.linear_weight_gradient(x, dy, dw, db)
        y = ops.linear(x, weight, bias, np.empty_like(dy))
        return [y, ops.linear_input_gradient(dy, weight, np.empty_like(x)), dw, db]

    for compiled, defined in zip(run(choose_ops("compiled")), run(NUMPY), strict=True):
        np.testing.assert_allclose(compiled, defined, **tolerance(dtype))


def test_arrays_that_are_not_in_one_piece() -> None:
    rng = np.random.default_rng(0)
    wide, weight = rng.standard_normal((4, 20)), rng.standard_normal((3, 10)).T
    given = np.broadcast_to(wide[:1, ::2], (4, 10))
    out = choose_ops("compiled").linear(given, weight, None, np.empty((4, 3)))
    np.testing.assert_allclose(out, given @ weight, rtol=1e-12)
    with pytest.raises(ValueError, match="C-ordered"):
        choose_ops("compiled").linear(given, weight, None, np.empty((4, 6))[:, ::2])


def both(call: Callable[[Ops], Array]) -> None:
    """Compiled and defined give the same."""
    np.testing.assert_allclose(call(choose_ops("compiled", "float32")), call(NUMPY), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("x_type", "dy_type"), [("float64", "float32"), ("float32", "float64"), ("int32", "float32")])
@pytest.mark.parametrize("channels", [3, 16])
def test_inputs_of_other_types(x_type: str, dy_type: str, channels: int) -> None:
    """A layer or loss of one's own may give them; results are of the type of what they are written to."""
    rng, geometry = np.random.default_rng(0), Geometry((1, 1), (1, 1), (1, 1), 1)
    x, dy = (rng.integers(-9, 9, (2, 5, 5, channels)).astype(dtype) for dtype in (x_type, dy_type))
    weight = rng.standard_normal((3, 3, channels, channels)).astype("float32")
    both(lambda ops: ops.conv2d(x, weight, None, geometry, np.empty(x.shape, "float32")))
    both(lambda ops: ops.conv2d_input_gradient(dy, weight, geometry, np.empty(x.shape, "float32")))
    both(lambda ops: written(lambda out: ops.conv2d_weight_gradient(x, dy, geometry, out, None), weight))
    rows, above, square = x.reshape(-1, channels), dy.reshape(-1, channels), weight[0, 0]
    both(lambda ops: ops.linear(rows, square, None, np.empty(rows.shape, "float32")))
    both(lambda ops: ops.linear_input_gradient(above, square, np.empty(rows.shape, "float32")))
    both(lambda ops: written(lambda out: ops.linear_weight_gradient(rows, above, out, None), square))


def written(write: Callable[[Array], None], like: Array) -> Array:
    """What is written into an array like this one."""
    out = np.full_like(like, np.nan)
    write(out)
    return out


@pytest.mark.parametrize("channels", [3, 16])
def test_no_samples(channels: int) -> None:
    geometry = Geometry((1, 1), (1, 1), (1, 1), 1)
    x, weight = np.empty((0, 5, 5, channels), "float32"), np.ones((3, 3, channels, channels), "float32")
    rows, square = x[:, 0, 0], weight[0, 0]
    both(lambda ops: written(lambda out: ops.conv2d_weight_gradient(x, x, geometry, out, None), weight))
    both(lambda ops: written(lambda out: ops.linear_weight_gradient(rows, rows, out, None), square))
    both(lambda ops: ops.conv2d(x, weight, None, geometry, np.empty_like(x)))
    both(lambda ops: ops.linear(np.empty((2, 0), "float32"), square[:0], square[0], np.empty((2, channels), "float32")))
