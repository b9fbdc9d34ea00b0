"""Configs whose parts do not fit each other."""

import numpy as np

from tests.mistakes.making import CONFIG, ONE_OUTPUT, XOR, Wrong, configured, numbers, setting, text

PARTS = [
    Wrong(
        "a module that is not there",
        None,
        setting('imports=["my_layers"]'),
        "error: config.json: 1 mistake\n  imports.0: there is no module 'my_layers' in ",
    ),
    Wrong(
        "a module that cannot be imported",
        text("broken_layers.py", "from base.base_layer import BaseLayers\n"),
        setting('imports=["broken_layers"]'),
        "imports.0: broken_layers cannot be imported: ImportError: cannot import name 'BaseLayers'",
    ),
    Wrong(
        "a module with a name of the project",
        text("model.py", ""),
        setting('imports=["model"]'),
        'imports.0: "model" is of the project itself, whose components need no import',
    ),
    Wrong("no such callback", None, setting('callbacks=["ParamNorms"]'), "did you mean 'ParameterNorms'?"),
    Wrong(
        "first weights that are too large",
        None,
        setting('arch.args.initializer={"type": "Normal", "args": {"std": 1e300}}'),
        "arch: linear1.weight: Normal gives numbers too large for float32",
    ),
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
        "as many guesses as classes",
        None,
        setting('metrics=[{"type": "top_k_accuracy", "args": {"k": 10}}]'),
        "error: metrics: top_k_accuracy with k 10 is always 1 for 10 classes; give it a k of at most 9",
    ),
    Wrong(
        "guesses of one output",
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
        "numbers drawn equally often",
        numbers(np.arange(9.0), "r2"),
        setting("data_loader.args.class_balanced=true"),
        "class_balanced needs classes, but the targets are numbers",
    ),
    Wrong(
        "classes drawn equally often in order",
        None,
        setting("data_loader.args.class_balanced=true", "--set", "data_loader.args.shuffle=false"),
        "class_balanced draws samples at random, so shuffle must be true",
    ),
    Wrong(
        "balanced weights of a class without training samples",
        None,
        setting('loss={"type": "NLLLoss", "args": {"weight": "balanced"}}', "--set", "data_loader.args.subset=12"),
        'arch and loss: NLLLoss with weight "balanced" needs training samples of every class, but class ',
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
