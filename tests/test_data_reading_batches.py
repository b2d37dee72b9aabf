from pathlib import Path

import openpyxl
import pytest

from data.reading.batches import read_batch
from data.reading.grids import letters
from model.refusals import InputRefused
from tests.excel_files import far_cell, openpyxl_book
from tests.reading_rig import FRAMEWORK, clean, only_fault, read, told

MENTORS = "mentor_id;name;district\n007;Ayu;Serpong\n"


@pytest.mark.parametrize(
    ("text", "word"), [("", "nothing in it"), ("\n\n;;\n", "nothing in it"), ("mentor_id;name;district\n", "no rows")]
)
def test_files_without_rows(tmp_path, text, word):
    fault = only_fault(tmp_path, {"mentors": text})
    assert fault.file == "mentors.csv"
    assert word in str(fault.message)


def test_a_row_with_too_many_cells(tmp_path):
    fault = only_fault(tmp_path, {"mentors": "mentor_id,name,district\n1,A,X\n2,Toko, Jaya,Y\n"})
    assert told(fault)[:5] == ("mentors.csv", None, 3, None, "Y")
    assert "4 against 3" in str(fault.message)


def test_short_rows_and_trailing_empty_columns_are_fine(tmp_path):
    batch = clean(tmp_path, {"mentors": "mentor_id,name,district,phone,,\n1,A,X,,,\n2,B,Y\n"})
    assert len(batch.tables["mentors"]) == 2


def test_values_without_a_header(tmp_path):
    fault = only_fault(tmp_path, {"mentors": "mentor_id,,name,district\n1,?,A,X\n"})
    assert told(fault)[:5] == ("mentors.csv", None, 2, "B", "?")


