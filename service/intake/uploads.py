"""One upload on its way in: read with what the user says of it, shown, confirmed, or given back to be mended."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from data.batch import Batch, Fault
from data.reading.outline import SeenSheet, outline
from data.reading.recognising import Naming
from data.store.store import Store
from model.framework import Framework, fold
from model.progress import silent
from model.refusals import InputRefused
from model.sentences import sentence
from model.tables import TABLES
from service.cache import Cache
from service.installation import Installation
from service.intake import previewing
from service.intake.staging import Staged, find
from service.intake.taking import Reading, checked, stored, weighed
from service.intake.xlsx import to_mend as workbook
from service.keeping import keep, thaw
from service.language import LANGUAGES, Language

PLAN = Path(__file__).parents[2] / "data" / "mappings" / "plan.toml"
"""How a plan's own workbook is read: its trainings, without those not completed yet."""
_HEADERS = "headers"
"""Key of the setting that remembers what the office's own headers mean: table → folded header → column."""
LARGE_BYTES, LARGE_ROWS = 2_000_000, 20_000
"""An upload with more of either is imported as a job."""
_READ = Cache(2)
"""The uploads read last; one is read once for its many pages."""


@dataclass(frozen=True)
class Upload:
    """An upload as read: its sheets, its rows with their faults, and the store they are compared with.

    ``plan``: it is the workbook of a training plan, brought back once the courses are done.
    """

    staged: Staged
    sheets: list[SeenSheet]
    batch: Batch
    store: Store
    plan: bool = False

    @property
    def large(self) -> bool:
        """Whether importing it takes longer than a page may."""
        return self.staged.size > LARGE_BYTES or sum(map(len, self.batch.tables.values())) > LARGE_ROWS

    @property
    def known(self) -> bool:
        """Whether every sheet that is used has its table and that table's required columns."""
        return self.plan or all(not sheet.used or (sheet.table and not sheet.lacking) for sheet in self.sheets)


def read(rooms: Installation, room: Path, identifier: str) -> Upload:
    """The upload of that id, read and checked against what is stored now.

    Raises:
        NotFound: there is no such upload (any more).
    """
    staged = find(room, identifier)
    key = (str(staged.folder), json.dumps(staged.choices, sort_keys=True), rooms.store.version())
    return replace(_READ.get(key, lambda: _read(rooms, staged)), staged=staged)


def _read(rooms: Installation, staged: Staged) -> Upload:
    framework, naming = remembering(rooms.framework, rooms.store), _naming(staged.choices)
    readings = {name: staged.choices.get(name) for name in ("dates", "numbers")}
    sheets = outline(staged.files, framework, naming)
    plan = not staged.choices and _of_a_plan(sheets)
    reading = Reading(rooms.settings.today(), naming=naming, **readings)
    reading = replace(reading, mapping=PLAN) if plan else reading
    batch = checked(staged.files, reading, framework, rooms.store, silent)
    return Upload(staged, sheets, batch, rooms.store, plan)


def _of_a_plan(sheets: Sequence[SeenSheet]) -> bool:
    """Whether this is a plan's own workbook, in either language: its sheet of trainings, and the plan for people."""
    names = {str(sheet.grid.sheet) for sheet in sheets}
    return "trainings" in names and bool(names & {Language(code).text("Plan") for code in LANGUAGES})


def _naming(choices: Mapping[str, Any]) -> Naming:
    return Naming(choices.get("tables", {}), choices.get("columns", {}))


def remembering(framework: Framework, store: Store) -> Framework:
    """The framework with the headers that the office's own uploads have taught."""
    words = store.get(_HEADERS) or {}
    headers = {table: {**own, **words.get(table, {})} for table, own in framework.headers.items()}
    return replace(framework, headers=headers)


def told(rooms: Installation, room: Path, identifier: str) -> dict[str, Any]:
    """What an upload is understood to be, as :meth:`service.usecases.Programme.staged` gives it."""
    staged = find(room, identifier)
    about = {"staged": staged.id, "files": [path.name for path in staged.files]}
    if staged.done is not None:
        return {**about, "done": thaw(staged.done)}
    return {**about, **_understood(read(rooms, room, identifier))}


def _understood(upload: Upload) -> dict[str, Any]:
    batch, staged = upload.batch, upload.staged
    at_fault = previewing.rows_at_fault(upload.sheets, batch.faults)
    takeable = previewing.without(batch, at_fault, upload.store) if at_fault else None
    left = 0 if takeable is None else sum(len(frame) for frame in takeable[0].tables.values())
    return {
        "known": upload.known,
        "readings": {name: staged.choices.get(name) for name in ("dates", "numbers")},
        "sheets": [_sheet(sheet) for sheet in upload.sheets],
        **weighed(batch, upload.store),
        "understood": previewing.understood(batch),
        "faulty": [
            {"sheet": number, **previewing.marked(sheet, batch.faults, most=0)}
            for number, sheet in enumerate(upload.sheets)
            if any((fault.file, fault.sheet) == (sheet.grid.file, sheet.grid.sheet) for fault in batch.faults)
        ],
        "elsewhere": [fault for fault in batch.faults if not _has_sheet(upload, fault)],
        "takeable": left,
        "refused_rows": 0 if takeable is None else len(at_fault or ()) + len(_rows(takeable[1])),
        "done": None,
    }


