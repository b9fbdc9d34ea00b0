"""The arguments of the programs."""

import argparse
from collections.abc import Sequence

from utils.config.overrides import SHORT_FLAGS


def train_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of train.py; `overrides` holds all changes to the config, in the form KEY.PATH=VALUE."""
    parser = argparse.ArgumentParser(
        prog="train.py", description="Train the network that a config describes.", allow_abbrev=False
    )
    _add_sources(parser)
    _add_short_flags(parser)
    parser.add_argument("--run-id", metavar="ID", help="the name of a new run's folders (default: the time)")
    parser.add_argument(
        "--check", action="store_true", help="train nothing: check config and gradient, learn one batch"
    )
    return _with_overrides(parser.parse_args(argv))


def schedule_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of utils.plot_schedule; `overrides` holds all changes to the config."""
    parser = argparse.ArgumentParser(
        prog="python -m utils.plot_schedule",
        description="Draw the learning rate that a config plans, before anything is trained.",
        allow_abbrev=False,
    )
    _add_config(parser, required=True)
    _add_short_flags(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE", default="schedule.png", help="the picture (default: %(default)s)"
    )
    return _with_overrides(parser.parse_args(argv))


def sheet_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of utils.plot_augmentation; `overrides` holds all changes to the config."""
    parser = argparse.ArgumentParser(
        prog="python -m utils.plot_augmentation",
        description="Draw what a config's augmentation makes of some training images, beside the originals.",
        allow_abbrev=False,
    )
    _add_config(parser, required=True)
    _add_short_flags(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="the picture (default: NAME-augmentation.png)")
    return _with_overrides(parser.parse_args(argv))


def replay_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of utils.replay."""
    parser = argparse.ArgumentParser(
        prog="python -m utils.replay",
        description="Do the step after a checkpoint again and print how large its numbers are, layer by layer.",
        allow_abbrev=False,
    )
    parser.add_argument("checkpoint", metavar="CHECKPOINT", help='a checkpoint, the folder of a run, or "latest"')
    return parser.parse_args(argv)


def score_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of test.py; `overrides` holds all changes to the config."""
    parser = argparse.ArgumentParser(
        prog="test.py", description="Score a checkpoint on the test data.", allow_abbrev=False
    )
    _add_sources(parser)
    args = parser.parse_args(argv)
    args.overrides = args.set
    return args


def search_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of search.py; `overrides` holds all changes to the config, `worker` is for its own processes."""
    parser = argparse.ArgumentParser(
        prog="search.py", description="Look for good settings of a config.", allow_abbrev=False
    )
    _add_config(parser, required=True)
    parser.add_argument("-s", "--search", metavar="FILE", required=True, help="what to search, JSON or YAML")
    parser.add_argument(
        "--storage", metavar="URL", help="a database that several machines share, such as postgresql://user@host/name"
    )
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    args.overrides = args.set
    return args


def _add_sources(parser: argparse.ArgumentParser) -> None:
    _add_config(parser)
    parser.add_argument(
        "-r", "--resume", metavar="CHECKPOINT", help='a checkpoint, the folder of a run, or the word "latest"'
    )
    parser.add_argument("--tsne", action="store_true", help="draw how a layer separates the classes (slow)")


def _add_config(parser: argparse.ArgumentParser, required: bool = False) -> None:
    parser.add_argument("-c", "--config", metavar="FILE", required=required, help="the config, JSON or YAML")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY.PATH=VALUE", help="change any key of the config (repeatable)"
    )


def _add_short_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lr", metavar="F", help="learning rate: optimizer.args.lr")
    parser.add_argument("--bs", metavar="N", help="batch size: data_loader.args.batch_size")
    parser.add_argument("--epochs", metavar="N", help="how many epochs in all: trainer.epochs")
    parser.add_argument("--seed", metavar="N", help="the source of all randomness: seed")


def _with_overrides(args: argparse.Namespace) -> argparse.Namespace:
    given = {key: getattr(args, flag) for flag, key in SHORT_FLAGS.items()}
    args.overrides = args.set + [f"{key}={value}" for key, value in given.items() if value is not None]
    return args
