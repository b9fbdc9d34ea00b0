"""The arguments of the programs."""

import argparse
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from utils.argument_parser import ArgumentParser, RawHelpFormatter
from utils.config.overrides import SHORT_FLAGS
from utils.paths import expanded


def train_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of train.py; `overrides` holds all changes to the config, in the form KEY.PATH=VALUE."""
    parser = ArgumentParser(
        prog="train.py", example="-c config.json --epochs 3", description="Train the network that a config describes."
    )
    _add_sources(parser)
    _add_short_flags(parser)
    parser.add_argument(
        "--init",
        metavar="CHECKPOINT",
        type=_path,
        help="begin a new run at epoch 1 with the weights of a checkpoint that fit by name and shape",
    )
    parser.add_argument("--run-id", metavar="ID", help="the name of a new run's folders (default: the time)")
    parser.add_argument(
        "--check", action="store_true", help="train nothing: check config and gradient, learn one batch"
    )
    parser.add_argument(
        "--find-lr",
        metavar="FILE",
        type=_ends_in(".png"),
        nargs="?",
        const=True,
        help="train for a moment with a growing learning rate, draw the loss and propose a rate; nothing is kept but "
        "the picture (default: NAME-find-lr.png)",
    )
    args = _with_overrides(parser.parse(argv))
    _check_find_lr(parser, args)
    if args.verbosity is not None:
        args.overrides.append(f"trainer.verbosity={args.verbosity}")
    return args


def project_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of new_project.py."""
    parser = ArgumentParser(
        prog="new_project.py",
        example="../my_project",
        description="Make a folder to begin a project of one's own with: configs, components, tests.",
    )
    parser.add_argument("path", metavar="NAME", type=_path, help="the folder to make, such as ../my_project")
    args = parser.parse(argv)
    args.path = Path(args.path)
    return args


def _check_find_lr(parser: ArgumentParser, args: argparse.Namespace) -> None:
    """End the program where --find-lr stands beside a flag that it leaves without effect."""
    if args.find_lr is None:
        return
    reasons = {
        "-r": (
            args.resume,
            "it looks for the rate of a new run; give -c CONFIG, with --init for weights to begin with",
        ),
        "--lr": (args.lr, "it looks for the rate that --lr is to have"),
        "--check": (args.check, "give one of them"),
        "--tsne": (args.tsne, "it makes no run"),
        "--run-id": (args.run_id, "it makes no run"),
    }
    for flag, (given, reason) in reasons.items():
        if given:
            parser.error(f"--find-lr and {flag} do not go together: {reason}")


def schedule_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of tools.plot_schedule; `overrides` holds all changes to the config."""
    description = "Draw the learning rate that a config plans, before anything is trained."
    return _drawing_arguments(argv, "plot_schedule", description, "schedule.png")


def sheet_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of tools.plot_augmentation; `overrides` holds all changes to the config."""
    description = "Draw what a config's augmentation makes of some training images, beside the originals."
    return _drawing_arguments(argv, "plot_augmentation", description, "augmentation.png")


def _drawing_arguments(argv: Sequence[str] | None, tool: str, description: str, picture: str) -> argparse.Namespace:
    parser = ArgumentParser(prog=f"python -m tools.{tool}", example="-c config.json", description=description)
    _add_config(parser, required=True)
    _add_short_flags(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=_path, help=f"the picture (default: saved/log/NAME/{picture})"
    )
    return _with_overrides(parser.parse(argv))


def watch_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of watch.py."""
    parser = ArgumentParser(
        prog="watch.py",
        example="saved/",
        description="List all runs and searches in a folder, live, on a page that this machine alone can open.",
    )
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        type=_path,
        default="saved",
        help="such as saved/, which it is by default",
    )
    _add_page_server(parser)
    args = parser.parse(argv)
    args.folder = Path(args.folder)
    return args


def report_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of tools.report."""
    parser = ArgumentParser(
        prog="python -m tools.report", example="latest", description="Make the page of a run again from its files."
    )
    parser.add_argument(
        "run", metavar="RUN", type=_path, help='a folder of a run, of models or logs, a file in it, or "latest"'
    )
    return parser.parse(argv)


def schema_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of tools.schema."""
    parser = ArgumentParser(
        prog="python -m tools.schema",
        example="--imports my_layers -o mine.schema.json",
        description="Write the JSON Schema of configs and of searches, for editors.",
    )
    parser.add_argument(
        "--imports", metavar="MODULE", nargs="+", default=[], help="also describe the components of modules of your own"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=_path, help="where the schema of configs that import them is written"
    )
    args = parser.parse(argv)
    if bool(args.imports) != bool(args.output):
        parser.error("--imports and -o FILE belong together")
    return args


def replay_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of tools.replay."""
    parser = ArgumentParser(
        prog="python -m tools.replay",
        example="latest",
        description="Do the step after a checkpoint again and print how large its numbers are, layer by layer.",
    )
    parser.add_argument(
        "checkpoint", metavar="CHECKPOINT", type=_path, help='a checkpoint, the folder of a run, or "latest"'
    )
    return parser.parse(argv)


