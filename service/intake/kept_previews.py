"""Previews of large uploads: made by a job, kept beside the upload, and shown without its files being read again.

The name of a preview's folder tells what it was made from. It is written under another name and gets its own at the
end, so that there is a whole one or none, however the job ended.
"""

import json
import secrets
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from data import failpoints
from data.batch import plain
from model.refusals import NotFound
from model.sentences import sentence
from service.keeping import kept_text, thaw

_TOLD, _ROWS, _MEND = "told.json", "rows-{}.jsonl", "mend-{}.jsonl"
_PREFIX, _MAKING = "preview-", "making-"
_JOB = "reading.json"
"""The job that makes a preview, and which."""


@dataclass(frozen=True)
class Kept:
    """A whole preview in its ``folder``."""

    folder: Path

    def told(self) -> dict[str, Any]:
        """What the upload is understood to be."""
        found: dict[str, Any] = thaw(json.loads((self.folder / _TOLD).read_text(encoding="utf-8")))
        return found

    @property
    def large(self) -> bool:
        """Whether importing it takes longer than a page may."""
        return bool(self.told()["large"])

    @property
    def outline(self) -> list[dict[str, Any]]:
        """Its sheets and columns, and what each is taken for."""
        return list(self.told()["sheets"])

    def sheet(self, number: int, start: int, most: int) -> dict[str, Any]:
        """A sheet's faulty rows from ``start`` on, as :func:`service.intake.previewing.marked` gives them."""
        return _read(self.folder / _ROWS.format(number), start, start + most)

    def to_mend(self) -> list[dict[str, Any]]:
        """Every sheet's faulty rows with their own values, for a workbook."""
        return [_read(path, 0, None) for path in sorted(self.folder.glob(_MEND.format("*")), key=_number)]


def _number(path: Path) -> int:
    return int(path.stem.partition("-")[2])


def _read(path: Path, start: int, end: int | None) -> dict[str, Any]:
    if not path.exists():
        raise NotFound(sentence("sheet"), path.stem.partition("-")[2])
    with path.open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
        return thaw({**head, "rows": [json.loads(line) for line in islice(lines, start, end)]})  # type: ignore[no-any-return]


def find(folder: Path, key: str) -> Kept | None:
    """The preview of an upload's folder that was made from ``key``; None where there is none."""
    kept = folder / f"{_PREFIX}{key}"
    return Kept(kept) if kept.is_dir() else None


def write(
    folder: Path,
    key: str,
    told: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
    mend: Iterable[Mapping[str, Any]],
) -> None:
    """Keep a preview in place of those before it.

    Args:
        folder: of the upload.
        key: what it was made from.
        told: what the upload is understood to be.
        rows: each sheet's faulty rows.
        mend: the same with the cells' own values.

    Raises:
        NotFound: the upload was thrown away meanwhile.
    """
    if not folder.is_dir():
        raise NotFound(sentence("upload"), folder.name)
    for left in folder.glob(f"{_MAKING}*"):  # by a job that was killed
        shutil.rmtree(left, ignore_errors=True)
    made = folder / f"{_MAKING}{secrets.token_hex(4)}"
    try:
        made.mkdir()
        (made / _TOLD).write_text(kept_text(told), encoding="utf-8")
        for number, sheet in enumerate(rows):
            _write(made / _ROWS.format(number), sheet)
        for number, sheet in enumerate(mend):
            _write(made / _MEND.format(number), sheet)
        failpoints.reach("preview")
        for old in folder.glob(f"{_PREFIX}*"):
            shutil.rmtree(old, ignore_errors=True)
        made.rename(folder / f"{_PREFIX}{key}")
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write(path: Path, sheet: Mapping[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        lines.write(kept_text({name: value for name, value in sheet.items() if name != "rows"}) + "\n")
        for row in sheet["rows"]:
            lines.write(kept_text({**row, "cells": [_cell(cell) for cell in row["cells"]]}) + "\n")


def _cell(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """A cell; an hour of the day would not outlive being kept, so that such a moment becomes its text."""
    value = cell.get("value")
    dated = isinstance(value, datetime) and value.time() != time.min
    return {**cell, "value": plain(value)} if dated else cell


def reading(folder: Path, key: str) -> int | None:
    """The job that makes the preview from ``key``; None where none was begun."""
    with suppress(FileNotFoundError, ValueError):
        noted = json.loads((folder / _JOB).read_text(encoding="utf-8"))
        return int(noted["job"]) if noted["key"] == key else None
    return None


def note_reading(folder: Path, key: str, job: int) -> None:
    """Note the job that makes the preview from ``key``."""
    (folder / _JOB).write_text(json.dumps({"key": key, "job": job}), encoding="utf-8")