def test_column_letters():
    assert [letters(n) for n in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_a_folder_files_and_both(tmp_path):
    inner = tmp_path / "city"
    inner.mkdir()
    (inner / "mentors.csv").write_text(MENTORS, encoding="utf-8")
    for name in ("truth.json", ".hidden", "~$mentors.xlsx", "notes.txt"):
        (inner / name).write_text("x", encoding="utf-8")
    other = tmp_path / "trainings.csv"
    other.write_text("mentor_id,course_id,completed_on\n007,K,2026-01-01\n", encoding="utf-8")
    batch = read_batch([inner, other, inner / "mentors.csv"], FRAMEWORK)
    assert batch.faults == []
    assert {name: len(table) for name, table in batch.tables.items()} == {"mentors": 1, "trainings": 1}
    assert [str(note) for note in batch.notes] == ["city: not read: notes.txt."]


def test_two_files_of_one_name_are_told_apart(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "mentors.csv").write_text(MENTORS.replace("007", name), encoding="utf-8")
    batch = read_batch([tmp_path / "a", tmp_path / "b"], FRAMEWORK)
    assert batch.faults == []
    assert batch.origin["mentors"]["file"].tolist() == ["mentors.csv", str(tmp_path / "b" / "mentors.csv")]


def test_paths_that_hold_nothing_to_read(tmp_path):
    (tmp_path / "x.ods").write_bytes(b"x")
    words = {}
    for path in (tmp_path / "gone", tmp_path / "x.ods", tmp_path):
        (fault,) = read_batch([path], FRAMEWORK).faults
        words[path.name] = str(fault.message)
    assert "no such file" in words["gone"]
    assert "Only CSV and Excel" in words["x.ods"]
    assert "no CSV or Excel" in words[tmp_path.name]
    assert "No file was given" in str(read_batch([], FRAMEWORK).faults[0].message)


def test_a_workbook_with_a_sheet_per_table(tmp_path):
    openpyxl_book(
        tmp_path / "city.xlsx",
        Pendamping=[["ID Pendamping", "Nama", "Kecamatan", "NIK"], [7.0, "Ayu", "Serpong", "3201 2345 6789 0123"]],
        Pelatihan=[["mentor_id", "course_id", "tanggal"], [7, "K", "31 Des 2025"]],
    )
    batch = clean(tmp_path)
    assert batch.tables["mentors"].loc[0, ["mentor_id", "nik"]].tolist() == ["7", "3201234567890123"]
    assert batch.tables["trainings"].loc[0, "mentor_id"] == "7"
    assert batch.origin["trainings"].to_numpy().tolist() == [["city.xlsx", "Pelatihan", 2]]


def test_a_lone_sheet_may_go_by_the_name_of_its_file(tmp_path):
    openpyxl_book(tmp_path / "mentors.xlsx", Sheet1=[["mentor_id", "name", "district"], ["1", "A", "X"]], Sheet2=[])
    batch = clean(tmp_path)
    assert len(batch.tables["mentors"]) == 1
    assert "Sheet2" in str(batch.notes[0])


def test_wrong_sheet_names(tmp_path):
    rows = [["a", "b"], [1, 2]]
    openpyxl_book(tmp_path / "city.xlsx", Lembar1=rows, Mentorz=rows)
    assert [(f.sheet, f.value) for f in read(tmp_path).faults] == [("Lembar1", "Lembar1"), ("Mentorz", "Mentorz")]


def test_an_empty_sheet_of_a_table_is_a_fault(tmp_path):
    openpyxl_book(tmp_path / "city.xlsx", mentors=[["mentor_id", "name", "district"], ["1", "A", "X"]], courses=[])
    fault = only_fault(tmp_path)
    assert (fault.file, fault.sheet) == ("city.xlsx", "courses")


def test_a_nik_in_a_number_cell_is_refused(tmp_path):
    rows = [["mentor_id", "name", "district", "nik"], ["1", "A", "X", 3201234567890123]]
    openpyxl_book(tmp_path / "city.xlsx", mentors=rows)
    fault = only_fault(tmp_path)
    assert (fault.sheet, fault.row, fault.column) == ("mentors", 2, "nik")
    assert "15 digits" in str(fault.message)


def test_errors_formulas_and_merged_cells_of_a_workbook(tmp_path):
    path = openpyxl_book(
        tmp_path / "x.xlsx",
        mentors=[
            ["mentor_id", "name", "district"],
            ["1", "#REF!", "X"],
            ["2", "B", "=C2"],
            ["3", "C", "Y"],
            [None, "D", "Y"],
        ],
    )
    book = openpyxl.load_workbook(path)
    book["mentors"].merge_cells("A4:A5")
    book.save(tmp_path / "x.xlsx")
    faults = read(tmp_path).faults
    assert [(f.row, f.column) for f in faults] == [(2, "name"), (3, "district"), (4, "A"), (5, "mentor_id")]
    assert "Excel error" in str(faults[0].message)
    assert faults[1].value == "=C2"
    assert "A4:A5 are merged" in str(faults[2].message)


def test_merged_titles_above_the_header_do_not_matter(tmp_path):
    rows = [["DAFTAR", None, None], ["mentor_id", "name", "district"], ["1", "A", "X"]]
    book = openpyxl.load_workbook(openpyxl_book(tmp_path / "x.xlsx", mentors=rows))
    book["mentors"].merge_cells("A1:C1")
    book.save(tmp_path / "x.xlsx")
    clean(tmp_path)


def test_broken_cells_of_columns_not_used_do_not_matter(tmp_path):
    openpyxl_book(tmp_path / "x.xlsx", mentors=[["mentor_id", "name", "district", "Hobi"], ["1", "A", "X", "#N/A"]])
    assert clean(tmp_path).unmapped == {"x.xlsx › mentors": ["Hobi"]}


def test_a_dangerous_workbook_is_one_fault_among_good_files(tmp_path):
    far_cell(tmp_path / "reports.xlsx")
    batch = read(tmp_path, {"mentors": MENTORS})
    assert [(f.file, f.sheet) for f in batch.faults] == [("reports.xlsx", "mentors")]
    assert len(batch.tables["mentors"]) == 1


def test_progress_rises_to_one(tmp_path):
    shares = []
    read(tmp_path, {"mentors": MENTORS}, progress=lambda share, doing: shares.append((share, str(doing))))
    assert [share for share, _ in shares] == sorted(share for share, _ in shares)
    assert shares[-1][0] == 1
    assert "Reading mentors.csv" in shares[0][1]


def test_a_mapping_file(tmp_path):
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        'dates = "mdy"\nnumbers = "en"\n[areas.skill]\nlabel = { id = "Cakap", en = "Skill" }\n'
        '[[tables]]\ntable = "assessments"\n[tables.columns]\nmentor_id = "who"\narea = "what"\nscore = "points"\n'
        'assessed_on = "when"\n',
        encoding="utf-8",
    )
    text = 'who,what,points,when,else\n1,Cakap,"12.5",03/04/2026,x\n2,Skill,"60",03/05/2026,\n'
    batch = clean(tmp_path, {"anything": text}, mapping=mapping)
    got = batch.tables["assessments"]
    assert got[["mentor_id", "area", "score"]].to_numpy().tolist() == [["1", "skill", 12.5], ["2", "skill", 60]]
    assert str(got["assessed_on"].dt.date[0]) == "2026-03-04"
    assert batch.unmapped == {"anything.csv": ["else"]}
    assert batch.dataset is not None
    assert list(batch.dataset.areas) == ["skill"]
    told_otherwise = clean(tmp_path, mapping=mapping, dates="dmy").tables["assessments"]
    assert str(told_otherwise["assessed_on"].dt.date[0]) == "2026-04-03"


def test_a_mapping_file_that_cannot_be_used_is_refused(tmp_path):
    with pytest.raises(InputRefused):
        read(tmp_path, {"x": "a\n1\n"}, mapping=Path(tmp_path / "gone.toml"))


def test_a_file_is_silent_about_the_columns_it_lacks(tmp_path):
    (tmp_path / "mentors.csv").write_text("mentor_id,name,district\nM1,Ayu,Serpong\n", encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mentors.csv").write_text(
        "mentor_id,name,district,capacity\nM2,Budi,Pamulang,5\n", encoding="utf-8"
    )
    batch = read_batch([tmp_path / "mentors.csv", tmp_path / "b" / "mentors.csv"], FRAMEWORK)
    assert list(batch.tables["mentors"]["capacity"]) == [30, 5]
    assert list(batch.silent["mentors"]["capacity"]) == [True, False]
    assert "name" not in batch.silent["mentors"]


def test_items_drawn_from_wide_answers_are_silent_about_the_texts_of_items(tmp_path):
    (tmp_path / "responses.csv").write_text("respondent_id,mentor_id,q1\nR,M1,ya\n", encoding="utf-8")
    batch = read_batch([tmp_path], FRAMEWORK)
    assert list(batch.tables["items"]["text_id"]) == ["q1"]
    assert list(batch.silent["items"]["text_id"]) == [True]
