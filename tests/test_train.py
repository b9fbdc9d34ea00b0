"""train.py as a user runs it."""

import fcntl
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.running import PROJECT, Config, arrays, command, meta, program, records, run, same_bits, tree, write_config
from trainer.checkpoints.checkpoint import load_checkpoint
from trainer.checkpoints.run_folder import RunFolder

pytestmark = pytest.mark.usefixtures("here")

RUN = RunFolder(Path("saved"), "tiny", "run")
CURVES = ("--set", 'trainer.pictures=["curves"]')


def test_a_run_ends_with_0_and_says_where_its_files_are(config: Config) -> None:
    write_config(config)
    done = program("train.py", "-c", "config.json", "--run-id", "run", "--set", "trainer.verbosity=1", *CURVES)
    assert done.stderr == ""
    assert "epoch 2/2" in done.stdout
    assert f"digest   last {load_checkpoint(RUN.last).digest}, best {load_checkpoint(RUN.best).digest}\n" in done.stdout
    assert "test it  python test.py -r saved/models/tiny/run/best.npz\n" in done.stdout
    assert "predict  python predict.py -r saved/models/tiny/run/best.npz INPUT\n" in done.stdout
    assert (RUN.log / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_a_quiet_run_prints_nothing_and_keeps_its_log(config: Config) -> None:
    write_config(config)
    done = program("train.py", "-c", "config.json", "--run-id", "run", "-q")
    assert (done.stdout, done.stderr) == ("", "")
    assert "epoch 2/2" in (RUN.log / "run.log").read_text()
    scored = program("test.py", "-r", RUN.best, "-q").stdout
    assert re.fullmatch(r"loss [\d.]+, accuracy [\d.]+ \(95 % interval [\d.]+ to [\d.]+\), 60 samples\n", scored)
    assert (RUN.log / "test.json").is_file()


def test_a_verbose_run_tells_arguments_times_and_checkpoints_plainly_and_in_80_columns(config: Config) -> None:
    config["arch"] = {"type": "ResNet", "args": {"classes": 10, "channels": [2], "blocks": 2}}
    config["trainer"]["epochs"] = 1
    write_config(config)
    done = program("train.py", "-c", "config.json", "--run-id", "run", "-v", "--set", "trainer.tensorboard=true")
    scored = program("test.py", "-r", RUN.best, "-v").stdout
    assert "optimizer: SGD: lr 0.1, momentum 0.9, dampening 0.0, nesterov false" in done.stdout
    assert "optimizer: SGD: lr 0.1" in scored
    assert re.search(r"^wrote last\.npz: \d\.\d\d MiB in \d+\.\d\d s$", done.stdout, re.MULTILINE)
    parts = "training {0}, validation {0}, files {0}, callbacks {0}".format(r"\d+\.\d\d s")
    assert re.search(f"^epoch 1 took: {parts}$", done.stdout, re.MULTILINE)
    paths = (str(config["data_loader"]["args"]["data_dir"]), "saved/")
    wide = [line for line in (done.stdout + scored).splitlines() if len(line) > 80]
    assert not [line for line in wide if not any(path in line for path in paths)]
    told = done.stdout + done.stderr + scored + (RUN.log / "run.log").read_text()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", told)


def test_short_flags_change_the_config(config: Config) -> None:
    write_config(config)
    flags = ("--lr", "0.01", "--bs", "60", "--epochs", "1", "--seed", "8", "--set", "name=other", "--run-id", "run")
    program("train.py", "-c", "config.json", *flags)
    resolved = json.loads(Path("saved/models/other/run/config.json").read_text())
    assert resolved["optimizer"]["args"]["lr"] == 0.01
    assert resolved["data_loader"]["args"]["batch_size"] == 60
    assert (resolved["trainer"]["epochs"], resolved["seed"]) == (1, 8)


def test_another_process_continues_a_run_to_the_same_bits(config: Config, no_pictures: None) -> None:
    whole = run(config, "trainer.epochs=4", run_id="whole")
    run(config, run_id="run")
    program("train.py", "-r", "latest", "--epochs", "4")
    assert same_bits(arrays(whole.last), arrays(RUN.last))
    assert len(records(RUN)) == 4


@pytest.mark.slow
def test_maps_are_drawn_when_asked_for(config: Config) -> None:
    write_config(config)
    program("train.py", "-c", "config.json", "--run-id", "run", "--tsne", "--set", "trainer.tsne.samples=40")
    assert {path.name for path in RUN.log.glob("tsne*.png")} == {
        "tsne-epoch-0000.png", "tsne-epoch-0002.png", "tsne.png",
    }  # fmt: skip


WRONG: dict[str, tuple[list[str], str]] = {
    "no arguments": ([], "error: give a config with -c or a checkpoint with -r"),
    "unknown flag": (["--epoch", "3"], "train.py has no --epoch; did you mean --epochs?"),
    "no such config": (["-c", "confg.json"], "confg.json: there is no such file; did you mean 'config.json'?"),
    "bad JSON": (["-c", "bad.json"], "bad.json: line 3 column 3: expected a comma, found "),
    "unknown key": (["-c", "config.json", "--set", "trainer.epoch=3"], "trainer.epoch: unknown key 'epoch'; did you"),
    "missing data": (["-c", "config.json", "--set", "data_loader.args.data_dir=no"], "there is no folder no"),
    "no run yet": (["-r", "latest"], "error: latest: no run has a checkpoint in saved/models"),
    "no checkpoint": (["-r", "last.npz"], "error: last.npz: there is no such checkpoint"),
    "bad checkpoint": (["-r", "bad.json"], "error: bad.json: is not a checkpoint that can be read"),
}


@pytest.mark.parametrize(("arguments", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_the_user_must_change_ends_with_2_and_one_message(
    config: Config, arguments: list[str], words: str
) -> None:
    write_config(config)
    Path("bad.json").write_text('{\n  "name": "x"\n  "seed": 1\n}')
    done = program("train.py", *arguments, expect=2)
    assert words in done.stderr
    assert done.stdout == ""
    assert tree(Path()).keys() == {"config.json", "bad.json"}


def test_a_mistake_in_json_is_found_by_line_and_column() -> None:
    Path("bad.json").write_text('{\n  "name": "x"\n  "seed": 1\n}')
    assert "line 3 column 3" in program("train.py", "-c", "bad.json", expect=2).stderr


def test_changing_the_rate_of_a_run_is_refused_with_advice(config: Config, no_pictures: None) -> None:
    folder = run(config)
    done = program("train.py", "-r", folder.models, "--lr", "0.5", expect=2)
    assert done.stderr.startswith("error: optimizer.args.lr: -r alone continues a run exactly")
    assert f"python train.py -c CONFIG -r {folder.last}" in done.stderr


def test_a_loss_that_is_not_finite_ends_with_3(config: Config) -> None:
    write_config(config)
    done = program("train.py", "-c", "config.json", "--lr", "1e30", expect=3)
    assert "error: the loss became " in done.stderr
    assert "Try --lr 0.1 (at which the loss fell from " in done.stderr


def test_a_save_dir_that_cannot_be_made_ends_with_4(config: Config) -> None:
    write_config(config)
    done = program("train.py", "-c", "config.json", "--set", "trainer.save_dir=config.json/saved", expect=4)
    assert done.stderr.startswith("error: cannot write config.json/saved/models/tiny: Not a directory; ")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the size of files that stops even root")
def test_a_disk_that_is_full_ends_with_4_and_leaves_no_half_file(config: Config) -> None:
    write_config(config)
    limit = 60_000  # below a checkpoint's size, above that of the other files
    done = subprocess.run(
        command("train.py", "-c", "config.json", "--run-id", "run", "--set", "trainer.report=false"),
        capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith(f"error: cannot write {RUN.best}: File too large; ")
    assert "Traceback" not in done.stderr
    assert {path.name for path in RUN.models.iterdir()} == {"config.json"}


STOPPING = "\nstopping after this step; again to stop at once, without a checkpoint of this step\n"
STOPPED = {130: "stopped by Ctrl-C\n", 143: "stopped by SIGTERM\n"}


@pytest.mark.parametrize(
    ("number", "code", "verbosity"),
    [(signal.SIGINT, 130, 1), (signal.SIGTERM, 143, 1), (signal.SIGINT, 130, 0)],
    ids=["Ctrl-C", "SIGTERM", "Ctrl-C where only warnings are shown"],
)
def test_a_signal_ends_training_with_a_checkpoint_to_go_on_from(
    config: Config, number: signal.Signals, code: int, verbosity: int
) -> None:
    write_config(config)
    changes = ("--set", f"trainer.verbosity={verbosity}", "--set", "trainer.threads=2")
    endless = ("--epochs", "100000", *changes, "--run-id", "run")
    process = subprocess.Popen(
        command("train.py", "-c", "config.json", *endless),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        _wait_for(RUN.last)
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, err) == (code, STOPPING + STOPPED[code])
    assert f"warning: stopped; the newest checkpoint is {RUN.last}\n" in out
    assert f"continue  python train.py -r {RUN.models}\n" in out
    done = meta(RUN.last)["epoch"]
    program("train.py", "-r", RUN.models, "--epochs", str(done + 1))
    assert [record["epoch"] for record in records(RUN)] == [*range(1, done + 2)]


def test_a_second_signal_ends_at_once_and_nothing_saved_is_lost(config: Config) -> None:
    write_config(config)
    slow = ("--epochs", "100000", "--set", "trainer.threads=2", "--run-id", "run")
    process = subprocess.Popen(command("train.py", "-c", "config.json", *slow), stderr=subprocess.PIPE, text=True)
    try:
        _wait_for(RUN.last)
        for _ in range(2):
            os.kill(process.pid, signal.SIGINT)
        err = process.communicate(timeout=30)[1]
    finally:
        process.kill()
    assert (process.returncode, err) == (130, STOPPING + STOPPED[130])
    done = meta(RUN.last)["epoch"]
    program("train.py", "-r", RUN.models, "--epochs", str(done + 1))


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs terminals as Unix has them")
@pytest.mark.parametrize("nohup", [False, True])
def test_a_closed_terminal_stops_with_a_checkpoint_unless_it_is_told_not_to(config: Config, nohup: bool) -> None:
    write_config(config)
    leader, follower = os.openpty()
    epochs = 300 if nohup else 100_000
    options = ("--epochs", str(epochs), "--run-id", "run", "--set", "trainer.verbosity=1")
    process = subprocess.Popen(
        command("train.py", "-c", "config.json", *options),
        stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
        preexec_fn=lambda: _control_terminal(nohup),
    )  # fmt: skip
    os.close(follower)
    try:
        _wait_for(RUN.last)
        os.close(leader)
        process.wait(30)
    finally:
        process.kill()
    assert process.returncode == (0 if nohup else 129)
    assert (meta(RUN.last)["epoch"] == epochs) == nohup


def _control_terminal(nohup: bool) -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    if nohup:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


@pytest.mark.skipif(not hasattr(signal, "SIGCHLD"), reason="needs child processes as Unix has them")
def test_a_launcher_that_ignores_the_end_of_children_does_no_harm(config: Config) -> None:
    write_config(config)
    done = subprocess.run(
        command("train.py", "-c", "config.json", "--set", "trainer.threads=2"),
        capture_output=True, text=True, timeout=60, preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_that_is_deleted_while_it_runs_ends_with_4(config: Config) -> None:
    write_config(config)
    arguments = ("-c", "config.json", "--epochs", "100000", "--run-id", "run")
    with subprocess.Popen(command("train.py", *arguments), stderr=subprocess.PIPE, text=True) as process:
        _wait_for(RUN.last)
        while RUN.save_dir.exists() and process.poll() is None:
            shutil.rmtree(RUN.save_dir, ignore_errors=True)
        assert process.stderr
        err = process.stderr.read()
    assert process.returncode == 4, err
    assert re.fullmatch(r"error: cannot write saved/.*: No such file or directory; .*\n", err)


def test_a_pipe_that_closes_is_no_reason_to_stop(config: Config) -> None:
    write_config(config)
    arguments = ("-c", "config.json", "--run-id", "run", "--set", "trainer.verbosity=1", "--epochs", "30")
    with subprocess.Popen(
        command("train.py", *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith("tiny, run run")
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
    assert meta(RUN.last)["epoch"] == 30


def _wait_for(path: Path) -> None:
    deadline = time.perf_counter() + 30
    while not path.exists():
        assert time.perf_counter() < deadline, f"no {path} after 30 s"
        time.sleep(0.01)


@pytest.mark.parametrize("name", ["train.py", "test.py"])
def test_help_waits_for_no_library(name: str) -> None:
    arguments = [sys.executable, "-X", "importtime", str(PROJECT / name), "--help"]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "argparse" in imported
    assert not imported & {"numpy", "matplotlib", "sklearn", "tqdm"}
    assert "CHECKPOINT" in done.stdout


@pytest.mark.parametrize(("rate", "is_told"), [(0.1, False), (30.0, True)])
def test_a_loss_that_rose_is_told_with_a_command_that_proposes_a_rate(
    config: Config, caplog: pytest.LogCaptureFixture, rate: float, is_told: bool
) -> None:
    config["optimizer"] = {"type": "Adam", "args": {"lr": rate}}
    with caplog.at_level("WARNING"):
        folder = run(config)
    told = f"python train.py -c {folder.models / 'config.json'} --find-lr"
    found = [message for message in caplog.messages if "the loss rose" in message]
    assert (len(found), all(told in message for message in found)) == (is_told, True)
