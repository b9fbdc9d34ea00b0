"""Mistakes in a search, in the words of the config's own check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from base.errors import ConfigError
from trainer.search.domains import Domain
from trainer.search.reading import Place
from trainer.search.space import Space
from utils.config.messages import Mistake
from utils.config.overrides import assign
from utils.config.parser import config_mistakes

MOST_POINTS = 100_000
OF_THE_SEARCH = {
    "name": "runs keep the config's name",
    "seed": "give seeds",
    "trainer.monitor": "give goal",
    "trainer.save_dir": "runs and the study go where the config says",
    "trainer.threads": "workers share the cores",
}


def clashes(specs: Iterable[str], fixed: Iterable[str]) -> list[Mistake]:
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


def tried(held: dict[str, Any], key: str, value: Any, source: str, mistakes: list[Mistake]) -> dict[str, Any]:
    """The config with a value at a key, or without it where that adds mistakes of `source`."""
    found = attempt(held, key, value)
    mistakes += [_moved(mistake, key, source) for mistake in found]
    return held if found else assign(held, key, value, source)


def attempt(config: dict[str, Any], key: str, value: Any) -> list[Mistake]:
    """The config check's complaints about a value at a key."""
    try:
        return config_mistakes(assign(config, key, value, key))
    except ConfigError as error:
        return [Mistake(key, str(error).removeprefix(f"{key}: "))]


def _moved(mistake: Mistake, key: str, source: str, which: str = "") -> Mistake:
    """A mistake of the config as one of search.json."""
    where = "" if mistake.path == key else f"{mistake.path}: "
    return Mistake(source, f"{which}{where}{mistake.text}")


def value_mistakes(domain: Domain, place: Place) -> list[Mistake]:
    """The config's complaints about options and ends; one where the key is wrong and not the values."""
    found = [(word, place.attempt(value)) for word, value in domain.extremes()]
    if found[0][1] and all(mistakes == found[0][1] for _, mistakes in found):
        return [_moved(mistake, place.path, place.source) for mistake in found[0][1]]
    return [_moved(one, place.path, place.source, f"{word}: ") for word, mistakes in found for one in mistakes]


def grid_mistakes(space: Space) -> list[Mistake]:
    """The parts of a space that keep it from being a grid."""
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
