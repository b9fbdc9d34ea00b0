"""The settings that a search looks through, by key path of the config."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from base.base_sampler import Params
from trainer.search.domains import Domain, joined
from utils.config.overrides import assign, types_first

if TYPE_CHECKING:
    from optuna.trial import BaseTrial


@dataclass(frozen=True)
class Space:
    """A domain for each key path."""

    domains: Mapping[str, Domain]

    def suggest(self, trial: BaseTrial) -> dict[str, Any]:
        """A value for each key, by the trial's choice."""
        return {key: domain.suggest(trial, key) for key, domain in self.domains.items()}

    def values(self, params: Params) -> dict[str, Any]:
        """A value for each key from the parameters that Optuna keeps."""
        from optuna.trial import FixedTrial

        return self.suggest(FixedTrial(params))

    def axes(self) -> dict[str, Domain]:
        """Every parameter by its name."""
        return dict(axis for key, domain in self.domains.items() for axis in domain.axes(key))

    def grid(self) -> list[Params]:
        """The parameters of every point."""
        return [joined(parts) for parts in itertools.product(*(d.grid(key) for key, d in self.domains.items()))]


def changed(config: dict[str, Any], values: Mapping[str, Any], where: str) -> dict[str, Any]:
    """A config with values at key paths. Raises ConfigError, which begins with `where`, if one has no place."""
    for key in types_first(values):
        config = assign(config, key, values[key], where)
    return config
