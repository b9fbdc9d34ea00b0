"""The diagram of a network: boxes from top to bottom, and lines that meet what they lead to."""

import re
from collections.abc import Sequence
from itertools import pairwise

from logger.report.diagram import Diagram, diagram
from logger.summary import FlowStep, LayerSummary, Summary

Layer = tuple[str, str, tuple[int, ...], int]
BLOCK: list[Layer] = [
    ("conv2d1", "Conv2D", (8, 8, 4), 40), ("relu1", "ReLU", (8, 8, 4), 0), ("block1", "Residual", (8, 8, 4), 0),
    ("block1.body", "Sequential", (8, 8, 4), 0), ("block1.body.conv2d1", "Conv2D", (8, 8, 4), 148),
    ("block1.body.batchnorm2d1", "BatchNorm2D", (8, 8, 4), 8), ("linear1", "Linear", (2,), 514),
]  # fmt: skip
BLOCK_FLOW = {
    "conv2d1": ["input"], "relu1": ["conv2d1"], "block1.body.conv2d1": ["relu1"],
    "block1.body.batchnorm2d1": ["block1.body.conv2d1"], "add#1": ["block1.body.batchnorm2d1", "relu1"],
    "linear1": ["add#1"], "output": ["linear1"],
}  # fmt: skip


def summary(layers: Sequence[Layer], flow: dict[str, list[str]]) -> Summary:
    """A run of a network of these layers."""
    layer = {name: "" if "#" in name or name == "output" else name for name in flow}
    operation = {name: name.partition("#")[0] if "#" in name else "" for name in flow}
    steps = [FlowStep(name, layer[name], operation[name], inputs) for name, inputs in flow.items()]
    held = [LayerSummary(*layer) for layer in layers]
    return Summary("n", "r", "done", 1, 1, 1, "off", "", None, {}, (8, 8, 1), None, held, flow=steps)


def drawn(layers: Sequence[Layer], flow: dict[str, list[str]]) -> Diagram:
    """The diagram, which there must be."""
    made = diagram(summary(layers, flow))
    assert made is not None
    return made


def test_a_box_holds_a_layer_and_what_follows_it_unit_by_unit() -> None:
    made = drawn(BLOCK, BLOCK_FLOW)
    assert [place.title for place in made.places] == [
        "input  8 x 8 x 1", "Conv2D · ReLU", "Conv2D · BatchNorm2D", "+", "Linear", "output"
    ]  # fmt: skip
    box = made.places[2]
    assert (box.shape, box.parameters, box.paths) == (
        "8 x 8 x 4", 156, "block1.body.conv2d1, block1.body.batchnorm2d1"
    )  # fmt: skip
    assert box.share == 156 / 710


def test_lines_begin_and_end_at_what_they_join() -> None:
    made = drawn(BLOCK, BLOCK_FLOW)
    places = made.places
    straight = [tuple(map(int, re.findall(r"\d+", line.path)[1:])) for line in made.lines if "H" not in line.path]
    assert straight == [(one.bottom, other.top) for one, other in pairwise(places)]
    (around,) = (line for line in made.lines if "H" in line.path)
    assert around.path.startswith(f"M{made.center} {places[1].bottom}V")
    assert around.path.endswith(f"H{made.center + places[3].half}")
    assert around.dot == (made.center, places[1].bottom + 7)
    assert all(one.bottom < other.top for one, other in pairwise(places))
    (group,) = made.groups
    assert group.title == "block1"
    assert group.top < places[2].top
    assert places[3].bottom < group.top + group.height < places[4].top


def test_ways_that_overlap_have_lanes_of_their_own() -> None:
    layers: list[Layer] = [(f"linear{number}", "Linear", (4,), 20) for number in range(1, 5)]
    flow = {
        "linear1": ["input"], "linear2": ["linear1"], "linear3": ["linear2"],
        "concatenate#1": ["linear3", "input", "linear1"],
        "linear4": ["concatenate#1"], "add#1": ["linear4", "concatenate#1"], "output": ["add#1"],
    }  # fmt: skip
    made = drawn(layers, flow)
    lanes = {max(map(int, re.findall(r"Q(\d+)", line.path))) for line in made.lines if "H" in line.path}
    assert len(lanes) == 2  # two at once, and the third way has the first's lane again
    assert max(lanes) < made.width
    assert {"concat", "+"} <= {place.title for place in made.places}


def test_a_layer_whose_result_two_take_ends_its_box() -> None:
    layers: list[Layer] = [("linear1", "Linear", (4,), 20), ("relu1", "ReLU", (4,), 0)]
    flow = {"linear1": ["input"], "relu1": ["linear1"], "add#1": ["relu1", "linear1"], "output": ["add#1"]}
    made = drawn(layers, flow)
    assert [place.title for place in made.places[1:3]] == ["Linear", "ReLU"]


def test_there_is_none_where_the_flow_is_not_known_or_makes_no_sense() -> None:
    assert diagram(summary(BLOCK, {})) is None
    assert diagram(summary(BLOCK, {"conv2d1": ["input"]})) is None
    assert diagram(summary(BLOCK, {"conv2d1": ["what"], "output": ["conv2d1"]})) is None
    assert diagram(summary(BLOCK, {"other": ["input"], "output": ["other"]})) is None
    layers: list[Layer] = [(f"linear{number}", "Linear", (4,), 20) for number in range(500)]
    chain = {"linear0": ["input"]} | {f"linear{number}": [f"linear{number - 1}"] for number in range(1, 500)}
    assert diagram(summary(layers, chain | {"output": ["linear499"]})) is None
