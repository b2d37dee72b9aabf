"""Sentences for people: an English text with named places, translated where it is shown.

Everything a user reads that does not stand in a page template is a :class:`Sentence`. The English text is the
key of the translation (gettext's msgid); values fill the ``%(name)s`` places after translation, so that a sentence
can be made here and read in Indonesian elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Label:
    """A name in both languages, as the framework file gives it."""

    id: str
    en: str

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True)
class Rupiah:
    """A whole amount of rupiah, written in the reader's manner."""

    amount: int

    def __str__(self) -> str:
        return f"Rp{self.amount:,}"


@dataclass(frozen=True)
class Number:
    """A number shown with a fixed count of decimals (0 for counts), in the reader's manner."""

    value: float
    decimals: int = 0

    def __str__(self) -> str:
        return f"{self.value:,.{self.decimals}f}"


@dataclass(frozen=True)
class Sentence:
    """One sentence: English ``text`` with ``%(name)s`` places and the ``values`` that fill them.

    Values are str, :class:`Number`, :class:`Rupiah`, :class:`Label` or another Sentence; text is shown as it is.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % {name: str(value) for name, value in self.values.items()}


def sentence(text: str, /, **values: object) -> Sentence:
    """Make a sentence; ``text`` must be a literal, so that the translations can be checked against the code."""
    return Sentence(text, values)


def listed(names: Sequence[object]) -> Sentence:
    """Names with commas between them; at least one."""
    said = sentence("%(name)s", name=names[0])
    for name in names[1:]:
        said = sentence("%(names)s, %(name)s", names=said, name=name)
    return said
