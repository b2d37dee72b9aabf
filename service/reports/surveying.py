"""What the records for the public and for the supervisor of personal data tell: the installation as it stands today."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from data.snapshot import Snapshot
from model.framework import Framework
from model.sentences import Label
from model.tables import TABLES, Column, Table
from service.intake.headings import headers_of, sheet_of
from service.language import Language
from service.people.roles import Role
from service.reports.telling import Asked

_BOTH = (Language("id"), Language("en"))
_NUMBERS = ("engagements", "mentors", "supported_gain", "verdict", "limits", "conformal", "fairness", "predictor")


class Known(Asked, Protocol):
    """The questions that a record is made of."""

    def users(self) -> dict[str, Any]:
        """Every user."""


def survey(asked: Known) -> dict[str, Any]:
    """The data held, the model in use, who may log in, what was objected to, as they stand now."""
    seen, shelf, learned = asked.snapshot(), asked.shelf(), asked.learned()
    return {
        "data_version": seen.version,
        "as_of": seen.as_of,
        "model": shelf.name,
        "office": vars(asked.framework.office),
        "framework": asked.framework.name,
        "areas": [area.label for area in asked.framework.areas.values()],
        "tables": _tables(seen, asked.framework),
        "learned": None if learned is None else {name: learned.get(name) for name in _NUMBERS},
        "safety": _safety(asked),
        "users": _users(asked.users()["users"]),
        "objections": _objections(asked.objections()["objections"]),
        "approved": len(asked.store.approved_plans()),
        "models": len(asked.store.models()),
    }


def _tables(seen: Snapshot, framework: Framework) -> list[dict[str, Any]]:
    """Per table, as the office calls it: rows, and the personal columns in which something really stands."""
    return [
        {
            "table": Label(*(sheet_of(name, framework, lang) for lang in _BOTH)),
            "rows": len(seen[name]),
            "personal": _headed(table, framework, [c for c in table.columns if c.personal and _filled(seen, name, c)]),
            "hidden": _headed(table, framework, [c for c in table.columns if c.hidden and _filled(seen, name, c)]),
        }
        for name, table in TABLES.items()
    ]


def _filled(seen: Snapshot, table: str, column: Column) -> bool:
    return bool(seen[table][column.name].notna().any())


def _headed(table: Table, framework: Framework, columns: Sequence[Column]) -> list[Label]:
    inland, abroad = (headers_of(table, framework, lang) for lang in _BOTH)
    return [Label(inland[column.name], abroad[column.name]) for column in columns]


def _safety(asked: Known) -> dict[str, Any]:
    settings = asked.settings
    return {
        "password_rule": settings.password_rule,
        "idle_minutes": settings.idle_minutes,
        "session_hours": settings.session_hours,
        "https": settings.https,
        "server": settings.database is None,
    }


def _users(users: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Users by role who may log in; a role that nobody has is told with 0."""
    counted = Counter(str(user["role"]) for user in users if not user.get("disabled"))
    return [{"role": role.value, "users": counted[role.value]} for role in Role]


def _objections(rows: list[dict[str, Any]]) -> dict[str, int]:
    opened = sum(row["answer"] is None for row in rows)
    return {"raised": len(rows), "open": opened, "answered": len(rows) - opened}
