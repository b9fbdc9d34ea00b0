"""What the rows of all tables have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from utils.config.annotations import kind_of
from utils.config.messages import Mistake


@dataclass(frozen=True)
class Case:
    """A component as a config names it; its text is the test's id and the key of its reference values."""

    kind: str
    args: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(f'{name}={value}' for name, value in self.args.items())})"

    def built(self, family: type) -> Any:
        """The component, made anew as a config makes it."""
        mistakes: list[Mistake] = []
        checked = kind_of(family).check({"type": self.kind, "args": dict(self.args)}, str(self), mistakes)
        assert checked is not None, mistakes
        return checked.build()


def refusal(family: type, kind: str, args: Mapping[str, Any]) -> str:
    """The mistakes that the config check finds in a component, a line each."""
    mistakes: list[Mistake] = []
    assert kind_of(family).check({"type": kind, "args": dict(args)}, kind, mistakes) is None
    return "\n".join(map(str, mistakes))
