"""Compares a batch with the stored rows and writes what is new or changed, all or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from data.batch import Batch
from data.store.rows import key_codes, normal, read_table, write_table
from data.store.schema import DATA, POSITION, WHOLE, stored_columns
from data.store.versions import Counts, current_version, undone_at
from model.refusals import InputRefused
from model.sentences import Number, Sentence, sentence
from model.tables import TABLES, Column, Table

_WHOLE_LIMIT = 2.0**53
"""Beyond it float64 no longer holds every whole number."""


@dataclass(frozen=True)
class Difference:
    """What a batch adds to the store: the counts, and per table the new and changed rows in the file's order."""

    counts: Counts
    rows: Mapping[str, pd.DataFrame]


def difference(connection: sa.Connection, batch: Batch, version: int) -> Difference:
    """Compare a batch with the rows that stand at a data version.

    A row is new when no stored row has its key (a missing value in a key counts as one value), changed when a stored
    row has the key and another cell. A cell whose file has no such column keeps what is stored.

    Raises:
        InputRefused: the batch has faults, two rows with one key, a reference to nothing, or a cell that cannot be
            stored as it is.
    """
    if batch.faults:
        raise _refused(
            sentence("The files have faults (%(count)s); nothing was stored.", count=Number(len(batch.faults))),
            sentence("the files"),
            sentence("Correct the cells that the check names and import again."),
        )
    frames = {name: normal(TABLES[name], frame) for name, frame in batch.tables.items()}
    for name, frame in frames.items():
        _check_cells(TABLES[name], frame)
        _check_references(connection, TABLES[name], frames)
    if "items" in frames:
        _place_items(read_table(connection, TABLES["items"], version), frames["items"], batch)
    parts = {
        name: _compare(TABLES[name], read_table(connection, TABLES[name], version), frame, batch.silent.get(name, {}))
        for name, frame in frames.items()
    }
    counts = Counts(
        new={name: int(new.sum()) for name, (new, _) in parts.items()},
        changed={name: int(changed.sum()) for name, (_, changed) in parts.items()},
        unchanged={name: int((~(new | changed)).sum()) for name, (new, changed) in parts.items()},
    )
    return Difference(counts, {name: frames[name][new | changed] for name, (new, changed) in parts.items()})


def write_rows(connection: sa.Connection, found: Difference, version: int) -> None:
    """Append the rows of a difference under a data version; the caller holds the writing transaction."""
    for name, frame in found.rows.items():
        if len(frame):
            write_table(connection, TABLES[name], frame, version)


def stored_ids(connection: sa.Connection, table: str) -> frozenset[str]:
    """Ids of all rows that stand in a table that has one id column as its key."""
    (column,) = TABLES[table].key
    undone = undone_at(connection, current_version(connection))
    query = sa.select(DATA[table].c[column]).where(DATA[table].c.version.not_in(undone)).distinct()
    return frozenset(connection.scalars(query))


def _compare(
    table: Table, old: pd.DataFrame, new: pd.DataFrame, silent: Mapping[str, NDArray[np.bool_]]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Per row of ``new``: whether its key is new, and whether its key is stored with another cell.

    Where a row is ``silent`` about a column, ``new`` takes over the stored cell.

    Raises:
        InputRefused: two rows of ``new`` have one key.
    """
    codes = key_codes([old, new], table.key)
    known, asked = codes[: len(old)], codes[len(old) :]
    _check_single(table, new, asked)
    place = np.full(codes.max(initial=-1) + 1, -1, dtype=np.int64)
    place[known] = np.arange(len(old))
    stands = place[asked]
    is_new = stands < 0
    changed = np.zeros(len(new), dtype=np.bool_)
    met = np.flatnonzero(~is_new)
    for column in new.columns:
        before, after = old[column].to_numpy()[stands[met]], new[column].to_numpy()[met]
        if column in silent and column not in table.key:
            after = np.where(silent[column][met], before, after)
            new.loc[met, column] = after
        changed[met] |= ~((before == after) | (pd.isna(before) & pd.isna(after)))
    return is_new, changed


def _place_items(old: pd.DataFrame, new: pd.DataFrame, batch: Batch) -> None:
    """Give items their place: the file's row order where it names every stored item, else after the stored ones.

    Items that no file named as such, only answers did, leave the places of the stored ones.
    """
    known = dict(zip(old["item_id"], old[POSITION], strict=True))
    named = "text_id" not in batch.silent.get("items", {})
    if named and set(known) <= set(new["item_id"]):
        new[POSITION] = np.arange(len(new), dtype=np.float64)
        return
    following = count(int(max(known.values(), default=-1)) + 1)
    new[POSITION] = [known[item] if item in known else float(next(following)) for item in new["item_id"]]


def _check_single(table: Table, frame: pd.DataFrame, codes: NDArray[np.int64]) -> None:
    twice = pd.Series(codes).duplicated().to_numpy()
    if twice.any():
        row = frame.iloc[int(np.argmax(twice))]
        raise _refused(
            sentence(
                "Two rows of the table %(table)s have the same key: %(key)s.",
                table=table.name,
                key=", ".join(str(row[name]) for name in table.key),
            ),
            sentence("the table %(table)s", table=table.name),
            sentence("Keep only one of the rows."),
        )


def _check_references(connection: sa.Connection, table: Table, frames: Mapping[str, pd.DataFrame]) -> None:
    for column, target in table.refers.items():
        (key,) = TABLES[target].key
        named = set(frames[table.name][column].dropna())
        if target in frames:
            named -= set(frames[target][key])
        missing = named - stored_ids(connection, target) if named else named
        if missing:
            raise _refused(
                sentence(
                    "The table %(target)s has no row with the id %(id)s.", target=target, id=min(missing, key=str)
                ),
                _place(table, column),
                sentence("Add the missing row, or correct the id."),
            )


def _check_cells(table: Table, frame: pd.DataFrame) -> None:
    for column in stored_columns(table):
        values = frame[column.name].to_numpy()
        if column.kind in WHOLE:
            _check_whole(table, column, values)
        elif values.dtype == object:
            _check_text(table, column, values[~pd.isna(values)])
        if column.required and pd.isna(values).any():
            raise _refused(
                sentence("A required cell is empty."), _place(table, column.name), sentence("Fill the cell.")
            )


def _check_whole(table: Table, column: Column, values: NDArray[np.float64]) -> None:
    odd = ~np.isnan(values) & ~((np.abs(values) <= _WHOLE_LIMIT) & (values == np.trunc(values)))
    if odd.any():
        raise _refused(
            sentence("%(value)s is no whole number that can be kept exactly.", value=str(values[odd][0])),
            _place(table, column.name),
            sentence("Write a whole number of at most 15 digits."),
        )


def _check_text(table: Table, column: Column, values: Iterable[str]) -> None:
    joined = "".join(values)
    if "\0" in joined or not _is_unicode(joined):
        raise _refused(
            sentence("A text holds a character that cannot be stored."),
            _place(table, column.name),
            sentence("Save the file as UTF-8 and remove characters that cannot be seen."),
        )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _place(table: Table, column: str) -> Sentence:
    return sentence("the table %(table)s, column %(column)s", table=table.name, column=column)


def _refused(what: Sentence, where: Sentence, mend: Sentence) -> InputRefused:
    return InputRefused(what, where=where, mend=mend)
