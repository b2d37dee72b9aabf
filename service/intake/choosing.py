"""What the user says of an upload's sheets and columns, kept for its reading."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.headings import meant
from model.framework import fold
from model.tables import TABLES
from service.installation import Installation
from service.intake.staging import find
from service.intake.uploads import read, remembering, shown, unread


def choose(rooms: Installation, room: Path, identifier: str, chosen: Mapping[str, Any]) -> bool:
    """Keep what the user says of an upload's sheets and columns; True where something is still to be asked.

    ``chosen``: ``tables`` (number of the sheet → table, empty: not used), ``columns`` (number → position → column,
    empty: not used), ``dates``, ``numbers``. Columns count only for a sheet whose table stays the same.
    """
    sheets = shown(rooms, room, identifier).outline
    framework = remembering(rooms.framework, rooms.store)
    tables: dict[str, str | None] = {}
    columns: dict[str, dict[str, str]] = {}
    for number, seen in enumerate(sheets):
        table = chosen["tables"].get(number, seen["table"] if seen["used"] else "") or None
        if table is not None and table not in TABLES:
            table = None
        tables[seen["place"]] = table
        if table is not None and table == seen["table"]:
            columns[seen["place"]] = _columns(seen, framework.headers[table], chosen["columns"].get(number, {}))
    readings = {name: chosen.get(name) for name in ("dates", "numbers")}
    changed = any(tables[s["place"]] is not None and tables[s["place"]] != s["table"] for s in sheets)
    find(room, identifier).choose({"tables": tables, "columns": columns, **readings})
    return changed or (unread(rooms, room, identifier) is None and not read(rooms, room, identifier).known)


def _columns(seen: Mapping[str, Any], words: Mapping[str, str], chosen: Mapping[int, str]) -> dict[str, str]:
    """Folded header → column, of the columns for which the user says other than the words do."""
    said = {c["header"]: chosen[c["position"]] for c in seen["columns"] if c["position"] in chosen}
    known = set(TABLES[seen["table"]].names) if seen["table"] else set()
    return {
        fold(header): column
        for header, column in said.items()
        if (column in known or column == "") and (meant(words, header) or "") != column
    }
