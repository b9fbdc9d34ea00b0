"""A map comes back from its file as it was."""

from pathlib import Path

import numpy as np
import pytest

from logger.tsne_map import TsneMap, epoch_file, read_map, read_maps

POINTS = np.random.Generator(np.random.Philox(key=7)).normal(size=(6, 2)).astype(np.float32)
SAMPLES = np.array([5, 3, 8, 1, 0, 9])
CLASSES = ("cat", "a, b", 'say "x"')


def example(epoch: int = 0) -> TsneMap:
    """A map of six samples."""
    return TsneMap(POINTS + epoch, np.array([0, 1, 2, 2, 1, 0]), SAMPLES, "validation", "relu1")


def test_classes_are_written_by_name_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "tsne.csv"
    example().write(path, CLASSES)
    lines = path.read_text().splitlines()
    assert lines[0] == "x,y,target,sample,data,layer"
    assert lines[1].endswith(",cat,5,validation,relu1")
    found = read_map(path, CLASSES)
    assert found
    assert np.array_equal(found.points, POINTS)
    assert found.targets.tolist() == [0, 1, 2, 2, 1, 0]
    assert found.is_of(SAMPLES, "validation", "relu1")
    assert not found.is_of(SAMPLES, "test", "relu1")
    assert not found.is_of(SAMPLES, "validation", "relu2")
    assert not found.is_of(SAMPLES[::-1], "validation", "relu1")
    assert not found.is_of(SAMPLES[:3], "validation", "relu1")


def test_numbers_are_kept_to_the_bit(tmp_path: Path) -> None:
    targets = np.array([0.1, 1 / 3, 2e-9, 1e30, -7, 0])
    TsneMap(POINTS, targets, SAMPLES, "test", "linear1").write(tmp_path / "tsne.csv", None)
    found = read_map(tmp_path / "tsne.csv", None)
    assert found
    assert np.array_equal(found.targets, targets)


@pytest.mark.parametrize("content", ["", "x,y,target\n1,2,cat\n", "x,y,target,sample,data,layer\n", "\xff\x00"])
def test_what_is_no_map_is_passed_over(tmp_path: Path, content: str) -> None:
    (tmp_path / "tsne.csv").write_bytes(content.encode("latin-1"))
    assert read_map(tmp_path / "tsne.csv", CLASSES) is None
    assert read_map(tmp_path / "missing.csv", CLASSES) is None


def test_a_map_of_other_classes_is_passed_over(tmp_path: Path) -> None:
    example().write(tmp_path / "tsne.csv", CLASSES)
    assert read_map(tmp_path / "tsne.csv", ("cat", "dog")) is None


def test_the_maps_of_a_run_come_by_epoch_up_to_the_last_wanted(tmp_path: Path) -> None:
    for epoch in (100, 0, 20, 12000):
        example(epoch).write(tmp_path / f"{epoch_file(epoch)}.csv", CLASSES)
    (tmp_path / "tsne-test.csv").write_text("x")
    (tmp_path / "tsne-epoch-0005.csv").write_text("half a fi")
    maps = read_maps(tmp_path, CLASSES, last=100)
    assert [*maps] == [0, 20, 100]
    assert np.array_equal(maps[20].points, POINTS + 20)
    assert [*read_maps(tmp_path, CLASSES, last=12000)] == [0, 20, 100, 12000]
