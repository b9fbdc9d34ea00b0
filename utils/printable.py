"""Texts of others as a terminal, a picture and a page can show them."""

import re
import unicodedata

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, marks of direction, halves of pairs, other ends of lines
_JOINERS = "\u200c\u200d"  # which are part of words, and of emoji
_ENDS = "\n\t"
_PLAIN = re.compile(r"[\x20-\x7e\n\t]*")


def printable(text: str, keep: str = _ENDS) -> str:
    """The text with all that moves a cursor, hides or reorders written as an escape, apart from what is kept.

    >>> printable("a\\x1b[31mb\\nc")
    'a\\\\x1b[31mb\\nc'
    """
    if keep.startswith(_ENDS) and _PLAIN.fullmatch(text):
        return text
    return "".join(
        letter
        if letter in keep or unicodedata.category(letter) not in _UNSEEN or letter in _JOINERS
        else escape(letter)
        for letter in text
    )


def escape(letter: str) -> str:
    """A letter as Python would write it in a string of ASCII.

    >>> escape("\\N{CJK UNIFIED IDEOGRAPH-732B}")
    '\\\\u732b'
    """
    return ascii(letter)[1:-1]
