"""Import: upload, say what the columns mean, see what is understood and what is wrong, confirm; take an import back.

Nothing is stored before the confirmation. Errors in cells stand in the user's own rows.
"""

from io import BytesIO
from typing import Any

from flask import g, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from model.refusals import InputRefused
from model.tables import TABLES
from service.guard import needs, user
from service.intake.headings import headers_of, sheet_of
from service.pages.frame import again, page, pages, plain, programme
from service.pages.listing import part
from service.people.roles import Permission
from service.rendering import refusal

ROWS = 100
"""Faulty rows that one page shows of a sheet."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/imports")
@needs(Permission.IMPORT)
def imports() -> str:
    """The form to upload tables, and every import so far."""
    return page("imports.html", **plain(programme().imports()))


@pages.post("/imports")
@needs(Permission.IMPORT)
def upload() -> Response:
    """Let the files wait for their confirmation, and show them."""
    again(imports)
    files = [(file.filename or "", file.stream) for file in request.files.getlist("files")]
    return _shown(programme().stage(files, owner=user().key))


def _shown(identifier: str) -> Response:
    """To an upload's page, or to the job that reads it first."""
    return _unread(identifier) or redirect(url_for("pages.staged", identifier=identifier), 303)


def _unread(identifier: str) -> Response | None:
    """To the job that reads an upload too large for a page to wait for; None where it is read."""
    job = programme().read_staged(identifier, asked_by=user().key)
    return None if job is None else redirect(url_for("pages.job", job_id=job), 303)


@pages.get("/imports/template.xlsx")
@needs(Permission.IMPORT)
def import_template() -> Response:
    """A workbook to fill in."""
    return _workbook(programme().import_template(g.lang), "suluh.xlsx")


@pages.get("/imports/sample.xlsx")
@needs(Permission.IMPORT)
def sample_workbook() -> Response:
    """A sample city to try an import with."""
    return _workbook(programme().sample_workbook(), "contoh.xlsx" if g.lang.code == "id" else "sample.xlsx")


@pages.post("/imports/undo")
@needs(Permission.IMPORT)
def undo_import() -> Response:
    """Take the import named in the form back."""
    again(imports)
    asked = request.form.get("version", "")
    programme().undo_import(int(asked) if asked.isascii() and asked.isdecimal() else 0)
    return redirect(url_for("pages.imports"), 303)


@pages.get("/imports/<identifier>")
@needs(Permission.IMPORT)
def staged(identifier: str) -> str | Response:
    """What is understood of an upload and what is wrong, or what its import did."""
    asked = programme()
    if waiting := _unread(identifier):
        return waiting
    shown = plain(asked.staged(identifier))
    if shown["done"] is None and not shown["known"] and "shown" not in request.args:
        return redirect(url_for("pages.staged_columns", identifier=identifier), 302)
    faulty = [
        {**sheet, **plain(asked.staged_sheet(identifier, sheet["sheet"], 0, ROWS))} for sheet in shown.get("faulty", [])
    ]
    return page("upload.html", upload=shown, faulty=faulty, headings=_headings())


@pages.get("/imports/<identifier>/sheets/<int:number>")
@needs(Permission.IMPORT)
def staged_sheet(identifier: str, number: int) -> str | Response:
    """All faulty rows of one sheet, page by page."""
    asked = programme()
    if waiting := _unread(identifier):
        return waiting
    total = asked.staged_sheet(identifier, number, 0, 0)["total"]
    shown = part(total, ROWS)
    sheet = plain(asked.staged_sheet(identifier, number, shown.first - 1, ROWS))
    return page("upload_sheet.html", identifier=identifier, sheet=sheet, part=shown)


@pages.get("/imports/<identifier>/columns")
@needs(Permission.IMPORT)
def staged_columns(identifier: str) -> str | Response:
    """The form that says what sheets and columns mean."""
    if waiting := _unread(identifier):
        return waiting
    shown = plain(programme().staged(identifier))
    if shown["done"] is not None:
        return redirect(url_for("pages.staged", identifier=identifier), 302)
    return page("upload_columns.html", upload=shown, tables=TABLES, headings=_headings())


@pages.post("/imports/<identifier>/columns")
@needs(Permission.IMPORT)
def choose_columns(identifier: str) -> Response:
    """Keep what the form says, and ask on or show the upload."""
    if waiting := _unread(identifier):
        return waiting
    chosen: dict[str, Any] = {"tables": {}, "columns": {}, **_readings()}
    for name, value in request.form.items():
        kind, *numbers = name.split("-")
        if kind == "table" and len(numbers) == 1:
            chosen["tables"][int(numbers[0])] = value
        elif kind == "column" and len(numbers) == 2:
            chosen["columns"].setdefault(int(numbers[0]), {})[int(numbers[1])] = value
    more = programme().choose_columns(identifier, chosen)
    return redirect(url_for("pages.staged_columns", identifier=identifier), 303) if more else _shown(identifier)


def _readings() -> dict[str, str | None]:
    known = {"dates": ("dmy", "mdy"), "numbers": ("id", "en")}
    return {name: request.form[name] if request.form.get(name) in words else None for name, words in known.items()}


@pages.post("/imports/<identifier>/confirm")
@needs(Permission.IMPORT)
def confirm_staged(identifier: str) -> Response | tuple[str, int]:
    """Import the upload, a large one as a job; with ``leave_out`` all its rows but the faulty ones."""
    asked, leave_out = programme(), "leave_out" in request.form
    if waiting := _unread(identifier):
        return waiting
    try:
        if asked.staged_is_large(identifier):
            job = asked.start_job("upload", asked_by=user().key, identifier=identifier, leave_out=leave_out)
            return redirect(url_for("pages.job", job_id=job["job"]), 303)
        asked.confirm_staged(identifier, leave_out=leave_out)
    except InputRefused as fault:
        return page("refused.html", error=refusal(fault, g.lang)["error"], back=url_for("pages.imports")), 409
    return redirect(url_for("pages.staged", identifier=identifier), 303)


@pages.post("/imports/<identifier>/drop")
@needs(Permission.IMPORT)
def drop_staged(identifier: str) -> Response:
    """Throw the upload away."""
    programme().drop_staged(identifier)
    return redirect(url_for("pages.imports"), 303)


@pages.get("/imports/<identifier>/mend.xlsx")
@needs(Permission.IMPORT)
def rows_to_mend(identifier: str) -> Response:
    """The faulty rows of an upload, to be mended and uploaded."""
    if waiting := _unread(identifier):
        return waiting
    name = "perbaikan.xlsx" if g.lang.code == "id" else "to-mend.xlsx"
    return _workbook(programme().rows_to_mend(identifier, g.lang), name)


def _workbook(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


def _headings() -> dict[str, Any]:
    """Names of tables and of their columns as the reader knows them."""
    framework = programme().framework
    return {
        name: {"sheet": sheet_of(name, framework, g.lang), "columns": headers_of(table, framework, g.lang)}
        for name, table in TABLES.items()
    }
