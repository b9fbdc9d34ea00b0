"""Images are read between their pixels as SciPy reads them, by both versions to the same bits."""

import hashlib

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from base.types import Array
from ops.choose import Enum
from ops.ops import Ops
from tests.every_ops import choose_ops, every_ops, needs_numba
from tests.ops.lanes import printed_with_vectors_of

FILL = 0.3
SHAPES = [(4, 9, 6, 3), (1, 28, 28, 1), (3, 1, 17, 1), (2, 33, 5, 4), (2, 5, 33, 16), (0, 4, 4, 2), (2, 16, 16, 33)]
KINDS = ["float32", "float64"]


def images(dtype: str, shape: tuple[int, ...] = SHAPES[0]) -> Array:
    return np.random.default_rng(1).standard_normal(shape).astype(dtype)


def places_of(count: int, points: int, dtype: str, low: float = -3, high: float = 36) -> Array:
    return np.random.default_rng(2).uniform(low, high, (count, 2, points)).astype(dtype)


def read(ops: Ops, x: Array, places: Array, fill: float) -> Array:
    """The numbers at these places."""
    return ops.bilinear(x, places, fill, np.empty((len(x), places.shape[2], x.shape[3]), x.dtype))


@every_ops
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("float64", 1e-13)])
def test_every_place_within_and_beyond_the_edge_is_read_as_scipy_reads_it(
    ops: Enum, dtype: str, tolerance: float
) -> None:
    x, places = images(dtype), places_of(4, 54, dtype, high=12)
    found = read(choose_ops(ops), x, places, FILL)
    for image, place, result in zip(x, places, found, strict=True):
        for channel in range(3):
            plane = image[..., channel].astype("float64")
            wanted = map_coordinates(plane, place.astype("float64"), order=1, mode="grid-constant", cval=FILL)
            np.testing.assert_allclose(result[..., channel], wanted, rtol=0, atol=tolerance)


@every_ops
@pytest.mark.parametrize("dtype", KINDS)
def test_at_whole_places_the_pixels_themselves_are_read_and_fill_beyond(ops: Enum, dtype: str) -> None:
    x = images(dtype)
    here = np.repeat(np.indices((9, 6)).reshape(1, 2, -1), 4, axis=0).astype(dtype)
    np.testing.assert_array_equal(read(choose_ops(ops), x, here, FILL).reshape(x.shape), x)
    apart = np.array([[2], [-1]], dtype)
    shifted = read(choose_ops(ops), x, here + apart, FILL).reshape(x.shape)
    np.testing.assert_array_equal(shifted[:, :7, 1:], x[:, 2:, :-1])
    assert (shifted[:, 7:] == np.asarray(FILL, dtype)).all()
    assert (shifted[:, :, 0] == np.asarray(FILL, dtype)).all()


@every_ops
@pytest.mark.parametrize("far", [-1e9, 1e9])
def test_places_far_beyond_the_edge_are_fill(ops: Enum, far: float) -> None:
    assert (read(choose_ops(ops), images("float32"), np.full((4, 2, 54), far, "float32"), 0.5) == 0.5).all()


@every_ops
@pytest.mark.parametrize("dtype", KINDS)
def test_images_can_be_read_into_their_own_memory(ops: Enum, dtype: str) -> None:
    x, places = images(dtype), places_of(4, 54, dtype, high=12)
    wanted = read(choose_ops(ops), x, places, FILL)
    assert choose_ops(ops).bilinear(x, places, FILL, x) is x
    np.testing.assert_array_equal(x.reshape(wanted.shape), wanted)


