"""The rows behind a model's card as people ask for them: engagements, mentors, or sums of many persons' rows."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from data.snapshot import Snapshot
from model.framework import Framework
from model.refusals import InputRefused
from model.sentences import Sentence, sentence
from service.files.safe_csv import safe_csv
from service.files.sheets import ABOUT, Sheets, workbook
from service.language import Language
from service.models.rows_asked import HEADS, PER
from service.rendering import as_json, render
from training.learning.behind import Behind, engagements_learned, engagements_left_out, personal
from training.learning.fold_figures import figures_of, mentor_rows, sum_rows
from training.publishing import load_rows

Ids = Mapping[str, frozenset[str] | None]
"""Column → the ids in it that are open; None: all of them."""
SUFFIXES = (".csv", ".json", ".xlsx")
_WIDE = {"Size of the business": 22, "District": 18, "District of the mentor": 18, "Entry": 40, "Value": 40}


def behind(seen: Snapshot, framework: Framework, told: Mapping[str, Any], left: int | None, folder: Path) -> Behind:
    """The engagements that a version was learned from, or that a reason of its card leaves out.

    Args:
        seen: the tables that the version was learned from.
        framework: areas and problems.
        told: what training answered, with ``published``.
        left: number of the reason; None for those learned from.
        folder: of the model files.
    """
    if left is not None:
        return engagements_left_out(seen, framework, told["outcome"], left)
    kept = load_rows(folder / told["published"]["file"], told["published"]["sha256"])
    return engagements_learned(seen, framework, told["outcome"], kept)


def answered(
    told: Mapping[str, Any],
    found: Behind,
    *,
    by: str = "",
    group: str = "",
    per: str = "engagement",
    ids: Ids | None = None,
    part: slice = slice(None),
) -> dict[str, Any]:
    """Rows (or a ``part`` of them) with the figures reckoned from all; ``whole``: nothing is out of reach.

    Sums by who somebody is are of the whole programme for everybody, as the card's figures are: they name nobody.

    Raises:
        InputRefused: the rows are not told in this way, or this version did not keep what it takes.
        NotFound: there is no such group.
    """
    _check(found, by, per)
    sums = bool(by) and personal(by)
    if sums:
        rows, figures = sum_rows(found, by, group)
        whole = True
    else:
        every = found.rows[found.of(by, group)] if by else found.rows
        chosen = _in_reach(every, ids)
        whole = len(chosen) == len(every)
        rows, figures = _per(chosen, found, per)
    return {
        "model": told["model"],
        "data_version": told["data_version"],
        "as_of": told["as_of"],
        "outcome": told["outcome"],
        "unit": told["unit"],
        "kept": found.kept is not None,
        "reason": found.reason,
        "by": by,
        "group": group,
        "per": "sum" if sums else per,
        "whole": whole,
        "groups": found.groups(),
        "figures": figures,
        "count": len(rows),
        "columns": list(rows.columns),
        "rows": rows.iloc[part].to_dict("records"),
    }


def _check(found: Behind, by: str, per: str) -> None:
    if per not in PER:
        _refuse("--per", sentence("The rows are not told by %(per)s.", per=per[:40]), PER)
    if found.kept is None and (per == "mentor" or personal(by)):
        raise InputRefused(
            sentence("What was predicted for each engagement is not kept for these rows."),
            where=sentence("the version of the model"),
            mend=sentence("Run train: versions learned from now on keep it. Engagements left out have none."),
        )


def _in_reach(rows: pd.DataFrame, ids: Ids | None) -> pd.DataFrame:
    for column, open_ in (ids or {}).items():
        if open_ is not None and column in rows:
            rows = rows[rows[column].isin(open_)]
    return rows


def _per(rows: pd.DataFrame, found: Behind, per: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    if per == "mentor" and found.kept is not None:
        return mentor_rows(rows, found.kept)
    return rows, figures_of(rows)


def _refuse(option: str, what: Sentence, known: tuple[str, ...]) -> NoReturn:
    raise InputRefused(
        what,
        where=sentence("the option %(option)s", option=option),
        mend=sentence("Choose one of: %(known)s.", known=", ".join(known)),
    )


def check_out(out: Path | None) -> None:
    """Refuse a file that rows cannot be written to, before they are looked up.

    Raises:
        InputRefused: the ending is not .csv, .json or .xlsx, or the folder is not there.
    """
    if out is None:
        return
    if out.suffix.lower() not in SUFFIXES:
        _refuse("--out", sentence("This cannot be written as %(kind)s.", kind=out.suffix or out.name), SUFFIXES)
    if not out.resolve().parent.is_dir():
        raise _unwritten(out, sentence("The folder of the file is not there."))


def write(answer: Mapping[str, Any], out: Path, lang: Language) -> None:
    """Write all rows to a file of the kind its ending names.

    Raises:
        InputRefused: the file cannot be written.
    """
    try:
        match out.suffix.lower():
            case ".csv":
                out.write_text(as_csv(answer, lang), encoding="utf-8", newline="")
            case ".xlsx":
                write_xlsx(answer, out, lang)
            case _:
                out.write_text(as_json(answer, lang) + "\n", encoding="utf-8")
    except OSError as fault:
        raise _unwritten(
            out, sentence("The file cannot be written: %(fault)s.", fault=fault.strerror or str(fault))
        ) from fault


def _unwritten(out: Path, what: Sentence) -> InputRefused:
    return InputRefused(
        what,
        where=sentence("the option %(option)s with the file %(file)s", option="--out", file=out.name),
        mend=sentence("Name a file in a folder that is there and may be written to."),
    )


def as_csv(answer: Mapping[str, Any], lang: Language) -> str:
    """The rows as CSV, numbers with all their digits."""
    plain = render(answer, lang)
    return safe_csv(plain["columns"], ([row[name] for name in plain["columns"]] for row in plain["rows"]))


def write_xlsx(answer: Mapping[str, Any], out: Path, lang: Language) -> None:
    """The rows as a workbook, with a sheet of what they are of and the figures they give."""
    plain, yes_no = render(answer, lang), {True: lang.text("yes"), False: lang.text("no")}
    columns = plain["columns"]
    forms = {HEADS[name]: "0.0000" for name in columns if name not in {"fold", "engagements"}}
    with workbook(out, plain["model"], datetime.fromisoformat(str(plain["as_of"]))) as book:
        sheets = Sheets(book, lang, forms, _WIDE)
        cells = [[_cell(row[name], yes_no) for name in columns] for row in plain["rows"]]
        sheets.add(lang.text("Rows"), [HEADS[name] for name in columns], cells)
        sheets.add(lang.text("About"), ABOUT, [(name, _cell(value, yes_no)) for name, value in _about(plain).items()])


def _cell(value: Any, yes_no: Mapping[bool, str]) -> Any:
    return yes_no[value] if isinstance(value, bool) else value


def _about(plain: Mapping[str, Any]) -> dict[str, Any]:
    names = ("model", "data_version", "as_of", "outcome", "unit", "reason", "by", "group", "per", "whole", "count")
    flat = {name: plain[name] for name in names}
    for name, value in plain["figures"].items():
        flat |= {f"{name} {of}": one for of, one in value.items()} if isinstance(value, dict) else {name: value}
    return flat
