"""Commands, values and paths as somebody in a hurry writes them, and the messages that they get."""

import json

from tests.mistakes.making import CONFIG, LAST, RUN, Wrong, configured, searched, searching, setting, text

BEST = RUN / "best.npz"
OTHER_MODEL = "arch.args.layer_sizes=[784, 8, 10]"
EMNIST = {"data_dir": "data/emnist", "train_prefix": "emnist-letters-train", "test_prefix": "emnist-letters-test"}
HELD_OUT = {"validation_split": 0.2}


def command(name: str, line: str, complaint: str, meant: str = "") -> Wrong:
    """A command that is no command of its program, and the one that was meant."""
    return Wrong(name, None, tuple(line.split()), f"error: {complaint}\n" + (f"  python {meant}\n" if meant else ""))


COMMANDS = [
    command("a config without -c", "train.py config.json", "config.json stands without -c:", "train.py -c config.json"),
    command(
        "a config without -c before a flag",
        "train.py config.json --epochs 3",
        "config.json stands without -c:",
        "train.py -c config.json --epochs 3",
    ),
    command("a checkpoint without -r", "test.py a/b.npz", "a/b.npz stands without -r:", "test.py -r a/b.npz"),
    command(
        "a checkpoint among inputs", "predict.py b.npz x.png", "b.npz stands without -r:", "predict.py -r b.npz x.png"
    ),
    command("a checkpoint to export without -r", "export.py b.npz", "b.npz stands without -r:", "export.py -r b.npz"),
    command(
        "a search without its flags",
        "search.py a.yaml search.yaml",
        "a.yaml stands without -c; search.yaml stands without -s:",
        "search.py -c a.yaml -s search.yaml",
    ),
    command(
        "a run with a flag", "compare.py -r latest", "compare.py has no -r: RUN stands by itself:", "compare.py latest"
    ),
    command(
        "a blank for =",
        "-c a.json --set trainer.epochs 3",
        "after --set stands one word KEY.PATH=VALUE, and blanks divide this one:",
        "train.py -c a.json --set trainer.epochs=3",
    ),
    command(
        "blanks around =",
        "-c a.json --set trainer.epochs = 3 -q",
        "after --set stands one word KEY.PATH=VALUE, and blanks divide this one:",
        "train.py -c a.json --set trainer.epochs=3 -q",
    ),
    command(
        "blanks in a list",
        "-c a.json --set arch.args.layer_sizes=[784, 10] --lr 1",
        "after --set stands one word KEY.PATH=VALUE, and blanks divide this one:",
        "train.py -c a.json --set 'arch.args.layer_sizes=[784, 10]' --lr 1",
    ),
    command(
        "a change without --set",
        "-c a.json seed=3 loss=L1Loss",
        "seed=3 stands without --seed; loss=L1Loss stands without --set:",
        "train.py -c a.json --seed 3 --set loss=L1Loss",
    ),
    *(
        command(
            f"a flag written {flag}",
            f"-c a.json {flag} 3",
            f"train.py has no {flag}; did you mean {meant}?",
            f"train.py -c a.json {meant} 3",
        )
        for flag, meant in {
            "--epo": "--epochs",
            "--learning-rate": "--lr",
            "--batch_size": "--bs",
            "-e": "--epochs",
            "-lr": "--lr",
            "--Seed": "--seed",
            "\u2013epochs": "--epochs",
            "--pretrained": "--init",
        }.items()
    ),
    command(
        "a flag for a key",
        "-c a.json --momentum 0.5",
        "train.py has no --momentum: --set changes optimizer.args.momentum:",
        "train.py -c a.json --set optimizer.args.momentum=0.5",
    ),
    command(
        "a graphics card",
        "-c a.json --device cuda:0",
        "train.py has no --device: everything is computed on the CPU; leave it out:",
        "train.py -c a.json",
    ),
    command(
        "a flag of another program",
        "test.py -r latest --epochs 3",
        "test.py has no --epochs; it has --config, --set, --resume, --tsne, --quiet, --verbose",
    ),
    command(
        "a key of the search as a flag",
        "search.py -c a.json -s s.json --trials 20",
        'search.py has no --trials: "trials" is a key of the file that -s names',
    ),
    command("two configs", "-c a.json -c b.json", "-c stands 2 times, and takes one file"),
    command("words of nothing", "-c a.json quickly", "train.py takes no word 'quickly' here"),
    command(
        "an output without its path",
        "export.py -r latest -o",
        "argument -o/--output: expected one argument; for example:\n  python export.py -r latest -o model.onnx\n"
        "all arguments: python export.py --help",
    ),
    Wrong(
        "an empty path", None, ("-c", ""), "-c/--config: expected a path, got nothing, as where a variable of the sh"
    ),
]


