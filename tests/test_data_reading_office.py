"""What offices send, read as they would: each message says what, where and how to mend it, in both languages.

The files are made by tests/office_files.py and go through the command; some through the page's preview as well.
"""

import pytest
from click.testing import CliRunner

from service.cli import cli
from service.settings import settings
from tests import office_files as office
from tests.command_line import suluh
from tests.people_rig import client_as, form_token
from tests.test_service_intake_uploads import shown, words

# file: (row, column, value as said) → a piece of the English and of the Indonesian message
FAULTS = {
    office.merged_headers: [
        (3, "B", None, "the header is among them. Unmerge them, and write one header over", "termasuk judul kolomnya"),
        (4, "C", "Ciputat", "no header over it. Give the column a header", "tidak ada judul kolom di atasnya"),
    ],
    office.headers_over_two_rows: [
        (None, "mentor_id", None, "The column mentor_id is missing", "Kolom ID pendamping tidak ada"),
        (2, "Kapasitas", "(usaha)", "This is not a number", "Ini bukan angka"),
    ],
    office.dates_as_text: [
        (2, "Tanggal Penilaian", "12/03/2026", "2026-03-12 (day first) or 2026-12-03", "di halaman Impor lewat"),
        (2, "ID Pendamping", "P01", "The table mentors is still empty", "Tabel mentors masih kosong"),
    ],
    office.decimal_commas: [(4, "Nilai", "7o", "Write it in digits", "Tulis dengan angka")],
    office.rupiah: [
        (row, "Omzet per bulan", value, "leave the cell empty if it is not known", "kosongkan sel bila tidak diketahui")
        for row, value in ((6, "± 3 juta"), (7, "3-5 juta"))
    ]
    + [(8, "Omzet per bulan", "-", "A dash may mean nought or not known. Write 0", "Tulis 0")],
    office.percents: [
        (2, "Nilai", "85%", "without the sign", "tanpa tanda"),
        (3, "Nilai", "0.7", "0.7 for 70 percent", "0,7 untuk 70 persen"),
    ],
    office.blank_columns: [
        (3, "G", "pindah tugas", "empty the cell if it is a remark", "bila isinya hanya keterangan")
    ],
    office.other_sheet_names: [
        (None, None, "Sheet1", "did you mean mentors?", "mungkin maksudnya Pendamping?"),
        (None, None, "Rekap", "hide a sheet that is no table", "disembunyikan atau dihapus saja"),
    ],
    office.formulas: [(2, "Kapasitas", "=10+5", "a formula without its value", "rumus")],
    office.renamed_html: [(None, None, None, "This is a web page (HTML)", "Ini halaman web (HTML)")],
    office.old_excel: [(None, None, None, "the old Excel format (.xls)", "format Excel lama (.xls)")],
    office.with_password: [(None, None, None, "locked with a password", "kata sandi")],
    office.csv_as_excel: [(None, None, None, "its name ends in .csv", "berakhiran .csv")],
    office.excel_as_csv: [(None, None, None, "its name ends in .xlsx", "berakhiran .xlsx")],
    office.marked_csv: [(3, None, None, "The quotation marks do not match", "Tanda kutip")],
    office.wide_months: [(1, None, "Jan 2026, Feb 2026, Mar 2026", "The months stand side by side", "berjajar")],
    office.words_for_nothing: [(3, "Kapasitas", "belum ada", "This is not a number", "Ini bukan angka")],
    office.moments: [
        (2, "ID Pendamping", "2026-03-01", "Excel has turned this text into a date", "Format kolom sebagai teks"),
        (3, "ID Pendamping", "3674051234567889920", "Excel keeps only 15 digits", "15 digit"),
    ],
    office.headings_within: [
        (row, None, text, "If it is a heading within the table, delete the row", "judul di tengah tabel")
        for row, text in ((2, "KECAMATAN SETU"), (4, "KECAMATAN SERPONG"))
    ],
    office.no_rows: [(1, None, None, "a header and no rows", "judul kolom")],
    office.no_header: [
        (1, None, "Ani Lestari", "these are needed: mentor_id, name, district", "ID pendamping, Nama, Kecamatan")
    ],
    office.damaged: [(None, None, None, "The workbook is damaged", "rusak")],
    office.other_archive: [(None, None, None, "This is not an Excel workbook", "bukan")],
}
TAKEN = {
    office.two_header_rows: ("the header was found in row 2", "judul kolom ditemukan di baris 2"),
    office.late_header: ("the header was found in row 13", "judul kolom ditemukan di baris 13"),
    office.hidden_rows: ("hidden rows were read too: row 3", "ikut dibaca: baris 3"),
    office.hidden_columns: ("hidden columns were read too: D.", "kolom yang disembunyikan ikut dibaca: D."),
    office.numbered_blanks: ("were left out: row 5–8", "dilewati: baris 5–8"),
}


