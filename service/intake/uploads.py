"""One upload on its way in: read with what the user says of it, shown, confirmed, or given back to be mended.

A small one is read while its page waits. A large one is read by a job, which keeps what the pages show.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from data.batch import Batch, Fault
from data.reading.outline import SeenSheet, outline
from data.reading.recognising import Naming
from data.store.store import Store
from model.framework import Framework
from model.progress import Progress, silent
from model.refusals import InputRefused, NotFound
from model.sentences import sentence
from service.cache import Cache
from service.installation import Installation
from service.intake import kept_previews, previewing
from service.intake.kept_previews import Kept
from service.intake.staging import Staged, find
from service.intake.taking import Reading, checked, stored, weighed
from service.intake.xlsx import to_mend as workbook
from service.keeping import keep, thaw
from service.language import Language
from service.typed import one_line

_HEADERS = "headers"
"""Key of the setting that remembers what the office's own headers mean: table → folded header → column."""
LARGE_BYTES, LARGE_ROWS = 1_000_000, 20_000
"""An upload with more of either is imported as a job, one with more bytes also read as one."""
SHOWN = 100
"""Warnings that a page shows of an upload."""
_READ = Cache(2)
"""The uploads read last; one is read once for its many pages."""


@dataclass(frozen=True)
class Upload:
    """An upload as read: its sheets, its rows with their faults, and the store they are compared with."""

    staged: Staged
    sheets: list[SeenSheet]
    batch: Batch
    store: Store

    @property
    def large(self) -> bool:
        """Whether importing it takes longer than a page may."""
        return self.staged.size > LARGE_BYTES or sum(map(len, self.batch.tables.values())) > LARGE_ROWS

    @property
    def known(self) -> bool:
        """Whether every sheet that is used has its table and that table's required columns."""
        return all(not sheet.used or (sheet.table and not sheet.lacking) for sheet in self.sheets)

    @property
    def outline(self) -> list[dict[str, Any]]:
        """Its sheets and columns, and what each is taken for."""
        return [_sheet(sheet) for sheet in self.sheets]

    def told(self) -> dict[str, Any]:
        """What it is understood to be."""
        return _understood(self)

    def sheet(self, number: int, start: int, most: int) -> dict[str, Any]:
        """The faulty rows of one sheet, from ``start`` on, each cell with its messages."""
        if number >= len(self.sheets):
            raise NotFound(sentence("sheet"), str(number))
        return previewing.marked(self.sheets[number], self.batch.faults, start, most)

    def to_mend(self) -> list[dict[str, Any]]:
        """Every sheet's faulty rows, and those that wait for them, with the cells' own values."""
        faults = self.batch.faults
        at_fault = previewing.rows_at_fault(self.sheets, faults)
        more = previewing.without(self.batch, at_fault, self.store)[1] if at_fault else []
        return [previewing.to_mend(sheet, [*faults, *more]) for sheet in self.sheets]


def read(rooms: Installation, room: Path, identifier: str) -> Upload:
    """The upload of that id, read and checked against what is stored now.

    Raises:
        NotFound: there is no such upload (any more).
    """
    staged = find(room, identifier)
    return replace(_READ.get((str(staged.folder), key_of(rooms, staged)), lambda: _read(rooms, staged)), staged=staged)


def key_of(rooms: Installation, staged: Staged) -> str:
    """What the preview of an upload depends on: what the user says of it, and what is stored."""
    told = json.dumps([staged.choices, rooms.store.version()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def shown(rooms: Installation, room: Path, identifier: str) -> Upload | Kept:
    """The upload as its pages show it: the preview that a job kept of it, else as it is read now.

    Raises:
        NotFound: there is no such upload (any more).
    """
    staged = find(room, identifier)
    return kept_previews.find(staged.folder, key_of(rooms, staged)) or read(rooms, room, identifier)


def unread(rooms: Installation, room: Path, identifier: str) -> tuple[Staged, str] | None:
    """An upload that is to be read by a job before it is shown, and the key of its preview; None for any other."""
    staged = find(room, identifier)
    key = key_of(rooms, staged)
    small = staged.done is not None or staged.size <= LARGE_BYTES
    return None if small or kept_previews.find(staged.folder, key) else (staged, key)


def preview(rooms: Installation, room: Path, identifier: str) -> dict[str, Any]:
    """Read an upload and keep what its pages show; the work of a job."""
    staged = find(room, identifier)
    key, upload = key_of(rooms, staged), _read(rooms, staged, rooms.progress)
    rooms.progress(1.0, sentence("Putting the preview together"))
    every = (previewing.marked(sheet, upload.batch.faults, most=len(sheet.grid.rows)) for sheet in upload.sheets)
    kept_previews.write(staged.folder, key, upload.told(), every, upload.to_mend())
    return {"staged": identifier}


def _read(rooms: Installation, staged: Staged, progress: Progress = silent) -> Upload:
    framework, naming = remembering(rooms.framework, rooms.store), _naming(staged.choices)
    readings = {name: staged.choices.get(name) for name in ("dates", "numbers")}
    sheets = outline(staged.files, framework, naming)
    reading = Reading(rooms.settings.today(), naming=naming, **readings)
    batch = checked(staged.files, reading, framework, rooms.store, progress)
    return Upload(staged, sheets, batch, rooms.store)


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
    return {**about, **shown(rooms, room, identifier).told()}


def _understood(upload: Upload) -> dict[str, Any]:
    batch, staged = upload.batch, upload.staged
    at_fault = previewing.rows_at_fault(upload.sheets, batch.faults)
    takeable = previewing.without(batch, at_fault, upload.store) if at_fault else None
    left = 0 if takeable is None else sum(len(frame) for frame in takeable[0].tables.values())
    return {
        "known": upload.known,
        "large": upload.large,
        "readings": {name: staged.choices.get(name) for name in ("dates", "numbers")},
        "sheets": upload.outline,
        **weighed(batch, upload.store),
        "refused": len(batch.faults),
        "warnings": batch.warnings[:SHOWN],
        "warned": len(batch.warnings),
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
        "columns": [vars(column) for column in sheet.columns],
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
    said = one_line(note, sentence("the note"))
    answer = stored(batch, rooms.store, upload.staged.files, said)
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


def to_mend(upload: Upload | Kept, lang: Language) -> bytes:
    """The faulty rows, and those that wait for them, as a workbook."""
    return workbook([sheet for sheet in upload.to_mend() if sheet["rows"]], lang)
