"""What reads as a NIK, the national identity number: it names a person, and an id is seen by all and kept for good."""

import re

_PROVINCES = "1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7]"
"""Codes a NIK begins with (the ministry's; from memory)."""
_NIK = re.compile(rf"(?<!\d)(?:{_PROVINCES})(?:[ .\-]?\d){{14}}(?!\d)")


def is_nik(text: str) -> bool:
    """Whether a text is 16 digits, blanks and signs between them apart, that begin with the code of a province."""
    return _NIK.fullmatch(text.strip()) is not None


def holds_nik(text: str) -> bool:
    """Whether such digits stand anywhere in a text."""
    return _NIK.search(text) is not None
