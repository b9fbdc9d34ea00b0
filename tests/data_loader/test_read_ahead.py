"""The system is asked for the samples of later steps, each once, and for those of this process alone."""

import mmap
import re
from pathlib import Path

import numpy as np
import pytest

from base.dataset import Dataset
from base.random_streams import RandomStreams
from base.types import Array
from data_loader.batch_order import BatchOrder
from data_loader.npy import map_npy
from data_loader.read_ahead import STEPS, ReadAhead

SAMPLES, BATCH, SHAPE = 1000, 20, (mmap.PAGESIZE,)  # a sample is a page of bytes, and lies in two: behind the header


def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The bytes that are asked for from now on."""
    asked: list[tuple[int, int]] = []

    class Seen:
        def __init__(self, file: mmap.mmap) -> None:
            self.file = file

        def madvise(self, option: int, start: int, length: int) -> None:
            assert option == mmap.MADV_WILLNEED
            self.file.madvise(option, start, length)
            asked.append((start, start + length))

    before = ReadAhead._ask
    monkeypatch.setattr(ReadAhead, "_ask", lambda self, file, step: before(self, Seen(file), step))  # type: ignore[arg-type]
    return asked


@pytest.mark.skipif(not hasattr(mmap, "MADV_WILLNEED"), reason="this system cannot be asked")
def test_each_sample_is_asked_for_before_its_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "x.npy", np.zeros((SAMPLES, *SHAPE), np.uint8))
    inputs = map_npy(tmp_path / "x.npy")
    data = Dataset(inputs, np.zeros(SAMPLES, int), np.arange(SAMPLES)[::-1])
    order = BatchOrder(SAMPLES, BATCH, True, RandomStreams(1))
    asked, header = seen(monkeypatch), (tmp_path / "x.npy").stat().st_size - inputs.nbytes
    ahead = ReadAhead(data, order, lambda count: [slice(0, count // 2)])
    for step in range(order.batches_per_pass):
        ahead.before(step)
        latest = min(step + STEPS, order.batches_per_pass - 1)
        wanted = [row for later in range(latest + 1) for row in data.rows[order.batch(later)[: BATCH // 2]]]
        assert asked == [
            (header + row * mmap.PAGESIZE - header % mmap.PAGESIZE, header + (row + 1) * mmap.PAGESIZE)
            for row in wanted
        ]


@pytest.mark.skipif(not hasattr(mmap, "MADV_WILLNEED"), reason="this system cannot be asked")
def test_within_its_context_nothing_else_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "x.npy", np.zeros((SAMPLES, *SHAPE), np.uint8))
    data = Dataset(map_npy(tmp_path / "x.npy"), np.zeros(SAMPLES, int), np.arange(SAMPLES))
    with ReadAhead(data, BatchOrder(SAMPLES, BATCH, True, RandomStreams(1)), lambda count: [slice(0, count)]):
        assert "rr" in flags(data.inputs)
    assert "rr" not in flags(data.inputs)


def flags(inputs: Array) -> list[str]:
    """What Linux was told of the mapping that an array lies in; rr stands for random reads."""
    found, address = "", inputs.ctypes.data
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            low, high = (int(end, 16) for end in line.split()[0].split("-"))
            found = "" if low <= address < high else "other"
        elif line.startswith("VmFlags:") and not found:
            return line.split()[1:]
    raise AssertionError("no such mapping")


def test_data_in_memory_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    data = Dataset(np.zeros((SAMPLES, 3), np.float32), np.zeros(SAMPLES, int), np.arange(SAMPLES))
    asked = seen(monkeypatch)
    ReadAhead(data, BatchOrder(SAMPLES, BATCH, True, RandomStreams(1)), lambda count: [slice(0, count)]).before(0)
    assert asked == []