def experiments_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of experiments; `overrides` holds all changes to the configs."""
    parser = ArgumentParser(
        prog="python -m experiments",
        example="A",
        description="Run published experiments again, as far as they are not done, and write a page about them.",
    )
    parser.add_argument("reports", metavar="REPORT", nargs="*", help="such as A (default: all)")
    parser.add_argument(
        "--seeds", metavar="N", type=int, default=1, help="how many seeds for each run (default: %(default)s)"
    )
    parser.add_argument(
        "-o", "--output", metavar="FOLDER", type=_path, default="saved/experiments",
        help="where experiments.md is written, and its pictures (default: %(default)s)",
    )  # fmt: skip
    _add_overrides(parser)
    args = parser.parse(argv)
    if args.seeds < 1:
        parser.error(f"argument --seeds: expected at least 1, got {args.seeds}")
    args.overrides, args.output = args.set, Path(args.output)
    return args


def score_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of test.py; `overrides` holds all changes to the config."""
    parser = ArgumentParser(
        prog="test.py",
        example="-r latest",
        description="Score a checkpoint on the test data; or several, each alone and all together.",
    )
    _add_sources(parser, several=True)
    args = parser.parse(argv)
    args.overrides = args.set
    args.verbosity = 1 if args.verbosity is None else args.verbosity
    return args


def predict_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of predict.py."""
    parser = ArgumentParser(
        prog="predict.py",
        example="-r latest images/",
        description="Predict samples without labels by a trained network.",
    )
    parser.add_argument(
        "inputs",
        metavar="INPUT",
        type=_path,
        nargs="+",
        help="an image, a folder of images, a CSV, .npy, .npz or IDX file; or - to read paths from standard input, "
        "one a line",
    )
    _add_checkpoint(parser, several=True, required=True)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=_path,
        help="the CSV to write (default: few predictions are printed, more than 100 are written to a new file "
        "predictions.csv)",
    )
    _add_verbosity(parser)
    args = parser.parse(argv)
    args.verbosity = 1 if args.verbosity is None else args.verbosity
    return args


def export_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of export.py."""
    parser = ArgumentParser(
        prog="export.py", example="-r latest -o model.onnx", description="Write a checkpoint's network as an ONNX file."
    )
    _add_checkpoint(parser, required=True)
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=_ends_in(".onnx"), default="model.onnx",
        help="the file to write (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--dtype", choices=("float32", "float64"), help="what the network computes in (default: as it was trained)"
    )
    parser.add_argument(
        "--input-shape", metavar="N", nargs="+", type=_count,
        help="the shape of a sample, such as 28 28 1, for checkpoints that do not know it",
    )  # fmt: skip
    return parser.parse(argv)


def draw_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of draw.py."""
    parser = ArgumentParser(
        prog="draw.py",
        example="-r draw.npz",
        description="Open a page to draw on, or to enter numbers, and watch a trained network answer.",
    )
    _add_checkpoint(parser, required=True)
    _add_page_server(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=_ends_in(".html", ".htm"),
        help="write the page with its network into one file instead, which needs no program; without gradients and "
        "test samples",
    )
    args = parser.parse(argv)
    if args.output is not None and (args.port or not args.browser):
        parser.error("-o writes a file and serves nothing: leave --port and --no-browser out")
    return args


def compare_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of compare.py."""
    parser = ArgumentParser(
        prog="compare.py",
        example="saved/ --sort val_accuracy",
        description="Compare runs: what differs in their configs beside what came of it. Or list all runs in a folder.",
    )
    parser.add_argument(
        "runs",
        metavar="RUN",
        type=_path,
        nargs="+",
        help='a run\'s folder (of models or logs), a checkpoint in it, or "latest"; or a folder that holds runs, such '
        "as saved/, whose runs are listed",
    )
    parser.add_argument(
        "--sort",
        metavar="BY",
        help='a figure, such as val_accuracy, the best first ("min FIGURE" or "max FIGURE" says which is better); '
        "or date (newest first), name or seconds",
    )
    parser.add_argument("--top", metavar="N", type=_count, help="show only the first N")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FOLDER",
        type=_path,
        help="where to write comparison.html and comparison.png (default: a new folder in saved/compare; nothing is "
        "written for a list)",
    )
    return parser.parse(argv)


