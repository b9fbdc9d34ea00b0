"""Files of any size are read without ever being in memory."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from base.errors import DataError
from base.random_streams import RandomStreams
from base.splits import Split
from base.types import Shape
from data_loader.loaders.npy import NpyDataLoader
from tests.running import PROJECT

X, Y = np.arange(24.0).reshape(6, 4), np.array([0, 1, 2, 0, 1, 2])


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A file of inputs and one of targets."""
    np.save(tmp_path / "x.npy", X)
    np.save(tmp_path / "y.npy", Y)
    return str(tmp_path / "x.npy"), str(tmp_path / "y.npy")


def test_inputs_stay_on_the_disk_and_read_the_same(files: tuple[str, str]) -> None:
    data = NpyDataLoader(*files, shape=[2, 2, 1], test_split=0).read_training()
    assert isinstance(data.inputs, np.memmap)
    out = np.empty((2, 2, 2, 1), np.float32)
    data.read_inputs(np.array([5, 0]), out)
    assert np.array_equal(out.reshape(2, 4), X[[5, 0]])
    assert data.read_targets(np.array([5, 0])).tolist() == [2, 0]


def test_test_files_of_their_own_are_tested_on(files: tuple[str, str], tmp_path: Path) -> None:
    np.save(tmp_path / "tx.npy", X[:2])
    np.save(tmp_path / "ty.npy", Y[:2])
    loader = NpyDataLoader(*files, test_inputs=str(tmp_path / "tx.npy"), test_targets=str(tmp_path / "ty.npy"))
    assert (len(loader.read_training()), len(loader.read_test())) == (6, 2)


def test_files_that_hold_no_samples_are_refused(files: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(path, np.array([None]), allow_pickle=True)
    with pytest.raises(DataError, match=r"x\.npy: cannot be read: it holds Python objects"):
        NpyDataLoader(*files).read_training()
    path.write_bytes(b"no array")
    with pytest.raises(DataError, match=r"x\.npy: cannot be read"):
        NpyDataLoader(*files).read_training()
    np.save(path, np.array(3.0))
    with pytest.raises(DataError, match=r"x\.npy: expected an array of samples, got a single value"):
        NpyDataLoader(*files).read_training()
    path.unlink()
    with pytest.raises(DataError, match=r"x\.npy: there is no such file"):
        NpyDataLoader(*files).read_training()


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda content: content[:-1],
    "with something behind": lambda content: content + b"x",
    "of another length": lambda content: content.replace(b"(6, 4)", b"(9, 4)"),
    "beyond the file": lambda content: content.replace(b"(6, 4), }" + b" " * 7, b"(6, 40000000), }"),
    "beyond all files": lambda content: content.replace(b"(6, 4), }" + b" " * 20, b"(6, 4" + b"0" * 20 + b"), }"),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_a_header_that_does_not_fit_the_file_is_refused(files: tuple[str, str], harm: Callable[[bytes], bytes]) -> None:
    path = Path(files[0])
    harmed = harm(path.read_bytes())
    assert harmed != path.read_bytes()
    path.write_bytes(harmed)
    with pytest.raises(DataError, match=r"x\.npy: cannot be read: it is damaged: "):
        NpyDataLoader(*files).read_training()


def test_an_archive_and_targets_that_are_larger_than_memory_are_refused(
    files: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez(tmp_path / "x.npz", x=X)
    with pytest.raises(DataError, match=r"x\.npz: is not an \.npy file of samples; for \.npz files use NpzDataLoader"):
        NpyDataLoader(str(tmp_path / "x.npz"), files[1]).read_training()
    monkeypatch.setattr("utils.memory.available_memory", lambda: 40)
    with pytest.raises(DataError, match=r"y\.npy: cannot be read: it needs 0.0 MiB of memory, there are 0.0 MiB"):
        NpyDataLoader(*files).read_training()


def test_validation_files_and_a_file_of_groups_are_read(files: tuple[str, str], tmp_path: Path) -> None:
    np.save(tmp_path / "vx.npy", X[:2])
    np.save(tmp_path / "vy.npy", Y[1:3])
    names = {"validation_inputs": str(tmp_path / "vx.npy"), "validation_targets": str(tmp_path / "vy.npy")}
    training, validation = NpyDataLoader(*files, **names, test_split=0).load(RandomStreams(1))
    assert validation is not None
    assert (len(training), validation.read_targets(slice(None)).tolist()) == (6, [1, 2])
    np.save(tmp_path / "g.npy", np.array(["a", "a", "b", "b", "c", "c"]))
    loader = NpyDataLoader(*files, split=Split(by="group", column=str(tmp_path / "g.npy")), test_split=2)
    held_out = loader.load_test(RandomStreams(1)).rows
    assert held_out.tolist() in ([0, 1], [2, 3], [4, 5])


SAMPLES, FEATURES, SPARE = 2**16, 1024, 2**26  # 256 MiB of inputs, of which 64 MiB may be in memory

TRAIN = f"""
import json, resource, sys
import numpy as np
from base.random_streams import RandomStreams
from data_loader.batch_order import BatchOrder
from data_loader.loaders.npy import NpyDataLoader

status = dict(line.split(":", 1) for line in open("/proc/self/status"))
limit = int(status["VmData"].split()[0]) * 1024 + {SPARE}
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
try:
    np.ones({SAMPLES} * {FEATURES}, np.float32)
    sys.exit("the limit is none")
except MemoryError:
    pass
settings = {{"validation_split": 0.1, "stratify": True, "normalize": "standardize", "shape": json.loads(sys.argv[3])}}
loader = NpyDataLoader(sys.argv[1], sys.argv[2], **settings)
streams = RandomStreams(1)
training, validation = loader.load(streams)
test = loader.load_test(streams)
loader.state_dict()
order, out = BatchOrder(len(training), 128, True, streams), np.empty((128, *training.input_shape), np.float32)
for step in range(20):
    training.read_inputs(order.batch(step), out)
    assert np.isfinite(out).all()
print(len(training), len(validation), len(test))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory maps count as memory in use")
@pytest.mark.parametrize(
    ("stored", "in_fortran_order", "shape"),
    [
        ((FEATURES,), False, None),
        ((FEATURES,), True, [16, 16, 4]),
        ((4, 16, 16), False, None),
        ((4, 16, 16), True, [16, 16, 4]),
    ],
    ids=["in C order", "in Fortran order", "with channels first", "with channels first in Fortran order"],
)
def test_data_larger_than_memory_are_split_normalized_remembered_and_read_in_batches(
    tmp_path: Path, stored: Shape, in_fortran_order: bool, shape: list[int] | None
) -> None:
    path, form = tmp_path / "x.npy", (SAMPLES, *stored)
    inputs = np.lib.format.open_memmap(path, "w+", np.float32, form, fortran_order=in_fortran_order)
    inputs[:2] = np.reshape([1, 2], (2, *(1,) * len(stored)))  # the rest is a hole in a sparse file
    inputs.flush()
    np.save(tmp_path / "y.npy", np.arange(SAMPLES) % 10)
    assert path.stat().st_size > 4 * SPARE
    words = [sys.executable, "-c", TRAIN, str(path), str(tmp_path / "y.npy"), json.dumps(shape)]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    test = round(SAMPLES * 0.2)
    validation = round((SAMPLES - test) * 0.1)
    assert done.stdout.split() == [str(SAMPLES - test - validation), str(validation), str(test)]
