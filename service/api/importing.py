"""Tables in: a dry run that says what an import would do, and the import itself."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Response
from werkzeug.datastructures import FileStorage

from model.refusals import InputRefused
from model.sentences import sentence
from service.api.answers.work import Imported, Imports, Job, Undone
from service.api.asking import ImportForm, LongHeader, Paging, Spoken, VersionBody, WriteHeader
from service.api.jobs import taken_on
from service.api.reading import answered
from service.api.room import Permission, api, needs, programme, reply, told
from service.cases.jobs import as_read

LONGEST_NAME = 200


@api.post("/import", **told("Tables", Imported, writes=True, also={201: Imported, 202: Job, 422: Imported}))
@needs(Permission.IMPORT)
def import_tables(header: LongHeader, query: Spoken, form: ImportForm) -> Response:
    """Say what importing these files would do; with confirm=true take them in, all or none of them."""
    del query
    if form.confirm == "true" and header.later:
        folder = _put(form)
        return taken_on("import", folder=str(folder), reading=_reading(form, folder))
    with _placed(form) as folder:
        ask = programme().import_ if form.confirm == "true" else programme().check
        answer = ask([folder], **as_read(_reading(form, folder)))
    if form.confirm != "true":
        return reply(answer)
    return reply(answer, 422 if answer["refused"] else 201)


@contextmanager
def _placed(form: ImportForm) -> Iterator[Path]:
    folder = _put(form)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put(form: ImportForm) -> Path:
    """The files in a folder of their own under the home folder, by their own names."""
    folder = programme().settings.home.absolute() / "uploads" / uuid.uuid4().hex
    folder.mkdir(parents=True, mode=0o700)
    try:
        for file in form.files:
            _save(file, folder / _name(file))
        if form.mapping is not None:
            _save(form.mapping, folder / "mapping.toml")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _save(file: FileStorage, place: Path) -> None:
    if place.exists():
        raise _unfit(place.name)
    file.save(place)


def _name(file: FileStorage) -> str:
    name = Path((file.filename or "").replace("\\", "/")).name
    if not name or name.startswith(".") or not name.isprintable() or len(name.encode()) > LONGEST_NAME:
        raise _unfit(name)
    return name


def _unfit(name: str) -> InputRefused:
    return InputRefused(
        sentence("The file name %(name)s cannot be used, or is sent twice.", name=name[:80]),
        where=sentence("the field %(field)s", field="files"),
        mend=sentence("Name every file after its table, for example mentors.csv."),
    )


def _reading(form: ImportForm, folder: Path) -> dict[str, Any]:
    mapping = None if form.mapping is None else str(folder / "mapping.toml")
    given = {"mapping": mapping, "dates": form.dates, "numbers": form.numbers}
    return {name: value for name, value in given.items() if value is not None}


@api.get("/imports", **told("Tables", Imports))
@needs(Permission.IMPORT)
def imports(query: Paging) -> Response:
    """Every import and every one taken back, the newest first; which one can be taken back now."""
    return answered(lambda: programme().imports(), page=("imports", query))


@api.post("/imports/undo", **told("Tables", Undone, writes=True, status=201))
@needs(Permission.IMPORT)
def undo_import(header: WriteHeader, query: Spoken, body: VersionBody) -> Response:
    """Take the newest import back: a new data version with the rows that stood before it; nothing is removed."""
    del header, query
    return reply(programme().undo_import(body.version, note=body.note), 201)
