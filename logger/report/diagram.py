"""The network as a diagram: its layers from top to bottom, and beside them the ways that branches take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from logger.console import shape_text
from logger.summary import NETWORK_INPUT, NETWORK_OUTPUT, FlowStep, LayerSummary, Summary
from utils.config.messages import cut

_MOST_PLACES = 400
_WIDTH, _TALL, _LOW, _GAP = 288, 46, 22, 24
_MARGIN, _LANE, _CORNER = 10, 14, 6
_LONGEST_TITLE, _LONGEST_GROUP = 40, 20
_SIGNS = {"add": "+", "subtract": "\N{MINUS SIGN}", "multiply": "\N{MULTIPLICATION SIGN}", "concatenate": "concat"}
Kind = Literal["layer", "join", "end"]


@dataclass
class Place:
    """A box, the sign of an operation, or an end of the network: its steps, where it comes from, and its look.

    `share` is the part of the network's parameters that it holds.
    """

    kind: Kind
    steps: list[FlowStep]
    title: str
    shape: str = ""
    parameters: int = 0
    share: float = 0.0
    top: int = 0
    layers: list[LayerSummary] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return _TALL if self.kind == "layer" else _LOW

    @property
    def middle(self) -> int:
        """The height of its middle in the diagram."""
        return self.top + self.height // 2

    @property
    def bottom(self) -> int:
        """The height of its lower edge."""
        return self.top + self.height

    @property
    def half(self) -> int:
        """Half the width of an operation's sign."""
        return 11 if len(self.title) == 1 else 8 + 4 * len(self.title)

    @property
    def paths(self) -> str:
        """The layers that it stands for."""
        return ", ".join(layer.name for layer in self.layers)


@dataclass(frozen=True)
class Line:
    """A way from one place to another as an SVG path; a dot at `dot` where it leaves another way."""

    path: str
    guessed: bool
    dot: tuple[int, int] | None = None


@dataclass(frozen=True)
class Group:
    """A container: the area of its layers, and its name."""

    title: str
    top: int
    height: int


@dataclass(frozen=True)
class Diagram:
    """Places, lines and groups in pixels."""

    places: list[Place]
    lines: list[Line]
    groups: list[Group]
    width: int
    height: int
    left: int = _MARGIN
    box: int = _WIDTH
    center: int = _MARGIN + _WIDTH // 2

    @property
    def has_guesses(self) -> bool:
        """True if a way could not be followed."""
        return any(line.guessed for line in self.lines)


def diagram(summary: Summary) -> Diagram | None:
    """The diagram of a run's network; None where its flow is not known, or is too long to be looked at."""
    layers = {layer.name: layer for layer in summary.layers}
    if not summary.flow or not _is_whole(summary.flow, layers):
        return None
    places = _places(summary, layers)
    if len(places) > _MOST_PLACES:
        return None
    groups = list(_stacked(places))
    lines, lanes = _lines(places)
    width = 2 * _MARGIN + _WIDTH + lanes * _LANE
    return Diagram(places, lines, groups, width, places[-1].bottom + _MARGIN)


def _is_whole(flow: Sequence[FlowStep], layers: Mapping[str, LayerSummary]) -> bool:
    """False for what no run has written: steps that nothing leads to."""
    known = {NETWORK_INPUT}
    for step in flow:
        if not step.inputs or not known.issuperset(step.inputs) or (step.layer not in {*layers, "", NETWORK_OUTPUT}):
            return False
        known.add(step.name)
    return flow[-1].name == NETWORK_OUTPUT


def _places(summary: Summary, layers: Mapping[str, LayerSummary]) -> list[Place]:
    """The ends, operations and boxes; a box holds a layer and those behind it that only scale, switch or drop units."""
    start = FlowStep(NETWORK_INPUT, "", "", [])
    places = [Place("end", [start], f"input  {shape_text(summary.input_shape)}")]
    uses = [name for step in summary.flow for name in step.inputs]
    total = sum(layer.parameters for layer in summary.layers) or 1
    for step in summary.flow:
        layer, last = layers.get(step.layer), places[-1]
        if layer is None:
            is_end = step.name == NETWORK_OUTPUT
            title = "output" if is_end else _SIGNS.get(step.operation, cut(step.operation, 12))
            places.append(Place("end" if is_end else "join", [step], title))
        elif last.kind == "layer" and _goes_with(step, layer, last) and uses.count(last.steps[-1].name) == 1:
            last.steps.append(step)
            last.layers.append(layer)
        else:
            places.append(Place("layer", [step], "", layers=[layer]))
    for place in places:
        if place.layers:
            place.title = cut(" \N{MIDDLE DOT} ".join(layer.type for layer in place.layers), _LONGEST_TITLE)
            place.shape = shape_text(place.layers[-1].output_shape)
            place.parameters = sum(layer.parameters for layer in place.layers)
            place.share = place.parameters / total
    return places


