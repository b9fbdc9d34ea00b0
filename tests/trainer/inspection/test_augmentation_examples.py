"""Examples show what training sees: the same code, seed and merging."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from base.dataset import Dataset
from base.errors import ConfigError
from base.random_streams import RandomStreams
from data_loader.loaders.mnist import MnistDataLoader
from data_loader.resampling.compose import augment, merged
from tests.running import Config
from trainer.inspection.augmentation_examples import examples
from utils.config.parser import ConfigParser

ROTATION = {"type": "RandomRotation", "args": {"degrees": 20}}


def parsed(config: Config, *augmentation: Any) -> ConfigParser:
    """The config with these augmentations."""
    return ConfigParser(config | {"augmentation": list(augmentation)}, "c.json")


def test_versions_are_those_of_the_first_steps_of_training(config: Config) -> None:
    parser = parsed(config, ROTATION, "ElasticDeformation")
    originals, versions = examples(parser)
    run, streams = parser.build(), RandomStreams(config["seed"])
    training, _ = run.data_loader.load(streams)
    first = np.empty((8, 28, 28, 1), "float32")
    training.read_inputs(np.arange(8), first)
    np.testing.assert_array_equal(originals, first)
    assert len(versions) == 10
    changes = merged(run.augmentation or [])
    for step, version in enumerate(versions):
        np.testing.assert_array_equal(version, augment(first.copy(), np.empty(0), changes, streams, step, 0)[0])


def test_fewer_samples_than_the_sheet_has_room_for_are_all_shown(config: Config) -> None:
    config["data_loader"]["args"]["validation_split"] = 297
    originals, versions = examples(parsed(config, ROTATION))
    assert len(originals) == len(versions[0]) == 3


@pytest.mark.parametrize("augmentation", [None, []])
def test_there_must_be_augmentation(config: Config, augmentation: list[Any] | None) -> None:
    with pytest.raises(ConfigError, match=r"c.json: augmentation: there is none to draw; give it"):
        examples(ConfigParser(config | {"augmentation": augmentation}, "c.json"))


def test_it_must_suit_the_data(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"c.json: augmentation.1: max_pixels 28 would move all"):
        examples(parsed(config, ROTATION, {"type": "RandomShift", "args": {"max_pixels": 28}}))


@pytest.mark.parametrize("shape", [(784,), (14, 28, 2)])
def test_samples_must_be_grey_or_rgb(config: Config, monkeypatch: pytest.MonkeyPatch, shape: tuple[int, ...]) -> None:
    read = MnistDataLoader.read_training

    def reshaped(loader: MnistDataLoader) -> Dataset:
        data = read(loader)
        return replace(data, inputs=data.inputs.reshape(-1, *shape))

    monkeypatch.setattr(MnistDataLoader, "read_training", reshaped)
    with pytest.raises(ConfigError, match=r"c.json: data_loader: only images \(H, W, 1\) and \(H, W, 3\) can be drawn"):
        examples(parsed(config, "GaussianNoise"))
