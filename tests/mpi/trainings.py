"""Short trainings of every kind, on any number of ranks; each run's folder is FOLDER/saved/models/NAME/run."""

import argparse
from functools import partial
from pathlib import Path

import numpy as np

from tests.fake_mnist import write_fake_mnist
from tests.running import Config
from trainer.checkpoints.resume import Plan
from trainer.ranks.follow import follow
from trainer.ranks.same import share_plan
from trainer.start import train
from utils.config.parser import ConfigParser
from utils.entry import run_program
from utils.ranks.current import join

MLP = {"type": "MLP", "args": {"layer_sizes": [784, 24, 10], "dropout": 0.2}}
CNN = {
    "type": "CNN",
    "args": {"channels": [3, 5], "kernel_size": 3, "hidden_sizes": [12], "classes": 10, "batch_norm": True},
}
RESNET = {"type": "ResNet", "args": {"channels": [4, 6], "classes": 10}}
ADAM = {"type": "Adam", "args": {"lr": 0.01, "amsgrad": True}}
MOMENTUM = {"type": "SGD", "args": {"lr": 0.05, "momentum": 0.9}}
PLATEAU = {"type": "ReduceLROnPlateau", "args": {"figure": "val_loss", "patience": 0, "factor": 0.5}}
AUGMENTATION = [{"type": "RandomShift", "args": {"max_pixels": 2}}, {"type": "RandomAffine", "args": {"degrees": 10}}]
STEEP = {"type": "SGD", "args": {"lr": 500.0}}

KINDS: dict[str, Config] = {
    "mlp": {"augmentation": [*AUGMENTATION, "Mixup"], "grad_clip": {"norm": 0.5}, "optimizer": ADAM},
    "cnn": {"arch": CNN, "ema": {"decay": 0.8}, "accumulate_steps": 2, "lr_scheduler": PLATEAU},
    "resnet": {"arch": RESNET, "optimizer": ADAM, "ema": {"decay": 0.8}, "augmentation": AUGMENTATION},
    "bounds": {"regularizer": {"type": "MaxNorm", "args": {"max_norm": 0.5}}, "grad_clip": {"value": 0.01}},
    "penalty": {
        "regularizer": {"type": "ElasticNet", "args": {"l1": 1e-4, "l2": 1e-3}}, "dtype": "float64", "log_test": True,
    },
    "skipped": {"spoilt": "target", "on_nonfinite": "skip"},
    "undone": {"spoilt": "input", "on_nonfinite": "skip", "optimizer": STEEP},
    "backed off": {"spoilt": "input", "on_nonfinite": "back_off", "optimizer": STEEP, "epochs": 1},
}  # fmt: skip
SECTIONS = ("arch", "augmentation", "lr_scheduler", "optimizer", "regularizer")


def config_of(name: str, folder: Path, threads: int = 1, shards: int = 8) -> Config:
    """The config of a kind, whole, which writes below a folder that has its data."""
    own = KINDS[name]
    loader = {"data_dir": str(folder / "fake"), "batch_size": 48, "validation_split": 0.2}
    data = {"type": "MnistDataLoader", "args": loader}
    if "spoilt" in own:
        files = {part: str(folder / f"{name} {part}.npy") for part in ("inputs", "targets")}
        data = {"type": "NpyDataLoader", "args": {**files, "task": "regression", "batch_size": 16}}
    return {
        "name": name.replace(" ", "-"),
        "seed": 5,
        "arch": {"type": "MLP", "args": {"layer_sizes": [20, 1]}} if "spoilt" in own else MLP,
        "data_loader": data,
        "loss": {"target": "MSELoss", "input": "L1Loss"}.get(own.get("spoilt", ""), "CrossEntropyLoss"),
        "metrics": [] if "spoilt" in own else ["accuracy", "roc_auc"],
        "optimizer": MOMENTUM,
        **{key: value for key, value in own.items() if key in SECTIONS},
        "trainer": {
            "epochs": 2, "verbosity": 0, "shards": shards, "threads": threads, "pictures": [], "report": False,
            "save_dir": str(folder / "saved"),
            **{key: value for key, value in own.items() if key not in (*SECTIONS, "spoilt")},
        },
    }  # fmt: skip


def write_data(folder: Path) -> None:
    """Write what the trainings read."""
    write_fake_mnist(folder / "fake")
    generator = np.random.Generator(np.random.Philox(key=1))
    for name, own in KINDS.items():
        if "spoilt" in own:
            inputs, targets = generator.standard_normal((160, 20)) / 1000, generator.standard_normal((160, 1))
            inputs[77, 3], targets[77] = (1e38, 0) if own["spoilt"] == "input" else (0, 1e30)  # its gradient, its loss
            np.save(folder / f"{name} inputs.npy", inputs.astype(np.float32))
            np.save(folder / f"{name} targets.npy", targets.astype(np.float32))


def main() -> None:
    """Train each in turn."""
    parser = argparse.ArgumentParser(prog="python -m tests.mpi.trainings", description=__doc__)
    parser.add_argument("folder", type=Path, help="what `write_data` has written data into")
    parser.add_argument("threads", type=int)
    parser.add_argument("names", nargs="+", choices=KINDS)
    args, ranks = parser.parse_args(), join()
    for name in args.names:
        config = config_of(name, args.folder, args.threads)
        plan = share_plan(partial(Plan, ConfigParser(config)), None)
        if ranks.is_first:
            train(plan, "run", tsne=False)
        else:
            follow(plan)


if __name__ == "__main__":
    run_program(main, takes_ranks=True)
