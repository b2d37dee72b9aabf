"""Imports and jobs, as answered."""

from typing import Any

from service.api.answers.common import Answer, Reason

Counts = dict[str, int]


class Refusal(Answer):
    """One fault of a file, or one cell to look at, where it stands."""

    file: str | None
    sheet: str | None
    row: int | None
    column: str | None
    value: Any
    message: str


class Imported(Answer):
    """Rows that are new, changed and unchanged by table, every fault, cells to look at, columns not used."""

    new: Counts
    changed: Counts
    unchanged: Counts
    refused: list[Refusal]
    warnings: list[Refusal]
    unmapped: dict[str, Any]
    notes: list[str]


class ListedJob(Answer):
    """A job in the list."""

    job: int
    kind: str
    state: str
    share: float
    doing: str | None
    asked_by: str
    asked_at: str
    begun_at: str | None
    ended_at: str | None
    error: Reason | None


class Job(ListedJob):
    """A job, and in the end its answer."""

    answer: dict[str, Any] | None


class Jobs(Answer):
    """Every job, the newest first."""

    jobs: list[ListedJob]


class ImportMade(Answer):
    """One import, or one taken back."""

    version: int
    created_at: str
    note: str
    files: list[str]
    new: int
    changed: int
    unchanged: int
    undone_by: int | None
    undoes: int | None


class Imports(Answer):
    """Every import, the newest first; which one can be taken back now."""

    imports: list[ImportMade]
    undoable: int | None


class Undone(Answer):
    """Which data version was taken back, which one stands now, and the rows of each table in it."""

    undone: int
    version: int
    rows: dict[str, int]
