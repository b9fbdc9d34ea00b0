"""What a page lets a user enter follows from the samples that the network takes."""

from dataclasses import replace

import numpy as np
import pytest

from base.errors import UserError
from base.preprocessing import ColumnCoding, Preprocessing
from trainer.drawing.inputs import Fields, Pixels, inputs_of
from trainer.predictor import Predictor


def knowing(predictor: Predictor, known: Preprocessing) -> Predictor:
    """The same with another preprocessing."""
    return replace(predictor, preprocessing=known)


def test_drawings_are_centred_for_mnist_alone(convolutional: Predictor) -> None:
    found = inputs_of(convolutional)
    assert isinstance(found, Pixels)
    assert (found.shape, found.white, found.in_bytes, found.as_mnist) == ((28, 28, 1), 255, True, True)
    other = inputs_of(knowing(convolutional, replace(convolutional.preprocessing, input_shape=(32, 32, 3))))
    assert isinstance(other, Pixels)
    assert (other.shape, other.as_mnist) == ((32, 32, 3), False)


@pytest.mark.parametrize(("scale", "dtype", "stored"), [(255.0, "uint8", [0, 128, 255]), (16.0, "uint8", [0, 8, 16])])
def test_bytes_are_what_the_data_are_stored_as(
    convolutional: Predictor, scale: float, dtype: str, stored: list[int]
) -> None:
    known = replace(convolutional.preprocessing, input_shape=(1, 3, 1), scale=scale, dtype=dtype)
    found = inputs_of(knowing(convolutional, known))
    assert isinstance(found, Pixels)
    block = found.block(bytes([0, 128, 255]))
    assert (block.inputs.reshape(-1).tolist(), str(block.inputs.dtype)) == (stored, dtype)
    assert np.abs(np.subtract(list(found.shown(block.inputs)), [0, 128, 255])).max() <= 1


def test_shades_of_fractions_stay_fractions(convolutional: Predictor) -> None:
    known = replace(convolutional.preprocessing, input_shape=(8, 8), scale=1.0, dtype="float32")
    found = inputs_of(knowing(convolutional, known))
    assert isinstance(found, Pixels)
    block = found.block(bytes([51]) * 64)
    assert block.inputs.shape == (1, 8, 8)
    assert block.inputs[0, 0, 0] == pytest.approx(0.2)


def test_fields_begin_in_the_middle_of_the_training_samples(flowers: Predictor) -> None:
    found = inputs_of(flowers)
    assert isinstance(found, Fields)
    assert [coding.name for coding in found.codings] == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    offset = flowers.preprocessing.offset
    assert offset is not None
    assert np.allclose([float(text) for text in found.start], offset, rtol=1e-3)


def test_categories_and_gaps_are_shown_as_texts(flowers: Predictor) -> None:
    columns = (
        ColumnCoding("age", fill=30.5),
        ColumnCoding("sex", categories=("f", "m"), one_hot=True),
        ColumnCoding("size", fill="M", categories=("S", "M", "L")),
    )
    known = replace(flowers.preprocessing, columns=columns, normalize=None, offset=None, divisor=None)
    found = inputs_of(knowing(flowers, known))
    assert isinstance(found, Fields)
    assert list(found.start) == ["30.5", "f", "M"]
    assert found.shown(np.array([7.25, 0, 1, 2])) == ["7.25", "m", "L"]
    assert found.shown(np.array([7.25, 0, 0, -1])) == ["7.25", "", ""]


def test_a_few_numbers_have_fields_without_names(flowers: Predictor) -> None:
    known = Preprocessing(input_shape=(2,), scale=1.0, dtype="float64")
    found = inputs_of(knowing(flowers, known))
    assert isinstance(found, Fields)
    assert ([coding.name for coding in found.codings], list(found.start)) == (["x1", "x2"], ["0", "0"])
    assert found.block(["1", "-2.5"]).inputs.tolist() == [[1, -2.5]]  # type: ignore[union-attr]


@pytest.mark.parametrize("shape", [(300,), (28, 28, 2), (4, 4, 4, 8)])
def test_other_samples_are_refused(flowers: Predictor, shape: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match=r"at most 256 numbers, for which its page has fields; use predict\.py"):
        inputs_of(knowing(flowers, Preprocessing(input_shape=shape, scale=1.0)))
