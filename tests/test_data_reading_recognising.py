import pytest

from data.framework_file import read_framework
from data.reading.recognising import table_named
from model.tables import TABLES
from tests.reading_rig import clean, only_fault, read, told

FRAMEWORK = read_framework()
MENTORS = "mentor_id;name;district\n1;A;X\n"
RESPONSES = "respondent_id;mentor_id;Tahu KUR?;Punya buku kas\n"


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("mentors", "mentors"),
        ("Data Pendamping", "mentors"),
        ("LAPORAN_BULANAN", "reports"),
        ("reports-2026-01", "reports"),
        ("usaha (2)", "businesses"),
        ("Sheet1", None),
        ("2026", None),
    ],
)
def test_names_of_tables(name, table):
    assert table_named(name, FRAMEWORK) == table


@pytest.mark.parametrize(
    ("name", "near"), [("mentrs", "mentors"), ("asesmn", "assessments"), ("Pelatihn", "trainings")]
)
def test_a_wrong_name_is_a_fault_with_the_nearest(tmp_path, name, near):
    fault = only_fault(tmp_path, {name: MENTORS})
    assert (fault.file, fault.value) == (f"{name}.csv", name)
    assert f"did you mean {near}?" in str(fault.message)
    assert all(table in str(fault.message) for table in TABLES)


def test_a_name_like_no_table_is_suggested_by_its_headers_or_not_at_all(tmp_path):
    fault = only_fault(tmp_path, {"Sheet1": "ID Pendamping;Nama;Kecamatan\n1;A;X\n"})
    assert "did you mean mentors?" in str(fault.message)
    (tmp_path / "Sheet1.csv").unlink()
    assert "did you mean" not in str(only_fault(tmp_path, {"zzz": "a;b\n1;2\n"}).message)


def test_indonesian_headers(tmp_path):
    text = "Kode Usaha;Nama Usaha *;KECAMATAN:;Bidang  usaha;Omzet per bulan;No. HP;Kendala\n"
    text += "1;A;X;G;Rp 5.000;0812;Pemasaran\n"
    row = clean(tmp_path, {"data umkm": text}).tables["businesses"].iloc[0]
    assert row["business_id"] == "1"
    assert row["sector"] == "G"
    assert row["turnover_month_idr"] == 5000
    assert row["phone"] == "0812"
    assert row["needs"] == "marketing"


def test_unknown_columns_are_listed(tmp_path):
    batch = clean(tmp_path, {"mentors": "mentor_id;name;district;Hobi;Catatan\n1;A;X;;y\n"})
    assert batch.unmapped == {"mentors.csv": ["Hobi", "Catatan"]}


def test_missing_columns_are_one_fault_each_with_the_accepted_headers(tmp_path):
    batch = read(tmp_path, {"mentors": "mentor_id;x\n1;A\n2;B\n"})
    assert [(f.row, f.column) for f in batch.faults] == [(None, "name"), (None, "district")]
    assert "nama pendamping" in str(batch.faults[0].message)


def test_two_headers_of_one_column_are_a_fault(tmp_path):
    fault = only_fault(tmp_path, {"mentors": "mentor_id;name;Nama;district\n1;A;B;X\n"})
    assert told(fault)[:5] == ("mentors.csv", None, 1, "Nama", "Nama")
    assert "“name”" in str(fault.message)


def test_the_same_header_twice_is_a_fault(tmp_path):
    fault = only_fault(tmp_path, {"mentors": "mentor_id;name;district;name\n1;A;X;B\n"})
    assert told(fault)[:4] == ("mentors.csv", None, 1, "name")
    assert "columns B and D" in str(fault.message)


def test_title_rows_above_the_header_are_passed_over_and_told(tmp_path):
    batch = clean(tmp_path, {"mentors": "DAFTAR PENDAMPING;;\nTahun 2026;;\n\nmentor_id;name;district\n1;A;X\n"})
    assert batch.tables["mentors"]["name"].tolist() == ["A"]
    assert batch.origin["mentors"]["row"].tolist() == [5]
    assert "row 4" in str(batch.notes[0])