def _has_sheet(upload: Upload, fault: Fault) -> bool:
    return any((fault.file, fault.sheet) == (sheet.grid.file, sheet.grid.sheet) for sheet in upload.sheets)


def _rows(faults: list[Fault]) -> set[Any]:
    return {(fault.file, fault.sheet, fault.row) for fault in faults}


def _sheet(sheet: SeenSheet) -> dict[str, Any]:
    return {
        "place": sheet.place,
        "table": sheet.table,
        "used": sheet.used,
        "rows": max(len(sheet.grid.rows) - sheet.header - 1, 0),
        "lacking": sheet.lacking,
        "columns": sheet.columns,
    }


def sheet(upload: Upload, number: int, start: int, most: int) -> dict[str, Any]:
    """The faulty rows of one sheet, from ``start`` on, each cell with its messages."""
    return previewing.marked(upload.sheets[number], upload.batch.faults, start, most)


def choose(rooms: Installation, room: Path, identifier: str, chosen: Mapping[str, Any]) -> bool:
    """Keep what the user says of an upload's sheets and columns; True where something is still to be asked.

    ``chosen``: ``tables`` (number of the sheet → table, empty: not used), ``columns`` (number → position → column,
    empty: not used), ``dates``, ``numbers``. Columns count only for a sheet whose table stays the same.
    """
    upload = read(rooms, room, identifier)
    framework = remembering(rooms.framework, rooms.store)
    tables: dict[str, str | None] = {}
    columns: dict[str, dict[str, str]] = {}
    for number, seen in enumerate(upload.sheets):
        table = chosen["tables"].get(number, seen.table if seen.used else "") or None
        if table is not None and table not in TABLES:
            table = None
        tables[seen.place] = table
        if table is not None and table == seen.table:
            columns[seen.place] = _columns(seen, framework.headers[table], chosen["columns"].get(number, {}))
    readings = {name: chosen.get(name) for name in ("dates", "numbers")}
    changed = any(tables[s.place] is not None and tables[s.place] != s.table for s in upload.sheets)
    upload.staged.choose({"tables": tables, "columns": columns, **readings})
    return changed or not read(rooms, room, identifier).known


def _columns(seen: SeenSheet, words: Mapping[str, str], chosen: Mapping[int, str]) -> dict[str, str]:
    """Folded header → column, of the columns for which the user says other than the words do."""
    said = {column.header: chosen[column.position] for column in seen.columns if column.position in chosen}
    known = set(TABLES[seen.table].names) if seen.table else set()
    return {
        fold(header): column
        for header, column in said.items()
        if (column in known or column == "") and words.get(fold(header), "") != column
    }


def confirm(rooms: Installation, room: Path, identifier: str, *, leave_out: bool, note: str) -> dict[str, Any]:
    """Import an upload; see :meth:`service.usecases.Programme.confirm_staged`.

    Raises:
        InputRefused: there are faults that cannot or are not to be left out, or it was confirmed already.
    """
    upload = read(rooms, room, identifier)
    if upload.staged.done is not None:
        raise _refused(sentence("This upload was imported already."), sentence("Upload the file again if it changed."))
    batch, refused = upload.batch, list(upload.batch.faults)
    if refused:
        at_fault = previewing.rows_at_fault(upload.sheets, refused)
        if not leave_out or at_fault is None:
            raise _refused(
                sentence("The upload has faults; nothing was stored."),
                sentence("Mend the cells that the preview names and upload the file again."),
            )
        batch, more = previewing.without(batch, at_fault, rooms.store)
        refused += more
    answer = stored(batch, rooms.store, upload.staged.files, note)
    answer = {**answer, "refused": refused, "refused_rows": len(_rows(refused))}
    _remember(rooms.store, upload)
    upload.staged.finish(keep(answer))
    return answer


def _refused(what: Any, mend: Any) -> InputRefused:
    return InputRefused(what, where=sentence("the upload"), mend=mend)


def _remember(store: Store, upload: Upload) -> None:
    """Keep what the user said of headers, for the next file."""
    words = store.get(_HEADERS) or {}
    for seen in upload.sheets:
        own = upload.staged.choices.get("columns", {}).get(seen.place)
        if seen.table and own:
            words[seen.table] = {**words.get(seen.table, {}), **own}
    if words:
        store.put(_HEADERS, words)


def to_mend(upload: Upload, lang: Language) -> bytes:
    """The faulty rows, and those that wait for them, as a workbook."""
    faults = upload.batch.faults
    at_fault = previewing.rows_at_fault(upload.sheets, faults)
    more = previewing.without(upload.batch, at_fault, upload.store)[1] if at_fault else []
    shown = [previewing.to_mend(sheet, [*faults, *more]) for sheet in upload.sheets]
    return workbook([sheet for sheet in shown if sheet["rows"]], lang)
