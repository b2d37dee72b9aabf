"""Takes out of texts what they say of people whom a reader may not see, by their names and ids."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from data.snapshot import Snapshot

_WORD = re.compile(r"\w+")
_NAMED = re.compile(r"\(([^()]+)\)")
Words = tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """The names that stand in the data, word by word, each with the ids that bear it.

    ``longest``: first word → most words of a name that begins so.
    ``written``: business id → name. ``ids``: everybody's.
    """

    mentors: Mapping[Words, frozenset[str]]
    businesses: Mapping[Words, frozenset[str]]
    longest: Mapping[str, int]
    written: Mapping[str, str]
    ids: frozenset[str]

    def within(self, text: str) -> Iterator[Words]:
        """The names that a text holds; of two that overlap the one that begins first, and then the longer."""
        words = _WORD.findall(text)
        at = 0
        while at < len(words):
            lengths = range(min(self.longest.get(words[at], 0), len(words) - at), 0, -1)
            tried = (tuple(words[at : at + length]) for length in lengths)
            found = next((one for one in tried if one in self.mentors or one in self.businesses), ())
            if found:
                yield found
            at += max(len(found), 1)


def names_of(seen: Snapshot) -> Names:
    """The names of the stored mentors and businesses."""
    mentors, businesses = (_bearers(seen, *of) for of in (("mentors", "mentor_id"), ("businesses", "business_id")))
    longest: dict[str, int] = {}
    for words in (*mentors, *businesses):
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    written = dict(zip(seen["businesses"]["business_id"], seen["businesses"]["name"], strict=True))
    return Names(mentors, businesses, longest, written, frozenset(seen["mentors"]["mentor_id"]) | written.keys())


def _bearers(seen: Snapshot, table: str, key: str) -> dict[Words, frozenset[str]]:
    found: dict[Words, set[str]] = {}
    for identifier, name in zip(seen[table][key], seen[table]["name"], strict=True):
        words = tuple(_WORD.findall(str(name)))
        if words:
            found.setdefault(words, set()).add(identifier)
    return {words: frozenset(ids) for words, ids in found.items()}


@dataclass(frozen=True)
class Hush:
    """What is taken out of texts: whoever is out of reach (None: nobody), and names of businesses unless ``personal``.

    ``elsewhere`` stands in place of a text about somebody out of reach, the id in place of a business's name.
    """

    names: Names
    mentors: Collection[str] | None
    businesses: Collection[str] | None
    personal: bool
    elsewhere: str

    def text(self, said: str) -> str:
        """The text without them."""
        if self._names_foreign_id(said):
            return self.elsewhere
        owned: set[str] = set()
        for words in self.names.within(said):
            mentors, businesses = (of.get(words, frozenset()) for of in (self.names.mentors, self.names.businesses))
            if not any(_near(*of) for of in ((mentors, self.mentors), (businesses, self.businesses))):
                return self.elsewhere
            owned |= businesses if not self.personal else set()
        for business in sorted(owned):
            said = said.replace(self.names.written[business], business)
        return said

    def _names_foreign_id(self, said: str) -> bool:
        return any(self.foreign(found) for found in _NAMED.findall(said))

    def foreign(self, identifier: str) -> bool:
        """Whether this is the id of somebody out of reach."""
        near = any(open_ is None or identifier in open_ for open_ in (self.mentors, self.businesses))
        return not near and identifier in self.names.ids


def _near(bearers: Collection[str], open_: Collection[str] | None) -> bool:
    """Whether one who bears a name is in reach."""
    return bool(bearers) and (open_ is None or any(one in open_ for one in bearers))
