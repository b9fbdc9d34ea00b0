"""Neighbours that resample are made one pass, which is what they are one after another, but sharper."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from base.base_augmentation import BaseAugmentation
from base.random_streams import RandomStreams
from base.types import Array
from data_loader.augmentation.elastic_deformation import ElasticDeformation
from data_loader.augmentation.gaussian_noise import GaussianNoise
from data_loader.augmentation.random_affine import RandomAffine
from data_loader.augmentation.random_rotation import RandomRotation
from data_loader.augmentation.random_scale import RandomScale
from data_loader.augmentation.random_shift import RandomShift
from data_loader.resampling.compose import augment, merged
from data_loader.resampling.resampling import resample

STREAMS = RandomStreams(seed=3)


def images(count: int = 6) -> Array:
    """Noise, which every interpolation smooths."""
    return np.random.default_rng(2).random((count, 20, 20, 1))


def blobs() -> Array:
    """A smooth picture that no interpolation changes by much, and that ends before the edge."""
    rows, columns = np.indices((40, 40))
    return np.exp(-((rows - 17) ** 2 + (columns - 22) ** 2) / 40)[None, :, :, None]


def test_only_neighbours_with_the_same_fill_share_a_pass() -> None:
    noise, shift = GaussianNoise(), RandomShift(1)
    rotation, elastic, bright = RandomRotation(5), ElasticDeformation(), RandomScale((1, 2), fill=1)
    passes = merged([rotation, elastic, noise, elastic, bright, shift])
    assert [getattr(one, "changes", one) for one in passes] == [[rotation, elastic], noise, [elastic], [bright], shift]


def test_nothing_to_merge_gives_nothing() -> None:
    assert merged([]) == []


@pytest.mark.parametrize("first", [30.0, 90.0])
def test_a_rotation_and_its_opposite_give_the_image_back(first: float) -> None:
    both = merged([RandomRotation((first, first)), RandomRotation((-first, -first))])
    assert len(both) == 1
    assert_allclose(augment(images(), np.empty(0), both, STREAMS, 0, 0)[0], images(), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (RandomAffine((30, 30), scale=(1.2, 1.2)), RandomAffine((0, 0), shear=(25, 25))),
        (RandomAffine((0, 0), shear=(25, 25)), RandomAffine((30, 30), scale=(1.2, 1.2))),
        (RandomAffine((30, 30), scale=(1.2, 1.2)), ElasticDeformation(sigma=6)),
    ],
)
def test_one_pass_is_what_two_are_in_this_order(first: BaseAugmentation, second: BaseAugmentation) -> None:
    (both,) = merged([first, second])
    once = both.apply(blobs(), np.empty(0), skipping(0))[0]
    twice = second.apply(first.apply(blobs(), np.empty(0), skipping(0))[0], np.empty(0), skipping(7))[0]
    assert np.abs(once - blobs()).max() > 0.2
    assert_allclose(once, twice, rtol=0, atol=0.02)


def skipping(draws: int) -> np.random.Generator:
    """One stream, from which so many draws are gone.

    Of the changes above only the elastic one is random. In one pass it draws after two chances and the six numbers of
    the affine map, alone after one chance.
    """
    generator = np.random.default_rng(6)
    generator.random(draws)
    return generator


def test_images_that_no_change_of_a_pass_chooses_keep_every_bit() -> None:
    x = images(400)
    (both,) = merged([RandomRotation((9, 9), p=0.5), RandomScale((1.5, 1.5), p=0.5)])
    after = both.apply(x.copy(), np.empty(0), np.random.default_rng(1))[0]
    kept = np.array([one.tobytes() == other.tobytes() for one, other in zip(x, after, strict=True)])
    assert abs(kept.mean() - 0.25) < 0.1


def test_each_change_of_a_pass_chooses_for_itself() -> None:
    x = np.repeat(images(1), 400, axis=0)
    rotation, scale = RandomRotation((9, 9), p=0.5), RandomScale((1.5, 1.5), p=0.5)
    found = {image.tobytes() for image in resample(x.copy(), [rotation, scale], np.random.default_rng(1))}
    always = [RandomRotation((9, 9)), RandomScale((1.5, 1.5))]
    wanted = [resample(x[:1].copy(), changes, np.random.default_rng(1)) for changes in (always, always[:1], always[1:])]
    assert found == {image.tobytes() for image in [x[:1], *wanted]}


def test_a_pass_refuses_what_one_of_its_changes_refuses() -> None:
    with pytest.raises(ValueError, match="ElasticDeformation needs images"):
        merged([ElasticDeformation(), RandomRotation(5)])[0].check((20,))


def test_bits_depend_on_step_and_shard_and_on_nothing_that_was_done_before() -> None:
    changes = merged([RandomRotation(20), ElasticDeformation(), GaussianNoise()])
    first = augment(images(), np.empty(0), changes, STREAMS, 3, 1)[0]
    assert_array_equal(augment(images(), np.empty(0), changes, STREAMS, 3, 1)[0], first)
    for step, shard in ((4, 1), (3, 0)):
        assert not np.array_equal(augment(images(), np.empty(0), changes, STREAMS, step, shard)[0], first)


def test_the_same_change_twice_in_a_list_draws_anew() -> None:
    noise = GaussianNoise()
    once = augment(images(), np.empty(0), [noise], STREAMS, 0, 0)[0] - images()
    twice = augment(images(), np.empty(0), [noise, noise], STREAMS, 0, 0)[0] - images()
    assert twice.std() == pytest.approx(np.sqrt(2) * once.std(), rel=0.1)
