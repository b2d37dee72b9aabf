"""Administration: users, tokens, the audit log, a backup to take along.

A one-time password or token is shown on the page that answers its making, and never again.
"""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from flask import Response, g, request, send_file
from flask.blueprints import BlueprintSetupState

from model.refusals import InputRefused
from model.sentences import sentence
from service.guard import needs
from service.language import ZONES, mark
from service.pages.frame import again, page, pages, plain, programme
from service.people import deeds
from service.people.roles import ROLE_WORDS, Permission

DAYS = 90
SHOWN = 100
CHAPTERS = (
    ("pages.admin", mark("Users")),
    ("pages.admin_tokens", mark("API tokens")),
    ("pages.admin_audit", mark("Audit log")),
    ("pages.admin_backup", mark("Backup")),
)
"""Pages of the administration, and their names."""


def _page(template: str, **given: Any) -> str:
    return page(template, chapters=CHAPTERS, roles=ROLE_WORDS, **given)


def _users(made: Any = None) -> str:
    return _page("admin_users.html", users=plain(programme().users())["users"], made=plain(made))


@pages.get("/admin")
@needs(Permission.ADMINISTER)
def admin() -> str:
    """Users and roles."""
    return _users()


@pages.post("/admin/users")
@needs(Permission.ADMINISTER)
def admin_add_user() -> str:
    """Add a user; the one-time password is shown this once."""
    form = request.form
    again(_users)
    made = programme().add_user(
        form.get("name", ""),
        form.get("role", ""),
        display_name=form.get("display_name", ""),
        districts=_parts(form.get("districts", "")),
        mentor_id=form.get("mentor", "").strip() or None,
    )
    return _users(made)


def _parts(typed: str) -> list[str] | None:
    return [part for piece in typed.split(";") if (part := piece.strip())] or None


@pages.post("/admin/users/<user_name>")
@needs(Permission.ADMINISTER)
def admin_change_user(user_name: str) -> str:
    """Do one thing to a user: reset, disable, enable, or change role and reach."""
    form, asked = request.form, programme()
    again(_users)
    actions = {
        "reset": lambda: asked.reset_password(user_name),
        "disable": lambda: asked.disable_user(user_name),
        "enable": lambda: asked.disable_user(user_name, disabled=False),
        "change": lambda: asked.change_user(
            user_name,
            role=form.get("role", ""),
            districts=_parts(form.get("districts", "")),
            mentor_id=form.get("mentor", "").strip() or None,
        ),
    }
    return _users(_chosen(actions, form.get("action", ""))())


def _chosen(actions: dict[str, Any], name: str) -> Any:
    if name not in actions:
        raise InputRefused(
            sentence("This form is no longer valid."),
            where=sentence("the form you sent"),
            mend=sentence("Load the page again and send the form from there."),
        )
    return actions[name]


def _tokens(made: Any = None) -> str:
    return _page("admin_tokens.html", tokens=plain(programme().tokens())["tokens"], made=plain(made), days=DAYS)


@pages.get("/admin/tokens")
@needs(Permission.ADMINISTER)
def admin_tokens() -> str:
    """Tokens of programs that use the API."""
    return _tokens()


@pages.post("/admin/tokens")
@needs(Permission.ADMINISTER)
def admin_add_token() -> str:
    """Make a token, shown this once."""
    form = request.form
    again(_tokens)
    reach, days = _parts(form.get("districts", "")), _days(form.get("days", ""))
    return _tokens(
        programme().add_token(role=form.get("role", ""), name=form.get("name", ""), days=days, districts=reach)
    )


def _days(typed: str) -> int:
    days = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
    if not 1 <= days <= 3660:
        raise InputRefused(
            sentence("A token holds for 1 to 3,660 days."),
            where=sentence("the field %(field)s", field=g.lang.text("Days until it ends")),
            mend=sentence("Write a whole number of days."),
        )
    return days


@pages.post("/admin/tokens/<int:token_id>/revoke")
@needs(Permission.ADMINISTER)
def admin_revoke_token(token_id: int) -> str:
    """Make a token unusable for good."""
    again(_tokens)
    programme().revoke_token(token_id)
    return _tokens()


@pages.get("/admin/audit")
@needs(Permission.ADMINISTER)
def admin_audit() -> str:
    """The audit log, the newest first, filtered, with the check of its chain."""
    asked = request.args
    typed = asked.get("before", "")
    before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    told = programme().audit(
        actor=asked.get("actor", "")[:80], action=asked.get("action", "")[:80], before=before, most=SHOWN
    )
    return _page("admin_audit.html", **plain(told), most=SHOWN, actors=_actors())


def _actors() -> list[tuple[str, str]]:
    users = [(f"user:{known.id}", known.name) for known in programme().store.accounts()]
    return [("command", g.lang.text("on the command line")), *users]


@pages.record_once
def _furnish(state: BlueprintSetupState) -> None:
    """Give the templates the words of the audit log."""
    filters = cast("Any", state.app).jinja_env.filters
    filters["deed"] = lambda row: deeds.deed(row, g.lang)
    filters["kind_of_deed"] = lambda action: deeds.kind(action, g.lang)


@pages.get("/admin/backup")
@needs(Permission.ADMINISTER)
def admin_backup() -> str:
    """What a backup holds, and the button that makes one."""
    return _page("admin_backup.html", gaps=plain(programme().backup_gaps()))


@pages.post("/admin/backup")
@needs(Permission.ADMINISTER)
def admin_take_backup() -> Response:
    """A backup as a download; nothing of it stays on the server."""
    folder = Path(tempfile.mkdtemp(prefix="backup-", dir=programme().settings.home))
    try:
        file = folder / f"suluh-{datetime.now(ZONES[g.lang.zone]):%Y%m%d-%H%M%S}.zip"
        programme().backup(file)
        content = file.open("rb")
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the open file is read to its end all the same, but on Windows
    answer = send_file(content, as_attachment=True, download_name=file.name, mimetype="application/zip")
    answer.direct_passthrough = False  # only so is its end told
    answer.call_on_close(lambda: shutil.rmtree(folder, ignore_errors=True))
    return answer
