"""The images of mistakes, with what decided, come back from their file."""

from pathlib import Path

import numpy as np

from logger.mistake_images import MistakeImages, read_mistake_images


def test_they_come_back_from_their_file(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    made = MistakeImages.of(np.array([7, 3]), random.random((2, 5, 6, 1)), random.normal(size=(2, 5, 6, 1)))
    made.write(tmp_path / "mistakes.npz")
    held = read_mistake_images(tmp_path / "mistakes.npz")
    assert held is not None
    assert held.samples.tolist() == [7, 3]
    assert held.images.shape == held.gradients.shape == (2, 5, 6)
    assert (held.images.min(), held.images.max()) == (0, 255)
    assert np.abs(held.gradients).max(axis=(1, 2)).tolist() == [127, 127]


def test_colours_stay_and_their_gradients_are_summed(tmp_path: Path) -> None:
    gradients = np.stack([np.eye(4), np.zeros((4, 4)), -2 * np.eye(4)], axis=-1)[None]
    made = MistakeImages.of(np.array([0]), np.random.default_rng(0).random((1, 4, 4, 3)), gradients)
    assert made.images.shape == (1, 4, 4, 3)
    assert (made.gradients[0] == -127 * np.eye(4)).all()


def test_large_ones_are_made_smaller_and_no_gradient_stays_none() -> None:
    made = MistakeImages.of(np.array([0]), np.zeros((1, 300, 200)), np.zeros((1, 300, 200)))
    assert made.images.shape == made.gradients.shape == (1, 100, 66)
    assert not made.gradients.any()


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "mistakes.npz"
    assert read_mistake_images(path) is None
    path.write_bytes(b"PK not really")
    assert read_mistake_images(path) is None
    np.savez(path, samples=np.arange(2), images=np.zeros((2, 3, 3), np.uint8), gradients=np.zeros((2, 3, 4), np.int8))
    assert read_mistake_images(path) is None
    np.savez(path, samples=np.arange(2))
    assert read_mistake_images(path) is None
