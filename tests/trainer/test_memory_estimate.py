"""What cannot fit in memory is refused by an estimate, before any memory is taken or a folder made."""

from pathlib import Path

import pytest

from base.errors import ConfigError
from tests.running import Config, program, run, tree, write_config
from utils.memory import available_memory

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

TOO_LARGE = {
    "parameters": ("arch.args.layer_sizes=[784, 10000000000, 10]", r"arch: 7,950,\S+ parameters .* smaller"),
    "more than 64 bits": ("arch.args.layer_sizes=[784, 9000000000000000000, 10]", r"arch: .* parameters"),
    "shards": ("trainer.shards=1000", "trainer.shards: expected at most 32, the samples of a batch, got 1000"),
}


@pytest.mark.parametrize(("change", "words"), TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_what_is_too_large_is_refused_by_name(config: Config, change: str, words: str) -> None:
    if available_memory() is None:
        pytest.skip("this system does not say how much memory it has")
    with pytest.raises(ConfigError, match=words):
        run(config, change)
    assert not Path("saved").exists()


def test_a_batchs_activations_count(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.checks.memory.available_memory", lambda: 2**19)
    with pytest.raises(ConfigError, match=r"outputs for a batch need about .* lower data_loader.args.batch_size"):
        run(config, "data_loader.args.batch_size=240", "arch.args.layer_sizes=[784, 1, 10]")
    monkeypatch.setattr("trainer.checks.memory.available_memory", lambda: None)
    run(config, "data_loader.args.batch_size=240", "arch.args.layer_sizes=[784, 1, 10]")


def test_a_batch_larger_than_the_data_is_that_of_all_and_says_so(config: Config) -> None:
    folder = run(config, "data_loader.args.batch_size=1000000000", "trainer.epochs=1")
    assert "1000000000 is more than the 240 samples; each step takes all" in (folder.log / "run.log").read_text()


def test_the_program_ends_with_2_and_writes_nothing(config: Config) -> None:
    write_config(config)
    before = tree(Path())
    program("train.py", "-c", "config.json", "--set", "arch.args.layer_sizes=[784, 10000000000, 10]", expect=2)
    assert tree(Path()) == before