VALUES = [
    *(
        Wrong(f"--set {change}", None, setting(change), f"error: config.json: 1 mistake\n  {message}")
        for change, message in {
            "epochs=3": "epochs: unknown key 'epochs'; did you mean trainer.epochs? Known: name, ",
            "lr=0.1": "lr: unknown key 'lr'; did you mean optimizer.args.lr? Known: name, ",
            "optimizer.lr=0.1": 'optimizer.lr: unknown key \'lr\'; beside "type" there is only "args", which holds the '
            "arguments: optimizer.args.lr\n",
            "metrics=accuracy": 'metrics: expected a list (each: a metric (its name, or an object with "type" and '
            '"args")) or null, got "accuracy" (write ["accuracy"])\n',
            "arch.args.layer_sizes=784,10": "arch.args.layer_sizes: expected a list with at least 2 (each: a whole "
            'number of at least 1), got "784,10" (write [784, 10])\n',
            "optimizer.args.lr=0,1": 'optimizer.args.lr: expected a number above 0, got "0,1" (write 0.1)\n',
            "trainer.epochs=3,": 'trainer.epochs: expected a whole number of at least 1, got "3," (write 3, without '
            "the comma)\n",
            "data_loader.args.validation_split=20%": "data_loader.args.validation_split: expected a number of at least "
            '0 and below 1 or a whole number of at least 1, got "20%" (write 0.2)\n',
            "trainer.patience=3": "trainer.patience: unknown key 'patience'; did you mean 'early_stop'? Known: epochs,",
            "trainer.monitor=max val_acc": "trainer.monitor: the log will have no figure 'val_acc'; did you mean "
            "'val_accuracy'? Figures: ",
        }.items()
    ),
    Wrong(
        "JSON without its quotes",
        None,
        setting("optimizer={type:Adam}"),
        'error: --set optimizer={type:Adam}: line 1 column 2: a key stands in double quotes: write "type"; a shell '
        "takes double quotes away, so put single ones around the whole: --set 'optimizer=...'\n",
    ),
    Wrong(
        "another type with an argument of the old one",
        None,
        setting("optimizer.args.momentum=0.5", "--set", "optimizer.type=Adam"),
        "optimizer.args.momentum: Adam has no argument 'momentum'",
    ),
    Wrong(
        "a rate that is far too high, and one that is not",
        None,
        (*CONFIG, "--lr", "1e30"),
        "\nTry --lr 0.1 (at which the loss fell from 2.4",
        3,
    ),
]

