"""Failures and notes that come up while samples are read."""

from data_loader.class_folders import few

_MOST_NOTES = 20  # each block of a large table may have categories of its own
_MOST_NAMED = 1000


class Problems:
    """Inputs that cannot be read, and notes on those that were, each once."""

    def __init__(self) -> None:
        self.failures: dict[str, None] = {}
        self.notes: dict[str, None] = {}
        self.count = 0

    def fail(self, text: str) -> None:
        """An input cannot be read; said twice, it counts once."""
        if text in self.failures:
            return
        self.count += 1
        if self.count <= _MOST_NAMED:
            self.failures[text] = None

    def note(self, text: str | None) -> None:
        """Something is read otherwise than it may be meant."""
        if text and len(self.notes) < _MOST_NOTES:
            self.notes[text] = None

    def text(self) -> str:
        """All failures, a line each."""
        named = few([*self.failures], apart="\n  ", most=_MOST_NAMED)
        return named + (f"\n  and {self.count - _MOST_NAMED:,} more" if self.count > _MOST_NAMED else "")
