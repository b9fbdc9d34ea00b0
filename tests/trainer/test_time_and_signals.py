"""Runs end at a checkpoint when their time is up or a batch system warns them, and a script can loop over `-r`."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from base.errors import AlreadyDone
from base.stop import Terminated
from tests.running import Config, arrays, command, go_on, program, run, same_bits, write_config
from trainer.workers.threads import Threads

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


def summary(folder: Path) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return held


def test_a_run_whose_time_is_up_ends_well_and_goes_on_to_the_same_bits(config: Config) -> None:
    whole = run(config, "trainer.epochs=3", run_id="whole")
    timed = run(config, "trainer.epochs=3", "trainer.max_minutes=1e-9", run_id="timed")
    times = 1
    while not summary(timed.log)["finished"]:
        assert summary(timed.log)["state"] == "stopped"
        go_on(timed.models)  # which makes a step at least
        times += 1
    assert times == 24
    assert summary(timed.log)["state"] == "done"
    assert same_bits(arrays(whole.last), arrays(timed.last))


def test_the_program_ends_with_0_when_time_is_up_and_when_nothing_is_left(config: Config) -> None:
    write_config(config)
    limits = ("--epochs", "2000", "--set", "trainer.max_minutes=0.02", "--run-id", "r", "--set", "trainer.verbosity=1")
    done = program("train.py", "-c", "config.json", *limits)
    assert "stopped, as trainer.max_minutes are over; the newest checkpoint is" in done.stdout
    assert "continue  python train.py -r saved/models/tiny/r" in done.stdout
    assert summary(Path("saved/log/tiny/r"))["finished"] is False


def test_a_finished_run_says_so_with_exit_code_0(config: Config) -> None:
    folder = run(config)
    with pytest.raises(AlreadyDone, match="has done 2 of 2 epochs; to go on, ask for more with --epochs N"):
        go_on(folder.models)
    done = program("train.py", "-r", folder.models)
    assert "has done 2 of 2 epochs" in done.stdout
    stopped = run(config, "trainer.early_stop=1", "optimizer.args.lr=1e-12", "trainer.epochs=9", run_id="early")
    assert summary(stopped.log)["finished"] is True
    assert "stopped early" in program("train.py", "-r", stopped.models).stdout


@pytest.mark.parametrize("name", ["SIGUSR1", "SIGUSR2", "SIGXCPU", "SIGTERM"])
def test_a_signal_of_a_batch_system_saves_and_tells_how_to_go_on(config: Config, name: str) -> None:
    write_config(config | {"trainer": config["trainer"] | {"epochs": 100_000}})
    started = subprocess.Popen(
        command("train.py", "-c", "config.json", "--run-id", "r"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    last, until = Path("saved/models/tiny/r/last.npz"), time.monotonic() + 60
    while not last.is_file() and time.monotonic() < until:
        time.sleep(0.05)
    started.send_signal(getattr(signal, name))
    said = started.communicate(timeout=60)[0].decode()
    assert started.returncode == 128 + getattr(signal, name), said
    assert "continue  python train.py -r saved/models/tiny/r" in said
    assert f"stopped by {name}" in said
    assert "Traceback" not in said


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals of POSIX")
def test_signal_that_comes_when_ranks_have_agreed_waits_for_the_next_step(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the one that it came to would stop alone, and the others wait for it."""
    seen: list[tuple[int, ...]] = []

    def largest(_: Threads, *codes: int) -> tuple[int, ...]:
        seen.append(codes)
        if len(seen) == 1:
            os.kill(os.getpid(), signal.SIGUSR1)
        return codes

    monkeypatch.setattr(Threads, "largest", largest)
    with pytest.raises(Terminated):
        run(config)
    assert [codes[0] for codes in seen] == [0, signal.SIGUSR1]
