import pandas as pd
import pytest

from data.batch import DTYPES
from model.tables import TABLES
from tests.reading_rig import clean, only_fault, read, told

MENTORS = "mentor_id;name;district\n007;Ayu;Serpong\n"
ASSESSED = "mentor_id;bidang;Nilai;tanggal\n"
TRAINED = "mentor_id,course_id,completed_on\n"
ENGAGED = "engagement_id,mentor_id,business_id,started_on,hours\n"
REPORTS = "business_id;month;turnover_idr\n"


def rows(text):
    return {"reports": REPORTS + text}


def test_every_column_is_held_as_its_kind_and_in_order(tmp_path):
    files = {
        "mentors": MENTORS,
        "assessments": "mentor_id;area;score;assessed_on\n007;Keuangan;60,5;31/12/2025\n",
        "businesses": "business_id;name;district;sector\n1;A;B;C\n",
        "engagements": "engagement_id;mentor_id;business_id;started_on\n1;007;1;31 Des 2025\n",
        "reports": REPORTS + "1;Des 2025;2,5 jt\n",
        "items": "item_id;text_id\n1;A\n",
        "responses": "respondent_id;mentor_id;item_id;answer\nR;007;1;ya\n",
        "courses": "course_id;title;area;cost_per_participant_idr\nK;T;legal;Rp 1.000.000\n",
        "trainings": "mentor_id;course_id;completed_on\n007;K;2025-06-01\n",
    }
    tables = clean(tmp_path, files).tables
    assert list(tables) == list(TABLES)
    for name, table in TABLES.items():
        extra = ["outcome", "controls"] if name == "engagements" else []
        assert list(tables[name].columns) == [*table.names, *extra]
        assert {c.name: str(tables[name][c.name].dtype) for c in table.columns} == {
            c.name: DTYPES[c.kind] for c in table.columns
        }
        missing = tables[name].select_dtypes("object").to_numpy().ravel()
        assert all(value is None or isinstance(value, str) for value in missing)
    assert tables["reports"].iloc[0][["business_id", "month", "turnover_idr"]].tolist() == [
        "1",
        2025 * 12 + 11,
        2500000,
    ]
    assert tables["assessments"].loc[0, "area"] == "finance"


def test_defaults_of_empty_and_of_absent_columns(tmp_path):
    batch = clean(
        tmp_path,
        {
            "mentors": "mentor_id,name,district,capacity\n1,A,X,\n2,B,X,5\n",
            "courses": "course_id,title,area,cost_per_participant_idr\nK,T,legal,5\n",
        },
    )
    assert batch.tables["mentors"]["capacity"].tolist() == [30, 5]
    assert batch.tables["courses"][["fixed_cost_idr", "min_participants"]].iloc[0].tolist() == [0, 1]
    assert pd.isna(batch.tables["courses"].loc[0, "seats"])


def test_origin_goes_with_the_rows(tmp_path):
    batch = clean(tmp_path, {"mentors": MENTORS, "pendamping 2026": "Nama;ID Pendamping;Kecamatan\n\nBudi;008;Y\n"})
    assert batch.tables["mentors"]["mentor_id"].tolist() == ["007", "008"]
    assert batch.origin["mentors"].to_numpy().tolist() == [["mentors.csv", None, 2], ["pendamping 2026.csv", None, 3]]


