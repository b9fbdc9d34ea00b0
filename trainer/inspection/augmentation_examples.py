"""Examples of what a config's augmentation does."""

import numpy as np

from base.errors import ConfigError
from base.random_streams import RandomStreams
from base.types import Array
from data_loader.resampling.compose import augment, merged
from trainer.experiment import check_augmentation, error_context
from utils.config.parser import ConfigParser

_IMAGES, _VERSIONS = 8, 10


def examples(config: ConfigParser) -> tuple[Array, list[Array]]:
    """The first training images (N, H, W, C), and versions of them as they would be in training.

    Raises ConfigError where there is no augmentation, or where samples are neither grey nor RGB images.
    """
    settings = config.build()
    if not settings.augmentation:
        raise ConfigError(f'{config.source}: augmentation: there is none to draw; give it, such as ["RandomErasing"]')
    streams = RandomStreams(settings.seed)
    with error_context(config, "data_loader.args"):
        data, _ = settings.data_loader.load(streams)
    if len(data.input_shape) != 3 or data.input_shape[2] not in (1, 3):
        raise ConfigError(
            f"{config.source}: data_loader: only images (H, W, 1) and (H, W, 3) can be drawn, but a sample has shape "
            f"{data.input_shape}"
        )
    check_augmentation(config, settings, data)
    originals = np.empty((min(_IMAGES, len(data)), *data.input_shape), settings.trainer.dtype)
    data.read_inputs(slice(0, len(originals)), originals)
    changes, targets = merged(settings.augmentation), data.read_targets(slice(0, len(originals)))
    return originals, [augment(originals.copy(), targets, changes, streams, step, 0)[0] for step in range(_VERSIONS)]
