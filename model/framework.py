"""The office's framework: areas, problems, labels, synonyms, index bands (data/framework_file.py reads the file)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from model.matching.rules import NO_RULES, MatchRules
from model.sentences import Label


def fold(text: str) -> str:
    """A header, sheet name or word as it is compared: small letters; spaces, dots, underscores, hyphens alike."""
    return re.sub(r"[\s._\-]+", " ", text).strip().lower()


@dataclass(frozen=True)
class Area:
    """A competency area; ``standard`` is the score (0..100) the office asks of a mentor."""

    code: str
    label: Label
    standard: float
    units: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class Problem:
    """A problem a business brings (a need) and the area that answers it."""

    code: str
    label: Label
    area: str
    source: str = ""


@dataclass(frozen=True)
class Band:
    """A band of Ks: ``low`` included, next band's low excluded; ``sourced`` False means the cut is ours."""

    low: Fraction
    label: Label
    sourced: bool


@dataclass(frozen=True)
class IndexRules:
    """Cuts of the verdict (both strict), bands from low to high, and the labels of the verdicts."""

    ks_cut: Fraction
    kr_cut: Fraction
    cuts_sourced: bool
    bands: tuple[Band, ...]
    below_table: Label
    feasible: Label
    not_feasible: Label


@dataclass(frozen=True)
class Office:
    """The office itself, as letterheads, reports and notices name it; an empty entry is a line to fill in by hand.

    ``place``: where letters are signed; ``signatory_…``: who signs; ``data_officer`` and ``…_contact``: the officer for
    the protection of personal data; ``legal_basis``: what the processing rests on; ``retention``: how long data are
    kept; ``hosting``: where they are kept.
    """

    name: str = ""
    address: str = ""
    place: str = ""
    contact: str = ""
    signatory_title: str = ""
    signatory_name: str = ""
    signatory_id: str = ""
    data_officer: str = ""
    data_officer_contact: str = ""
    legal_basis: str = ""
    retention: str = ""
    hosting: str = ""


@dataclass(frozen=True)
class Framework:
    """All that an office may name for itself.

    ``headers``: table → folded synonym → column; ``sheets``: folded synonym → table; ``guides``: folded names of
    sheets that are for the reader; ``answers``: folded word → True/False; ``sectors``: folded code of a sector → its
    name. Folded is what :func:`fold` makes of a text.
    """

    name: Label
    areas: Mapping[str, Area]
    problems: Mapping[str, Problem]
    headers: Mapping[str, Mapping[str, str]]
    sheets: Mapping[str, str]
    answers: Mapping[str, bool]
    index: IndexRules
    office: Office = Office()
    guides: frozenset[str] = frozenset()
    matching: MatchRules = NO_RULES
    sectors: Mapping[str, Label] = field(default_factory=dict)

    def area_of(self, problem: str) -> str:
        """Area code that answers a problem code; KeyError if the framework has no such problem."""
        return self.problems[problem].area

    def sector(self, code: str) -> Label | str:
        """The name of a sector; its code itself where the framework has no word for it."""
        return self.sectors.get(fold(code), code)
