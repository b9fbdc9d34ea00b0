"""What a user can get wrong beside the values of a config, which tests/utils/config/cases.py has; one row each.

Programs run in a folder with config.json, a run of two epochs in saved/models/tiny/run, and its data in data/.
"""

import gzip
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

RUN = Path("saved/models/tiny/run")
LAST = RUN / "last.npz"
IMAGES, LABELS = Path("data/train-images-idx3-ubyte.gz"), Path("data/train-labels-idx1-ubyte.gz")
TEST_IMAGES = Path("data/t10k-images-idx3-ubyte.gz")
CONFIG = ("-c", "config.json")
LR = "optimizer.args.lr"


@dataclass(frozen=True)
class Wrong:
    """A mistake, what is done before it, the command, and what must come of it.

    `words` must stand in the message, after "error: " if it begins with that.
    """

    name: str
    prepare: Callable[[], object] | None
    command: tuple[str, ...]
    words: str
    code: int = 2

    def __str__(self) -> str:
        return self.name


def text(name: str, content: str | bytes) -> Callable[[], object]:
    """Write a file."""
    return lambda: Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())


def configured(**changes: Any) -> Callable[[], object]:
    """Change top-level keys of config.json; None leaves a key out."""

    def change() -> None:
        config = json.loads(Path("config.json").read_text()) | changes
        Path("config.json").write_text(json.dumps({key: value for key, value in config.items() if value is not None}))

    return change


def edited(path: Path, edit: Callable[[bytes], bytes]) -> Callable[[], object]:
    """Change a file's bytes; those of a .gz file within it."""

    def change() -> None:
        zipped = path.suffix == ".gz"
        content = edit(gzip.decompress(path.read_bytes()) if zipped else path.read_bytes())
        path.write_bytes(gzip.compress(content) if zipped else content)

    return change


def rewritten(edit: Callable[[dict[str, Any], dict[str, Any]], object]) -> Callable[[], object]:
    """Change arrays and meta of last.npz, whose checksum then does not fit."""

    def change() -> None:
        with np.load(LAST) as file:
            arrays = {name: file[name] for name in file.files}
        meta = json.loads(str(arrays.pop("meta")))
        edit(arrays, meta)
        np.savez(LAST, meta=np.array(json.dumps(meta)), **arrays)

    return change


