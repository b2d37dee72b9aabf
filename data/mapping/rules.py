"""What a mapping file must mean beyond its form: tables, columns and areas that exist, and no protected trait."""

from collections.abc import Iterator
from pathlib import Path

from data.mapping.form import PLACE, Cell, Entry, MappingFile, Months, parse_mapping, refused
from model.framework import Framework, fold
from model.sentences import Sentence, sentence
from model.tables import TABLES

# Design, "Learning": never a feature. Personal columns of the contract and their header synonyms are added to these.
PROTECTED = frozenset(
    ("sex", "race", "ras", "ethnicity", "ethnic group", "etnis", "suku", "suku bangsa", "religion", "agama")
)

_FOR: dict[str, tuple[str, ...]] = {
    "scores": ("assessments",),
    "months": ("reports",),
    "items": ("items", "responses"),
    "outcome": ("engagements",),
    "controls": ("engagements",),
    "categories": ("engagements",),
}
_WIDE: dict[str, tuple[str, ...]] = {
    "scores": ("area", "score"),
    "months": ("month",),
    "items": ("item_id", "text_id", "answer"),
}

Problems = Iterator[tuple[str, Sentence]]


def read_mapping(path: Path, framework: Framework) -> MappingFile:
    """Read a mapping file and check it against the contract's tables and the areas.

    Raises:
        InputRefused: the form is wrong, it names what does not exist, or a protected trait would become a feature.
    """
    mapping = parse_mapping(path)
    areas, personal = frozenset(mapping.areas or framework.areas), _personal_headers(mapping, framework)
    for name, entry in mapping.placed():
        for place, what in _problems(entry, areas, personal):
            raise refused(path, what, name + place)
    for name, what in _one_outcome(mapping):
        raise refused(path, what, name)
    return mapping


def _problems(entry: Entry, areas: frozenset[str], personal: frozenset[str]) -> Problems:
    if entry.table not in TABLES:
        known = ", ".join(TABLES)
        yield (
            ".table",
            sentence("There is no table %(table)s. The tables are: %(known)s.", table=entry.table, known=known),
        )
        return
    yield from _parts(entry)
    yield from _columns(entry)
    for place, cell in entry.cells():
        yield from ((f".{place}", what) for what in _cell(cell))
    if entry.months is not None:
        yield from ((".months", what) for what in _months(entry.months))
    for area in entry.scores:
        if area not in areas:
            yield f".scores.{area}", sentence("There is no area %(area)s.", area=area)
    yield from _outcome(entry)
    yield from _protected(entry, personal)


def _parts(entry: Entry) -> Problems:
    for part, tables in _FOR.items():
        if getattr(entry, part) and entry.table not in tables:
            yield (
                f".{part}",
                sentence(
                    "The entry %(part)s belongs to the table %(tables)s only.", part=part, tables=" / ".join(tables)
                ),
            )


def _columns(entry: Entry) -> Problems:
    table = TABLES[entry.table]
    wide = {name for part, names in _WIDE.items() if getattr(entry, part) for name in names}
    monthly = {} if entry.months is None else entry.months.columns
    for name in (*entry.columns, *monthly):
        if name not in table.names:
            yield (
                f".columns.{name}",
                sentence(
                    "The table %(table)s has no column %(column)s. Its columns are: %(known)s.",
                    table=entry.table,
                    column=name,
                    known=", ".join(table.names),
                ),
            )
    for column in table.columns:
        if column.required and column.name not in {*entry.columns, *monthly, *wide}:
            what = sentence("The table %(table)s needs its column %(column)s.", table=entry.table, column=column.name)
            yield f".columns.{column.name}", what


def _cell(cell: Cell) -> Iterator[Sentence]:
    if cell.sources != 1 or (cell.month is not None and cell.month_column is not None):
        yield sentence("Exactly one of column, text, constant, month and month_column must be given.")
    if (cell.month and not cell.add) or (cell.add and not cell.month and not cell.month_column):
        yield sentence("month needs the column of months to add (add); add needs month or month_column.")
    if cell.otherwise is not None and not cell.values:
        yield sentence("otherwise needs the list values.")
    if cell.values and (cell.times is not None or not (cell.column or cell.text)):
        yield sentence("values needs a column or a text, and does not go with times.")
    if cell.times is not None and not cell.column:
        yield sentence("times needs a column.")


def _months(months: Months) -> Iterator[Sentence]:
    places = [PLACE.findall(cell.column or "") for cell in months.columns.values()]
    if any(place not in (["n"], ["month"]) for place in places) or len({place[0] for place in places}) > 1:
        yield sentence("Every monthly column needs a header with {n}, or every one a header with {month}.")
        return
    bases = (months.first is not None) + (months.first_column is not None)
    if bases != (1 if places[0] == ["n"] else 0):
        yield sentence("With {n}, exactly one of first and first_column must be given; with {month}, neither.")


def _outcome(entry: Entry) -> Problems:
    outcome = entry.outcome
    if outcome is not None and (outcome.minus_previous_by is None) != (outcome.order is None):
        yield ".outcome", sentence("minus_previous_by and order belong together.")
    if outcome is not None and outcome.previous and outcome.minus_previous_by is None:
        yield ".outcome.previous", sentence("previous needs minus_previous_by and order.")
    names = entry.control_names
    for name in {name for name in names if names.count(name) > 1}:
        yield ".controls", sentence("The control %(name)s is named twice.", name=name)


def _one_outcome(mapping: MappingFile) -> Problems:
    forms = [(name, e) for name, e in mapping.placed() if e.table == "engagements"]
    for name, entry in forms[1:]:
        first = forms[0][1]
        if (entry.outcome, entry.control_names) != (first.outcome, first.control_names):
            yield name, sentence("All files of engagements must bring the same outcome and the same controls.")


def _personal_headers(mapping: MappingFile, framework: Framework) -> frozenset[str]:
    """Folded headers that hold a protected trait: by the contract, the framework's synonyms or this mapping."""
    personal = {column.name for column in TABLES["mentors"].columns if column.personal}
    words = {fold(name) for name in personal} | PROTECTED
    personal.remove("name")  # a name's synonyms and templates are no trait
    for synonyms in framework.headers.values():
        words |= {word for word, column in synonyms.items() if column in personal}
    for entry in mapping.tables:
        words |= {fold(h) for name, cell in entry.columns.items() if name in personal for h in cell.headers}
    return frozenset(words)


def _protected(entry: Entry, personal: frozenset[str]) -> Problems:
    """A protected trait may come in for the fairness table, never as a control, a score or an outcome."""
    key = None if entry.outcome is None else entry.outcome.minus_previous_by  # rows are only looked up by it
    used = [(".controls", name) for name in (*entry.controls, *entry.categories)]
    used += [(f".scores.{area}", name) for area, cell in entry.scores.items() for name in cell.headers]
    used += [(".outcome", name) for name in (entry.outcome.headers if entry.outcome else ()) if name != key]
    for place, name in used:
        if fold(name) in personal:
            yield (
                place,
                sentence(
                    "%(column)s is a personal trait. It is never used to predict, compare or advise; it may only feed "
                    "its own column, for the fairness table.",
                    column=name,
                ),
            )
