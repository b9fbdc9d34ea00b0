"""Whatever ends one rank ends all, with one message, and costs nothing that was saved."""

import gzip
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.mpi.launch import RANK, start, train
from tests.mpi.trainings import config_of, write_data
from tests.running import PROJECT, arrays, program, records, same_bits
from trainer.checkpoints.checkpoint import load_checkpoint
from trainer.checkpoints.run_folder import RunFolder

pytestmark = [pytest.mark.mpi, pytest.mark.usefixtures("here")]

ENDLESS = ("--epochs", "100000")
RUN = RunFolder(Path("saved"), "mlp", "run")
SECONDS = 10.0  # in which all ranks end


@pytest.fixture(autouse=True)
def _files(here: Path) -> None:
    write_data(here)
    config = config_of("mlp", here, shards=4)
    config["trainer"] |= {"save_dir": "saved", "checkpoint_every_steps": 1}
    Path("mlp.json").write_text(json.dumps(config))


def begun(ranks: int, *words: str, **options: Any) -> subprocess.Popen[str]:
    """A run of many epochs, in training."""
    process: subprocess.Popen[str] = start(
        ranks, PROJECT / "train.py", "-c", "mlp.json", "--run-id", "run", *ENDLESS, *words, **options
    )
    _wait_for(RUN.last.is_file, process)
    return process


