"""Steps on data that are read from the disk against the same data in memory: python -m benchmarks.large_data [GB]

A file of so many gigabytes (8, or what the disk takes) is made in the temporary folder and removed at the end. Rounds
go through some steps each: on samples in memory; on the file, which the system's memory is emptied of before, and asked
for ahead (data_loader/read_ahead.py); and the same not asked for. The disk's rate stands beside.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np

from base.dataset import Dataset, all_rows
from base.random_streams import RandomStreams
from data_loader.batch_order import BatchOrder
from data_loader.npy import map_npy
from data_loader.read_ahead import ReadAhead
from model.architectures.cnn import CNN
from model.losses.cross_entropy import CrossEntropyLoss
from ops.choose import choose_ops
from trainer.optimizers.sgd import SGD
from trainer.parallel_model import ParallelModel
from trainer.update import Update

SHAPE = (64, 64, 3)
BATCH, STEPS, ROUNDS = 64, 100, 3
BLOCK = 4096  # samples written at once


def write(path: Path, samples: int) -> None:
    """Write random images."""
    array = np.lib.format.open_memmap(path, "w+", np.uint8, (samples, *SHAPE))
    noise = np.random.default_rng(0).integers(0, 256, (BLOCK, *SHAPE), np.uint8)
    for start in range(0, samples, BLOCK):
        array[start : start + BLOCK] = noise[: samples - start]
    array.flush()


def empty_cache(path: Path) -> None:
    """Take a file from the system's memory."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def disk_rate(path: Path, samples: Dataset) -> tuple[float, float]:
    """Bytes a second of a whole read of the file's first gigabyte, and of samples in random order."""
    empty_cache(path)
    start = time.perf_counter()
    with path.open("rb", buffering=0) as file:
        done = sum(len(file.read(2**24)) for _ in range(64))
    whole = done / (time.perf_counter() - start)
    empty_cache(path)
    order = np.random.default_rng(1).permutation(len(samples))[: 16 * BATCH]
    start = time.perf_counter()
    done = sum(int(samples.inputs[row].copy().nbytes) for row in order)
    return whole, done / (time.perf_counter() - start)


class Steps:
    """Steps of a small CNN on a data set."""

    def __init__(self, data: Dataset) -> None:
        self.data, streams = data, RandomStreams(0)
        model, loss, optimizer = CNN([16, 32], hidden_sizes=[64], classes=10), CrossEntropyLoss(), SGD(0.01)
        ops = choose_ops("auto", "float32")
        model.build(data.input_shape, streams, ops=ops)
        loss.ops = optimizer.ops = ops
        optimizer.bind(model.values, model.parameter_ranges())
        self.parallel = ParallelModel(model, loss, streams, 2, BATCH)
        self.update = Update(model, optimizer, None, self.parallel.workers)
        self.order = BatchOrder(len(data), BATCH, True, streams)
        self.step = 0

    def seconds(self, is_asked_ahead: bool) -> float:
        """The time of a step, over the next ones of the epoch."""
        ahead = ReadAhead(self.data, self.order, lambda count: [slice(0, count)] if is_asked_ahead else [])
        start = time.perf_counter()
        with self.parallel.workers.parallel_region("steps") as is_leader, ahead if is_asked_ahead else nullcontext():
            for _ in range(STEPS):
                if is_leader:
                    ahead.before(self.step)
                result = self.parallel.train_batch(self.data, self.order.batch(self.step), 0)
                self.update.apply(result.grads, 1e-3)
                self.step += 1
        return (time.perf_counter() - start) / STEPS


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.large_data",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("gigabytes", nargs="?", type=float, default=8.0)
    wanted = parser.parse_args().gigabytes
    with tempfile.TemporaryDirectory() as folder:
        size = min(wanted * 1e9, 0.8 * shutil.disk_usage(folder).free)
        samples, path = int(size / np.prod(SHAPE)), Path(folder) / "images.npy"
        write(path, samples)
        data = Dataset(map_npy(path), np.arange(samples) % 10, np.arange(samples), tuple("0123456789"), 255.0)
        held = np.array(data.inputs[: STEPS * BATCH])
        memory = Steps(Dataset(held, data.targets[: len(held)], all_rows(held), data.classes, 255.0))
        disk = Steps(data)
        with memory.parallel, disk.parallel:
            memory.seconds(False)
            rows = []
            for _ in range(ROUNDS):
                times = [memory.seconds(False)]
                for is_asked_ahead in (True, False):
                    empty_cache(path)
                    times.append(disk.seconds(is_asked_ahead))
                rows.append(times)
        whole, scattered = disk_rate(path, data)
    memory_time, asked, unasked = (statistics.median(column) for column in zip(*rows, strict=True))
    ratios = [statistics.median(row[kind] / row[0] for row in rows) for kind in (1, 2)]
    needed = BATCH * np.prod(SHAPE) / memory_time
    print(f"{size / 1e9:.1f} GB, {samples:,} samples of {np.prod(SHAPE):,} bytes; steps of {BATCH}")
    print(f"in memory           {1e3 * memory_time:8.2f} ms a step, which is {needed / 1e6:.0f} MB/s")
    print(f"disk, asked ahead   {1e3 * asked:8.2f} ms, {ratios[0]:.2f} times as long")
    print(f"disk, not asked     {1e3 * unasked:8.2f} ms, {ratios[1]:.2f} times as long")
    print(f"the disk reads {whole / 1e6:.0f} MB/s in order, {scattered / 1e6:.0f} MB/s sample by sample")


if __name__ == "__main__":
    main()
