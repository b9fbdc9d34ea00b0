"""Ways to harm bytes and JSON values."""

import random
from typing import Any

ODD: list[Any] = [
    None, True, False, 0, 1, -1, 2**31, 2**63, 2**64, -(2**70), 10**400, 0.5, -0.0, 1e308, float("inf"), float("nan"),
    "", "x", "NaN", "1e999", "a\0b", "\ud800", "../..", "ü" * 1000, [], [[]], {}, {"type": "SGD"}, {"": 0}, [0] * 1000,
]  # fmt: skip


def harm_bytes(content: bytes, draw: random.Random) -> bytes:
    """A few changes to bytes: bits flipped, parts cut, doubled, zeroed or put elsewhere, numbers replaced."""
    harmed = bytearray(content)
    for _ in range(draw.choice((1, 1, 2, 8))):
        start = _place(harmed, draw)
        stop = start + draw.choice((1, 4, 8, 100, 5000))
        match draw.randrange(7):
            case 0:
                harmed[start : start + 1] = bytes([(harmed[start : start + 1] or b"\0")[0] ^ 1 << draw.randrange(8)])
            case 1:
                del harmed[start:]
            case 2:
                del harmed[start:stop]
            case 3:
                harmed[start:start] = harmed[start:stop]
            case 4:
                harmed[start:stop] = bytes(len(harmed[start:stop]))
            case 5:
                harmed[start : start + 4] = draw.choice((b"\xff" * 4, b"\0\0\0\x80", b"\x7f\xff\xff\xff", b"\0" * 4))
            case 6:
                harmed[start:start] = draw.randbytes(draw.randrange(1, 20))
    return bytes(harmed)


def _place(content: bytearray, draw: random.Random) -> int:
    """Anywhere, but more often where the numbers of a ZIP archive or a header are."""
    marks = (b"PK\1\2", b"PK\3\4", b"PK\5\6", b"\x93NUMPY", b"'shape'", b"'descr'", b"\0\0\x08")
    found = content.find(draw.choice(marks), draw.randrange(len(content) + 1))
    near = found + draw.randrange(50) if found >= 0 and draw.random() < 0.6 else draw.randrange(len(content) + 1)
    return min(near, len(content))


def harm_value(value: Any, draw: random.Random) -> Any:
    """A few changes to a JSON value at any depth: another value, another type, keys lost, renamed or doubled."""
    for _ in range(draw.choice((1, 1, 2, 6))):
        value = _harm(value, draw)
    return value


def _harm(value: Any, draw: random.Random) -> Any:
    if isinstance(value, dict | list) and value and draw.random() < 0.85:
        copy: Any = dict(value) if isinstance(value, dict) else list(value)
        key = draw.choice([*copy]) if isinstance(copy, dict) else draw.randrange(len(copy))
        match draw.randrange(10):
            case 0:
                del copy[key]
            case 1 if isinstance(copy, dict):
                copy[_text(draw)] = copy.pop(key)
            case 2 if isinstance(copy, list):
                copy += copy * draw.choice((1, 50))
            case _:
                copy[key] = _harm(copy[key], draw)
        return copy
    if draw.random() < 0.1:
        return _nested(value, draw.choice((3, 100, 500)))
    if isinstance(value, int | float) and draw.random() < 0.5:
        return draw.choice((-value, value + 1, value * 10, value * 10**9, str(value)))
    return draw.choice([*ODD, _text(draw)])


def _nested(value: Any, depth: int) -> Any:
    for _ in range(depth):
        value = [value]
    return value


def _text(draw: random.Random) -> str:
    return "".join(chr(draw.choice((draw.randrange(128), draw.randrange(0x11000)))) for _ in range(draw.randrange(12)))
