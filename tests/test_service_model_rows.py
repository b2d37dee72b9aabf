"""Every number of a model's card opens to rows, from which it is reckoned anew here; and who may see which rows."""

import csv
import io
import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from service.app import create_app
from service.language import Language
from service.settings import settings
from service.usecases import Programme
from tests.command_line import suluh
from tests.people_rig import client_of

EN = Language("en")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("rows")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=30, businesses=400, months=30, seed=61)
    programme.import_([place / "city"])
    programme.train()
    return place / "home"


@pytest.fixture(scope="module")
def app(home):
    return create_app(settings(home=home))


@pytest.fixture(scope="module")
def told(app) -> dict:
    return client_of(app, "manager").get("/api/v1/models/model-0001?lang=en").json


def exported(app, query: str = "") -> pd.DataFrame:
    text = client_of(app, "manager").get(f"/model/model-0001/rows.csv?lang=en{query}").text
    return pd.DataFrame(list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))))


def numbers(rows: pd.DataFrame, *names: str) -> list[np.ndarray]:
    return [rows[name].to_numpy(dtype=float) for name in names]


def r2(observed: np.ndarray, predicted: np.ndarray) -> float:
    return 1 - ((observed - predicted) ** 2).sum() / ((observed - observed.mean()) ** 2).sum()


def of_card(rows: pd.DataFrame, told: dict) -> list[tuple[str, str, str]]:
    """(Figure, as the card prints it, as the exported rows give it) of whatever rests on rows."""
    observed, predicted, low, high = numbers(rows, "outcome", "predicted", "low", "high")
    rows = rows.assign(error=observed - predicted, held=(low <= observed) & (observed <= high), seen=observed)
    found = [("coverage", EN.percent(told["conformal"]["observed"], 1),
              EN.percent(rows.groupby("mentor_id")["held"].mean().mean(), 1))]  # fmt: skip
    names = [("linear", "linear_without"), ("trees", "trees_without"), ("pairs", "pairs_without"), (None, "mean")]
    for row, pair in zip(told["validation"], names, strict=True):
        for key, name in zip(("r2_unseen_mentors", "r2_without_mentor_traits"), pair, strict=True):
            if name:
                value = r2(observed, rows[f"by_{name}"].to_numpy(dtype=float))
                found.append((f"R² {name}", EN.number(row[key], 3), EN.number(value, 3)))
    for by, groups in told["calibration"].items():
        for row in groups:
            own = rows[rows[by] == row["group"]]
            found.append((f"{by} {row['group']}", str(row["engagements"]), str(len(own))))
            if row["covered"] is not None:
                found += [
                    ("predicted", EN.change(row["predicted"]), EN.change((own["seen"] - own["error"]).mean())),
                    ("covered", EN.percent(row["covered"]), EN.percent(own["held"].mean())),
                ]
    for row in told["fairness"]:
        column = row["column"] if row["of"] == "business" else f"mentor_{row['column']}"
        if column in rows and row["rmse"] is not None:
            own = rows[rows[column] == row["group"]]["error"]
            found += [
                (f"{column} error", EN.signed(row["error"], 3), EN.signed(own.mean(), 3)),
                (f"{column} rmse", EN.number(row["rmse"], 3), EN.number(math.sqrt((own**2).mean()), 3)),
            ]
    return found


def test_the_card_is_reckoned_anew_from_the_exported_rows(app, told):
    rows = exported(app)
    assert len(rows) == told["engagements"]
    found = of_card(rows, told)
    assert len(found) > 30
    assert [one for one in found if one[1] != one[2]] == []
    planted = rows.assign(predicted=rows["predicted"].astype(float) + 0.02)
    assert len([one for one in of_card(planted, told) if one[1] != one[2]]) > 10


def test_the_workbook_holds_the_same_rows_and_no_formula(app):
    content = client_of(app, "manager").get("/model/model-0001/rows.xlsx?lang=en").data
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Rows").to_python()
    rows = exported(app)
    assert len(sheet) == len(rows) + 1
    place = sheet[0].index("Predicted")
    np.testing.assert_allclose([row[place] for row in sheet[1:]], rows["predicted"].astype(float))


@pytest.mark.parametrize("column", ["gender", "birth_year", "disability"])
@pytest.mark.parametrize("of", ["business", "mentor"])
def test_who_somebody_is_is_told_as_sums_over_at_least_three_persons(app, told, of, column):
    by, every = column if of == "business" else f"mentor_{column}", exported(app)
    groups = [row for row in told["fairness"] if (row["of"], row["column"]) == (of, column)]
    assert groups
    for row in groups:
        rows = exported(app, f"&by={by}&group={row['group']}")
        assert set(rows.columns) == {"folds", "engagements", "error_sum", "square_sum", "inside"}
        count, total, squares, inside = (rows[name].astype(float).sum() for name in rows.columns[1:])
        assert count == row["engagements"]
        if row["rmse"] is not None:
            assert EN.signed(total / count, 3) == EN.signed(row["error"], 3)
            assert EN.number(math.sqrt(squares / count), 3) == EN.number(row["rmse"], 3)
            assert EN.percent(inside / count) == EN.percent(row["covered"])
        page = client_of(app, "manager").get(f"/model/model-0001/rows?by={by}&group={row['group']}").text
        assert not set(every["engagement_id"]) & set(re.findall(r"E\d{5}", page))


def test_a_row_of_sums_never_stands_for_fewer_than_three_persons_of_a_group(app):
    people = app.extensions["programme"].snapshot()["mentors"].set_index("mentor_id")["gender"]
    rows = exported(app)
    for part in exported(app, "&by=mentor_gender&group=P")["folds"]:
        inside = rows[rows["fold"].isin(part.split(", "))]
        assert people[inside["mentor_id"].unique()].value_counts().min() >= 3


def test_whoever_is_limited_sees_own_rows_only_and_is_told(app):
    district = exported(app)["mentor_district"].mode()[0]
    client = client_of(app, "manager", districts=[district])
    answer = client.get("/api/v1/models/model-0001/rows?lang=en").json
    assert answer["whole"] is False
    assert {row["mentor_district"] for row in answer["rows"]} == {district}
    assert {row["district"] for row in answer["rows"]} == {district}
    assert answer["figures"]["engagements"] == answer["count"] == len(answer["rows"]) > 0
    page = client.get("/model/model-0001/rows?lang=en").text
    assert "The card&#39;s figures are of the whole programme." in page
    assert "The card&#39;s figures" not in client_of(app, "manager").get("/model/model-0001/rows?lang=en").text


def test_sums_need_the_right_to_see_the_programme(app):
    mentor = client_of(app, "mentor", mentor_id="M002")
    assert mentor.get("/model/model-0001/rows").status_code == 200
    assert mentor.get("/model/model-0001/rows?by=gender&group=P").status_code == 403
    assert client_of(app, "hr").get("/model/model-0001/rows").status_code == 403


def test_page_api_and_command_tell_the_same(app, home, tmp_path):
    api = client_of(app, "manager").get("/api/v1/models/model-0001/rows?per=mentor&lang=en").json
    command = suluh("model", "rows", "--per", "mentor", "--lang", "en", "--out", tmp_path / "r.json", home=home)
    assert command == api
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["rows"] == api["rows"]


def test_what_is_not_there_is_refused(app):
    client = client_of(app, "manager")
    for query in ("left=99", "left=x", "by=colour&group=red", "by=size&group=vast", "group=x&by=gender"):
        assert client.get(f"/model/model-0001/rows?{query}").status_code == 404, query
    assert client.get("/model/model-0001/rows?per=street").status_code == 400
