"""What a run prints is right and fits 80 columns."""

import numpy as np
import pytest

from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.base_trainer import Record
from base.dataset import Dataset, all_rows
from base.random_streams import RandomStreams
from base.types import Array, Shape
from logger.console import component_lines, data_lines, epoch_line, model_table


class Zeros(BaseInitializer):
    def sample(self, shape: Shape, generator: np.random.Generator) -> Array:
        return np.zeros(shape)


class Dense(BaseLayer):
    def build(self, input_shape: Shape) -> Shape:
        self.add_parameter("weight", (*input_shape, 500), Zeros())
        self.add_parameter("bias", (500,), Zeros())
        return (500,)

    def forward(self, x: Array) -> Array:
        return x @ self.parameters["weight"].value

    def backward(self, grad: Array) -> Array | None:
        return None


class Block(BaseLayer):
    def build(self, input_shape: Shape) -> Shape:
        self.children = {"dense1": Dense(), "dense2": Dense()}
        for child in self.children.values():
            input_shape = child.build(input_shape)
        return input_shape

    def forward(self, x: Array) -> Array:
        return x

    def backward(self, grad: Array) -> Array | None:
        return grad


class Network(BaseModel):
    def network(self) -> BaseLayer:
        return Block()


def record(**more: float) -> Record:
    figures = {"epoch": 7, "step": 70, "loss": 0.25, "penalty": 0.5, "accuracy": 0.5, **more}
    return {**figures, "val_loss": 0.125, "val_accuracy": 0.75, "lr": 0.1, "seconds": 12.3}


def dataset(samples: int, classes: tuple[str, ...] | None) -> Dataset:
    inputs = np.zeros((samples, 28, 28, 1), np.uint8)
    return Dataset(inputs, np.zeros(samples, np.int64), all_rows(inputs), classes)


def test_the_model_table_lists_layers_and_adds_up() -> None:
    model = Network()
    model.build((1000,), RandomStreams(0))
    assert model_table(model, {"dense1": (500,), "dense2": (25, 20)}).splitlines() == [
        "layer   type   output   parameters",
        "dense1  Dense  500         500,500",
        "dense2  Dense  25 x 20     250,500",
        "751,000 parameters, 2.86 MiB as float32",
    ]


def test_an_epoch_is_one_line_without_the_penalty() -> None:
    line = epoch_line(record(), epochs=20, improved=False, monitor_figure="val_loss")
    assert line == "epoch  7/20  loss 0.2500 val 0.1250  accuracy 0.5000 val 0.7500  lr 0.1  12 s"


def test_large_and_small_figures_of_regression_stand_in_columns_with_their_metric() -> None:
    lines = [
        epoch_line(
            {"epoch": 7, "step": 70, "loss": loss, "mean_absolute_error": error, "val_loss": loss / 2,
             "val_mean_absolute_error": error / 2, "lr": 0.03, "seconds": 0.01},
            epochs=12, improved=True, monitor_figure="val_loss",
        ) for loss, error in ((27648.9, 295.7), (4125.25, 19.5))
    ]  # fmt: skip
    assert lines == [
        "epoch  7/12  loss  27649 val  13824* mea...or 295.70 val 147.85  lr 0.03  0.01 s",
        "epoch  7/12  loss 4125.2 val 2062.6* mea...or 19.500 val 9.7500  lr 0.03  0.01 s",
    ]


@pytest.mark.parametrize(
    ("figure", "part"),
    [
        ("loss", "loss 0.2500* val"),
        ("val_loss", "val 0.1250* accuracy"),
        ("val_accuracy", "val 0.7500* lr 0.1"),
        ("val_other", "12 s*"),
    ],
)
def test_the_best_epoch_is_marked_at_the_figure_that_is_best(figure: str, part: str) -> None:
    line = epoch_line(record(), epochs=20, improved=True, monitor_figure=figure)
    assert part in line
    assert line.count("*") == 1


def test_a_star_moves_nothing() -> None:
    plain, starred = (epoch_line(record(), 20, improved, "val_accuracy") for improved in (False, True))
    assert starred.replace("*", " ") == plain


def test_more_metrics_are_shown_as_long_as_they_fit() -> None:
    line = epoch_line(record(precision_of_the_first_class=0.5, f1=0.25), 20, True, "val_other")
    assert "accuracy 0.5000" in line
    assert "precision_of_the_first_class" not in line
    figures: Record = {"epoch": 1, "loss": 0.5, "accuracy": 0.5, "recall": 0.5, "f1": 0.25, "lr": 0.1, "seconds": 1}
    assert epoch_line(figures, 20, True, "f1") == (
        "epoch  1/20  loss 0.5000  accuracy 0.5000  recall 0.5000  lr 0.1  1.0 s*"
    )