def test_wide_responses_with_an_items_table(tmp_path):
    text = RESPONSES + "R1;1;ya;tidak\nR2;1;;1\n"
    items = "item_id;text_id\nTahu KUR?;x\nPunya buku kas;y\n"
    batch = clean(tmp_path, {"responses": text, "items": items})
    got = batch.tables["responses"].sort_values(["respondent_id", "item_id"])[["respondent_id", "item_id", "answer"]]
    assert got.to_numpy().tolist() == [["R1", "Punya buku kas", 0], ["R1", "Tahu KUR?", 1], ["R2", "Punya buku kas", 1]]
    assert batch.tables["items"]["text_id"].tolist() == ["x", "y"]
    assert batch.unmapped == {}


def test_wide_responses_alone_bring_their_items_in_order(tmp_path):
    text = RESPONSES + "R1;1;ya;tidak\n"
    more = "respondent_id;mentor_id;tanggal;Punya buku kas;Q9\nR2;1;2026-01-01;ya;ya\n"
    batch = clean(tmp_path, {"responses": text, "responses 2": more})
    assert batch.tables["items"]["item_id"].tolist() == ["Tahu KUR?", "Punya buku kas", "Q9"]
    assert batch.tables["items"]["text_id"].tolist() == ["Tahu KUR?", "Punya buku kas", "Q9"]
    assert batch.origin["items"]["row"].tolist() == [1, 1, 1]
    assert len(batch.tables["responses"]) == 4
    assert batch.tables["responses"]["answered_on"].notna().sum() == 2
    assert "3 items" in str(batch.notes[-1])


def test_faults_of_a_wide_sheet_name_the_column_of_the_file_and_each_cell_once(tmp_path):
    batch = read(tmp_path, {"responses": RESPONSES + "R1;1;ya;mungkin\n;1;ya;ya\n"})
    assert [(f.row, f.column, f.value) for f in batch.faults] == [
        (2, "Punya buku kas", "mungkin"),
        (3, "respondent_id", None),
    ]


def test_wide_responses_without_a_mentor_column(tmp_path):
    batch = read(tmp_path, {"responses": "respondent_id;Q1;Q2\nR;ya;ya\n"})
    assert [(f.row, f.column) for f in batch.faults] == [(None, "mentor_id")]


def test_wide_assessments(tmp_path):
    text = "mentor_id;tanggal;penilai;Keuangan;legal;Legal umum\n1;2026-01-31;Z;60,5;70;x\n2;2026-01-31;Z;;80;y\n"
    batch = clean(tmp_path, {"assessments": text})
    got = batch.tables["assessments"].sort_values(["mentor_id", "area"])
    assert got[["mentor_id", "area", "score"]].to_numpy().tolist() == [
        ["1", "finance", 60.5],
        ["1", "legal", 70],
        ["2", "legal", 80],
    ]
    assert set(got["assessor"]) == {"Z"}
    assert batch.unmapped == {"assessments.csv": ["Legal umum"]}


def test_wide_assessments_name_the_area_column_in_a_fault(tmp_path):
    fault = only_fault(tmp_path, {"assessments": "mentor_id;tanggal;Keuangan\n1;2026-01-31;130\n"})
    assert (fault.row, fault.column, fault.value) == (2, "Keuangan", "130")


def test_assessments_with_neither_scores_nor_areas(tmp_path):
    batch = read(tmp_path, {"assessments": "mentor_id;tanggal;Astronomi\n1;2026-01-31;50\n"})
    assert [f.column for f in batch.faults] == ["area", "score"]


def test_a_wide_sheet_without_any_answer_is_empty(tmp_path):
    assert "no rows" in str(only_fault(tmp_path, {"responses": RESPONSES + "R1;1;;\n"}).message)
