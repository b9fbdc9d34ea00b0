"""The time of each augmentation on one thread: python -m benchmarks.augmentation

All take turns; medians of the rounds, in milliseconds, for 64 and for 128 images of 28 x 28. With two workers each
augments half of a batch.
"""

import time
from collections.abc import Callable
from statistics import median

import numpy as np
from threadpoolctl import threadpool_limits

from base.base_augmentation import BaseAugmentation
from base.random_streams import RandomStreams
from data_loader.augmentation.cutout import Cutout
from data_loader.augmentation.elastic_deformation import ElasticDeformation
from data_loader.augmentation.gaussian_noise import GaussianNoise
from data_loader.augmentation.random_affine import RandomAffine
from data_loader.augmentation.random_erasing import RandomErasing
from data_loader.augmentation.random_horizontal_flip import RandomHorizontalFlip
from data_loader.augmentation.random_rotation import RandomRotation
from data_loader.augmentation.random_scale import RandomScale
from data_loader.augmentation.random_shear import RandomShear
from data_loader.augmentation.random_shift import RandomShift
from data_loader.resampling.compose import augment, merged
from utils.command_line import no_arguments

ROUNDS = 40
AFFINE, ELASTIC = RandomAffine(15, (0.1, 0.1), (0.9, 1.1), 10), ElasticDeformation()
LISTS: dict[str, list[BaseAugmentation]] = {
    "RandomShift": [RandomShift(2)],
    "RandomRotation": [RandomRotation(15)],
    "RandomScale": [RandomScale((0.9, 1.1))],
    "RandomShear": [RandomShear(10)],
    "RandomAffine": [AFFINE],
    "ElasticDeformation": [ELASTIC],
    "RandomAffine, ElasticDeformation in one pass": merged([AFFINE, ELASTIC]),
    "RandomAffine, ElasticDeformation in two passes": [AFFINE, ELASTIC],
    "GaussianNoise": [GaussianNoise()],
    "RandomErasing": [RandomErasing(p=1)],
    "RandomHorizontalFlip": [RandomHorizontalFlip()],
    "Cutout": [Cutout(8)],
}


def main() -> None:
    """Time and print."""
    jobs = {(name, count): job(changes, count) for name, changes in LISTS.items() for count in (64, 128)}
    with threadpool_limits(1, user_api="blas"):
        rounds = [{key: seconds(run) for key, run in jobs.items()} for _ in range(ROUNDS)]
    for name in LISTS:
        few, many = (1e3 * median(times[name, count] for times in rounds) for count in (64, 128))
        print(f"{name:48} {few:6.2f} {many:6.2f}")


def job(changes: list[BaseAugmentation], count: int) -> Callable[[], object]:
    """The changes to so many images."""
    x, streams = np.random.default_rng(1).random((count, 28, 28, 1), "float32"), RandomStreams(seed=1)
    return lambda: augment(x, np.zeros(len(x)), changes, streams, 0, 0)


def seconds(run: Callable[[], object]) -> float:
    """How long a call takes when it is made for the second time in a row."""
    run()
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    no_arguments("benchmarks.augmentation", __doc__)
    main()