def no_arguments(module: str, description: str | None) -> None:
    """Answer --help for a program that takes no arguments, and refuse others."""
    ArgumentParser(prog=f"python -m {module}", description=description, formatter_class=RawHelpFormatter).parse()


def _add_page_server(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--port", metavar="N", type=_port, default=0, help="the port of 127.0.0.1 (default: a free one)"
    )
    parser.add_argument(
        "--no-browser", action="store_false", dest="browser", help="only print the page's address, open no browser"
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 65535, got {text!r}")
    return int(text)


def _ends_in(*endings: str) -> Callable[[str], str]:
    """A path with one of these endings, so that a file of another kind that was named by mistake is not overwritten."""

    def read(text: str) -> str:
        path = _path(text)
        if not path.lower().endswith(endings) and not os.path.isdir(path):
            raise argparse.ArgumentTypeError(f"expected a file that ends in {' or '.join(endings)}, got {text!r}")
        return path

    return read


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")
    return int(text)


def _path(text: str) -> str:
    """A path, as it can be the argument of another program too."""
    if not text:
        raise argparse.ArgumentTypeError("expected a path, got nothing, as where a variable of the shell is empty")
    try:
        path = expanded(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return f"./{path}" if path.startswith("-") and path != "-" else path


def _url(text: str) -> str:
    name = re.fullmatch(r"\$(\w+)|\$\{(\w+)\}", text)
    if name is None:
        return text
    url = os.environ.get(name[1] or name[2])
    if not url:
        raise argparse.ArgumentTypeError(f"the environment variable {name[1] or name[2]} is not set")
    return url


class _WithoutUrls(ArgumentParser):
    """A parser whose messages leave out URLs, which may hold a password."""

    def refuse(self, message: str) -> NoReturn:
        super().refuse(re.sub(r"://.*", "://***", message, flags=re.DOTALL))


def search_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of search.py; `overrides` holds all changes to the config, `worker` is for its own processes."""
    parser = _WithoutUrls(
        prog="search.py", example="-c config.json -s search.json", description="Search hyperparameters of a config."
    )
    _add_config(parser, required=True)
    parser.add_argument(
        "-s", "--search", metavar="FILE", type=_path, required=True, help="what to search, JSON or YAML"
    )
    parser.add_argument(
        "--storage",
        metavar="URL",
        type=_url,
        help="a database that several machines share, such as postgresql://user@host/name; or $NAME, an environment "
        "variable that holds it, where others are not to read a password in it off the list of processes",
    )
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    args = parser.parse(argv)
    args.overrides = args.set
    return args


def _add_sources(parser: ArgumentParser, several: bool = False) -> None:
    _add_config(parser)
    _add_checkpoint(parser, several)
    parser.add_argument("--tsne", action="store_true", help="draw how a layer separates the classes (slow)")
    _add_verbosity(parser, "print the score in one line, and warnings" if several else "print warnings only")


def _add_checkpoint(parser: ArgumentParser, several: bool = False, required: bool = False) -> None:
    more = "; several, each after an -r, answer together by the mean of their probabilities" if several else ""
    parser.add_argument(
        "-r",
        "--resume",
        metavar="CHECKPOINT",
        type=_path,
        action="append" if several else "store",
        required=required,
        help=f'a checkpoint, the folder of a run, or the word "latest"{more}',
    )


def _add_verbosity(parser: ArgumentParser, quiet: str = "print warnings only") -> None:
    level = parser.add_mutually_exclusive_group()
    for short, name, verbosity, text in (
        ("-q", "--quiet", 0, quiet),
        ("-v", "--verbose", 2, "print details too: all arguments, what takes how long"),
    ):
        level.add_argument(short, name, action="store_const", const=verbosity, dest="verbosity", help=text)


def _add_config(parser: ArgumentParser, required: bool = False) -> None:
    parser.add_argument(
        "-c", "--config", metavar="FILE", type=_path, required=required, help="the config, JSON or YAML"
    )
    _add_overrides(parser)


def _add_overrides(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY.PATH=VALUE", help="change any key of the config (repeatable)"
    )


def _add_short_flags(parser: ArgumentParser) -> None:
    parser.add_argument("--lr", metavar="F", help="learning rate: optimizer.args.lr")
    parser.add_argument("--bs", metavar="N", help="batch size: data_loader.args.batch_size")
    parser.add_argument("--epochs", metavar="N", help="how many epochs in all: trainer.epochs")
    parser.add_argument("--seed", metavar="N", help="the source of all randomness: seed")


def _with_overrides(args: argparse.Namespace) -> argparse.Namespace:
    given = {key: getattr(args, flag) for flag, key in SHORT_FLAGS.items()}
    args.overrides = args.set + [f"{key}={value}" for key, value in given.items() if value is not None]
    return args
