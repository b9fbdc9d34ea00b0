"""An epoch of the same perceptron in several frameworks, each as its own guide trains: python -m benchmarks.frameworks

784-512-256-10, ReLU, SGD with momentum, batches of 128 of MNIST's 60,000 training images in random order, nothing held
out, 2 threads; each side in a process of its own, in turns. Ours is what train.py does in an epoch, with history and
checkpoint. PyTorch's loop reads a DataLoader, or picks rows of tensors by itself; JAX's step is compiled by jit and
picks its rows on the device; Keras calls fit on its JAX or its PyTorch back-end.
"""

import json
import os
from collections.abc import Callable

import numpy as np

from benchmarks.own_process import OwnProcess
from benchmarks.steps import THREADS, in_turns
from utils.command_line import no_arguments

ROUNDS, BATCH, SIZES, RATE, MOMENTUM = 5, 128, [784, 512, 256, 10], 0.01, 0.9
Epoch = Callable[[], object]
SIDES = {
    "ours": ["ours"],
    "PyTorch, rows of tensors": ["torch_rows"],
    "PyTorch, DataLoader": ["torch_loader"],
    "JAX, jit": ["jax_jit"],
    "Keras on JAX": ["keras", "jax"],
    "Keras on PyTorch": ["keras", "torch"],
    "scikit-learn": ["scikit_learn"],
}


def images_and_labels() -> tuple[np.ndarray, np.ndarray]:
    """The training images as floats of 0 to 1, (60000, 784), and their labels."""
    from data_loader.loaders.mnist import MnistDataLoader

    data = MnistDataLoader("data/mnist").read_training()
    return np.array(data.inputs, np.float32).reshape(-1, 784) / 255, np.array(data.targets, np.int64)


def ours() -> Epoch:
    """The default config's, with what would make it another task left out."""
    from benchmarks.epochs import trainer_of

    chosen = {
        "arch": {"type": "MLP", "args": {"layer_sizes": SIZES}},
        "optimizer": {"type": "SGD", "args": {"lr": RATE, "momentum": MOMENTUM}},
        "loss": "CrossEntropyLoss",
        "metrics": ["accuracy"],
        "data_loader.args.validation_split": 0,
        "trainer.monitor": "min loss",
        **dict.fromkeys(["augmentation", "regularizer", "lr_scheduler", "trainer.early_stop"]),
    }
    context = trainer_of("config.json", *(f"{key}={json.dumps(value)}" for key, value in chosen.items()))
    trainer = context.__enter__()  # it lives as long as its process
    return lambda: (context, trainer.run_epoch())


def torch_loader() -> Epoch:
    """PyTorch's quickstart."""
    from torch.utils.data import DataLoader, TensorDataset

    x, y, step = _torch()
    loader = DataLoader(TensorDataset(x, y), BATCH, shuffle=True)
    return lambda: [step(images, labels) for images, labels in loader]


def torch_rows() -> Epoch:
    """The same without its data loader."""
    import torch

    x, y, step = _torch()
    return lambda: [step(x[rows], y[rows]) for rows in torch.randperm(len(x)).split(BATCH)]


def _torch() -> tuple:
    import torch

    from benchmarks.mlp_step import torch_mlp

    torch.set_num_threads(THREADS)
    x, y = map(torch.from_numpy, images_and_labels())
    model, loss = torch_mlp(SIZES), torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), RATE, MOMENTUM)

    def step(images: torch.Tensor, labels: torch.Tensor) -> None:
        optimizer.zero_grad()
        loss(model(images), labels).backward()
        optimizer.step()

    return x, y, step


def jax_jit() -> Epoch:
    """A compiled step that gets the numbers of its rows."""
    import jax
    import jax.numpy as jnp

    from benchmarks.jax_step import first_state, loss, momentum

    x, y = map(jnp.asarray, images_and_labels())
    state, order = first_state(SIZES, "momentum"), np.random.default_rng(0)
    step = jax.jit(
        lambda state, x, y, rows: momentum(state, jax.grad(loss)(state[0], x[rows], y[rows])), donate_argnums=0
    )

    def epoch() -> None:
        nonlocal state
        rows = order.permutation(len(x))
        for start in range(0, len(x), BATCH):
            state = step(state, x, y, rows[start : start + BATCH])
        jax.block_until_ready(state)

    return epoch


def keras(backend: str) -> Epoch:
    """Keras's fit."""
    os.environ["KERAS_BACKEND"] = backend
    import keras
    from keras import layers, losses, optimizers

    x, y = images_and_labels()
    hidden = [layers.Dense(size, activation="relu") for size in SIZES[1:-1]]
    model = keras.Sequential([keras.Input((SIZES[0],)), *hidden, layers.Dense(SIZES[-1])])
    model.compile(
        optimizers.SGD(RATE, MOMENTUM), losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
    )
    return lambda: model.fit(x, y, batch_size=BATCH, epochs=1, verbose=0)


def scikit_learn() -> Epoch:
    """An epoch of MLPClassifier."""
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits

    x, y = images_and_labels()
    model = MLPClassifier(
        SIZES[1:-1],
        solver="sgd",
        learning_rate_init=RATE,
        momentum=MOMENTUM,
        nesterovs_momentum=False,
        batch_size=BATCH,
    )

    def epoch() -> None:
        with threadpool_limits(THREADS):
            model.partial_fit(x, y, classes=np.arange(SIZES[-1]))

    return epoch


def main() -> None:
    """Print the medians and their ratios."""
    sides = {name: OwnProcess(f"benchmarks.frameworks:{maker}", *args) for name, (maker, *args) in SIDES.items()}
    for side in sides.values():
        side.milliseconds(1, warm_up=1)  # compiles, and makes what is kept from epoch to epoch
    runs = [lambda side=side: side.milliseconds(1, warm_up=0) for side in sides.values()]  # type: ignore[misc]
    medians, ratios = in_turns(runs, ROUNDS)
    for name, median, ratio in zip(sides, medians, ratios, strict=True):
        print(f"{name:26} {median / 1000:6.2f} s an epoch, {1 / ratio:5.2f} times ours", flush=True)
    for side in sides.values():
        side.close()


if __name__ == "__main__":
    no_arguments("benchmarks.frameworks", __doc__)
    main()