PATHS = [
    Wrong(
        "a checkpoint for -c",
        None,
        ("-c", str(BEST)),
        f"error: {BEST}: is a checkpoint, which holds its own config; give it with -r in place of -c; its config by "
        f"itself is {RUN / 'config.json'}\n",
    ),
    Wrong(
        "a run's folder for -c",
        None,
        ("test.py", "-c", str(RUN)),
        f"error: {RUN}: is a run's folder, which holds its own config; give it with -r in place of -c; ",
    ),
    Wrong(
        "a config in place of a checkpoint",
        None,
        ("test.py", *CONFIG),
        "error: give a checkpoint with -r, which holds its config; for example: python test.py -r latest\n",
    ),
    Wrong(
        "-c and -s swapped",
        searched({"optimizer.args.lr": [1]}),
        ("search.py", "-c", "search.json", "-s", "config.json"),
        "error: search.json is a search and config.json a config, so -c and -s are swapped:\n"
        "  python search.py -c config.json -s search.json\n",
    ),
    Wrong(
        "a config for -s",
        None,
        ("search.py", *CONFIG, "-s", "config.json"),
        'error: config.json: is a config, as it has an "arch", and no search; give it with -c, and a search with -s:\n'
        "  python search.py -c config.json -s SEARCH\n",
    ),
    Wrong(
        "a search to train",
        searched({"optimizer.args.lr": [1]}),
        ("-c", "search.json"),
        "  python search.py -c CONFIG -s search.json\n",
    ),
    Wrong(
        "a checkpoint of another model to test",
        None,
        ("test.py", *setting(OTHER_MODEL, "-r", str(RUN))),
        f"  model/linear2.weight: the model has (8, 10) float32, the checkpoint (16, 10) float32\n"
        f"to test it with its own config, leave -c out: python test.py -r {BEST}\n",
    ),
    Wrong(
        "a checkpoint of another model to go on from",
        None,
        setting(OTHER_MODEL, "-r", str(LAST), "--epochs", "3"),
        f"to go on with the checkpoint's own config, leave -c out: python train.py -r {LAST}\n",
    ),
    Wrong(
        "other data to test on, which are not there",
        None,
        ("test.py", *setting("data_loader.args.data_dir=no", "-r", str(RUN))),
        f"\nto test {BEST} on its own data, leave -c out: python test.py -r {BEST}\n",
    ),
    Wrong("a word like latest", None, ("test.py", "-r", "lates"), "; did you mean latest?\n"),
    Wrong("a name for a run", None, ("-r", "tiny"), f"; did you mean {RUN}?\n"),
    Wrong("a checkpoint misspelt", None, ("-r", str(RUN / "bst.npz")), f"; did you mean {BEST}?\n"),
    Wrong(
        "a run's log for its checkpoint",
        None,
        ("test.py", "-r", "saved/log/tiny/run"),
        "error: saved/log/tiny/run: holds no checkpoint; runs keep theirs in <save_dir>/models/<name>/<run id>; did "
        f"you mean {RUN}?\n",
    ),
    Wrong("a folder of runs", None, ("test.py", "-r", "saved/models"), f"; did you mean {RUN}?\n"),
    Wrong("a name to compare", None, ("compare.py", "tiny"), f"; did you mean {RUN}?\n"),
    Wrong(
        "the beginning of a figure", None, ("compare.py", "saved", "--sort", "acc"), "did you mean 'accuracy'? There"
    ),
    Wrong(
        "a folder of data misspelt",
        None,
        setting("data_loader.args.data_dir=dta"),
        "; did you mean 'data'?\n",
    ),
    Wrong(
        "no data where there is a download",
        None,
        setting("data_loader.args.data_dir=no"),
        "\nto have it downloaded: --set data_loader.args.download=MNIST (or FashionMNIST or KMNIST)\n",
    ),
    Wrong(
        "EMNIST without its data",
        configured(data_loader={"type": "MnistDataLoader", "args": EMNIST | HELD_OUT}),
        CONFIG,
        "\nEMNIST is got by hand: from https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip (560 MB) unpack the four "
        "files emnist-letters-* into data/emnist\n",
    ),
    Wrong(
        "an array misspelt",
        lambda: (
            text("samples.npz", "")(),
            configured(data_loader={"type": "NpzDataLoader", "args": HELD_OUT | {"path": "sample.npz"}})(),
        ),
        CONFIG,
        "; did you mean 'samples.npz'?\n",
    ),
    Wrong(
        "a pattern that fits nothing",
        None,
        ("predict.py", "-r", str(RUN), "*.png"),
        "; a shell leaves a pattern as it is where no file fits it\n",
    ),
    Wrong(
        "an output in no folder",
        None,
        ("predict.py", "-r", str(RUN), "config.json", "-o", "data"),
        "-o data: is a folder",
    ),
    *(
        Wrong(f"a name of 300 letters: {line.format('NAME')}", None, tuple(line.format("n" * 300).split()), words)
        for line, words in {
            "{}": "train.py takes no word 'nnn",
            "-c {}": "nnn: cannot be read: ",
            "-c config.json -r {}": "nnn: cannot be read: File name too long",
            "-c config.json --find-lr {}": "expected a file that ends in .png, got 'nnn",
            "search.py -c config.json -s {}": "nnn: cannot be read: ",
            "compare.py {}": "nnn: cannot be read: File name too long",
            "watch.py {}": "nnn: there is no such folder",
            f"predict.py -r {RUN} {{}}": "nnn: cannot be read: ",
            f"draw.py -r {RUN} -o {{}}": "expected a file that ends in .html or .htm, got 'nnn",
            "new_project.py {}/one": "there is no folder nnn",
        }.items()
    ),
]

SPACES = [
    Wrong(
        "a space of sections",
        searched({"optimizer": {"args": {"lr": [1]}}}),
        searching(),
        'write "optimizer.args.lr"\n',
    ),
    Wrong(
        "a range by other words",
        searched({"optimizer.args.lr": {"min": 1, "max": 2}}),
        searching(),
        "space.optimizer.args.lr.min: unknown key 'min'; did you mean 'low'? Known: low, high, log, step\n",
    ),
    Wrong(
        "a space without a path",
        searched({"lr": [1]}),
        searching(),
        "error: search.json: 1 mistake\n  space.lr: unknown key 'lr'; did you mean optimizer.args.lr? Known: name, ",
    ),
    Wrong(
        "a search without an end",
        text("search.json", json.dumps({"name": "s", "space": {"optimizer.args.lr": [1]}})),
        searching(),
        "error: search.json: 1 mistake\n  it would never end; give trials, minutes or both\n",
    ),
    Wrong(
        "a single value to search",
        searched({"optimizer.args.lr": 1}),
        searching(),
        "space.optimizer.args.lr: expected a list with at least 1 (each: any value) or an object with the keys low,",
    ),
]

CARELESS = [*COMMANDS, *VALUES, *PATHS, *SPACES]
