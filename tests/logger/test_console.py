"""What a run prints is right and fits the columns there are."""

import numpy as np
import pytest

from base.base_initializer import BaseInitializer
from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.dataset import Dataset, all_rows
from base.random_streams import RandomStreams
from base.types import Array, Shape
from logger.console import component_lines, data_lines, model_table
from utils.folding import text_width


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


def test_long_names_of_layers_are_cut_in_the_middle_so_that_the_table_fits() -> None:
    model = Network()
    model.build((1000,), RandomStreams(0))
    deep = "sequential3.residual2.body.residual1.body.sequential4.residual2.shortcut."
    model.root.children = {deep + name: layer for name, layer in model.root.children.items()}
    lines = model_table(model, {}).splitlines()
    assert max(map(len, lines)) == 80
    assert lines[1].startswith("sequential3.residual2.bod...")
    assert [line.split()[0][-14:] for line in lines[1:3]] == ["hortcut.dense1", "hortcut.dense2"]


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
        "balance  fewest training samples: 0 of class 1; most: 1,200 of class 0",
    ]


def test_classes_that_are_equally_frequent_are_said_to_be_so() -> None:
    inputs = np.zeros((4, 1))
    even = Dataset(inputs, np.array([0, 1, 1, 0]), all_rows(inputs), ("a", "b"))
    assert data_lines(even, None).splitlines()[-1] == "balance  each class has 2 training samples"
    assert data_lines(even.subset(np.array([0, 1])), None).splitlines()[-1].endswith("each class has 1 training sample")


def test_of_many_classes_some_are_named_whole_and_numbers_have_a_shape() -> None:
    many = dataset(2, tuple(f"kind {i}" for i in range(100)))
    assert data_lines(many, None).splitlines()[-2:] == [
        "classes  100: kind 0, kind 1, kind 2, kind 3, kind 4, kind 5, and 94 more",
        "balance  fewest training samples: 0 of class kind 1; most: 2 of class kind 0",
    ]
    assert data_lines(many, None, columns=40).splitlines()[2] == "classes  100: kind 0, and 99 more"
    assert data_lines(dataset(2, None), None).splitlines()[-1] == "target   1"


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_whatever_is_said_of_a_run_fits(columns: int) -> None:
    model = Network()
    model.build((1000,), RandomStreams(0))
    classes = ("a class with a name of its own that is long", "\N{CJK UNIFIED IDEOGRAPH-732B}" * 30, "c")
    config = {"arch": {"type": "MLP", "args": {"layer_sizes": [*range(100, 130)], "activation": "ReLU"}}}
    for text in (
        model_table(model, {"dense1": (500,), "dense2": (25, 20, 128)}, columns),
        data_lines(dataset(1200, classes), dataset(1200, classes), None, columns),
        component_lines(config, columns),
    ):
        assert max(map(text_width, text.splitlines())) <= columns
        assert len(text.splitlines()) > 1