def byte_flipped(content: bytes) -> bytes:
    """One bit in the middle is another."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def chained(count: int) -> Callable[[], object]:
    """So many configs 0.json, 1.json, ..., each of which extends the next, and the last one config.json."""

    def write() -> None:
        for number in range(count):
            base = f"{number + 1}.json" if number + 1 < count else "config.json"
            Path(f"{number}.json").write_text(json.dumps({"extends": base}))

    return write


def moved(name: str) -> Callable[[], object]:
    """The runs are in another folder."""
    return lambda: Path("saved").rename(name)


def setting(change: str, *others: str) -> tuple[str, ...]:
    """A command with a changed key."""
    return (*CONFIG, "--set", change, *others)


XOR = {"type": "TwoDimensionalDataLoader", "args": {"task": "xor", "batch_size": 21}}
ONE_OUTPUT: dict[str, Any] = {"loss": "MSELoss", "trainer": {"epochs": 1, "save_dir": "saved"}}
ONE_OUTPUT["arch"] = {"type": "MLP", "args": {"layer_sizes": [2, 1]}}


def numbers(targets: Any, metric: str) -> Callable[[], object]:
    """Let config.json predict numbers, one of a sample, with a metric."""

    def change() -> None:
        np.savez("numbers.npz", x=np.ones((len(targets), 2)), y=targets)
        data = {"type": "NpzDataLoader", "args": {"path": "numbers.npz", "task": "regression", "test_split": 0}}
        configured(**ONE_OUTPUT, data_loader=data, metrics=[metric])()

    return change


def searched(space: dict[str, Any], **others: Any) -> Callable[[], object]:
    """Write search.json."""
    return text("search.json", json.dumps({"name": "s", "space": space, "trials": 1} | others))


def searching(*others: str) -> tuple[str, ...]:
    """A command that searches."""
    return ("search.py", *CONFIG, "-s", "search.json", *others)


COMMAND_LINE = [
    Wrong("nothing asked for", None, (), "error: give a config with -c or a checkpoint with -r"),
    Wrong("a flag that is none", None, (*CONFIG, "--epoch", "3"), "unrecognized arguments: --epoch"),
    Wrong("a flag without its value", None, ("-c",), "argument -c/--config: expected one argument"),
    Wrong("epochs that are no number", None, (*CONFIG, "--epochs", "ten"), "trainer.epochs: expected a whole number"),
    Wrong("a rate below zero", None, (*CONFIG, "--lr", "-1"), "optimizer.args.lr: expected a number above 0"),
    Wrong("no value to set", None, setting("trainer.epochs"), "--set trainer.epochs: expected KEY.PATH=VALUE"),
    Wrong("no key to set", None, setting("=3"), "--set =3: expected KEY.PATH=VALUE"),
    Wrong(
        "a place in a list that is none", None, setting("metrics.7=accuracy"), "expected an index from 0 to 0, got '7'"
    ),
    Wrong("a key below a number", None, setting("trainer.epochs.a=3"), "would have to be a key of 2"),
    Wrong("a run id with a slash", None, (*CONFIG, "--run-id", "a/b"), "--run-id: 'a/b' names a folder: use letters"),
    Wrong("a run id that is too long", None, (*CONFIG, "--run-id", "a" * 300), "'_' and '-', 200 at most"),
    Wrong("a run id that is taken", None, (*CONFIG, "--run-id", "run"), "--run-id: saved/models/tiny/run exists"),
    Wrong("a run id for a run that goes on", None, ("-r", "latest", "--epochs", "3", "--run-id", "b"), "--run-id: -r"),
    Wrong(
        "a rate changed when going on", None, ("-r", str(RUN), "--lr", "0.5"), "continues a run exactly, and this would"
    ),
    Wrong(
        "a run that is done", None, ("-r", str(RUN)), "has done 2 of 2 epochs; to go on, ask for more with --epochs N"
    ),
    Wrong("no checkpoint to test", None, ("test.py", *CONFIG), "error: give a checkpoint with -r"),
    Wrong("a schedule without a config", None, ("utils.plot_schedule",), "arguments are required: -c/--config"),
    Wrong("nothing to report on", None, ("utils.report",), "arguments are required: RUN"),
    Wrong("a page of no run", None, ("utils.report", "data"), "data: holds no run"),
    Wrong("nothing to replay", None, ("utils.replay",), "arguments are required: CHECKPOINT"),
    Wrong("nothing to compare", None, ("compare.py",), "arguments are required: RUN"),
    Wrong("no such run", None, ("compare.py", str(RUN), "saved/models/tiny/rum"), "rum: there is no such run"),
    Wrong("no run to compare", None, ("compare.py", "data"), "data: holds no run; runs are in <save_dir>/models/"),
    Wrong("a file of no run", None, ("compare.py", "config.json"), "config.json: is not in the folder of a run"),
    Wrong("no latest run", lambda: shutil.rmtree("saved"), ("compare.py", "latest"), "latest: no run has a checkpoint"),
    Wrong(
        "a figure that no run has",
        None,
        ("compare.py", "saved", "--sort", "val_acuracy"),
        "no run has such a figure; did you mean 'val_accuracy'? There are: date, name, seconds, loss, accuracy",
    ),
    Wrong("the first none", None, ("compare.py", "saved", "--top", "0"), "--top: expected a whole number"),
    Wrong("no augmentation to draw", None, ("utils.plot_augmentation", *CONFIG), "augmentation: there is none to draw"),
]

CONFIG_FILES = [
    Wrong(
        "no such config", None, ("-c", "confg.json"), "confg.json: there is no such file; did you mean 'config.json'?"
    ),
    Wrong("a folder for a config", None, ("-c", "saved"), "saved: is a folder; give the path of a config file"),
    Wrong("an empty config", text("a.json", ""), ("-c", "a.json"), "a.json: is not JSON"),
    Wrong(
        "JSON without a comma", text("a.json", '{\n "name": "x"\n "seed": 1\n}'), ("-c", "a.json"), "line 3 column 2"
    ),
    Wrong("a config that is a list", text("a.json", "[1]"), ("-c", "a.json"), "expected an object with keys"),
    Wrong(
        "a key twice", text("a.json", '{"name": "x", "name": "y"}'), ("-c", "a.json"), "the key 'name' is there twice"
    ),
    Wrong("a config that is no text", text("a.json", b"\xff\xfe\x00"), ("-c", "a.json"), "save it as UTF-8"),
    Wrong("YAML with a tab", text("a.yaml", "name: x\n\tseed: 1"), ("-c", "a.yaml"), "line 2 column 1"),
    Wrong(
        "YAML that makes objects",
        text("a.yaml", "name: !!python/name:os.system"),
        ("-c", "a.yaml"),
        "could not determine",
    ),
    Wrong("an ending that is none", text("a.toml", "name = 3"), ("-c", "a.toml"), "expected a file that ends in .json"),
    Wrong("extending nothing", configured(extends="no.json"), CONFIG, "no.json: there is no such file"),
    Wrong("extending itself", configured(extends="config.json"), CONFIG, "extends itself: config.json -> config.json"),
    Wrong("extending without end", chained(2000), ("-c", "0.json"), "is the last of 30 files that each extend"),
    Wrong("extending a number", configured(extends=3), CONFIG, "extends: expected the path of another config"),
    Wrong("no architecture", configured(arch=None), CONFIG, "arch: is missing"),
    Wrong("no name", configured(name=None), CONFIG, "name: is missing"),
    Wrong("a name with a slash", configured(name="a/b"), CONFIG, "name: expected letters, digits"),
    Wrong("a name that is too long", configured(name="a" * 300), CONFIG, "name: expected letters, digits"),
    Wrong("a section that is none", configured(optimiser={"type": "SGD"}), CONFIG, "did you mean 'optimizer'?"),
    Wrong("a config of pytorch-template", configured(n_gpu=1), CONFIG, "n_gpu: unknown key 'n_gpu'"),
    Wrong("several mistakes", configured(seed=-1, loss="L3"), CONFIG, "seed: expected a whole number of at least 0"),
]

PARTS = [
    Wrong(
        "an output for other classes",
        None,
        setting("arch.args.layer_sizes=[784, 9]"),
        "arch and loss: the network's output has",
    ),
    Wrong(
        "images for Linear",
        None,
        setting(
            'arch={"type": "Sequential", "args": {"layers": ['
            '{"type": "Conv2D", "args": {"out_channels": 2, "kernel_size": 3}}, '
            '{"type": "Linear", "args": {"out_features": 10}}]}}',
        ),
        "10 classes: (10,); an image becomes one row of numbers by a Flatten",
    ),
    Wrong(
        "an input of another size",
        None,
        setting("arch.args.layer_sizes=[700, 10]"),
        "linear1: Linear has in_features 700",
    ),
    Wrong(
        "a single layer size",
        None,
        setting("arch.args.layer_sizes=[784]"),
        "layer_sizes: expected a list with at least 2",
    ),
    Wrong("more parts than a batch can have", None, setting("trainer.shards=100000"), "of at most 1024 or"),
    Wrong(
        "more accumulated than there is",
        None,
        setting("trainer.accumulate_steps=1000000000"),
        "trainer.accumulate_steps: expected at most 8, the batches of 32 in an epoch",
    ),
    Wrong(
        "more classes than bytes can name", None, setting("data_loader.args.classes=1000000000"), "of at most 256 or"
    ),
    Wrong(
        "pooling of too much",
        None,
        setting(
            'arch={"type": "Sequential", "args": {"layers": '
            '[{"type": "MaxPool2D", "args": {"kernel_size": 200000, "padding": 100000}}]}}',
        ),
        "kernel_size (200000, 200000) is of more than 1048576 pixels",
    ),
    Wrong("no such layer to draw", None, setting("trainer.tsne.layer=conv9"), "trainer.tsne.layer: there is no layer"),
    Wrong(
        "a t-SNE map after the last epoch",
        None,
        setting("trainer.tsne.epochs=[0, 50]", "--tsne"),
        "config.json: trainer.tsne.epochs: expected epochs from 0 to 2, the last of the run (trainer.epochs), got 50",
    ),
    Wrong(
        "a t-SNE map of too few samples",
        None,
        setting("trainer.tsne.samples=3", "--tsne"),
        "config.json: trainer.tsne.samples: t-SNE needs at least 5 samples, and the config asks for 3",
    ),
    Wrong(
        "a t-SNE map of too few test samples",
        None,
        ("test.py", "-r", "latest", "--tsne", "--set", "trainer.tsne.samples=3"),
        "trainer.tsne.samples: t-SNE needs at least 5 samples, and the config asks for 3",
    ),
    Wrong(
        "a group of no parameter",
        None,
        setting('optimizer.args.groups=[{"names": "conv*", "lr": 1}]'),
        "no parameter is named 'conv*'",
    ),
    Wrong(
        "an average of one output",
        None,
        setting('metrics=[{"type": "f1", "args": {"class_index": 12}}]'),
        "class_index is 12, but classes go from 0 to 9",
    ),
    Wrong(
        "more guesses than outputs",
        configured(**ONE_OUTPUT, data_loader=XOR, metrics=["top_k_accuracy"]),
        CONFIG,
        "error: metrics: top_k_accuracy needs an output for each class; of a single output use binary_accuracy",
    ),
    Wrong("guesses at numbers", numbers(np.arange(9.0), "top_k_accuracy"), CONFIG, "of a single output use binary_acc"),
    *(
        Wrong(f"{metric} of numbers", numbers(targets, metric), CONFIG, f"metrics ({metric}): needs classes, but the")
        for metric, targets in {
            "precision": np.arange(12),
            "recall": np.array([0, 1, 0, 1, 2])[:, None],
            "f1": np.array([0.0, 1.0, 0.0, 1.0, 0.5]),
            "balanced_accuracy": np.array([[0.0], [1.0]] * 3000 + [[11.0]]),
            "binary_accuracy": np.array([0, 1, -1]),
            "roc_auc": np.arange(4) - 1.5,
        }.items()
    ),
    Wrong(
        "a shift out of sight",
        None,
        setting('augmentation=[{"type": "RandomShift", "args": {"max_pixels": 30}}]'),
        "out of sight",
    ),
    Wrong(
        "weights for other classes", None, setting('loss={"type": "NLLLoss", "args": {"weight": [1]}}'), "10 classes"
    ),
    Wrong(
        "a split of everything", None, setting("data_loader.args.validation_split=300"), "validation_split takes 300"
    ),
    Wrong("a split of nothing", None, setting("data_loader.args.validation_split=0.001"), "is less than one"),
    Wrong(
        "a kernel larger than the image",
        None,
        setting('arch={"type": "CNN", "args": {"channels": [2], "kernel_size": 40, "classes": 10}}'),
        "make the kernel smaller",
    ),
    Wrong(
        "layers that do not fit",
        None,
        setting(
            'arch={"type": "Sequential", "args": {"layers": ["Flatten", "GlobalAvgPool2D"]}}',
        ),
        "GlobalAvgPool2D needs images",
    ),
]

DATA = [
    Wrong("no folder of data", None, setting("data_loader.args.data_dir=no"), "there is no folder no"),
    Wrong("a path that is too long", None, setting(f"data_loader.args.data_dir={'a' * 5000}"), "File name too long"),
    Wrong("a missing file", IMAGES.unlink, CONFIG, "has neither train-images-idx3-ubyte.gz nor"),
    Wrong(
        "a file for a folder", None, setting("data_loader.args.data_dir=config.json"), "there is no folder config.json"
    ),
    Wrong(
        "images that are cut short",
        edited(IMAGES, lambda content: content[:-5]),
        CONFIG,
        "promises 235200 bytes (300, 28, 28)",
    ),
    Wrong(
        "images that go on",
        edited(IMAGES, lambda content: content + b"more"),
        CONFIG,
        "promises 235200 bytes (300, 28, 28)",
    ),
    Wrong("another kind of file", edited(IMAGES, lambda content: b"PK" + content[2:]), CONFIG, "is not an IDX file"),
    Wrong(
        "labels for images", lambda: shutil.copy(LABELS, IMAGES), CONFIG, "is not an IDX file of unsigned bytes with 3"
    ),
    Wrong(
        "fewer labels than images",
        lambda: shutil.copy("data/t10k-labels-idx1-ubyte.gz", LABELS),
        CONFIG,
        "300 images but 60 labels",
    ),
    Wrong("no gzip in .gz", text(str(IMAGES), b"plain"), CONFIG, "it is damaged or cut short"),
    Wrong("an empty file", text(str(LABELS), b""), CONFIG, "is not an IDX file of unsigned bytes with 1"),
    Wrong(
        "a label beyond the classes",
        edited(LABELS, lambda content: content[:-1] + b"\xc8"),
        CONFIG,
        "has labels from 0 to 200; for these 10 classes",
    ),
    Wrong(
        "a wrong checksum",
        text("data/SHA256SUMS", f"{'0' * 64}  {IMAGES.stem}\n"),
        CONFIG,
        "but data/SHA256SUMS says 000",
    ),
    Wrong("no test images", TEST_IMAGES.unlink, ("test.py", "-r", str(LAST)), "has neither t10k-images-idx3"),
]

CHECKPOINTS = [
    Wrong("no such checkpoint", None, ("-r", "no.npz"), "error: no.npz: there is no such checkpoint"),
    Wrong("a folder without one", None, ("-r", "data"), "data: holds no checkpoint"),
    Wrong("no run to continue", lambda: shutil.rmtree("saved"), ("-r", "latest"), "no run has a checkpoint"),
    Wrong(
        "half a checkpoint where names have spaces",
        lambda: (edited(LAST, byte_flipped)(), moved("my runs")()),
        ("-r", f"my runs/{LAST.relative_to('saved')}"),
        "to use it: python train.py -r 'my runs/models/tiny/run/best.npz'",
    ),
    Wrong(
        "a run that is done where names have spaces",
        moved("my runs"),
        (*CONFIG, "--run-id", "run", "--set", "trainer.save_dir=my runs"),
        "or continue it with -r 'my runs/models/tiny/run'",
    ),
    Wrong(
        "a rate changed when going on where names have spaces",
        moved("my runs"),
        ("-r", "my runs/models/tiny/run", "--lr", "0.5"),
        "python train.py -c CONFIG -r 'my runs/models/tiny/run/last.npz' ...",
    ),
    Wrong(
        "runs that cannot be listed",
        lambda: (shutil.rmtree("saved/models"), text("saved/models", "")()),
        ("-r", "latest"),
        "-r latest: saved/models cannot be read: Not a directory",
    ),
    Wrong("a config for a checkpoint", None, ("-r", "config.json"), "config.json: is not a checkpoint"),
    Wrong(
        "half a checkpoint", edited(LAST, lambda content: content[: len(content) // 2]), ("-r", str(LAST)), "damaged"
    ),
    Wrong("a flipped bit", edited(LAST, byte_flipped), ("-r", str(RUN), "--epochs", "3"), "damaged"),
    Wrong(
        "a changed weight",
        rewritten(lambda arrays, meta: arrays["model/linear1.bias"].fill(1)),
        ("-r", str(LAST)),
        "SHA-256",
    ),
    Wrong("a changed count", rewritten(lambda arrays, meta: meta.update(epoch=1)), ("-r", str(LAST)), "SHA-256"),
    Wrong(
        "another version",
        rewritten(lambda arrays, meta: meta.update(format_version=99)),
        ("-r", str(LAST)),
        "format 99",
    ),
    Wrong("arrays of someone else", lambda: np.savez("a.npz", x=np.ones(3)), ("-r", "a.npz"), "a.npz: is not a check"),
    Wrong("an array that is an object", lambda: np.savez("a.npz", x=np.array([{}])), ("-r", "a.npz"), "bject"),
    Wrong(
        "another architecture",
        None,
        setting("arch.args.layer_sizes=[784, 8, 10]", "-r", str(LAST), "--epochs", "3"),
        "model/linear1.weight: the model has",
    ),
    Wrong(
        "another architecture to test",
        None,
        ("test.py", *setting("arch.args.layer_sizes=[784, 8, 10]", "-r", str(LAST))),
        "linear1.weight",
    ),
    Wrong(
        "a checkpoint to test that is none", None, ("test.py", "-r", "config.json"), "config.json: is not a checkpoint"
    ),
    Wrong(
        "a checkpoint to replay that is none", None, ("utils.replay", "config.json"), "config.json: is not a checkpoint"
    ),
]

WRITING = [
    Wrong("a file where runs should go", None, setting("trainer.save_dir=config.json"), "cannot write config.json/", 4),
    Wrong(
        "a file where models should go",
        lambda: (shutil.rmtree("saved/models"), text("saved/models", "")()),
        CONFIG,
        "cannot write saved/models/tiny",
        4,
    ),
    Wrong(
        "a picture into nowhere", None, ("utils.plot_schedule", *CONFIG, "-o", "no/a.png"), "cannot write no/a.png", 4
    ),
    Wrong(
        "a page where a file is", None, ("compare.py", str(RUN), "-o", "config.json"), "cannot write config.json", 4
    ),
    Wrong(
        "a rate that is far too high", None, (*CONFIG, "--lr", "1e30"), "the loss became infinite or not a number", 3
    ),
    Wrong(
        "weights that explode", None, (*CONFIG, "--lr", "3e38", "--set", "optimizer.args.momentum=0"), "became inf", 3
    ),
]

PIPES = [
    Wrong(
        "a pipe for a config",
        lambda: os.mkfifo("pipe.json"),
        ("-c", "pipe.json"),
        "pipe.json: is not a file but a pipe or a device",
    ),
    Wrong("a device for a config", None, ("-c", "/dev/zero"), "/dev/zero: is not a file but a pipe or a device"),
    Wrong(
        "extending a pipe",
        lambda: (os.mkfifo("pipe.json"), configured(extends="pipe.json")()),
        CONFIG,
        "pipe.json: is not a file but a pipe or a device",
    ),
]


SEARCHES = [
    Wrong("a search of nothing", None, ("search.py", *CONFIG), "arguments are required: -s/--search"),
    Wrong("no such search", None, searching(), "search.json: there is no such file"),
    Wrong("a search for a key that is none", searched({"optimizer.args.lrr": [1]}), searching(), "did you mean 'lr'?"),
    Wrong("a search of an empty range", searched({LR: {"low": 1, "high": 0}}), searching(), "is not below high 0"),
    Wrong("a search of a value that is refused", searched({LR: [0.1, -1]}), searching(), "-1: expected a number above"),
    Wrong("a goal that is no figure", searched({LR: [1]}, goal="max acc"), searching(), "goal: the log will have no"),
    Wrong(
        "a goal without validation data",
        searched({LR: [1]}, goal="min val_loss"),
        searching("--set", "data_loader.args.validation_split=0", "--set", "trainer.monitor=min loss"),
        "goal: the log will have no figure 'val_loss' without data_loader.args.validation_split",
    ),
    Wrong(
        "a search without data",
        searched({LR: [1]}, goal="max accuracy"),
        searching("--set", "data_loader.args.data_dir=no"),
        "there is no folder no",
    ),
    Wrong("a storage that is none", searched({LR: [1]}), searching("--storage", "nonsense"), "--storage nonsense: can"),
]

ROWS = [*COMMAND_LINE, *CONFIG_FILES, *PARTS, *DATA, *CHECKPOINTS, *WRITING, *SEARCHES]
ROWS += PIPES if hasattr(os, "mkfifo") else []
