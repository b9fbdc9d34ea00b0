"""A config that is right, and a table of what can be wrong with one and the words that its message must hold."""

from typing import Any

from utils.config.overrides import override

CONFIG: dict[str, Any] = {
    "name": "mnist_mlp",
    "seed": 309,
    "arch": {"type": "MLP", "args": {"layer_sizes": [784, 32, 10], "activation": "ReLU"}},
    "data_loader": {
        "type": "MnistDataLoader",
        "args": {"data_dir": "data/mnist", "batch_size": 128, "shuffle": True, "validation_split": 0.3},
    },
    "augmentation": [{"type": "RandomShift", "args": {"max_pixels": 2}}],
    "loss": {"type": "CrossEntropyLoss", "args": {}},
    "metrics": ["accuracy", "top_k_accuracy"],
    "regularizer": {"type": "L2", "args": {"weight": 1e-4}},
    "optimizer": {"type": "SGD", "args": {"lr": 0.1, "momentum": 0.9}},
    "lr_scheduler": {"type": "MultiStepLR", "args": {"milestones": [800, 2400], "gamma": 0.5, "interval": "step"}},
    "trainer": {"epochs": 20, "save_dir": "saved/", "monitor": "max val_accuracy", "early_stop": 10},
}

PLATEAU = '{"type": "ReduceLROnPlateau", "args": {"figure": "%s"}}'
WARMUP = 'lr_scheduler={"type": "LinearWarmup", "args": {"total_iters": 3, "scheduler": ' + PLATEAU % "f1" + "}}"
CNN_SAME = (
    'arch={"type": "CNN", "args": '
    '{"channels": [4, 8], "kernel_size": 5, "padding": "same", "stride": [1, 2], "classes": 10}}'
)
LAYERS = 'arch={"type": "Sequential", "args": {"layers": '

