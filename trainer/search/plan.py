"""A search found right: nothing of it will be refused by the config once trials run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from base.base_sampler import Params
from base.errors import ConfigError
from trainer.search.domains import Domain
from trainer.search.reading import Place, Try, read_domain
from trainer.search.settings import RECORD, SearchSettings, read_settings
from trainer.search.space import Space, changed
from utils.config.overrides import assign
from utils.config.words import Mistake, report
from utils.config_parser import ConfigParser, config_mistakes

MOST_POINTS = 100_000
QUIET = {"trainer.verbosity": 0, "trainer.pictures": [], "trainer.report": False}  # of these, those that there are
OF_THE_SEARCH = {
    "name": "runs keep the config's name",
    "seed": "give seeds",
    "trainer.monitor": "give goal",
    "trainer.save_dir": "runs and the study go where the config says",
    "trainer.threads": "workers share the cores",
}


@dataclass(frozen=True)
class SearchPlan:
    """What is searched: the config, the settings (and as plain values), the space, and the config of all trials."""

    config: ConfigParser
    settings: SearchSettings
    plain: dict[str, Any]
    space: Space
    trial_config: dict[str, Any]

    @property
    def folder(self) -> Path:
        """Where the study and its results go."""
        return Path(self.config.resolved["trainer"]["save_dir"]) / "search" / self.settings.name

    @property
    def mode(self) -> str:
        """Whether the goal is "max" or "min"."""
        return str(self.trial_config["trainer"]["monitor"]).split()[0]

    @property
    def figure(self) -> str:
        """The figure that the goal is about."""
        return str(self.trial_config["trainer"]["monitor"]).split()[1]

    @property
    def seeds(self) -> list[int]:
        """What each setting is trained with."""
        return self.settings.seeds or [self.config.resolved["seed"]]

    @property
    def limit(self) -> int | None:
        """How many settings are tried; None where only time says."""
        trials = self.settings.trials
        points = self.points()
        return trials if points is None else min(len(points), trials or len(points))

    def points(self) -> list[Params] | None:
        """The whole grid, where that is what is searched."""
        return self.space.grid() if self.settings.sampler.exhaustive else None

    def trial(self, values: dict[str, Any], seed: int, threads: int) -> ConfigParser:
        """The config of one run."""
        own = values | {"seed": seed, "trainer.threads": threads}
        return ConfigParser(changed(self.trial_config, own, "trial"), f"{self.settings.name}: {values}")

    def best(self, values: dict[str, Any]) -> ConfigParser:
        """The config with the best values, without what was for trials only."""
        return ConfigParser(changed(self.config.resolved, values, "best"), f"{self.settings.name}: {values}")


def plan_search(config_path: str, search_path: str, overrides: Sequence[str]) -> SearchPlan:
    """Read and check both files. Raises ConfigError with all mistakes of the config, or else all of the search."""
    config = ConfigParser.from_file(config_path, overrides)
    mistakes: list[Mistake] = []
    parts = read_settings(search_path, mistakes)
    plain = {name: part.plain for name, part in parts.items()}
    specs, fixed = plain.get("space", {}), plain.get("overrides", {})
    mistakes += _clashes(specs, fixed)
    trial_config = _trial_config(config, fixed, mistakes)
    if "goal" in plain:
        trial_config = _with_goal(trial_config, plain["goal"], mistakes)
    space = _space(specs, trial_config, mistakes)
    if "sampler" in parts and parts["sampler"].build().exhaustive:
        mistakes += _grid_mistakes(space)
    checked = None if mistakes else RECORD.assemble(parts, "", mistakes)
    if checked is None:
        raise ConfigError(report(search_path, mistakes))
    return SearchPlan(config, checked.build(), plain, space, trial_config)


def _clashes(specs: Iterable[str], fixed: Iterable[str]) -> list[Mistake]:
    """Keys that are not the space's to change, and keys that change the same."""
    sources = [(f"space.{key}", key) for key in specs] + [(f"overrides.{key}", key) for key in fixed]
    mistakes = [
        Mistake(source, f"is not for trials to change; {OF_THE_SEARCH[key]}")
        for source, key in sources
        if key in OF_THE_SEARCH
    ]
    for index, (source, key) in enumerate(sources):
        for other, outer in sources[:index] + sources[index + 1 :]:
            if key.startswith(f"{outer}.") or (key == outer and source > other):
                text = f"changes what {other} changes too; put it into that, or leave one out"
                mistakes.append(Mistake(source, text))
    return mistakes