@needs_numba
@pytest.mark.parametrize("dtype", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_compiled_images_have_the_bits_of_the_formula(shape: tuple[int, ...], dtype: str) -> None:
    x, places = images(dtype, shape), places_of(shape[0], 37, dtype)
    one, other = (read(choose_ops(ops), x, places, FILL) for ops in ("numpy", "compiled"))
    np.testing.assert_array_equal(one, other)


@needs_numba
@pytest.mark.parametrize("dtype", KINDS)
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(("count", "points"), [(1, 1), (3, 37), (5, 784), (0, 7)])
def test_compiled_affine_places_have_the_bits_of_the_formula(count: int, points: int, shared: bool, dtype: str) -> None:
    places, maps = places_of(count, points, dtype), np.random.default_rng(3).normal(size=(count, 2, 3)).astype(dtype)
    if shared:
        places = np.broadcast_to(places_of(1, points, dtype)[0], places.shape)
    one, other = (choose_ops(ops).affine(places, maps, np.empty(places.shape, dtype)) for ops in ("numpy", "compiled"))
    np.testing.assert_array_equal(one, other)


@every_ops
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("float64", 1e-13)])
@pytest.mark.parametrize(("count", "height", "width"), [(1, 1, 1), (7, 28, 28), (3, 50, 3), (2, 9, 33), (0, 4, 4)])
def test_planes_are_smoothed_along_both_axes(
    ops: Enum, count: int, height: int, width: int, dtype: str, tolerance: float
) -> None:
    random = np.random.default_rng(4)
    planes, down, across = (
        random.random(shape).astype(dtype) for shape in ((count, height, width), (height, height), (width, width))
    )
    found = choose_ops(ops).smooth(planes, down, across, np.empty_like(planes))
    wanted = np.einsum("ij,njk,kl->nil", *(one.astype("float64") for one in (down, planes, across)))
    np.testing.assert_allclose(found, wanted, rtol=tolerance)


@every_ops
@pytest.mark.parametrize("dtype", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_images_are_shifted_by_whole_pixels(ops: Enum, shape: tuple[int, ...], dtype: str) -> None:
    x = images(dtype, shape)
    sides = np.array(shape[1:3])
    moves = np.random.default_rng(5).integers(-40, 41, (shape[0], 2)) % (4 * sides + 1) - 2 * sides
    moved = choose_ops(ops).shift(x.copy(), moves, FILL)
    for before, after, move in zip(x, moved, moves, strict=True):
        for row, column in np.ndindex(shape[1:3]):
            source = (row + move[0], column + move[1])
            inside = all(0 <= place < length for place, length in zip(source, shape[1:3], strict=True))
            np.testing.assert_array_equal(after[row, column], before[source] if inside else np.asarray(FILL, dtype))


@every_ops
def test_shifted_images_need_not_lie_in_one_piece(ops: Enum) -> None:
    x = images("float32")[:, :, ::-1]
    wanted = choose_ops(ops).shift(x.copy(), np.full((4, 2), 1), FILL)
    np.testing.assert_array_equal(choose_ops(ops).shift(x, np.full((4, 2), 1), FILL), wanted)


PROGRAM = "from tests.ops.test_resampling import digest; print(digest())"


def digest() -> str:
    """Of all compiled operations."""
    ops, found = choose_ops("compiled"), hashlib.sha256()
    for dtype in KINDS:
        x, places = images(dtype, (3, 28, 21, 3)), places_of(3, 131, dtype)
        found.update(read(ops, x, places, FILL).tobytes())
        found.update(ops.affine(places, images(dtype, (3, 2, 3)), np.empty_like(places)).tobytes())
        planes = images(dtype, (5, 28, 21))
        down, across = images(dtype, (28, 28)), images(dtype, (21, 21))
        found.update(ops.smooth(planes, down, across, np.empty_like(planes)).tobytes())
    return found.hexdigest()[:16]


@needs_numba
@pytest.mark.kernels
@pytest.mark.parametrize("vector_bytes", [16, 32])
def test_the_length_of_vectors_changes_no_bit(vector_bytes: int) -> None:
    assert printed_with_vectors_of(PROGRAM, vector_bytes).strip() == digest()