# The change to CONFIG, as after --set, and what the message must say. These are wrong by the schema too.
STRUCTURAL: list[tuple[str, list[str]]] = [
    ("nam=3", ["nam: unknown key 'nam'; did you mean 'name'?", "Known: name, arch"]),
    ("extends=base.json", ["extends: unknown key 'extends'"]),
    ("$schema=3", ["$schema: expected the path of a schema, got 3"]),
    ("name=5", ["name: expected letters, digits", "got 5 (write it in quotes)"]),
    ("name=a/b", ["name: expected letters, digits", 'got "a/b"']),
    ("name=../up", ["name: expected letters, digits", 'got "../up"']),
    ('name=""', ["name: expected letters, digits", 'got ""']),
    ("name=null", ["name: expected letters, digits", "got null"]),
    ("seed=-1", ["seed: expected a whole number of at least 0, got -1"]),
    ("seed=1.5", ["seed: expected a whole number of at least 0, got 1.5"]),
    ("seed=true", ["seed: expected a whole number of at least 0, got true"]),
    ('seed="5"', ['seed: expected a whole number of at least 0, got "5" (this is text; write 5 without quotes)']),
    ("arch=5", ["arch: expected a model (its name, or an object", "got 5"]),
    ("arch=MPL", ["arch: unknown model 'MPL'; did you mean 'MLP'? Known: CNN, MLP, ResNet, Sequential"]),
    ("arch=mlp", ["arch: unknown model 'mlp'; did you mean 'MLP'?"]),
    ("arch=MLP", ["arch.args.layer_sizes: is missing: the sizes of the input", '"layer_sizes": [10, 10]']),
    ('arch={"args": {}}', ["arch: expected a model", 'got {"args": {}}']),
    ('arch={"type": 3}', ["arch: expected a model"]),
    ('arch={"type": "numpy.zeros"}', ["arch: unknown model 'numpy.zeros'."]),
    ("arch.args=[1]", ["arch.args: expected an object", "got [1]"]),
    ("arch.args=null", ["arch.args: expected an object", "got null"]),
    ("arch.args.layer_sizes=[784]", ["arch.args.layer_sizes: expected a list with at least 2 (each: a whole number"]),
    ("arch.args.layer_sizes=784", ["arch.args.layer_sizes: expected a list with at least 2", "got 784"]),
    ("arch.args.layer_sizes.1=0", ["arch.args.layer_sizes.1: expected a whole number of at least 1, got 0"]),
    ("arch.args.layer_sizes.1=ten", ['arch.args.layer_sizes.1: expected a whole number of at least 1, got "ten"']),
    ("arch.args.activation=Relu6", ["arch.args.activation: unknown layer 'Relu6'; did you mean 'ReLU'?"]),
    ("arch.args.activation=BatchNorm", ["arch.args.activation: unknown layer 'BatchNorm'; did you mean 'BatchNorm"]),
    ("arch.args.activation=null", ["arch.args.activation: expected a layer", "got null"]),
    ("arch.args.activation.args.x=1", ["arch.args.activation.args.x: ReLU has no argument 'x'. It takes: none"]),
    ("arch.args.dropout=1", ["arch.args.dropout: expected a number of at least 0 and below 1, got 1"]),
    ("arch.args.bias=yes", ['arch.args.bias: expected true or false, got "yes" (write true or false, without quotes)']),
    ("arch.args.bias=1", ["arch.args.bias: expected true or false, got 1"]),
    ("arch.args.initializer=HeNorml", ["arch.args.initializer: unknown initializer", "did you mean 'HeNormal'?"]),
    (LAYERS + '["MaxPool2D"]}}', ["arch.args.layers.0.args.kernel_size: is missing: height", '"kernel_size": 2']),
    (
        LAYERS + '[{"type": "LayerNorm", "args": {"normalized_shape": []}}]}}',
        ["arch.args.layers.0.args.normalized_shape: expected a list with at least 1", "got []"],
    ),
    (LAYERS + '["Linear"]}}', ["arch.args.layers.0.args.out_features: is missing"]),
    (LAYERS + '["ReLU", {"type": "Dropout", "args": {"p": 2}}]}}', ["arch.args.layers.1.args.p: expected a number"]),
    (
        LAYERS + '[{"type": "Sequential", "args": {"layers": ["ReLu"]}}]}}',
        ["arch.args.layers.0.args.layers.0: unknown layer 'ReLu'; did you mean 'ReLU'?"],
    ),
    ("data_loader.type=MNIST", ["data_loader: unknown data loader 'MNIST'", "Known: CsvDataLoader, DigitsDataLoader"]),
    ("optimizer.args.lr=1e999", ['optimizer.args.lr: expected a number above 0, got "1e999" (too large for a number)']),
    ("trainer.save_dir=", ['trainer.save_dir: expected the path of a folder ("." for the current one), got ""']),
    ("data_loader.args.batch_size=0", ["data_loader.args.batch_size: expected a whole number of at least 1, got 0"]),
    (
        "data_loader.args.validation_split=1.5",
        ["data_loader.args.validation_split: expected a number of at least 0 and below 1 or a whole number"],
    ),
    ("data_loader.args.shuffle=null", ["data_loader.args.shuffle: expected true or false, got null"]),
    ("data_loader.args.data_dir=3", ["data_loader.args.data_dir: expected text, got 3 (write it in quotes)"]),
    ("augmentation=RandomShift", ["augmentation: expected a list (each: an augmentation", "or null, got"]),
    ("augmentation.0.args.max_pixels=-1", ["augmentation.0.args.max_pixels: expected a whole number"]),
    ("augmentation.0=null", ["augmentation.0: expected an augmentation", "got null"]),
    ("loss=CrossEntropy", ["loss: unknown loss 'CrossEntropy'; did you mean 'CrossEntropyLoss'? Known:"]),
    ("loss.arg={}", ['loss.arg: unknown key \'arg\'; beside "type" there is only "args"']),
    ("metrics.0=acuracy", ["metrics.0: unknown metric 'acuracy'; did you mean 'accuracy'?"]),
    ('metrics=[{"type": "top_k_accuracy", "args": {"k": 0}}]', ["metrics.0.args.k: expected a whole number"]),
    ("regularizer.args.weight=-1", ["regularizer.args.weight: expected a number of at least 0, got -1"]),
    ("regularizer=-3", ["regularizer: expected a regularizer", "or null, got -3"]),
    ("regularizer=None", ["regularizer: unknown regularizer 'None'"]),
    ("optimizer.args.lrr=1", ["optimizer.args.lrr: SGD has no argument 'lrr'; did you mean 'lr'? It takes: lr, mom"]),
    ("optimizer=SGD", ['optimizer.args.lr: is missing: the learning rate; for example "lr": 0.1']),
    ("optimizer.args.lr=0", ["optimizer.args.lr: expected a number above 0, got 0"]),
    ('optimizer.args.lr="1e-3"', ["optimizer.args.lr: expected a number above 0", "write 1e-3 without quotes"]),
    ("optimizer.args.lr=NaN", ['optimizer.args.lr: expected a number above 0, got "NaN"']),
    ('optimizer={"type": "Adam", "args": {"betas": [0.9]}}', ["optimizer.args.betas: expected a list of 2 (a number"]),
    ('optimizer={"type": "Adam", "args": {"betas": [0.9, 1]}}', ["optimizer.args.betas.1: expected a number"]),
    ('optimizer={"type": "SGD", "lr": 0.1}', ["optimizer.lr: unknown key 'lr'", "optimizer.args.lr: is missing"]),
    ("lr_scheduler.args.interval=batch", ['lr_scheduler.args.interval: expected "step" or "epoch", got "batch"']),
    ("lr_scheduler.args.milestones.1=-5", ["lr_scheduler.args.milestones.1: expected a whole number of at least 0"]),
    ("trainer=null", ["trainer: expected an object with the keys epochs, ", "got null"]),
    ("trainer={}", ['trainer.epochs: is missing: how many epochs to train; for example "epochs": 10']),
    ("trainer.epochs=-3", ["trainer.epochs: expected a whole number of at least 1, got -3"]),
    ("trainer.epochs=2.5", ["trainer.epochs: expected a whole number of at least 1, got 2.5"]),
    ("trainer.epoch=3", ["trainer.epoch: unknown key 'epoch'; did you mean 'epochs'?"]),
    ("trainer.monitor=best", ['trainer.monitor: expected "min FIGURE", "max FIGURE" or "off" or null, got "best"']),
    ("trainer.early_stop=0", ["trainer.early_stop: expected a whole number of at least 1 or null, got 0"]),
    ("trainer.early_stop=none", ["trainer.early_stop: expected a whole number", "(write null, without quotes)"]),
    ("trainer.min_delta=-1", ["trainer.min_delta: expected a number of at least 0, got -1"]),
    ("trainer.min_delta=null", ["trainer.min_delta: expected a number of at least 0, got null"]),
    ('trainer.ema={"decay": 1}', ["trainer.ema.decay: expected a number above 0 and below 1, got 1"]),
    ('trainer.ema={"decay": 0.9, "warmup": 10}', ["trainer.ema.warmup: expected true or false, got 10"]),
    ('trainer.ema={"warmup": true}', ["trainer.ema.decay: is missing"]),
    ("trainer.verbosity=true", ["trainer.verbosity: expected 0, 1 or 2, got true"]),
    ("trainer.verbosity=3", ["trainer.verbosity: expected 0, 1 or 2, got 3"]),
    ('trainer.pictures=["confusin"]', ['trainer.pictures.0: expected "curves", ', 'or "boundary", got "confusin"']),
    ("trainer.pictures=none", ['trainer.pictures: expected "all" or a list (each: "curves"', 'got "none"']),
    ("trainer.dtype=float16", ['trainer.dtype: expected "float32" or "float64", got "float16"']),
    ("trainer.shards=many", ["trainer.shards: expected a whole number", 'of at most 1024 or "auto", got "many"']),
    ("trainer.tsne.epoch=[1]", ["trainer.tsne.epoch: unknown key 'epoch'; did you mean 'epochs'?"]),
    ("trainer.tsne.epochs=[-1]", ["trainer.tsne.epochs.0: expected a whole number of at least 0, got -1"]),
]