def test_long_names_of_layers_are_cut_in_the_middle_so_that_the_table_fits() -> None:
    model = Network()
    model.build((1000,), RandomStreams(0))
    deep = "sequential3.residual2.body.residual1.body.sequential4.residual2.shortcut."
    model.root.children = {deep + name: layer for name, layer in model.root.children.items()}
    lines = model_table(model, {}).splitlines()
    assert max(map(len, lines)) == 80
    assert lines[1].startswith("sequential3.residual2.bod...")
    assert [line.split()[0][-14:] for line in lines[1:3]] == ["hortcut.dense1", "hortcut.dense2"]


@pytest.mark.parametrize("epochs", [9, 100_000])
@pytest.mark.parametrize("metric", ["f1", "balanced_accuracy", "precision_of_the_first_class_at_half_recall"])
def test_an_epochs_line_fits_whatever_it_says(metric: str, epochs: int) -> None:
    figures = {"epoch": epochs, "loss": 1.5e-5, metric: 0.5, "val_loss": 1e-5, f"val_{metric}": 0.75}
    line = epoch_line({**figures, "lr": 0.000123, "seconds": 4000.0}, epochs, True, f"val_{metric}")
    assert len(line) <= 80
    assert "loss 1.5e-05" in line
    assert line.rstrip("*").endswith("lr 0.000123  1 h 6 min")
    assert line.count("*") == 1


def test_a_long_name_of_the_first_metric_is_cut_before_its_figures_are() -> None:
    figures = {"epoch": 7, "loss": 0.25, "balanced_accuracy": 0.5, "val_loss": 0.125, "val_balanced_accuracy": 0.75}
    line = epoch_line({**figures, "lr": 0.1, "seconds": 12.3}, 20, True, "val_balanced_accuracy")
    assert line == "epoch  7/20  loss 0.2500 val 0.1250  bala...racy 0.5000 val 0.7500* lr 0.1  12 s"


def test_every_argument_of_every_component_is_listed_in_lines_that_fit() -> None:
    config = {
        "name": "x", "seed": 3, "regularizer": None, "metrics": ["accuracy"],
        "augmentation": [{"type": "RandomShift", "args": {"max_pixels": 2}}, {"type": "RandomErasing", "args": {}}],
        "arch": {"type": "MLP", "args": {"layer_sizes": [*range(100, 130)], "activation": "ReLU"}},
        "trainer": {"epochs": 20, "save_dir": "saved/"},
    }  # fmt: skip
    lines = component_lines(config).splitlines()
    augmented = ["augmentation: RandomShift: max_pixels 2", "augmentation: RandomErasing"]
    assert lines[:3] == ["metrics: accuracy", *augmented]
    assert lines[3].startswith("arch: MLP: layer_sizes [100, 101, ")
    assert lines[-1] == 'trainer: epochs 20, save_dir "saved/"'
    assert max(map(len, lines)) <= 80


def test_data_are_described_with_splits_shapes_and_classes() -> None:
    digits = tuple("0123456789")
    text = data_lines(dataset(1200, digits), dataset(300, digits), dataset(100, digits))
    assert text.splitlines() == [
        "samples  1,200 training, 300 validation, 100 test",
        "input    28 x 28 x 1",
        "classes  10: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
        "balance  from 0 of 1 to 1,200 of 0 in the training data",
    ]


def test_classes_that_are_equally_frequent_are_said_to_be_so() -> None:
    inputs = np.zeros((4, 1))
    even = Dataset(inputs, np.array([0, 1, 1, 0]), all_rows(inputs), ("a", "b"))
    assert data_lines(even, None).splitlines()[-1] == "balance  2 training samples of each class"
    assert data_lines(even.subset(np.array([0, 1])), None).splitlines()[-1].endswith(" 1 training sample of each class")


def test_many_classes_are_cut_to_the_line_and_numbers_have_a_shape() -> None:
    many = data_lines(dataset(2, tuple(f"class {i}" for i in range(100))), None).splitlines()
    assert (len(many[-2]), many[-2][-3:]) == (80, "...")
    assert many[-1] == "balance  from 0 of class 1 to 2 of class 0 in the training data"
    assert data_lines(dataset(2, None), None).splitlines()[-1] == "target   1"


@pytest.mark.parametrize("improved", [True, False])
def test_the_first_metric_is_shown_in_the_last_column_too(improved: bool) -> None:
    record = {"epoch": 19, "step": 9, "loss": 0.0323, "accuracy": 0.9906, "val_loss": 0.0411, "val_accuracy": 0.9872}
    line = epoch_line(record | {"lr": 0.004, "seconds": 1.7}, 20, improved, "val_accuracy")
    assert "accuracy 0.9906 val 0.9872" in line
    assert len(line) == 80
