"""The data are what is expected of them."""

import numpy as np

from my_project.loaders import WineDataLoader


def test_samples_have_their_measurements_and_classes() -> None:
    loader = WineDataLoader(batch_size=16)
    training, test = loader.read_training(), loader.read_test()
    assert training.input_shape == (13,)
    assert len(training) + len(test) == 178
    assert training.classes == ("class_0", "class_1", "class_2")


def test_no_sample_is_both_trained_and_tested_on() -> None:
    loader = WineDataLoader(batch_size=16)
    assert not np.intersect1d(loader.read_training().rows, loader.read_test().rows).size
