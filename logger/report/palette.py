"""The colors of the page's lines: those of the pictures, and lighter ones of the same hues on dark ground."""

from logger.pictures.style import BLUE, CLASS_COLORS, GREEN, VERMILION

_LIGHTER = 0.35
_OTHERS = ("#AA4499", "#B58900")  # beside those three


def palette() -> list[tuple[str, str]]:
    """The colors in order, each for light and for dark ground."""
    lines = (BLUE, VERMILION, GREEN, *_OTHERS, *CLASS_COLORS[2:6], CLASS_COLORS[8])
    return [(color, lighter(color)) for color in lines]


def lighter(color: str) -> str:
    """A color mixed with white."""
    parts = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * _LIGHTER):02X}" for part in parts)
