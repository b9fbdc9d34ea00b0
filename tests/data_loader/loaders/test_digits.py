"""The digits are scikit-learn's."""

import numpy as np
from sklearn.datasets import load_digits

from data_loader.loaders.digits import DigitsDataLoader


def test_images_and_labels_are_those_of_scikit_learn_from_0_to_1() -> None:
    data = DigitsDataLoader(test_split=0).read_training()
    images, labels = load_digits(return_X_y=True)
    out = np.empty((1797, 8, 8, 1))
    data.read_inputs(slice(None), out)
    assert data.inputs.dtype == np.uint8
    assert np.array_equal(out.reshape(-1, 64), images / 16)
    assert np.array_equal(data.read_targets(slice(None)), labels)
    assert data.classes == tuple("0123456789")


def test_a_fifth_is_held_out_unless_said_otherwise() -> None:
    assert len(DigitsDataLoader().read_test()) == 359