def _goes_with(step: FlowStep, layer: LayerSummary, last: Place) -> bool:
    before = last.layers[-1]
    few = layer.parameters <= 2 * (layer.output_shape or (0,))[-1]
    is_next = step.inputs == [last.steps[-1].name] and not step.guessed
    return is_next and few and layer.output_shape == before.output_shape and _parent(layer.name) == _parent(before.name)


def _parent(name: str) -> str:
    return name.rpartition(".")[0]


def _stacked(places: Sequence[Place]) -> Iterator[Group]:
    """Give every place its height, and yield the outermost containers that places lie in."""
    y, title, top = _MARGIN, "", 0
    for number, place in enumerate(places):
        own = _group(places, number)
        if own != title:
            if title:
                yield Group(title, top, y - _GAP + 8 - top)
                y += 10
            if own:
                y += 12
                top = y - 22
            title = own
        place.top = y
        y += place.height + _GAP
    if title:
        yield Group(title, top, y - _GAP + 8 - top)


def _group(places: Sequence[Place], number: int) -> str:
    """The outermost container of a place; that of an operation is where its first input lies."""
    place = places[number]
    if place.kind == "join":
        return next((_group(places, one) for one in range(number - 1, -1, -1) if places[one].kind == "layer"), "")
    name = place.layers[0].name if place.layers else ""
    return cut(name.partition(".")[0], _LONGEST_GROUP) if "." in name else ""


def _lines(places: Sequence[Place]) -> tuple[list[Line], int]:
    """The ways between places, and the number of lanes that those beside the boxes need."""
    number_of = {step.name: number for number, place in enumerate(places) for step in place.steps}
    ways = [
        (number_of[name], number, place.steps[0].guessed)
        for number, place in enumerate(places)
        for name in place.steps[0].inputs
    ]
    last_use = {start: max(end for one, end, _ in ways if one == start) for start, end, _ in ways if end > start + 1}
    lanes = _lanes(last_use)
    direct = {start for start, end, _ in ways if end == start + 1}
    lines = []
    for start, end, guessed in ways:
        if end == start + 1:
            lines.append(Line(_straight(places[start], places[end]), guessed))
        else:
            dot = (_MARGIN + _WIDTH // 2, places[start].bottom + 7) if start in direct else None
            lines.append(Line(_around(places[start], places[end], lanes[start]), guessed, dot))
    return lines, max(lanes.values(), default=-1) + 1


def _lanes(last_use: Mapping[int, int]) -> dict[int, int]:
    """A lane for each place that leads past others; a lane is free again where its last way has ended."""
    lanes: dict[int, int] = {}
    for start in last_use:
        taken = {lanes[other] for other in lanes if last_use[other] > start}
        lanes[start] = next(lane for lane in range(len(last_use)) if lane not in taken)
    return lanes


def _straight(start: Place, end: Place) -> str:
    return f"M{_MARGIN + _WIDTH // 2} {start.bottom}V{end.top}"


def _around(start: Place, end: Place, lane: int) -> str:
    """Out below a place, down its lane, and into the top of a box or the side of an operation."""
    center, x, r = _MARGIN + _WIDTH // 2, _MARGIN + _WIDTH + 12 + lane * _LANE, _CORNER
    out, back = start.bottom + 7, end.middle if end.kind == "join" else end.top - 9
    path = f"M{center} {start.bottom}V{out}H{x - r}Q{x} {out} {x} {out + r}V{back - r}Q{x} {back} {x - r} {back}"
    if end.kind == "join":
        return f"{path}H{center + end.half}"
    return f"{path}H{center + r}Q{center} {back} {center} {back + r}V{end.top}"
