"""What a person can ask about the rows behind a figure: of a stored table, or of the index.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.refusals import InputRefused, NotFound
from model.sentences import Number, Sentence, sentence
from model.tables import TABLES
from service.installation import Day, Installation

if TYPE_CHECKING:
    import pandas as pd

    from service.hushing import Names
    from service.withholding import Told

FAIRNESS = frozenset({"gender", "birth_year", "disability"})
"""Columns that stand in the fairness table only and are never listed."""
EVERY = ("half", "year")


class TableCases(Installation):
    """Questions about rows."""

    def sample(
        self,
        folder: Path,
        *,
        kind: str = "plain",
        mentors: int | None = None,
        businesses: int | None = None,
        months: int | None = None,
        seed: int = 0,
    ) -> dict[str, Any]:
        """Write a sample city to a folder: rows per table, and where they stand."""
        from data.sample import OwnTableError, make_city, write_city

        sizes = {"mentors": mentors, "businesses": businesses, "months": months, "seed": seed}
        _check_city(kind, sizes)
        self.progress(0.0, sentence("Making a sample city"))
        city = make_city(kind, mentors=mentors, businesses=businesses, months=months, seed=seed)
        try:
            counts = write_city(city, folder)
        except OwnTableError as fault:
            raise _no_city(
                sentence("%(file)s is no sample city's table and would be overwritten.", file=fault.file),
                sentence("Choose another folder."),
            ) from fault
        except OSError as fault:
            raise _no_city(
                sentence("The folder %(folder)s cannot be made or written.", folder=str(folder)),
                sentence("Choose a folder that is there and may be written to, or free some room on the disk."),
            ) from fault
        return {**counts, "kind": kind, "seed": seed, "folder": folder}

    def table_rows(
        self,
        table: str,
        *,
        where: Mapping[str, str | None] | None = None,
        ids: Mapping[str, frozenset[str] | None] | None = None,
        personal: bool = False,
        part: slice = slice(None),
        as_of: Day = None,
    ) -> dict[str, Any]:
        """Rows of a stored table as it stands: columns, how many there are, and a part of them.

        ``where``: column → value, None: an empty cell. ``ids``: column → the ids in reach (None: all).
        ``personal``: also phones, NIK and the names of businesses.
        """
        if table not in TABLES:
            raise NotFound(sentence("table"), table)
        frame = self.snapshot(as_of)[table]
        for column, value in (where or {}).items():
            if column in TABLES[table].names:
                frame = frame[frame[column].isna() if value is None else frame[column] == value]
        for column, open_ in (ids or {}).items():
            if open_ is not None and column in frame:
                frame = frame[frame[column].isin(open_)]
        columns = [name for name in TABLES[table].names if _open(table, name, personal=personal)]
        return {
            "table": table,
            "columns": columns,
            "count": len(frame),
            "rows": _rows(table, frame[columns].iloc[part]),
        }

    def names(self) -> "Names":
        """The names of the stored mentors and businesses, by which texts about them are known."""
        from service.hushing import names_of

        seen = self.snapshot()
        return self._cache.get(("names", seen.version, seen.as_of), lambda: names_of(seen))

    def index_trend(self, *, every: str = "half", as_of: Day = None, version: int | None = None) -> dict[str, Any]:
        """The index and the delivery rate by half-year or year of the answers, the oldest first."""
        from training.indexing import index_periods

        _one_of("every", every, EVERY)
        seen = self.snapshot(as_of, version)
        groups = self._cache.get(
            ("index trend", every, seen.version, seen.as_of),
            lambda: index_periods(seen, self.framework, every),  # type: ignore[arg-type]
        )
        return {"every": every, "groups": groups}

    def index_rows(
        self,
        *,
        by: str = "program",
        group: str = "program",
        every: str = "half",
        period: str | None = None,
        as_of: Day = None,
        version: int | None = None,
    ) -> "pd.DataFrame":
        """The rows that the index of a group (and period) counts; see :func:`training.indexing.answer_rows`."""
        from training.indexing import answer_rows, within

        _one_of("by", by, ("program", "district", "mentor"))
        _one_of("every", every, EVERY)
        seen = self.snapshot(as_of, version)
        return self._cache.get(
            ("index rows", by, group, every, period, seen.version, seen.as_of),
            lambda: answer_rows(within(seen, every, period), by, group),  # type: ignore[arg-type]
        )

    def answer_sums(self, mentor: str) -> "Sequence[Told]":
        """What a mentor is told of the answers about the own work, by item; see :mod:`service.withholding`."""
        from service.withholding import told
        from training.indexing import item_sums

        seen = self.snapshot()
        sums = self._cache.get(
            ("answer sums", mentor, seen.version, seen.as_of), lambda: item_sums(seen, "mentor", mentor)
        )
        return [told(str(item), int(yes), int(n)) for item, yes, _, n in sums.itertuples(index=False)]

    def answers_told(self, mentor: str) -> dict[str, Any]:
        """What a mentor is told of all answers about the own work: their share of yes, and how many rows there are."""
        from model.index.verdict import warnings_of_rows
        from service.withholding import share_of
        from training.indexing import mentor_verdicts

        seen = self.snapshot()

        def made() -> dict[str, Any]:
            found = mentor_verdicts(seen, self.framework, mentor)
            rows = [(about.respondents, about.rows_incomplete) for about in found] or [(0, 0)]
            return {**share_of(self.answer_sums(mentor)), "warnings": warnings_of_rows(*rows[0])}

        return self._cache.get(("answers told", mentor, seen.version, seen.as_of), made)


def _check_city(kind: str, sizes: Mapping[str, int | None]) -> None:
    """Refuse a kind of city that is not known, or a size that makes none."""
    from data.sample import KINDS, LIMITS

    if kind not in KINDS:
        raise _no_city(
            sentence("There is no kind of city called %(kind)s.", kind=kind[:40]),
            sentence("Choose one of: %(known)s.", known=", ".join(KINDS)),
        )
    for name, (low, high) in LIMITS.items():
        given = sizes[name]
        if given is not None and not low <= given <= high:
            raise _no_city(
                sentence("%(given)s cannot be the number for %(option)s.", given=Number(given), option=f"--{name}"),
                sentence("Give a number from %(low)s to %(high)s.", low=Number(low), high=Number(high)),
            )


def _no_city(what: Sentence, mend: Sentence) -> InputRefused:
    return InputRefused(what, where=sentence("the options of sample"), mend=mend)


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputRefused(
            sentence("The index is not known by %(by)s.", by=value[:40]),
            where=sentence("the option %(option)s", option=f"--{name}"),
            mend=sentence("Choose one of: %(known)s.", known=", ".join(known)),
        )


def _open(table: str, name: str, *, personal: bool) -> bool:
    column = TABLES[table].column(name)
    owner = table == "businesses" and column.personal
    return name not in FAIRNESS and (personal or not (column.hidden or owner))


def _rows(table: str, frame: "pd.DataFrame") -> list[list[Any]]:
    from service.intake.previewing import value

    return [
        [value(table, name, cell) for name, cell in zip(frame.columns, row, strict=True)] for row in frame.to_numpy()
    ]
