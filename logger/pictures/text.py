"""Names of the user's in pictures: as they are written, whole or without their middle."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from utils.printable import escape, printable

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure, FigureBase
    from matplotlib.legend import Legend

LOG = logging.getLogger(__name__)

_FONT = "DejaVu Sans"  # which comes with matplotlib
_END = 4  # letters that are left of the end of a name
_MOST_TOLD = 12
_told: set[str] = set()


def shortened(name: str, longest: int, end: int = _END) -> str:
    """A name in about so many letters; what is left out is in its middle, as beginnings are often alike.

    `end` of the letters are the name's last ones.

    Letters that no font has count as what stands for them.

    >>> shortened("golden retriever", 12)
    'golden …ever'
    >>> shortened("golden_retriever_0012.jpg", 16, end=8)
    'golden_…0012.jpg'
    """
    if len(name) <= longest and name.isascii():
        return name
    units = [_shown(letter) for letter in name]
    if sum(map(len, units)) <= longest:
        return name
    head, tail = _fitting(units, longest - 1 - end), _fitting(units[::-1], end)
    return name if head + tail >= len(units) else f"{name[:head]}…{name[len(name) - tail :]}"


def _fitting(units: list[str], room: int) -> int:
    """The number of units, one at least, that are no longer than the room."""
    count = size = 0
    for unit in units:
        size += len(unit)
        if size > room and count:
            break
        count += 1
    return count


def add_legend(owner: Axes | FigureBase, handles: Iterable[Any], labels: Iterable[str], **look: Any) -> Legend:
    """A legend in which labels may begin with an underscore, which matplotlib would leave out."""
    labels, handles = list(labels), list(handles)
    legend = owner.legend(handles, [str(place) for place in range(len(labels))], **look)
    for text, label in zip(legend.get_texts(), labels, strict=True):
        text.set_text(label)
    return legend


def make_drawable(figure: Figure) -> None:
    """Let installed fonts help where matplotlib's lacks letters; those that none has are escaped, and told."""
    from matplotlib.axis import Axis
    from matplotlib.text import Text

    artists = list(_artists(figure))
    texts = [text for text in artists if isinstance(text, Text)]
    named = {axis: _names(axis) for axis in artists if isinstance(axis, Axis)}
    letters = set("".join([*(text.get_text() for text in texts), *itertools.chain(*named.values())]))
    families = [name for name in map(_family, sorted(letters)) if name not in (None, _FONT)]
    family = ["sans-serif", *dict.fromkeys(families)]
    for axis, names in named.items():
        if families:
            axis.set_tick_params(labelfontfamily=family)
        if (drawable := [_drawable(name) for name in names]) != names:
            axis.set_ticklabels(drawable)
    for text in texts:
        text.set_text(_drawable(text.get_text()))
        if families:
            text.set_fontfamily(family)
    _tell(letters)


def _artists(artist: Artist) -> Iterator[Artist]:
    """All that a picture is made of but the ticks of axes, which take long to make and show numbers or names."""
    from matplotlib.axis import Axis

    yield artist
    children = [artist.label, artist.offsetText] if isinstance(artist, Axis) else artist.get_children()
    for child in children:
        yield from _artists(child)


def _names(axis: Axis) -> list[str]:
    """The labels at an axis' ticks, where these were given with their places."""
    from matplotlib.ticker import FixedLocator

    locator = axis.get_major_locator()
    return axis.get_major_formatter().format_ticks(list(locator())) if isinstance(locator, FixedLocator) else []


def _drawable(text: str) -> str:
    return "".join(letter if letter == "\n" else _shown(letter) for letter in text)


def _shown(letter: str) -> str:
    """A letter as pictures have it."""
    seen = printable(letter, keep="")
    return escape(letter) if seen == letter and _family(letter) is None else seen


@cache
def _family(letter: str) -> str | None:
    """The font that has a letter, matplotlib's before others; None where none has."""
    if letter.isascii() or ord(letter) in _letters(_font_file()):
        return _FONT
    return next((name for name, path in _others() if ord(letter) in _letters(path)), None)


@cache
def _font_file() -> str:
    from matplotlib.font_manager import findfont

    return findfont(_FONT)


@cache
def _others() -> list[tuple[str, str]]:
    """Names and files of upright fonts of the machine; those within matplotlib are for formulas, or have only boxes."""
    from matplotlib import get_data_path
    from matplotlib.font_manager import findSystemFonts, fontManager

    for path in set(findSystemFonts()) - {entry.fname for entry in fontManager.ttflist}:
        with suppress(OSError, RuntimeError):  # damaged
            fontManager.addfont(path)  # installed since matplotlib listed them
    found = {entry.name: entry.fname for entry in fontManager.ttflist if entry.style == "normal"}
    return sorted((name, path) for name, path in found.items() if not Path(path).is_relative_to(get_data_path()))


@cache
def _letters(path: str) -> frozenset[int]:
    """The letters that a font can draw at any size."""
    from matplotlib.font_manager import get_font

    try:
        font = get_font(path)
        return frozenset(font.get_charmap()) if font.scalable else frozenset()
    except (OSError, RuntimeError):  # removed since matplotlib listed it, or damaged
        return frozenset()


def _tell(letters: set[str]) -> None:
    missing = [letter for letter in sorted(letters - _told) if printable(letter) == letter and _family(letter) is None]
    _told.update(missing)
    if missing:
        some, more = missing[:_MOST_TOLD], " ..." if len(missing) > _MOST_TOLD else ""
        LOG.warning(
            "no installed font has %s%s: pictures show %s%s; a font such as Noto Sans CJK, once installed, is used",
            " ".join(some), more, " ".join(map(escape, some)), more,
        )  # fmt: skip
