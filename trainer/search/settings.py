"""Keys of search.json."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from base.base_pruner import BasePruner
from base.base_sampler import BaseSampler
from base.constraints import Distinct, Length, NonNegativeInt, Pattern, Positive, PositiveInt
from base.errors import ConfigError
from trainer.search.samplers.tpe import TPESampler
from utils.config.annotations import arguments_of
from utils.config.composites import ObjectOf
from utils.config.files import read_object
from utils.config.kinds import ValidValue
from utils.config.messages import Mistake, shown
from utils.config.settings import Name
from utils.shell import shell_command


@dataclass(frozen=True, kw_only=True)
class NumberRange:
    """Numbers between two ends, both included; whole ones where the config's key takes only those.

    low: the lowest.
    high: the highest.
    log: whether each factor is as likely as any other, instead of each difference.
    step: only these steps from `low` on (null: all numbers).
    """

    low: float
    high: float
    log: bool = False
    step: Positive | None = None

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise ValueError(f"low {self.low:g} is not below high {self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError(f"log needs low above 0, got {self.low:g}")
        if self.step is not None:
            self._check_step(self.step)

    def _check_step(self, step: float) -> None:
        steps = (self.high - self.low) / step
        if self.log:
            raise ValueError("give one of log and step; for powers give a list of choices")
        if abs(steps - round(steps)) > 1e-6:
            last = self.low + int(steps) * step
            raise ValueError(f"steps of {step:g} from {self.low:g} do not meet high; write high {last:g}")


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Some values within a choice, where a list by itself would be one value.

    choices: the values.
    """

    choices: Annotated[list[Any], Length(1)]


@dataclass(frozen=True, kw_only=True)
class SearchSettings:
    """The space of settings, the method of the search, and its limits.

    name: names the study, its folder and its runs.
    space: for each key path of the config a list of choices, or a range {"low", "high", "log", "step"}; within choices
        that are objects, ranges and {"choices": [...]} may stand for values.
    goal: the figure whose best epoch is a run's result, such as "max val_accuracy" (null: trainer.monitor).
    trials: how many settings are tried (null: as many as the time allows, or the whole of a grid).
    minutes: begin no more trials after so many, each time the command is given (null: no limit).
    sampler: chooses settings.
    first: "config" tries the config's own values before all others (null: the sampler chooses the first setting too).
    pruner: ends trials early that do badly (null: none).
    overrides: values for key paths of the config in all trials, such as fewer epochs.
    seeds: train each setting once with each of these; the mean is its result (null: the config's seed).
    workers: how many trials run at the same time on this machine, sharing its cores.
    heartbeat: the seconds between a worker's signs of life; after three without one its trial is given to another.
    """

    name: Name
    space: dict[str, Annotated[list[Any], Length(1)] | NumberRange]
    goal: Annotated[str, Pattern(r"(min|max) \S+", '"min FIGURE" or "max FIGURE"')] | None = None
    trials: PositiveInt | None = None
    minutes: Positive | None = None
    sampler: BaseSampler = field(default_factory=TPESampler)
    first: Literal["config"] | None = None
    pruner: BasePruner | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    seeds: Annotated[list[NonNegativeInt], Length(1), Distinct()] | None = None
    workers: PositiveInt = 1
    heartbeat: PositiveInt = 15

    def __post_init__(self) -> None:
        if not self.space:
            raise ValueError('space names no key; for example {"optimizer.args.lr": [0.01, 0.1]}')
        if not self.sampler.exhaustive and self.trials is None and self.minutes is None:
            raise ValueError("it would never end; give trials, minutes or both")


RECORD = ObjectOf(SearchSettings, arguments_of)


def read_settings(path: str | Path, mistakes: list[Mistake]) -> tuple[dict[str, ValidValue], dict[str, Any]]:
    """The keys of a file that are right by themselves, and so the keys of its space.

    Raises ConfigError for a file that cannot be read.
    """
    raw: dict[str, Any] = read_object(path)
    if "arch" in raw and "space" not in raw:
        raise ConfigError(
            f'{path}: is a config, as it has an "arch", and no search; give it with -c, and a search with -s:\n  '
            f"{shell_command('python', 'search.py', '-c', path, '-s', 'SEARCH')}"
        )
    link = raw.pop("$schema", "")
    if not isinstance(link, str):
        mistakes.append(Mistake("$schema", f"expected the path of a schema, got {shown(link)}"))
    if isinstance(raw.get("space"), dict):
        raw["space"] = _without_nested(raw["space"], mistakes)
    return RECORD.sections(raw, "", mistakes), _right_keys(raw.get("space"))


def _without_nested(space: dict[str, Any], mistakes: list[Mistake]) -> dict[str, Any]:
    """The space without objects that hold further keys in place of a range, which are mistakes."""
    nested = [key for key, spec in space.items() if isinstance(spec, dict) and _path_within(spec)]
    for key in nested:
        text = "a key of the space is a whole path with dots, with a list or a range as its value: write "
        mistakes.append(Mistake(f"space.{key}", f'{text}"{key}.{_path_within(space[key])}"'))
    return {key: spec for key, spec in space.items() if key not in nested}


def _path_within(spec: dict[str, Any]) -> str:
    """The path to the first list or range within an object; "" where it is a range itself."""
    for key, inner in spec.items():
        if isinstance(inner, dict):
            return f"{key}.{below}" if (below := _path_within(inner)) else key
    return (
        "" if {"low", "high"} & spec.keys() else next((k for k, inner in spec.items() if isinstance(inner, list)), "")
    )


def _right_keys(space: Any) -> dict[str, Any]:
    kind = arguments_of(SearchSettings)["space"].kind
    pairs = space.items() if isinstance(space, dict) else ()
    checked = [kind.check({key: spec}, "space", []) for key, spec in pairs]
    return {key: spec for one in checked if one is not None for key, spec in one.plain.items()}
