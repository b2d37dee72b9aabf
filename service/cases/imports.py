"""What a person can ask about tables that come in: check, import, upload and confirm, mend, take back.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from model.refusals import InputRefused, StoreRefused
from model.sentences import sentence
from model.tables import TABLES
from service.installation import Installation
from service.typed import one_line

if TYPE_CHECKING:
    from service.language import Language

DEMO = "demo"
"""Key of the setting that marks a home as the demo's."""


class IntakeCases(Installation):
    """Questions about tables that come in."""

    def check(self, paths: Sequence[Path], **reading: Any) -> dict[str, Any]:
        """Try an import: what it would add and change, and every fault; stores nothing."""
        return take(self, paths, reading, keep=False)

    def import_(self, paths: Sequence[Path], **reading: Any) -> dict[str, Any]:
        """Take tables in, all or nothing; ``reading``: mapping, dates, numbers (None where not given)."""
        _refuse_demo(self)
        return take(self, paths, reading, keep=True)

    def stage(self, uploads: Iterable[tuple[str, IO[bytes]]], *, owner: str) -> str:
        """Let somebody's files wait for their confirmation; gives the id they wait under. Stores nothing."""
        from service.intake.staging import stage

        _refuse_demo(self)
        return stage(room_of(self), uploads, owner).id

    def stager(self, identifier: str) -> str | None:
        """Key of whoever uploaded what waits under this id."""
        from service.intake.staging import find

        return find(room_of(self), identifier).owner

    def staged(self, identifier: str) -> dict[str, Any]:
        """An upload as it is understood: sheets, columns, counts, faults; or what its import answered."""
        from service.intake import uploads

        return uploads.told(self, room_of(self), identifier)

    def staged_sheet(self, identifier: str, number: int, start: int = 0, most: int = 100) -> dict[str, Any]:
        """The faulty rows of one sheet of an upload as they stand in the file, the messages in their cells."""
        from service.intake import uploads

        return uploads.shown(self, room_of(self), identifier).sheet(number, start, most)

    def choose_columns(self, identifier: str, chosen: Mapping[str, Any]) -> bool:
        """Keep what the user says of an upload's sheets (``uploads.choose``); True: more to be asked."""
        from service.intake.choosing import choose

        return choose(self, room_of(self), identifier, chosen)

    def preview_staged(self, identifier: str) -> dict[str, Any]:
        """Read an upload that is too large for a page to wait for, and keep what its pages show."""
        from service.intake import uploads

        return uploads.preview(self, room_of(self), identifier)

    def staged_is_large(self, identifier: str) -> bool:
        """Whether importing an upload takes longer than a page may, so that it is done as a job."""
        from service.intake import uploads

        return bool(uploads.shown(self, room_of(self), identifier).large)

    def confirm_staged(self, identifier: str, *, leave_out: bool = False, note: str = "") -> dict[str, Any]:
        """Import an upload, all or nothing; ``leave_out``: all rows but the faulty ones. Remembers its columns."""
        from service.intake import uploads

        _refuse_demo(self)
        return uploads.confirm(self, room_of(self), identifier, leave_out=leave_out, note=note)

    def drop_staged(self, identifier: str) -> None:
        """Throw an upload away."""
        from service.intake.staging import find

        find(room_of(self), identifier).drop()

    def rows_to_mend(self, identifier: str, lang: "Language") -> bytes:
        """The faulty rows of an upload as a workbook that can be mended and uploaded."""
        from service.intake import uploads

        return uploads.to_mend(uploads.shown(self, room_of(self), identifier), lang)

    def import_template(self, lang: "Language") -> bytes:
        """A workbook with a sheet per table to fill in."""
        from service.intake.xlsx import template

        return template(self.framework, lang)

    def sample_workbook(self) -> bytes:
        """A small sample city as one workbook, to try an import with."""
        from service.intake.xlsx import sample

        return sample()

    def imports(self) -> dict[str, Any]:
        """Every import and every one taken back, the newest first; which one can be taken back now."""
        versions = self.store.versions()
        standing = next((v.version for v in versions if v.undone_by is None and v.undoes is None), None)
        return {"imports": [_import(version) for version in versions], "undoable": standing}

    def undo_import(self, version: int | None = None, *, note: str = "") -> dict[str, Any]:
        """Take the newest import back: a new data version with the rows that stood before it. Nothing is removed.

        ``rows`` of the answer: table → rows that stand now.

        Raises:
            InputRefused: every import is taken back already.
        """
        _refuse_demo(self)
        store = self.store
        standing = next((v.version for v in store.versions() if v.undone_by is None and v.undoes is None), 0)
        undone = standing if version is None else version
        if version is None and not standing:
            raise InputRefused(
                sentence("There is no import left to take back."),
                where=sentence("the stored imports"),
                mend=sentence("Import files first; nothing was changed."),
            )
        stands, seen = store.undo(undone, note=one_line(note, sentence("the note"))), self.snapshot()
        return {"undone": undone, "version": stands, "rows": {name: len(seen[name]) for name in TABLES}}


def take(rooms: Installation, paths: Sequence[Path], reading: Mapping[str, Any], *, keep: bool) -> dict[str, Any]:
    """Read, check and with ``keep`` store; the demo takes its own city in by this."""
    from service.intake.taking import Reading, take_in

    store = rooms.store if keep or rooms.begun() else None
    return take_in(paths, Reading(rooms.settings.today(), **reading), rooms.framework, store, rooms.progress, keep=keep)


def room_of(rooms: Installation) -> Path:
    """The folder of the uploads that wait."""
    return rooms.settings.home / "staging"


def _refuse_demo(rooms: Installation) -> None:
    if rooms.store.get(DEMO) is not None:
        raise StoreRefused(
            sentence("This home holds the demo's sample city; other data do not mix with it."),
            where=sentence("the home folder %(home)s", home=str(rooms.settings.home)),
            mend=sentence("Give your own data a home of their own: --home FOLDER."),
        )


def _import(version: Any) -> dict[str, Any]:
    counts = version.counts.as_json()
    return {
        "version": version.version,
        "created_at": version.created_at,
        "note": version.note,
        "files": [name for name, _ in version.files],
        **{kind: sum(of.values()) for kind, of in counts.items()},
        "undone_by": version.undone_by,
        "undoes": version.undoes,
    }
