"""Domains of hyperparameters: ranges of numbers, or choices, which may contain domains of their own."""

from __future__ import annotations

import itertools
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial as bind
from typing import TYPE_CHECKING, Any

from base.base_sampler import Params
from utils.config.overrides import assign

if TYPE_CHECKING:
    from optuna.trial import BaseTrial


class Domain(ABC):
    """The values that one key may take."""

    @abstractmethod
    def suggest(self, trial: BaseTrial, name: str) -> Any:
        """A value suggested by the trial."""

    @abstractmethod
    def extremes(self) -> Iterator[tuple[str, Any]]:
        """Each choice and each end of a range once, with a description."""

    @abstractmethod
    def points(self) -> int | None:
        """The number of values in a grid; None for a domain that is infinite."""

    @abstractmethod
    def grid(self, name: str) -> Iterator[Params]:
        """The parameters of every value."""

    @abstractmethod
    def locate(self, name: str, value: Any, is_same: Callable[[Any], bool]) -> Params | None:
        """The parameters of a value of the config, of which `is_same` tells others apart; None where it has none."""

    @abstractmethod
    def axes(self, name: str) -> Iterator[tuple[str, Domain]]:
        """The domain and those within its choices, by the names of their parameters."""


@dataclass(frozen=True)
class Numbers(Domain):
    """Numbers from low to high."""

    low: float
    high: float
    log: bool = False
    step: float | None = None
    whole: bool = False

    def suggest(self, trial: BaseTrial, name: str) -> Any:
        if self.whole:
            return trial.suggest_int(name, int(self.low), int(self.high), step=int(self.step or 1), log=self.log)
        value = trial.suggest_float(name, self.low, self.high, step=self.step, log=self.log)
        return value if self.step is None else on_step(value)

    def extremes(self) -> Iterator[tuple[str, Any]]:
        for word, value in (("low", self.low), ("high", self.high)):
            yield word, int(value) if self.whole and value.is_integer() else value

    def points(self) -> int | None:
        step = self.step or (1 if self.whole and not self.log else None)
        return None if step is None else round((self.high - self.low) / step) + 1

    def grid(self, name: str) -> Iterator[Params]:
        for place in range(self.points() or 0):
            value = on_step(self.low + place * (self.step or 1))
            yield {name: int(value) if self.whole else value}

    def locate(self, name: str, value: Any, is_same: Callable[[Any], bool]) -> Params | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            return None
        if self.whole:
            value = int(value)
        if step := self.step or (1 if self.whole and not self.log else None):
            value = on_step(self.low + round((value - self.low) / step) * step)
        found = int(value) if self.whole else float(value)
        return {name: found} if is_same(found) else None

    def axes(self, name: str) -> Iterator[tuple[str, Domain]]:
        yield name, self


@dataclass(frozen=True)
class Option:
    """A value and the domains within it, by their paths; its label stands for it in results."""

    label: Any
    value: Any
    inner: Mapping[str, Domain]

    def filled(self, values: Mapping[str, Any]) -> Any:
        """The value with other values at paths within it."""
        whole = {"value": self.value}
        for path, value in values.items():
            whole = assign(whole, f"value.{path}", value, "space")
        return whole["value"]

    def locate(self, name: str, value: Any, is_same: Callable[[Any], bool]) -> Params | None:
        """The parameters of a value of the config; None where it is not this choice."""
        held = {path: value_at(value, path) for path in self.inner}
        found: list[Params | None] = [
            domain.locate(self.name(name, path), held[path], bind(self._is_same_inside, is_same, held, path))
            for path, domain in self.inner.items()
        ]
        if not is_same(self.filled(held)):
            return None
        return None if None in found else {name: self.label} | joined([one for one in found if one is not None])

    def _is_same_inside(self, is_same: Callable[[Any], bool], held: Mapping[str, Any], path: str, value: Any) -> bool:
        return is_same(self.filled({**held, path: value}))

    def name(self, name: str, path: str) -> str:
        """The name of the parameter at a path within the choice of a key."""
        return f"{name}[{self.label}].{path}"


@dataclass(frozen=True)
class Options(Domain):
    """A list of choices."""

    options: tuple[Option, ...]

    def suggest(self, trial: BaseTrial, name: str) -> Any:
        label = trial.suggest_categorical(name, [option.label for option in self.options])
        option = next(option for option in self.options if option.label == label)
        inner = {path: domain.suggest(trial, option.name(name, path)) for path, domain in option.inner.items()}
        return option.filled(inner)

    def extremes(self) -> Iterator[tuple[str, Any]]:
        for option in self.options:
            first = {path: next(inner.extremes())[1] for path, inner in option.inner.items()}
            yield f"{json.dumps(option.label)}", option.filled(first)
            for path, inner in option.inner.items():
                for word, value in itertools.islice(inner.extremes(), 1, None):
                    yield f"{option.label}.{path} {word}", option.filled(first | {path: value})

    def points(self) -> int | None:
        total = 0
        for option in self.options:
            counts = [inner.points() for inner in option.inner.values()]
            if None in counts:
                return None
            total += math.prod(count or 0 for count in counts)
        return total

    def grid(self, name: str) -> Iterator[Params]:
        for option in self.options:
            grids = [inner.grid(option.name(name, path)) for path, inner in option.inner.items()]
            for parts in itertools.product(*grids):
                yield {name: option.label} | joined(parts)

    def locate(self, name: str, value: Any, is_same: Callable[[Any], bool]) -> Params | None:
        found = (option.locate(name, value, is_same) for option in self.options)
        return next((params for params in found if params is not None), None)

    def axes(self, name: str) -> Iterator[tuple[str, Domain]]:
        yield name, self
        for option in self.options:
            for path, inner in option.inner.items():
                yield from inner.axes(option.name(name, path))


def value_at(node: Any, path: str) -> Any:
    """The value in a config at a key path; None where it holds nothing there.

    >>> value_at({"arch": {"args": {"layer_sizes": [784, 10]}}}, "arch.args.layer_sizes.1")
    10
    """
    for key in path.split("."):
        if isinstance(node, list):
            node = node[int(key)] if key.isdecimal() and int(key) < len(node) else None
        else:
            node = node.get(key) if isinstance(node, dict) else None
    return node


def on_step(value: float) -> float:
    """A number some steps from another, without the error of adding them.

    >>> on_step(0.1 + 2 * 0.1)
    0.3
    """
    return float(f"{value:.12g}")


def joined(parts: Sequence[Params]) -> Params:
    """Parameters of several domains together."""
    return {name: value for part in parts for name, value in part.items()}