def _trial_config(config: ConfigParser, fixed: dict[str, Any], mistakes: list[Mistake]) -> dict[str, Any]:
    """The config with what is the same in all trials, as far as it is right."""
    quiet = {key: value for key, value in QUIET.items() if key.rpartition(".")[2] in config.resolved["trainer"]}
    held = changed(config.resolved, quiet, "trials")
    for key, value in fixed.items():
        held = _tried(held, key, value, f"overrides.{key}", mistakes)
    return held


def _with_goal(held: dict[str, Any], goal: str | None, mistakes: list[Mistake]) -> dict[str, Any]:
    goal = goal or held["trainer"]["monitor"]
    if goal is None or goal == "off":
        text = 'is missing, and trainer.monitor names no figure; for example "max val_accuracy"'
        mistakes.append(Mistake("goal", text))
        return held
    return _tried(held, "trainer.monitor", goal, "goal", mistakes)


def _tried(held: dict[str, Any], key: str, value: Any, source: str, mistakes: list[Mistake]) -> dict[str, Any]:
    found = _attempt(held, key, value)
    mistakes += [_moved(mistake, key, source) for mistake in found]
    return held if found else assign(held, key, value, source)


def _attempt(config: dict[str, Any], key: str, value: Any) -> list[Mistake]:
    """What the config check says about a value at a key."""
    try:
        return config_mistakes(assign(config, key, value, key))
    except ConfigError as error:
        return [Mistake(key, str(error).removeprefix(f"{key}: "))]


def _moved(mistake: Mistake, key: str, source: str, which: str = "") -> Mistake:
    """A mistake of the config as one of search.json."""
    where = "" if mistake.path == key else f"{mistake.path}: "
    return Mistake(source, f"{which}{where}{mistake.text}")


def _space(specs: dict[str, Any], config: dict[str, Any], mistakes: list[Mistake]) -> Space:
    domains = {}
    for key, spec in specs.items():

        def attempt(value: Any, key: str = key) -> list[Mistake]:
            return _attempt(config, key, value)

        domain = read_domain(spec, Place(f"space.{key}", key, attempt), mistakes)
        if domain is None:
            continue
        domains[key] = domain
        mistakes += _value_mistakes(domain, key, attempt)
    return Space(domains)


def _value_mistakes(domain: Domain, key: str, attempt: Try) -> list[Mistake]:
    """What the config says about options and ends; about all the same where the key is wrong and not the values."""
    source = f"space.{key}"
    found = [(word, attempt(value)) for word, value in domain.extremes()]
    if found[0][1] and all(mistakes == found[0][1] for _, mistakes in found):
        return [_moved(mistake, key, source) for mistake in found[0][1]]
    return [_moved(mistake, key, source, f"{word}: ") for word, mistakes in found for mistake in mistakes]


def _grid_mistakes(space: Space) -> list[Mistake]:
    total, mistakes = 1, []
    for key, domain in space.domains.items():
        points = domain.points()
        if points is None:
            text = "a grid has no points in a range of all numbers; give a step or choices, or take another sampler"
            mistakes.append(Mistake(f"space.{key}", text))
        total *= points or 1
    if total > MOST_POINTS:
        text = f"the grid has {total:,} points, more than {MOST_POINTS:,}; take another sampler"
        mistakes.append(Mistake("space", text))
    return mistakes
