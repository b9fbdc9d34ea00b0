"""A run whose newest checkpoint is damaged: the message says so, and how to go on from the one before."""

import shutil
from pathlib import Path

import pytest

from base.errors import CheckpointError
from tests.running import Config, arrays, go_on, program, records, run, same_bits, tree
from trainer.checkpoints.resume import find_checkpoint, plan
from trainer.checkpoints.run_folder import RunFolder

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


@pytest.fixture
def folder(config: Config) -> RunFolder:
    """A run of three epochs, of which each has a checkpoint and the last one's last.npz is damaged."""
    folder = run(config, "trainer.epochs=3", "trainer.save_period=1")
    harm(folder.last)
    return folder


def harm(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("wanted", ["latest", "saved/models/tiny/run", "saved/models/tiny/run/last.npz"])
def test_the_newest_whole_one_is_offered_and_nothing_replaced(folder: RunFolder, wanted: str) -> None:
    harm(folder.numbered(3))
    harm(folder.best)
    before = tree(Path("saved"))
    words = r"last.npz: .* it is damaged: .*\n  the newest whole one .* epoch 2; to use it: python train.py -r .*2.npz$"
    with pytest.raises(CheckpointError, match=words):
        plan(None, wanted, ["trainer.epochs=4"])
    assert tree(Path("saved")) == before


def test_what_is_offered_continues_the_run_to_the_same_bits(folder: RunFolder, config: Config) -> None:
    harm(folder.numbered(3))
    harm(folder.best)
    go_on(folder.numbered(2))
    whole = run(config, "trainer.epochs=3", "trainer.save_period=1", run_id="whole")
    assert same_bits(arrays(folder.last), arrays(whole.last))
    assert [record["epoch"] for record in records(folder)] == [1, 2, 3]
    assert "last.npz is damaged; it is passed over" in (folder.log / "run.log").read_text()


def test_an_older_one_still_starts_a_new_run(folder: RunFolder) -> None:
    assert plan(None, str(folder.numbered(1)), []).folder is None
    assert plan(None, str(folder.numbered(3)), []).folder == folder


def test_a_run_of_which_nothing_is_whole_says_so(folder: RunFolder) -> None:
    for path in (folder.best, *map(folder.numbered, (1, 2, 3))):
        harm(path)
    with pytest.raises(CheckpointError, match="holds no other that is whole"):
        plan(None, "latest", [])


def test_scoring_offers_it_too(folder: RunFolder) -> None:
    done = program("test.py", "-c", "config.json", "-r", folder.last, expect=2)
    assert "to use it: python test.py -c config.json -r saved/models/tiny/run/epoch-0003.npz" in done.stderr


def test_a_run_stopped_before_its_first_last_npz_is_continued_from_best(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    folder.last.unlink()
    assert find_checkpoint("latest", None) == folder.best
    go_on("latest", "trainer.epochs=2")
    assert folder.last.is_file()


def test_latest_without_a_config_says_that_only_the_default_folder_was_looked_in(config: Config) -> None:
    shutil.rmtree("saved", ignore_errors=True)
    with pytest.raises(CheckpointError, match=r"in saved/models/\*; for a run that is elsewhere give its folder"):
        find_checkpoint("latest", None)