def processes(launched: subprocess.Popen[str]) -> dict[int, int]:
    """The process of each rank below a launcher, by rank."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            variables = dict(part.split("=", 1) for part in (folder / "environ").read_text().split("\0") if "=" in part)
            here = os.getcwd() == os.readlink(folder / "cwd") and "train.py" in (folder / "cmdline").read_text()
        except (OSError, ValueError):
            continue
        if here and RANK in variables and int(folder.name) != launched.pid:
            found[int(variables[RANK])] = int(folder.name)
    return found


def ended(process: subprocess.Popen[str], *others: int) -> str:
    """What the ranks print until their end, after which none is left."""
    began = time.monotonic()
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - began < SECONDS
    _wait_for(lambda: not any(_runs(pid) for pid in others), None)
    return out + err


def _maps(pid: int) -> str:
    return Path(f"/proc/{pid}/maps").read_text()


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait_for(condition: Any, process: subprocess.Popen[str] | None) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def _written() -> int:
    """When the newest checkpoint was written."""
    return RUN.last.stat().st_mtime_ns if RUN.last.is_file() else 0


def test_kills_at_random_steps_change_no_bit() -> None:
    chance, epochs = random.Random(7), ("--epochs", "100")
    program("train.py", "-c", "mlp.json", "--run-id", "alone", *epochs)
    process = start(2, PROJECT / "train.py", "-c", "mlp.json", "--run-id", "run", *epochs)
    for ranks, victim in ((4, 1), (3, 0), (2, 1)):
        _wait_for(lambda before=_written(): _written() != before, None)
        time.sleep(chance.uniform(0, 0.5))
        found = processes(process)
        if victim in found:
            os.kill(found[victim], signal.SIGKILL)
        ended(process, *found.values())
        load_checkpoint(RUN.last)
        process = start(ranks, PROJECT / "train.py", "-r", RUN.models)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err
    alone = RunFolder(Path("saved"), "mlp", "alone")
    assert same_bits(arrays(alone.last), arrays(RUN.last))
    assert same_bits(arrays(alone.best), arrays(RUN.best))
    assert [record | {"seconds": 0} for record in records(alone)] == [
        record | {"seconds": 0} for record in records(RUN)
    ]
    assert (alone.log / "steps.csv").read_bytes() == (RUN.log / "steps.csv").read_bytes()


@pytest.mark.parametrize(
    ("to", "number", "code"),
    [("launcher", signal.SIGINT, 130), ("launcher", signal.SIGTERM, 143), ("rank", signal.SIGUSR1, None)],
)
def test_signals_stop_all_after_a_step(to: str, number: signal.Signals, code: int | None) -> None:
    process = begun(3)
    found = processes(process)
    assert set(found) == {0, 1, 2}
    os.kill(process.pid if to == "launcher" else found[2], number)
    told = ended(process, *found.values())
    assert told.count("stopped; the newest checkpoint is") == 1
    assert told.count(f"stopped by {'Ctrl-C' if number == signal.SIGINT else number.name}") == 1
    assert "Traceback" not in told
    assert process.returncode == (128 + number if code is None else code)
    load_checkpoint(RUN.last)


def test_killed_launcher_leaves_no_rank_and_no_file() -> None:
    """The inputs, which the ranks of a machine share, are in a file that has no name any more."""
    process = begun(2)
    found = processes(process)
    mapped = [re.findall(r"^\S+ r--\S (.*?) +(\S+\.npy) \(deleted\)$", _maps(pid), re.M) for pid in found.values()]
    assert len(mapped[0]) == 1
    assert mapped[0] == mapped[1]
    assert not Path(mapped[0][0][1]).exists()
    process.kill()
    process.communicate()
    _wait_for(lambda: not any(_runs(pid) for pid in found.values()), None)
    load_checkpoint(RUN.last)


def test_full_disk_ends_all_with_one_message() -> None:
    process = start(
        2, "-c", "import resource, runpy, sys\n"
        f"sys.path.insert(0, {str(PROJECT)!r})\n"
        "from utils.ranks.current import join\n"
        "join()\n"  # MPI's own files are as large as it likes
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "sys.argv = ['train.py', '-c', 'mlp.json', '--run-id', 'run']\n"
        f"runpy.run_path({str(PROJECT / 'train.py')!r}, run_name='__main__')",
    )  # fmt: skip
    told = ended(process)
    assert process.returncode == 4, told
    assert len(re.findall("^error: .*cannot write", told, re.MULTILINE)) == 1
    assert "rank 1" not in told
    assert not list(RUN.models.glob("*.tmp"))


def test_run_stops_when_its_time_is_over_and_is_done_when_it_is_done() -> None:
    out, err = train(2, "-c", "mlp.json", "--run-id", "run", *ENDLESS, "--set", "trainer.max_minutes=0.05")
    assert out.count("stopped, as trainer.max_minutes are over") == 1
    epochs = len(records(RUN)) + 2
    longer = ("--epochs", str(epochs), "--set", "trainer.max_minutes=10")
    train(3, "-r", RUN.models, *longer)
    out, err = train(2, "-r", RUN.models, *longer)
    assert out.count(f"has done {epochs} of {epochs} epochs") == 1
    assert not err


def test_numbers_that_are_not_finite_end_all_as_one_process_ends(here: Path) -> None:
    config = config_of("undone", here)
    config["trainer"] |= {"save_dir": "saved", "on_nonfinite": "stop"}
    Path("undone.json").write_text(json.dumps(config))
    alone = program("train.py", "-c", "undone.json", "--run-id", "run", expect=3)
    kept = Path("saved/models/undone/run/nonfinite.npz")
    expected = arrays(kept)
    shutil.rmtree("saved")
    _, err = train(3, "-c", "undone.json", "--run-id", "run", expect=3)
    assert err == alone.stderr
    assert same_bits(expected, arrays(kept))


def test_too_many_ranks_are_refused_with_the_number_to_set() -> None:
    _, err = train(5, "-c", "mlp.json", expect=2)
    assert err.count("error:") == 1
    assert "5 ranks, but trainer.shards is 4" in err
    assert "mpiexec -n 4" in err
    assert not Path("saved").exists()


def test_ranks_of_other_data_are_refused(here: Path) -> None:
    """The second rank has a folder of its own, as a machine has, with other data at the same path."""
    other = here / "other"
    shutil.copytree(here / "fake", other / "fake")
    config = json.loads(Path("mlp.json").read_text())
    config["data_loader"]["args"]["data_dir"] = "fake"
    for folder in (here, other):
        (folder / "mlp.json").write_text(json.dumps(config))
    labels = other / "fake" / "train-labels-idx1-ubyte.gz"
    content = bytearray(gzip.decompress(labels.read_bytes()))
    content[-1] = (content[-1] + 1) % 10
    labels.write_bytes(gzip.compress(bytes(content)))
    assert "rank 1 on" in (told := in_two_folders(other)), told
    assert "has other data than rank 0" in told


def test_ranks_of_other_configs_are_refused(here: Path) -> None:
    other = here / "other"
    other.mkdir()
    config = json.loads(Path("mlp.json").read_text())
    (other / "mlp.json").write_text(json.dumps(config | {"seed": 6}))
    assert "has other content of the config than rank 0" in in_two_folders(other)


def test_ranks_of_other_versions_are_refused(here: Path) -> None:
    other = here / "other"
    other.mkdir()
    shutil.copy("mlp.json", other)
    folder = other / "numpy-9.9.9.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 9.9.9\n")
    assert "has other versions than rank 0" in (told := in_two_folders(other, path=other)), told


def in_two_folders(other: Path, path: Path | None = None) -> str:
    """What two ranks print, the second of which runs in another folder; they are refused, with one message."""
    process = start(
        2, "-c", "import os, runpy, sys\n"
        f"sys.path[:0] = [{str(PROJECT)!r}]\n"
        f"if int(os.environ[{RANK!r}]):\n"
        f"    os.chdir({str(other)!r})\n"
        f"    sys.path[:0] = [{str(path)!r}] if {path is not None} else []\n"
        "sys.argv = ['train.py', '-c', 'mlp.json']\n"
        f"runpy.run_path({str(PROJECT / 'train.py')!r}, run_name='__main__')",
    )  # fmt: skip
    told = ended(process)
    assert process.returncode == 2, told
    assert told.count("error:") == 1, told
    assert not Path("saved").exists()
    return told


def test_rank_that_fails_within_a_step_is_told_of_once(here: Path) -> None:
    """A rank that runs out of memory, say: the others end, and the newest checkpoint is named."""
    Path("breaks.py").write_text(
        "import os\n"
        "from model.losses.cross_entropy import CrossEntropyLoss\n"
        "class BreakingLoss(CrossEntropyLoss):\n"
        "    def forward(self, *given):\n"
        f"        if os.path.exists('break') and os.environ[{RANK!r}] == '1':\n"
        "            raise MemoryError('of the test')\n"
        "        return super().forward(*given)\n"
    )
    config = json.loads(Path("mlp.json").read_text()) | {"loss": "BreakingLoss", "imports": ["breaks"]}
    Path("mlp.json").write_text(json.dumps(config))
    process = begun(3)
    Path("break").touch()
    told = ended(process)
    assert process.returncode == 2, told
    assert len(re.findall("^error: rank 1 on .*out of memory: .*of the test", told, re.MULTILINE)) == 1, told
    assert "continue  python train.py -r saved/models/mlp/run" in told
    load_checkpoint(RUN.last)
