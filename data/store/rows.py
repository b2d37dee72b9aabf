"""Rows between a frame and the database: written in bulk, read column by column, the newest row of each key kept.

Cells are held as data/batch.py says and come back identical.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from data.batch import DTYPES
from data.store.schema import DATA, WHOLE, stored_columns
from data.store.versions import undone_at
from model.tables import Column, Kind, Table

_CHUNK = 20_000
"""Rows held as Python objects at a time."""


def normal(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with exactly the stored columns, each of its kind, missing text as None; a new index from 0."""
    columns = {c.name: _normal(c, frame.get(c.name), len(frame)) for c in stored_columns(table)}
    return pd.DataFrame(columns)


def _normal(column: Column, values: pd.Series | None, length: int) -> NDArray[Any]:
    dtype = DTYPES[column.kind]
    if values is None:
        return pd.Series([None] * length, dtype=dtype).to_numpy()
    held = values.to_numpy().astype(dtype)
    if dtype == "object":
        held[pd.isna(held)] = None
    return held


def key_codes(frames: Sequence[pd.DataFrame], key: Sequence[str]) -> NDArray[np.int64]:
    """One whole number per row of the frames laid end to end, equal for equal keys, rising by first appearance.

    A missing value counts as one value.
    """
    codes = np.zeros(sum(len(frame) for frame in frames), dtype=np.int64)
    for name in key:
        values = np.concatenate([frame[name].to_numpy() for frame in frames])
        part, distinct = pd.factorize(values, use_na_sentinel=False)
        codes = pd.factorize(codes * max(len(distinct), 1) + part)[0].astype(np.int64)
    return codes


def newest_of(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The last row of each key, in the order in which the keys first appeared."""
    codes = key_codes([frame], key)
    last = np.empty(codes.max(initial=-1) + 1, dtype=np.int64)
    last[codes] = np.arange(len(codes))
    return frame.iloc[last].reset_index(drop=True)


def read_table(connection: sa.Connection, table: Table, version: int) -> pd.DataFrame:
    """The table as it stood at a data version: one row per key, in the order in which the keys first came."""
    stored, columns = DATA[table.name], stored_columns(table)
    chosen = sa.select(*(stored.c[c.name] for c in columns), stored.c.version)
    query = chosen.where(stored.c.version <= version).order_by(stored.c.row_id)
    if undone := undone_at(connection, version):
        query = query.where(stored.c.version.not_in(sorted(undone)))
    text = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    parts = [_arrays(columns, rows) for rows in connection.exec_driver_sql(text).partitions(_CHUNK)]
    if not parts:
        return normal(table, pd.DataFrame())
    held = [np.concatenate(column) for column in zip(*parts, strict=True)]
    frame = pd.DataFrame(dict(zip(table_names(columns), held[:-1], strict=True)))
    several = held[-1].min() != held[-1].max()
    return newest_of(frame, table.key) if several else frame


def table_names(columns: Sequence[Column]) -> list[str]:
    """Names of the columns, in order."""
    return [column.name for column in columns]


def _arrays(columns: Sequence[Column], rows: Sequence[sa.Row[Any]]) -> list[NDArray[Any]]:
    *cells, versions = zip(*rows, strict=True)
    arrays = [_decoded(column.kind, values) for column, values in zip(columns, cells, strict=True)]
    return [*arrays, np.array(versions, dtype=np.int64)]


def _decoded(kind: Kind, values: tuple[Any, ...]) -> NDArray[Any]:
    if kind is Kind.DATE:
        return np.array(values, dtype="datetime64[D]").astype("datetime64[ns]")
    return np.array(values, dtype=DTYPES[kind])


def write_table(connection: sa.Connection, table: Table, frame: pd.DataFrame, version: int) -> None:
    """Append the rows of a normal frame under a data version, in the frame's order."""
    names = ["version", *table_names(stored_columns(table))]
    write = _copy if connection.dialect.name == "postgresql" else _insert
    write(connection, DATA[table.name], names, _encoded_rows(table, frame, version))


def _encoded_rows(table: Table, frame: pd.DataFrame, version: int) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(frame), _CHUNK):
        part = frame.iloc[start : start + _CHUNK]
        cells = [_encoded(c.kind, part[c.name].to_numpy()) for c in stored_columns(table)]
        yield from zip([version] * len(part), *cells, strict=True)


def _encoded(kind: Kind, values: NDArray[Any]) -> list[Any]:
    missing = pd.isna(values)
    if kind is Kind.DATE:
        cells = np.datetime_as_string(values, unit="D").astype(object)
    elif kind is Kind.YESNO or kind in WHOLE:
        cells = np.where(missing, 0, values).astype(np.int64).astype(object)
    else:
        cells = values.astype(object)
    cells[missing] = None
    encoded: list[Any] = cells.tolist()
    return encoded


def _insert(connection: sa.Connection, stored: sa.Table, names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    text = str(sa.insert(stored).values({name: sa.bindparam(name) for name in names}).compile(connection))
    while chunk := list(islice(rows, _CHUNK)):
        connection.exec_driver_sql(text, chunk)


def _copy(connection: sa.Connection, stored: sa.Table, names: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    columns = ", ".join(names)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY {stored.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
