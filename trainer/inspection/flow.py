"""The flow from layer to layer, found by one forward pass of a network's own modules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.random_streams import RandomStreams
from base.types import Array
from logger.summary import NETWORK_INPUT, NETWORK_OUTPUT, FlowStep
from trainer.inspection.inspection import numpy_twin

_MOST_STEPS = 2000
_NEW = (np.empty_like, np.zeros_like, np.ones_like, np.full_like)


@dataclass(frozen=True, eq=False)
class _Source:
    """The origin of an array: the layer that returned it, or `operation` on several sources.

    `guessed` says that a container computed it in a way that cannot be followed, from what came last.
    """

    layer: str = ""
    operation: str = ""
    inputs: tuple[_Source, ...] = ()
    guessed: bool = False


def flow_of(model: BaseModel, inputs: Array, streams: RandomStreams) -> list[FlowStep]:
    """The steps of a forward pass over `inputs`, in their order; empty where a module cannot be followed.

    A copy of the model is run in evaluation mode, with NumPy's operations. Arrays that go through a container's own
    code carry where they come from, so that sums, concatenations and products of branches are known for any module.
    """
    twin = numpy_twin(model, streams)
    recorder = _Recorder()
    with ExitStack() as stack:
        for name, layer in twin.named_layers():
            recorder.follow(stack, name, layer)
        with np.errstate(all="ignore"):
            output = twin.forward(_traced(inputs, _Source(NETWORK_INPUT)))
    recorder.add(NETWORK_OUTPUT, "", recorder.source(output))
    return recorder.steps


class _Recorder:
    """Collects the steps of a forward pass."""

    def __init__(self) -> None:
        self.steps: list[FlowStep] = []
        self._names: dict[_Source, str] = {}
        self._calls: dict[str, int] = {}
        self._last = _Source(NETWORK_INPUT)

    def follow(self, stack: ExitStack, name: str, layer: BaseLayer) -> None:
        """Record the calls of a layer; of one that contains others, where its result comes from."""
        forward = layer.forward
        after = self._contained if layer.children else self._called
        layer.__dict__["forward"] = lambda x: after(name, forward, x)  # shadows the method on this one instance
        layer.__dict__["empty"] = lambda shape, dtype: _traced(np.empty(shape, dtype), None)
        stack.callback(layer.__dict__.pop, "forward")

    def source(self, array: Array) -> _Source:
        """The origin of an array; of one that nothing is known of, what came last."""
        known = getattr(array, "source", None)
        return known or _Source("", "", (self._last,), guessed=True)

    def add(self, layer: str, operation: str, *sources: _Source) -> str:
        """Append a step, and return its name."""
        if len(self.steps) >= _MOST_STEPS:
            raise ValueError(f"more than {_MOST_STEPS} steps")
        inputs = [self._name(_followed(source)) for source in sources]
        kind = layer or operation
        self._calls[kind] = self._calls.get(kind, 0) + 1
        name = kind if layer and self._calls[kind] == 1 else f"{kind}#{self._calls[kind]}"
        guessed = any(source.guessed for source in sources)
        self.steps.append(FlowStep(name, layer, operation, inputs, guessed))
        return name

    def _called(self, name: str, forward: Callable[[Array], Array], x: Array) -> Array:
        step = self.add(name, "", self.source(x))
        self._last = source = _Source(name)
        self._names[source] = step
        return _traced(forward(np.asarray(x)), source)

    def _contained(self, name: str, forward: Callable[[Array], Array], x: Array) -> Array:
        given = x if getattr(x, "source", None) else _traced(x, self.source(x))
        result = forward(given)
        return _traced(result, self.source(result))

    def _name(self, source: _Source) -> str:
        if source not in self._names:
            is_joined = len(source.inputs) > 1
            self._names[source] = self.add("", source.operation, *source.inputs) if is_joined else source.layer
        return self._names[source]


def _followed(source: _Source) -> _Source:
    while len(source.inputs) == 1:
        source = source.inputs[0]
    return source


class _Traced(np.ndarray):
    """An array that knows its source, and gives it on to what NumPy makes of it."""

    source: _Source | None

    def __array_finalize__(self, made_of: Any) -> None:
        self.source = getattr(made_of, "source", None)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        given = {} if out is None else {"out": tuple(map(_plain, out))}
        result = getattr(ufunc, method)(*map(_plain, inputs), **given, **options)
        source = _joined(ufunc.__name__, inputs)
        for array in out or ():
            if isinstance(array, _Traced):
                array.source = source
        return out[0] if out is not None and len(out) == 1 else _all_traced(result, source)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        result = function(*map(_plain, arguments), **{key: _plain(value) for key, value in options.items()})
        source = None if function in _NEW else _joined(function.__name__, [*arguments, *options.values()])
        if isinstance(out := options.get("out"), _Traced):
            out.source = source
            return out
        return _all_traced(result, source)

    def __setitem__(self, place: Any, value: Any) -> None:
        super().__setitem__(place, _plain(value))
        is_whole = place is Ellipsis or place == slice(None) if not isinstance(place, tuple | np.ndarray) else False
        self.source = _joined("concatenate", [value] if is_whole else [self, value])


def _joined(operation: str, values: Iterable[Any]) -> _Source | None:
    """The origin of an operation's result; where one alone has a source, that is what it comes from."""
    sources = list(dict.fromkeys(array.source for array in _arrays(values) if array.source))
    if len(sources) < 2:
        return sources[0] if sources else None
    return _Source("", operation, tuple(sources))


def _arrays(values: Iterable[Any]) -> Iterable[_Traced]:
    for value in values:
        if isinstance(value, _Traced):
            yield value
        elif isinstance(value, list | tuple):
            yield from _arrays(value)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    return value.view(np.ndarray) if isinstance(value, _Traced) else value


def _all_traced(result: Any, source: _Source | None) -> Any:
    if isinstance(result, list | tuple):
        return type(result)(_all_traced(one, source) for one in result)
    return _traced(result, source) if isinstance(result, np.ndarray) else result


def _traced(array: Array, source: _Source | None) -> _Traced:
    traced = np.asarray(array).view(_Traced)
    traced.source = source
    return traced