@pytest.mark.parametrize(
    ("files", "row", "column", "value", "word"),
    [
        ({"assessments": ASSESSED + "1;legal;130;2026-01-01\n"}, 2, "Nilai", "130", "between 0 and 100"),
        (rows("1;2024-13;5\n"), 2, "month", "2024-13", "no such month"),
        (rows("1;2024-12;-5000\n"), 2, "turnover_idr", "-5000", "below 0"),
        (rows("1;2024-12;\n"), 2, "turnover_idr", None, "every row needs"),
        (rows("1;2024-12;1500,5\n"), 2, "turnover_idr", "1500,5", "whole rupiah"),
        ({"mentors": MENTORS + "8;Budi;\n"}, 3, "district", None, "every row needs"),
        ({"mentors": "mentor_id;name;district;NIK\n1;A;X;123\n"}, 2, "NIK", "123", "16 digits"),
        ({"mentors": "mentor_id;name;district;NIK\n1;A;X;3,2E+15\n"}, 2, "NIK", "3,2E+15", "shortened"),
        ({"mentors": "mentor_id;name;district\n1;#N/A;X\n"}, 2, "name", "#N/A", "Excel error"),
        ({"mentors": "mentor_id;name;district\n1;=A1;X\n"}, 2, "name", "=A1", "formula"),
        ({"mentors": "mentor_id;name;district;capacity\n1;A;X;banyak\n"}, 2, "capacity", "banyak", "not a number"),
        (
            {"responses": "respondent_id,mentor_id,butir,jawaban\nR,1,Q,mungkin\n"},
            2,
            "jawaban",
            "mungkin",
            "neither yes nor no",
        ),
        (
            {"businesses": "business_id;name;district;sector;kebutuhan\n1;A;X;G;uang\n"},
            2,
            "kebutuhan",
            "uang",
            "not known here",
        ),
        ({"trainings": TRAINED + "1,K,31/02/2026\n"}, 2, "completed_on", "31/02/2026", "no such day"),
        ({"trainings": TRAINED + "1,K,03/04/2026\n"}, 2, "completed_on", "03/04/2026", "two ways"),
        ({"trainings": TRAINED + "1,K,31/12/26\n"}, 2, "completed_on", "31/12/26", "two digits"),
        ({"engagements": ENGAGED + "1,1,1,2026-01-01,1.234\n"}, 2, "hours", "1.234", "two ways"),
        ({"reports": 'business_id,month,turnover_idr\n1,2026-01,"1,234"\n'}, 2, "turnover_idr", "1,234", "two ways"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_its_place(tmp_path, files, row, column, value, word):
    fault = only_fault(tmp_path, files)
    assert (fault.file, fault.sheet, fault.row, fault.column, fault.value) == (
        f"{next(iter(files))}.csv",
        None,
        row,
        column,
        value,
    )
    assert word in str(fault.message)


def test_a_faulty_row_stays_so_that_others_are_not_blamed_but_a_month_must_be(tmp_path):
    batch = read(
        tmp_path, {"mentors": "mentor_id;name;district;capacity\n1;A;X;-5\n", **rows("1;2024-13;5\n2;2024-12;5\n")}
    )
    assert [fault.column for fault in batch.faults] == ["capacity", "month"]
    assert batch.tables["mentors"]["mentor_id"].tolist() == ["1"]
    assert batch.tables["reports"]["business_id"].tolist() == ["2"]
    assert batch.origin["reports"]["row"].tolist() == [3]


def test_other_cells_of_the_column_decide_two_readings(tmp_path):
    text = 'engagement_id,mentor_id,business_id,started_on,hours\n1,1,1,03/04/2026,1.234\n2,1,2,31/12/2026,"2,5"\n'
    table = clean(tmp_path, {"engagements": text}).tables["engagements"]
    assert table["started_on"].dt.date.astype(str).tolist() == ["2026-04-03", "2026-12-31"]
    assert table["hours"].tolist() == [1234, 2.5]


def test_cells_of_another_file_do_not_decide(tmp_path):
    head = TRAINED
    batch = read(tmp_path, {"trainings 1": f"{head}1,K,31/12/2025\n", "trainings 2": f"{head}2,K,03/04/2026\n"})
    assert [(fault.file, fault.row) for fault in batch.faults] == [("trainings 2.csv", 2)]


@pytest.mark.parametrize(("dates", "day"), [("dmy", "2026-04-03"), ("mdy", "2026-03-04")])
@pytest.mark.parametrize(("numbers", "hours"), [("id", 1234), ("en", 1.234)])
def test_the_user_decides_two_readings(tmp_path, dates, day, numbers, hours):
    text = "engagement_id,mentor_id,business_id,started_on,hours\n1,1,1,03/04/2026,1.234\n"
    table = clean(tmp_path, {"engagements": text}, dates=dates, numbers=numbers).tables["engagements"]
    assert (str(table["started_on"].dt.date[0]), table["hours"][0]) == (day, hours)


def test_semicolons_mean_a_decimal_comma(tmp_path):
    text = "engagement_id;mentor_id;business_id;started_on;hours\n1;1;1;2026-01-01;1.234\n2;1;2;2026-01-01;1,234\n"
    assert clean(tmp_path, {"engagements": text}).tables["engagements"]["hours"].tolist() == [1234, 1.234]


def test_a_key_that_stands_twice_names_the_first_place(tmp_path):
    fault = only_fault(tmp_path, {"mentors": MENTORS, "pendamping": "mentor_id;name;district\n1;B;X\n007;C;X\n"})
    assert told(fault)[:5] == ("pendamping.csv", None, 3, "mentor_id", "007")
    assert "already in row 2 (mentors.csv)" in str(fault.message)


def test_composite_keys(tmp_path):
    batch = read(tmp_path, rows("1;2024-12;5\n1;2024-11;5\n2;2024-12;5\n1;Des 2024;6\n"))
    assert [told(fault)[2:5] for fault in batch.faults] == [(5, "business_id, month", "1, 2024-12")]
    answers = "respondent_id,mentor_id,item_id,answer,answered_on\nR,1,Q,ya,\nR,1,Q,ya,2026-01-01\nR,1,Q,tidak,\n"
    batch = read(tmp_path, {"responses": answers})
    assert [(f.file, f.row, f.value) for f in batch.faults if f.file == "responses.csv"] == [
        ("responses.csv", 4, "R, 1, Q")
    ]


def test_rows_without_a_key_are_not_called_double(tmp_path):
    batch = read(tmp_path, {"mentors": "mentor_id;name;district\n;A;X\n;B;X\n"})
    assert [(fault.row, fault.column) for fault in batch.faults] == [(2, "mentor_id"), (3, "mentor_id")]


def test_all_faults_are_told_in_the_order_of_the_file(tmp_path):
    text = "mentor_id,area,score,assessed_on\n1,legal,130,besok\n2,legal,50,2026-01-01\n,x,-1,2026-01-01\n"
    batch = read(tmp_path, {"assessments": text})
    assert [(f.row, f.column) for f in batch.faults] == [
        (2, "score"),
        (2, "assessed_on"),
        (4, "mentor_id"),
        (4, "area"),
        (4, "score"),
    ]
