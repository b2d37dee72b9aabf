"""Writes a city to a folder: one UTF-8 CSV per table and truth.json."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.sample.city import City

_TRUTH = "truth.json"
_SPECIAL = (",", '"', "\n", "\r")


class OwnTableError(ValueError):
    """A folder holds somebody's own table, which a sample city must not overwrite; ``file`` names it."""

    def __init__(self, file: str) -> None:
        super().__init__(f"{file} is no sample city's table and would be overwritten")
        self.file = file


def write_city(city: City, folder: str | Path) -> dict[str, int]:
    """Write every table that has rows as ``<table>.csv`` and the truth as ``truth.json``; returns rows per table.

    The folder is made where absent; an earlier sample city is replaced. Bytes depend on the city alone.

    Raises:
        OwnTableError: the folder holds a table but no truth.json.
        OSError: it cannot be made or written.
    """
    place = Path(folder)
    _refuse_own_tables(place, city)
    place.mkdir(parents=True, exist_ok=True)
    truth = json.dumps(city.truth, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    (place / _TRUTH).write_bytes((truth + "\n").encode("utf-8"))
    for name, frame in city.tables.items():
        if len(frame):
            (place / f"{name}.csv").write_bytes(csv_text(frame).encode("utf-8"))
        else:
            (place / f"{name}.csv").unlink(missing_ok=True)
    return {name: len(frame) for name, frame in city.tables.items()}


def _refuse_own_tables(place: Path, city: City) -> None:
    own = next((f"{name}.csv" for name in city.tables if (place / f"{name}.csv").exists()), None)
    if own is not None and not (place / _TRUTH).exists():
        raise OwnTableError((place / own).as_posix())


def csv_text(frame: pd.DataFrame) -> str:
    """The frame as CSV (RFC 4180 quoting, lines end in LF), several times as fast as pandas writes it."""
    header = ",".join(_quoted(str(name)) for name in frame.columns)
    columns = [_cells(frame[name]) for name in frame.columns]
    return "\n".join([header, *map(",".join, zip(*columns, strict=True))]) + "\n"


def _cells(column: "pd.Series[Any]") -> list[str]:
    """Cells as text: whole numbers without a decimal point, missing as nothing, text quoted where it must be."""
    values = column.to_numpy()
    if values.dtype.kind in "iu":
        return list(map(str, values.tolist()))
    if values.dtype.kind == "f":
        whole = np.isnan(values) | (values == np.rint(values))
        if whole.all():
            return ["" if value != value else str(int(value)) for value in values.tolist()]  # noqa: PLR0124 - NaN
        return ["" if value != value else repr(value) for value in values.tolist()]  # noqa: PLR0124 - NaN
    codes, words = pd.factorize(values)
    texts = np.array([_quoted(str(word)) for word in words], dtype=object)
    return list(texts[codes])


def _quoted(text: str) -> str:
    if any(mark in text for mark in _SPECIAL):
        return '"' + text.replace('"', '""') + '"'
    return text
