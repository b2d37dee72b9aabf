"""Answers about users, tokens and the audit log as text on a terminal."""

from collections.abc import Mapping
from typing import Any

from service.language import UNKNOWN, Language, mark
from service.people import deeds
from service.printing.layout import bullets, table
from service.rendering import as_json

Plain = Mapping[str, Any]


def user(answer: Plain, lang: Language) -> str:
    """One user, with the one-time password where there is a new one."""
    lines = [_users([answer], lang)]
    if "one_time_password" in answer:
        lines += [
            "",
            lang.text("One-time password, shown this once: %(password)s", password=answer["one_time_password"]),
        ]
        lines.append(lang.text("It must be changed at the first log-in."))
    return "\n".join(lines)


def users(answer: Plain, lang: Language) -> str:
    """Every user."""
    return _users(answer["users"], lang)


def _users(rows: Any, lang: Language) -> str:
    heads = [
        lang.text(head)
        for head in (mark("User"), mark("Role"), mark("Districts"), mark("Mentor"), mark("Disabled since"))
    ]
    cells = (
        (
            row["user"],
            row["role"],
            ", ".join(row["districts"]) if row["districts"] else lang.text("all"),
            row["mentor_id"] or UNKNOWN,
            lang.moment(row["disabled_at"]) if row["disabled_at"] else UNKNOWN,
        )
        for row in rows
    )
    return table(heads, cells)


def first_users(answer: Any, lang: Language) -> str:
    """Users just made, with their one-time passwords."""
    heads = [lang.text(head) for head in (mark("User"), mark("Role"), mark("One-time password"))]
    said = lang.text("Log in with one of these; each password is shown this once and must be changed then.")
    return said + "\n" + table(heads, ((row["user"], row["role"], row["one_time_password"]) for row in answer))


def token(answer: Plain, lang: Language) -> str:
    """A new token."""
    return f"{answer['token']}\n" + lang.text(
        "Shown this once. Role %(role)s; it ends on %(day)s.",
        role=answer["role"],
        day=lang.day(answer["expires_at"]),
    )


def tokens(answer: Plain, lang: Language) -> str:
    """Every token."""
    heads = [lang.text(head) for head in (mark("Id"), mark("Name"), mark("Role"), mark("Ends on"), mark("Revoked on"))]
    rows = (
        (str(row["id"]), row["name"], row["role"], lang.day(row["expires_at"]), lang.day(row["revoked_at"]))
        for row in answer["tokens"]
    )
    return table(heads, rows, right="r")


def revoked(answer: Plain, lang: Language) -> str:
    """A token withdrawn."""
    return lang.text("Token %(id)s holds no longer.", id=str(answer["id"]))


def audit(answer: Plain, lang: Language) -> str:
    """Rows of the log, and the check of the chain."""
    heads = [lang.text(head) for head in (mark("No."), mark("When"), mark("Who"), mark("What happened"), mark("Code"))]
    rows = (
        (
            str(row["id"]),
            lang.moment(row["at"]),
            row["name"] or row["actor"],
            deeds.deed(row, lang),
            f"{row['action']} {row['subject']}",
        )
        for row in answer["entries"]
    )
    return table(heads, rows, right="r") + "\n" + chain(answer["check"], lang)


def chain(check: Plain, lang: Language) -> str:
    """What the check of the chain found."""
    if check["broken"] is None:
        return lang.text(
            "The chain is whole: %(rows)s rows, last digest %(head)s.", rows=check["rows"], head=check["head"]
        )
    return lang.text("The chain is broken at row %(row)s: rows were altered or removed.", row=str(check["broken"]))


def backup(answer: Plain, lang: Language) -> str:
    """What was written to a backup."""
    return "\n".join(
        (
            lang.text(
                "Written to %(file)s: %(bytes)s bytes, SHA-256 %(sha)s.",
                file=answer["file"],
                bytes=answer["bytes"],
                sha=answer["sha256"],
            ),
            _held(answer, lang),
            *_gaps(answer),
            lang.text("It holds personal data and password hashes: keep it as safe as the home folder."),
        )
    )


def _held(answer: Plain, lang: Language) -> str:
    rows = sum(answer["rows"].values())
    return lang.text(
        "Made %(moment)s; rows: %(rows)s, models: %(models)s.",
        moment=lang.moment(answer["made_at"]),
        rows=rows,
        models=answer["models"],
    )


def _gaps(answer: Plain) -> list[str]:
    return [bullets(f"{gap['what']} {gap['mend']}" for gap in answer["gaps"])] if answer["gaps"] else []


def restored(answer: Plain, lang: Language) -> str:
    """What came back from a backup."""
    first = lang.text("Brought back from %(file)s; everybody must log in anew.", file=answer["file"])
    return "\n".join((first, _held(answer, lang), *_gaps(answer)))


def copied(answer: Plain, lang: Language) -> str:
    """A copy of a person's data: JSON in either form, for it is handed on."""
    return as_json(answer, lang)


def erased(answer: Plain, lang: Language) -> str:
    """What an erasure changed, and what stays."""
    rows = ((name, lang.number(count)) for name, count in answer["rows"].items())
    heads = (lang.text("Table"), lang.text("Rows"))
    return table(heads, rows, right=" r") + "\n" + bullets(answer["stays"])
