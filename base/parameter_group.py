"""Parameter groups: optimizer settings for some of a model's parameters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import groupby

from base.constraints import NonNegative, Positive


@dataclass(frozen=True, kw_only=True)
class Group:
    """Optimizer settings for parameters selected by name; for a parameter in several groups the last one holds.

    names: a parameter's name, or a pattern in which * is any text, such as "conv1.*" or "*.bias"; or a list of these.
    lr: their learning rate; a scheduler changes it by the same factors (null: the optimizer's).
    weight_decay: their weight decay (null: the optimizer's).
    frozen: whether these parameters are not trained.
    """

    names: str | list[str]
    lr: Positive | None = None
    weight_decay: NonNegative | None = None
    frozen: bool = False

    def matches(self, name: str) -> bool:
        """True if a parameter belongs to the group."""
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)

    @property
    def patterns(self) -> list[str]:
        """The names as a list."""
        return [self.names] if isinstance(self.names, str) else self.names


@dataclass(frozen=True)
class Segment:
    """A range of the flat parameter vector with the same settings; `lr` None means the optimizer's."""

    part: slice
    lr: float | None
    weight_decay: float


def segments(ranges: Mapping[str, slice], groups: Iterable[Group], weight_decay: float) -> list[Segment]:
    """The trained parts of the vector with their settings; neighbours with the same settings are one segment.

    Raises ValueError for a pattern that matches no parameter.
    """
    groups = list(groups)
    for pattern in (pattern for group in groups for pattern in group.patterns):
        if not any(fnmatchcase(name, pattern) for name in ranges):
            raise ValueError(f"no parameter is named {pattern!r}; there are {', '.join(ranges)}")
    parts = [(_settings(name, groups, weight_decay), part) for name, part in ranges.items()]
    joined = [(settings, [part for _, part in run]) for settings, run in groupby(parts, key=lambda item: item[0])]
    return [Segment(slice(run[0].start, run[-1].stop), lr, decay) for (lr, decay, frozen), run in joined if not frozen]


def _settings(name: str, groups: list[Group], weight_decay: float) -> tuple[float | None, float, bool]:
    own = next((group for group in reversed(groups) if group.matches(name)), Group(names=""))
    return own.lr, weight_decay if own.weight_decay is None else own.weight_decay, own.frozen
