"""Parts that do not fit each other are found before anything is written."""

import errno
from pathlib import Path
from typing import Any

import pytest

from base.errors import ConfigError, DataError, UserError
from data_loader.augmentation.gaussian_noise import GaussianNoise
from data_loader.loaders.mnist import MnistDataLoader
from tests.running import Config, run, tree

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

MISFITS: dict[str, tuple[str, type[UserError], str]] = {
    "unknown key": ("trainer.epoch=3", ConfigError, "did you mean 'epochs'"),
    "output for other classes": ("arch.args.layer_sizes=[784, 9]", ConfigError, "arch and loss: .*10 classes"),
    "input of another size": ("arch.args.layer_sizes=[700, 10]", ConfigError, "arch: linear1: .*in_features"),
    "no data": ("data_loader.args.data_dir=nowhere", DataError, "there is no folder nowhere"),
    "split of all": ("data_loader.args.validation_split=300", ConfigError, "data_loader.args: validation_split takes"),
    "shift out of sight": (
        'augmentation=[{"type": "RandomShift", "args": {"max_pixels": 28}}]', ConfigError, r"augmentation\.0: max_pix",
    ),
    "metric of one output": (
        'metrics=[{"type": "precision", "args": {"class_index": 10}}]', UserError, "precision: class_index is 10",
    ),
    "no such layer to draw": ("trainer.tsne.layer=conv1", ConfigError, 'tsne.layer: there is no layer "conv1"'),
}  # fmt: skip


@pytest.mark.parametrize(("change", "kind", "words"), MISFITS.values(), ids=MISFITS.keys())
def test_nothing_is_written_when_parts_do_not_fit(
    config: Config, change: str, kind: type[UserError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        run(config, change)
    assert tree(Path()).keys() == {"config.json"}


def test_data_that_may_not_be_read_are_named_with_what_to_do(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "data/x.gz")

    monkeypatch.setattr(MnistDataLoader, "load", refuse)
    words = r"data_loader.args: data/x.gz cannot be read: Permission denied; see whether the path is right and you"
    with pytest.raises(ConfigError, match=words):
        run(config)


def test_an_augmentation_of_the_old_signature_is_told_the_new_one(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GaussianNoise, "apply", lambda self, x, generator: x)
    with pytest.raises(ConfigError, match=r"augmentation\.0: GaussianNoise\.apply takes \(x, generator\); expected"):
        run(config, 'augmentation=["GaussianNoise"]')


def test_an_augmentation_that_returns_inputs_alone_is_named(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GaussianNoise, "apply", lambda self, x, target, generator: x)
    with pytest.raises(UserError, match=r"GaussianNoise\.apply must return \(x, target\)"):
        run(config, 'augmentation=["GaussianNoise"]', "trainer.threads=1")
