"""The arguments of the programs."""

from argparse import Namespace
from collections.abc import Callable

import pytest

from utils.command_line import predict_arguments, schedule_arguments, score_arguments, sheet_arguments, train_arguments


def test_short_names_are_changes_to_the_config_that_come_after_set() -> None:
    shorts = ["--lr", "0.5", "--bs=8", "--epochs", "3", "--seed", "1"]
    args = train_arguments([*shorts, "--set", "name=x", "--set", "a.b=[1]"])
    assert args.overrides == [
        "name=x",
        "a.b=[1]",
        "optimizer.args.lr=0.5",
        "data_loader.args.batch_size=8",
        "trainer.epochs=3",
        "seed=1",
    ]


def test_nothing_is_changed_unless_asked() -> None:
    args = train_arguments([])
    assert (args.config, args.resume, args.run_id, args.overrides) == (None, None, None, [])
    assert not args.tsne
    assert not args.check


@pytest.mark.parametrize(("parse", "checkpoint"), [(train_arguments, "latest"), (score_arguments, ["latest"])])
def test_config_and_checkpoint_have_short_and_long_names(
    parse: Callable[[list[str]], Namespace], checkpoint: str | list[str]
) -> None:
    short, long = parse(["-c", "a.json", "-r", "latest"]), parse(["--config", "a.json", "--resume", "latest"])
    assert (short.config, short.resume) == (long.config, long.resume) == ("a.json", checkpoint)


def test_a_schedule_is_that_of_a_config_with_the_changes_that_training_takes() -> None:
    args = schedule_arguments(["-c", "a.json", "--set", "name=x", "--epochs", "3"])
    assert (args.config, args.output, args.overrides) == ("a.json", None, ["name=x", "trainer.epochs=3"])
    assert schedule_arguments(["--config=a.json", "--output=b.png"]).output == "b.png"


def test_a_schedule_needs_a_config(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        schedule_arguments([])
    assert "the following arguments are required: -c/--config" in capsys.readouterr().err


def test_a_sheet_is_that_of_a_config_and_named_after_it_unless_told() -> None:
    args = sheet_arguments(["-c", "a.json", "--set", "name=x", "--seed", "3"])
    assert (args.config, args.output, args.overrides) == ("a.json", None, ["name=x", "seed=3"])
    assert sheet_arguments(["--config=a.json", "--output=b.png"]).output == "b.png"


@pytest.mark.parametrize("argv", [["--ep", "3"], ["--unknown"], ["config.json"], ["--set"]])
def test_what_is_unknown_or_abbreviated_ends_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        train_arguments(argv)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_short_flags_may_be_joined_and_values_may_be_negative() -> None:
    args = train_arguments(["-qc", "a.json", "--lr", "-1", "-rb.npz", "--set=seed=3", "--bs=4"])
    assert (args.config, args.resume, args.verbosity, args.lr, args.bs) == ("a.json", "b.npz", 0, "-1", "4")
    assert args.set == ["seed=3"]


def test_inputs_may_stand_between_flags() -> None:
    args = predict_arguments(["a.png", "-r", "b.npz", "c.png", "-o", "out.csv", "-"])
    assert (args.inputs, args.resume, args.output) == (["a.png", "c.png", "-"], ["b.npz"], "out.csv")


def test_behind_two_dashes_stand_no_flags() -> None:
    assert predict_arguments(["-r", "x.npz", "a.png", "--", "-o", "-"]).inputs == ["a.png", "./-o", "-"]


def test_quiet_and_verbose_are_levels_of_verbosity() -> None:
    assert [train_arguments([flag]).overrides for flag in ("-q", "--quiet")] == [["trainer.verbosity=0"]] * 2
    assert [train_arguments([flag]).overrides for flag in ("-v", "--verbose")] == [["trainer.verbosity=2"]] * 2
    assert [score_arguments(flags).verbosity for flags in (["-q"], [], ["-v"])] == [0, 1, 2]
    with pytest.raises(SystemExit):
        train_arguments(["-q", "-v"])
