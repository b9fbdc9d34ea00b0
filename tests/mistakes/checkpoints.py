"""Checkpoints and runs that are not what they should be."""

import shutil

import numpy as np

from tests.mistakes.making import CONFIG, LAST, RUN, Wrong, byte_flipped, edited, moved, rewritten, setting, text

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
        "latest: saved/models cannot be read: Not a directory",
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
        "another architecture, though its weights could be taken",
        None,
        setting("arch.args.layer_sizes=[784, 16, 16, 10]", "-r", str(LAST), "--epochs", "3"),
        f"to begin a new run with the weights that fit: python train.py -c config.json --init {LAST}",
    ),
    Wrong(
        "as many epochs as are done",
        None,
        (*CONFIG, "-r", str(LAST)),
        f"to begin at epoch 1 with its weights: python train.py -c config.json --init {LAST}",
    ),
    Wrong(
        "outputs for classes that the checkpoint has more of",
        None,
        setting("arch.args.layer_sizes=[784, 16, 9]", "-r", str(LAST), "--epochs", "3"),
        "to begin a new run with the weights that fit, and classes and columns of its own: python train.py -c ",
    ),
    Wrong(
        "weights of no checkpoint", None, (*CONFIG, "--init", "no.npz"), "error: no.npz: there is no such checkpoint"
    ),
    Wrong(
        "weights of which none fits",
        None,
        setting("arch.args.layer_sizes=[784, 8, 8, 10]", "--init", str(LAST)),
        f"error: {LAST}: no parameter fits the config's network by name and shape",
    ),
    Wrong("weights without a config", None, ("--init", str(LAST)), "error: --init needs the new run's config, such as"),
    Wrong("weights and a run to go on with", None, (*CONFIG, "--init", str(LAST), "-r", str(LAST)), "give one of them"),
    Wrong(
        "half a checkpoint to take weights from",
        edited(LAST, byte_flipped),
        (*CONFIG, "--init", str(LAST)),
        f"to use it: python train.py -c config.json --init {RUN / 'best.npz'}",
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
        "a checkpoint to replay that is none", None, ("tools.replay", "config.json"), "config.json: is not a checkpoint"
    ),
]
