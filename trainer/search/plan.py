"""A validated search: no trial of it has a config with mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial as bind
from pathlib import Path
from typing import Any

from base.base_sampler import Params
from base.errors import ConfigError
from trainer.search.domains import joined, value_at
from trainer.search.mistakes import attempt, clashes, grid_mistakes, tried, value_mistakes
from trainer.search.reading import Place, read_domain
from trainer.search.settings import RECORD, SearchSettings, read_settings
from trainer.search.space import Space, changed
from utils.config.files import read_object
from utils.config.messages import Mistake, report, shown
from utils.config.overrides import types_first
from utils.config.parser import ConfigParser
from utils.shell import shell_command

QUIET = {"trainer.verbosity": 0, "trainer.pictures": [], "trainer.report": False}  # of these, those that there are


@dataclass(frozen=True)
class SearchPlan:
    """A checked search: the config, the settings (and as plain values), the space, and the config of all trials.

    `first` is the setting that is tried before others, where one is asked for.
    """

    config: ConfigParser
    settings: SearchSettings
    plain: dict[str, Any]
    space: Space
    trial_config: dict[str, Any]
    first: Params | None = None

    @property
    def folder(self) -> Path:
        """The folder of the study and its results."""
        return self.config.save_dir / "search" / self.settings.name

    @property
    def mode(self) -> str:
        """ "max" or "min", the direction of the goal."""
        return str(self.trial_config["trainer"]["monitor"]).split()[0]

    @property
    def metric(self) -> str:
        """The figure that is optimised."""
        return str(self.trial_config["trainer"]["monitor"]).split()[1]

    @property
    def seeds(self) -> list[int]:
        """The seeds that each setting is trained with."""
        return self.settings.seeds or [self.config.resolved["seed"]]

    @property
    def limit(self) -> int | None:
        """The number of settings to try; None where only time limits it."""
        trials = self.settings.trials
        points = self.points()
        return trials if points is None else min(len(points), trials or len(points))

    def points(self) -> list[Params] | None:
        """The whole grid, where that is what is searched."""
        return self.space.grid() if self.settings.sampler.exhaustive else None

    def trial(self, values: dict[str, Any], seed: int, threads: int) -> ConfigParser:
        """The config of one run."""
        own = values | {"seed": seed, "trainer.threads": threads}
        return ConfigParser(changed(self.trial_config, own, "trial"), self.settings.name)

    def best(self, values: dict[str, Any]) -> ConfigParser:
        """The config with the best values, without what was for trials only."""
        return ConfigParser(changed(self.config.resolved, values, "best"), self.settings.name)


def plan_search(config_path: str, search_path: str, overrides: Sequence[str]) -> SearchPlan:
    """Read and check both files. Raises ConfigError with all mistakes of the config, or else all of the search."""
    _check_order(config_path, search_path)
    config = ConfigParser.from_file(config_path, overrides)
    mistakes: list[Mistake] = []
    parts, specs = read_settings(search_path, mistakes)
    plain = {name: part.plain for name, part in parts.items()}
    whole = None if mistakes else RECORD.assemble(parts, "", mistakes)
    fixed = plain.get("overrides", {})
    mistakes += clashes(specs, fixed)
    trial_config = _trial_config(config, fixed, mistakes)
    if "goal" in plain:
        trial_config = _with_goal(trial_config, plain["goal"], mistakes)
    space = _space(specs, trial_config, mistakes)
    if "sampler" in parts and parts["sampler"].build().exhaustive:
        mistakes += grid_mistakes(space)
    if mistakes or whole is None:
        raise ConfigError(report(search_path, mistakes))
    first = _own_setting(space, trial_config, mistakes) if plain["first"] == "config" else None
    if mistakes:
        raise ConfigError(report(search_path, mistakes))
    return SearchPlan(config, whole.build(), plain, space, trial_config, first)


def _own_setting(space: Space, config: dict[str, Any], mistakes: list[Mistake]) -> Params:
    """The setting that has the config's own values."""
    known = ConfigParser(config).resolved
    parts = []
    for key, domain in space.domains.items():
        value = value_at(known, key)
        part = domain.locate(key, value, bind(_changes_nothing, known, key))
        if part is None:
            text = f"the config's {key} is {shown(value)}, which space.{key} lacks; add it there, or leave first out"
            mistakes.append(Mistake("first", text))
        parts.append(part or {})
    return joined(parts)


def _changes_nothing(config: dict[str, Any], key: str, value: Any) -> bool:
    try:
        return ConfigParser(changed(config, {key: value}, key)).resolved == config
    except ConfigError:
        return False


def _check_order(config_path: str, search_path: str) -> None:
    """Raise ConfigError where each of the two files stands for the other."""
    if "space" in read_object(config_path) and "space" not in read_object(search_path):
        command = shell_command("python", "search.py", "-c", search_path, "-s", config_path)
        raise ConfigError(
            f"{config_path} is a search and {search_path} a config, so -c and -s are swapped:\n  {command}"
        )


def _trial_config(config: ConfigParser, fixed: dict[str, Any], mistakes: list[Mistake]) -> dict[str, Any]:
    """The config with the changes that all trials share, as far as they are valid."""
    quiet = {key: value for key, value in QUIET.items() if key.rpartition(".")[2] in config.resolved["trainer"]}
    held = changed(config.resolved, quiet, "trials")
    for key in types_first(fixed):
        held = tried(held, key, fixed[key], f"overrides.{key}", mistakes)
    return held


def _with_goal(held: dict[str, Any], goal: str | None, mistakes: list[Mistake]) -> dict[str, Any]:
    goal = goal or held["trainer"]["monitor"]
    if goal is None or goal == "off":
        text = 'is missing, and trainer.monitor names no figure; for example "max val_accuracy"'
        mistakes.append(Mistake("goal", text))
        return held
    return tried(held, "trainer.monitor", goal, "goal", mistakes)


def _space(specs: dict[str, Any], config: dict[str, Any], mistakes: list[Mistake]) -> Space:
    domains = {}
    for key, spec in specs.items():
        place = Place(f"space.{key}", key, bind(attempt, config, key))
        domain = read_domain(spec, place, mistakes)
        if domain is not None:
            domains[key] = domain
            mistakes += value_mistakes(domain, place)
    return Space(domains)
