"""A page as a file, and what it cannot hold."""

import json
import re
from pathlib import Path

import pytest

from base.base_layer import BaseLayer
from base.errors import UserError, WriteError
from base.types import Array, Shape
from model.architectures.sequential import SequentialModel
from model.browser.descriptions import DESCRIBERS, describe
from model.layers.activations import ReLU
from model.layers.linear import Linear
from tests.one_layer import OneLayer, replica
from tests.running import PROJECT
from tests.trainer.drawing.conftest import Trained
from trainer.drawing.main import write_page
from trainer.predictor import Predictor


def test_the_file_holds_the_network_and_says_what_it_does_not_show(
    convolutional: Predictor, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_page(str(convolutional.path), "pages/draw.html")
    page = Path("pages/draw.html").read_text(encoding="utf-8")
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    network = json.loads(data[1])["network"]
    assert set(network["arrays"]) == set(dict(convolutional.model.named_parameters()))
    assert "connect-src" not in page
    assert "shows no gradients" in page
    assert "it computes by itself, and shows no gradients and no test samples" in capsys.readouterr().out


def test_a_residual_network_is_described_whole(trained: Trained, here: Path) -> None:
    network = Predictor.load(trained({"type": "ResNet", "args": {"channels": [2, 3], "classes": 10}}))
    root, arrays = describe(network.model)
    assert set(arrays) == {*dict(network.model.named_parameters()), *dict(network.model.named_buffers())}
    assert {"Conv2D", "BatchNorm", "Block", "Sequential", "ReLU"} <= set(re.findall(r"'type': '(\w+)'", str(root)))


def test_a_folder_and_a_path_that_cannot_be_written_are_refused(convolutional: Predictor, here: Path) -> None:
    with pytest.raises(UserError, match=r"is a folder; give the path of a file, such as draw\.html"):
        write_page(str(convolutional.path), ".")
    (here / "file").touch()
    with pytest.raises(WriteError, match="choose another path with -o"):
        write_page(str(convolutional.path), "file/draw.html")


def test_weights_that_are_too_many_are_refused(
    convolutional: Predictor, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.drawing.description.MOST_BYTES", 1000)
    with pytest.raises(UserError, match="too many for a page; leave -o out"):
        write_page(str(convolutional.path), "draw.html")
    assert not Path("draw.html").exists()


class Twice(BaseLayer):
    """A layer of somebody's own."""

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array) -> Array:
        return 2 * x

    def backward(self, dy: Array) -> Array:
        return 2 * dy


class WithForward(OneLayer):
    """A model that does more than its layers."""

    def forward(self, x: Array) -> Array:
        return super().forward(x) + 1


def test_the_guide_names_the_layers_that_a_page_computes() -> None:
    guide = (PROJECT / "docs" / "guides" / "draw.md").read_text(encoding="utf-8")
    named = guide.partition("It computes these layers, and architectures made of them: ")[2].partition(". Others")[0]
    assert sorted(re.findall(r"\w+", named)) == sorted(kind.__name__ for kind in DESCRIBERS)


def test_a_layer_that_a_page_does_not_compute_is_named_with_those_that_it_does() -> None:
    model = replica(SequentialModel([Linear(out_features=3), Twice()]), (3,))
    with pytest.raises(
        UserError, match=r"^twice1: Twice is no layer that a page computes, which are AvgPool2D, .*-o out"
    ):
        describe(model)
    with pytest.raises(UserError, match="arch: WithForward has a forward of its own"):
        describe(replica(WithForward(ReLU()), (3,)))
