"""Reads the framework file (TOML): the shipped one or the office's own, checked before it is used."""

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.match_rules_file import RulesEntry
from data.toml_faults import unreadable, wrong_entry
from model.framework import Area, Band, Framework, IndexRules, Office, Problem, fold
from model.refusals import InputRefused
from model.sentences import Label, Sentence, sentence
from model.tables import TABLES

SHIPPED = Path(__file__).with_name("framework.toml")


class Strict(BaseModel):
    """An entry of one of our TOML files: a key it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LabelEntry(Strict):
    """A name in both languages."""

    id: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def label(self) -> Label:
        """The name as faces show it."""
        return Label(id=self.id, en=self.en)


class AreaEntry(Strict):
    """One area; a mapping file may bring its own in the same form."""

    label: LabelEntry
    standard: float = Field(default=70, ge=0, le=100)
    units: tuple[str, ...] = ()
    source: str = ""

    def area(self, code: str) -> Area:
        """The area under its code."""
        return Area(code, self.label.label(), self.standard, self.units, self.source)


class _Problem(Strict):
    label: LabelEntry
    area: str
    source: str = ""


class _Wrong(Exception):  # noqa: N818 - becomes a refusal where the file's name is known
    """An entry of the right form that means nothing."""

    def __init__(self, entry: str, what: Sentence) -> None:
        super().__init__(entry)
        self.entry, self.what = entry, what


def _exact(text: str, entry: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as fault:
        raise _Wrong(entry, sentence("“%(text)s” is not a number such as 0.60.", text=text[:80])) from fault


class _Band(Strict):
    low: str
    label: LabelEntry
    cut: Literal["sourced", "ours"]


class _Index(Strict):
    ks_cut: str
    kr_cut: str
    cuts: Literal["sourced", "ours"]
    feasible: LabelEntry
    not_feasible: LabelEntry
    below_table: LabelEntry
    bands: tuple[_Band, ...] = Field(min_length=1)

    def rules(self) -> IndexRules:
        bands = tuple(Band(_exact(b.low, "index.bands"), b.label.label(), b.cut == "sourced") for b in self.bands)
        if list(bands) != sorted(bands, key=lambda band: band.low):
            raise _Wrong("index.bands", sentence("The bands must rise from low to high."))
        return IndexRules(
            ks_cut=_exact(self.ks_cut, "index.ks_cut"),
            kr_cut=_exact(self.kr_cut, "index.kr_cut"),
            cuts_sourced=self.cuts == "sourced",
            bands=bands,
            below_table=self.below_table.label(),
            feasible=self.feasible.label(),
            not_feasible=self.not_feasible.label(),
        )


class _Answers(Strict):
    yes: tuple[str, ...]
    no: tuple[str, ...]


_Line = Annotated[str, Field(max_length=300)]


class _Office(Strict):
    name: _Line = ""
    address: _Line = ""
    place: _Line = ""
    contact: _Line = ""
    signatory_title: _Line = ""
    signatory_name: _Line = ""
    signatory_id: _Line = ""
    data_officer: _Line = ""
    data_officer_contact: _Line = ""
    legal_basis: _Line = ""
    retention: _Line = ""
    hosting: _Line = ""

    def office(self) -> Office:
        return Office(**{name: " ".join(text.split()) for name, text in self.model_dump().items()})


class _File(Strict):
    name: LabelEntry
    areas: dict[str, AreaEntry] = Field(min_length=1)
    problems: dict[str, _Problem] = {}
    sectors: dict[str, LabelEntry] = {}
    index: _Index
    answers: _Answers
    headers: dict[str, dict[str, tuple[str, ...]]] = {}
    sheets: dict[str, tuple[str, ...]] = {}
    guides: tuple[str, ...] = ()
    office: _Office = _Office()
    matching: RulesEntry = RulesEntry()


def read_framework(path: Path = SHIPPED) -> Framework:
    """Read and check a framework file.

    Raises:
        InputRefused: the file is no TOML, misses an entry, or names an area, table or column that does not exist.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return _framework(_File.model_validate(raw))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise _refused(unreadable(fault), sentence("%(file)s", file=str(path))) from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        raise _refused(wrong_entry(first), _entry(path, ".".join(map(str, first["loc"])))) from fault
    except _Wrong as fault:
        raise _refused(fault.what, _entry(path, fault.entry)) from fault


def _refused(what: Sentence, where: Sentence) -> InputRefused:
    mend = sentence("Compare it with the shipped framework.toml and correct the entry named.")
    return InputRefused(sentence("The framework file cannot be used: %(fault)s", fault=what), where=where, mend=mend)


def _entry(path: Path, entry: str) -> Sentence:
    return sentence("%(file)s, entry %(entry)s", file=str(path), entry=entry)


def _framework(file: _File) -> Framework:
    for code, problem in file.problems.items():
        if problem.area not in file.areas:
            raise _Wrong(f"problems.{code}.area", sentence("There is no area %(area)s.", area=problem.area))
    return Framework(
        name=file.name.label(),
        areas={code: entry.area(code) for code, entry in file.areas.items()},
        problems={c: Problem(c, p.label.label(), p.area, p.source) for c, p in file.problems.items()},
        headers=_headers(file.headers),
        sheets=_sheets(file.sheets),
        answers={fold(w): True for w in file.answers.yes} | {fold(w): False for w in file.answers.no},
        index=file.index.rules(),
        office=file.office.office(),
        matching=file.matching.rules(),
        guides=frozenset(fold(word) for word in file.guides),
        sectors={fold(code): entry.label() for code, entry in file.sectors.items()},
    )


def _headers(entries: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[str, dict[str, str]]:
    unknown = set(entries) - {"any", *TABLES}
    if unknown:
        raise _Wrong(f"headers.{min(unknown)}", sentence("There is no table of this name."))
    found: dict[str, dict[str, str]] = {}
    for name, table in TABLES.items():
        words: dict[str, str] = {}
        for source in (entries.get("any", {}), entries.get(name, {})):
            for column, synonyms in source.items():
                if column in table.names:
                    words.update({fold(word): column for word in synonyms})
                elif source is entries.get(name):
                    raise _Wrong(f"headers.{name}.{column}", sentence("The table has no column of this name."))
        found[name] = words | {fold(column): column for column in table.names}
    return found


def _sheets(entries: Mapping[str, Any]) -> dict[str, str]:
    unknown = set(entries) - set(TABLES)
    if unknown:
        raise _Wrong(f"sheets.{min(unknown)}", sentence("There is no table of this name."))
    words = {fold(word): table for table, synonyms in entries.items() for word in synonyms}
    return words | {fold(table): table for table in TABLES}