def named(made):
    return [making.__name__ for making in made]


def said(path, lang) -> str:
    done = CliRunner().invoke(cli, ["check", str(path), "--home", str(path.parent / "home"), "--lang", lang])
    assert done.exit_code in {0, 2}, done.output
    return " ".join(done.output.split())


def uploaded(path):
    """An operator's client, and the address of the upload."""
    client = client_as(settings(home=path.parent / "home", lang="id"), "operator")
    form = {"csrf": form_token(client), "files": [(path.open("rb"), path.name)]}
    return client, client.post("/imports", data=form, content_type="multipart/form-data").headers["Location"]


@pytest.mark.parametrize("making", FAULTS, ids=named(FAULTS))
def test_what_is_wrong_is_said_with_its_place_and_how_to_mend_it(tmp_path, making):
    path = making(tmp_path)
    refused = suluh("check", path, home=tmp_path / "home", code=2)["refused"]
    inland = said(path, "id")
    for row, column, value, english, indonesian in FAULTS[making]:
        found = [one for one in refused if (one["row"], one["column"], one["value"]) == (row, column, value)]
        assert [one for one in found if english in one["message"]], (row, column, value, refused)
        assert indonesian in inland


@pytest.mark.parametrize("making", TAKEN, ids=named(TAKEN))
def test_what_can_be_read_all_the_same_is_read_and_told(tmp_path, making):
    path = making(tmp_path)
    answer = suluh("check", path, home=tmp_path / "home")
    assert (answer["new"], answer["refused"]) == ({"mentors": 3}, [])
    for lang, piece in zip(("en", "id"), TAKEN[making], strict=True):
        assert piece in said(path, lang)


def test_a_heading_within_the_table_is_one_fault_and_a_unit_behind_a_header_is_no_other_header(tmp_path):
    answer = suluh("check", office.headings_within(tmp_path), home=tmp_path / "home", code=2)
    assert [one["row"] for one in answer["refused"]] == [2, 4]
    assert answer["unmapped"] == {"usaha.xlsx › Usaha": ["Aset (juta)"]}


@pytest.mark.parametrize(
    ("unit", "known"), [("(Rp)", True), ("(dalam rupiah)", True), ("(juta)", False), ("(Rp juta)", False)]
)
def test_a_unit_that_would_change_a_value_makes_another_header(tmp_path, unit, known):
    (tmp_path / "usaha.csv").write_text(f"ID Usaha;Nama;Kecamatan;Sektor;Omzet per bulan {unit}\nU1;A;X;G;5\n")
    answer = suluh("check", tmp_path / "usaha.csv", home=tmp_path / "home")
    assert bool(answer["unmapped"]) != known


def test_a_western_csv_with_decimal_commas_is_read_as_it_is_meant(tmp_path):
    (tmp_path / "pendamping.csv").write_text(f"{';'.join(office.MENTORS)}\nP01;Ani;Setu;1\nP02;Budi;Setu;1\n")
    office.western_csv(tmp_path)
    suluh("import", tmp_path, home=tmp_path / "home")
    rows = suluh("score", home=tmp_path / "home")["mentors"]
    assert [row["scores"]["finance"] for row in rows] == [72.5, 61.25]


def test_sixty_thousand_rows_are_told_of_in_a_few_lines(tmp_path):
    path = office.sixty_thousand_rows(tmp_path)
    told = said(path, "en")
    assert len(told) < 1200
    assert "row 9, 1009, 2009, 3009, 4009, 5009, 6009, 7009, and 52 more rows, column Omzet, «?»" in told
    assert "row 2, 3, 4, 5, 6, 7, 8, 9, and 59,992 more rows, column ID Usaha, «U0», «U1», «U2», …" in told


def test_one_question_of_many_dates_is_asked_once(tmp_path):
    told = said(office.dates_as_text(tmp_path), "en")
    assert told.count("--dates dmy") == 1
    assert "row 2, 3, column Tanggal Penilaian, «12/03/2026», «05/04/2026»" in told


@pytest.mark.parametrize("making", [office.rupiah, office.merged_headers, office.with_password, office.wide_months])
def test_the_page_shows_the_same(tmp_path, making):
    client, address = uploaded(making(tmp_path))
    page = words(shown(client, f"{address}?shown=yes"))
    for *_, indonesian in FAULTS[making]:
        assert indonesian in page


@pytest.mark.parametrize("making", [office.merged_headers, office.wide_months])
def test_who_is_asked_what_columns_mean_is_told_what_is_wrong_with_the_header(tmp_path, making):
    page = words(shown(*uploaded(making(tmp_path))))
    assert "Arti kolom" in page
    assert {office.merged_headers: "termasuk judul kolomnya", office.wide_months: "berjajar"}[making] in page
    assert "padahal setiap baris membutuhkannya" not in page  # named above the columns already
