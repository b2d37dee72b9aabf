"""Signs in a text that nobody sees: those that turn the order of reading, and control characters.

A text that holds them reads otherwise than it is stored: U+202E lets "refused" be read backwards, for one. Indonesian
and English need none of them, and Arabic script is set from right to left without them.
Source: Unicode Standard Annex 9, explicit formatting characters; Unicode Technical Standard 55, source code handling.
"""

import re

_TURNING = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
_CONTROL = "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff"
_UNSEEN = re.compile(f"[{_TURNING}{_CONTROL}]")


def unseen(text: str) -> list[str]:
    """The unseen signs in a text as U+202E, each once, as they come."""
    if text.isprintable():
        return []
    return list(dict.fromkeys(f"U+{ord(sign):04X}" for sign in _UNSEEN.findall(text)))


def visible(text: str) -> str:
    """The text with them written out, as [U+202E]."""
    return text if text.isprintable() else _UNSEEN.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", text)


def without_unseen(text: str) -> str:
    """The text without them."""
    return text if text.isprintable() else _UNSEEN.sub("", text)