# What only the whole of a config shows, or a constructor, or the limits of numbers.
BEYOND_SCHEMA: list[tuple[str, list[str]]] = [
    ("trainer.epochs=1e1", ["trainer.epochs: expected a whole number of at least 1, got 10.0 (write 10)"]),
    ("seed=99999999999999999999", ["seed: expected a whole number", "(too large)"]),
    ('trainer.save_dir="a\\u0000b"', ["trainer.save_dir: expected the path of a folder"]),
    ('trainer.save_dir="\\ud800"', ["trainer.save_dir: expected the path of a folder"]),
    ('optimizer={"type": "SGD", "args": {"lr": 1, "nesterov": true}}', ["optimizer: SGD cannot be made: nesterov"]),
    (CNN_SAME, ['arch: CNN cannot be made: conv2d2 has padding "same"', "and stride 2; set arch.args.padding to 2"]),
    ("trainer.monitor=max val_acuracy", ["no figure 'val_acuracy'; did you mean 'val_accuracy'? Figures: loss,"]),
    ("data_loader.args.validation_split=0", ["'val_accuracy' without data_loader.args.validation_split"]),
    ("trainer.monitor=min test_loss", ["trainer.monitor: the log will have no figure 'test_loss' without trainer"]),
    ("lr_scheduler=" + PLATEAU % "val_los", ["lr_scheduler.args.figure: ", "'val_los'; did you mean 'val_loss'?"]),
    ("lr_scheduler=" + PLATEAU % "test_loss", ["lr_scheduler.args.figure: ", "'test_loss' without trainer.log_test"]),
    (WARMUP, ["lr_scheduler.args.scheduler.args.figure: the log will have no figure 'f1'. Figures: loss,"]),
    ("metrics=null", ["trainer.monitor: the log will have no figure 'val_accuracy'"]),
    ('metrics=["accuracy", "accuracy"]', ["metrics.1: is the same as metrics.0"]),
    ('metrics=["top_k_accuracy", {"type": "top_k_accuracy", "args": {"k": 3}}]', ["metrics.1: is the same as"]),
]


def changed(assignment: str) -> dict[str, Any]:
    """CONFIG with one change."""
    return override(CONFIG, [assignment])
