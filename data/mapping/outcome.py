"""A ready outcome and the controls of engagements, as a mapping file's ``outcome`` and ``controls`` ask for them."""

import json

import numpy as np
import pandas as pd

from data.mapping.cells import Floats, Making, numbers, texts
from data.mapping.form import Entry, Outcome
from data.mapping.source import Mask, Objects, Rows, given
from data.reading.numbers import Readings, readings
from model.sentences import sentence

Controls = dict[str, list[float | str | None]]


def outcome_columns(entry: Entry, rows: Rows, keep: Mask, making: Making) -> dict[str, Objects]:
    """The columns outcome (float, NaN missing) and controls (JSON text) for the rows that stay.

    A client's earlier row is looked for among all ``rows``: one that is no engagement itself still tells its value.
    """
    made: dict[str, Objects] = {}
    controls: Controls = {}
    if entry.outcome is not None:
        value = numbers(rows, entry.outcome.column, making)
        earlier = _earlier(entry.outcome, rows, making) if entry.outcome.minus_previous_by is not None else {}
        if earlier:
            value = value - earlier[entry.outcome.column]
        made["outcome"] = value[keep].astype(object)
        controls = {f"{name}_previous": _listed(column[keep]) for name, column in earlier.items()}
    staying = rows.take(keep)
    controls |= {name: _control(name, staying, making) for name in entry.controls}
    controls |= {name: list(texts(staying, name, making)) for name in entry.categories}
    if controls:
        made["controls"] = _json(controls)
    return made


def _earlier(outcome: Outcome, rows: Rows, making: Making) -> dict[str, Floats]:
    """Every column of ``outcome.earlier`` at the client's previous row; NaN where there is none."""
    client = rows.texts(outcome.minus_previous_by or "")
    keys = pd.DataFrame({"client": client, "step": _steps(outcome, rows, making)})
    values = pd.DataFrame({f"v{i}": numbers(rows, name, making) for i, name in enumerate(outcome.earlier)})
    known = keys["client"].notna() & keys["step"].notna()
    table = keys.join(values)[known].drop_duplicates()
    twice = table.duplicated(["client", "step"])
    _twice(outcome, rows, table, twice, making)
    table = table[~twice].sort_values(["client", "step"], kind="stable")
    grouped = table.groupby("client", sort=False)
    before = grouped[list(values)].shift(1)
    if outcome.order is not None and outcome.order.steps:
        before = before.where(grouped["step"].diff() == 1)
    found = keys.merge(table[["client", "step"]].join(before), on=["client", "step"], how="left")
    return {name: found[f"v{i}"].to_numpy(dtype=np.float64) for i, name in enumerate(outcome.earlier)}


def _steps(outcome: Outcome, rows: Rows, making: Making) -> Floats:
    order = outcome.order
    if order is None:
        return np.zeros(len(rows))
    if not order.steps:
        return numbers(rows, order.column, making)
    place = {str(step): float(i) for i, step in enumerate(order.steps)}
    found = rows.texts(order.column)
    steps = np.array([np.nan if text is None else place.get(text, np.nan) for text in found], dtype=np.float64)
    unknown = np.isnan(steps) & given(found)
    message = sentence(
        "This value is not among the steps of order in the mapping file: %(steps)s. Add it there, or correct the cell.",
        steps=", ".join(place),
    )
    making.faults += rows.faults(unknown, order.column, message)
    return steps


def _twice(outcome: Outcome, rows: Rows, table: pd.DataFrame, twice: pd.Series, making: Making) -> None:
    first = table[~twice].reset_index().set_index(["client", "step"])["index"]
    header = outcome.order.column if outcome.order is not None else None
    for position, client, step in table.loc[twice, ["client", "step"]].itertuples():
        message = sentence(
            "%(client)s has two rows of the same step with different values, here and in row %(row)s, so that the "
            "earlier value is not known. Leave one of them out.",
            client=client,
            row=str(rows.row(first[(client, step)])),
        )
        making.faults.append(rows.fault(position, header, rows.cells[header].to_numpy()[position], message))


def _control(name: str, rows: Rows, making: Making) -> list[float | str | None]:
    """A column of numbers where every filled cell is one, else of texts."""
    found = texts(rows, name, making)
    if all(_is_number(text) for text in set(found) - {None}):
        return _listed(numbers(rows, name, making))
    return list(found)


def _listed(values: Floats) -> list[float | str | None]:
    return [None if np.isnan(value) else int(value) if value.is_integer() else float(value) for value in values]


def _is_number(text: str) -> bool:
    return readings(text) != Readings(None, None)


def _json(controls: Controls) -> Objects:
    names = list(controls)
    rows = zip(*controls.values(), strict=True)
    written = [
        json.dumps({n: v for n, v in zip(names, row, strict=True) if v is not None}, ensure_ascii=False) for row in rows
    ]
    return np.array(written, dtype=object)
