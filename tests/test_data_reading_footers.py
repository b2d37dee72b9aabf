"""Totals, notes and signatures under an office's table are left out and told; a row with a hole is still refused."""

import openpyxl
import pytest

from tests.reading_rig import clean, only_fault, read

HEAD = "No;ID Pendamping;Nama;Kecamatan;Catatan\n1;P1;A;X;\n2;P2;B;X;\n"
MENTORS = "mentor_id;name;district\nP1;A;X\nP2;B;X\n"


@pytest.mark.parametrize("last", ["Jumlah;;2;;20", ";Total :;;;20", "GRAND TOTAL;;;;"])
def test_a_row_of_totals_is_left_out_and_told(tmp_path, last):
    text = f"No;ID Pendamping;Nama;Kecamatan;Kapasitas\n1;P1;A;X;10\n2;P2;B;X;10\n{last}\n"
    batch = clean(tmp_path, {"pendamping": text})
    assert list(batch.tables["mentors"]["mentor_id"]) == ["P1", "P2"]
    assert ["row 4" in str(note) for note in batch.notes if "a row of totals was not used" in str(note)] == [True]


def test_a_row_that_could_be_stored_is_none_of_totals_whatever_its_first_word(tmp_path):
    text = "ID Pendamping;Nama;Kecamatan\nTotal;Total;Jumlah\n"
    assert list(clean(tmp_path, {"pendamping": text}).tables["mentors"]["name"]) == ["Total"]
    lacking = only_fault(tmp_path, {"pendamping": "No;ID Pendamping;Nama;Kecamatan\n1;P1;A;X\nTotal Motor;;B;X\n"})
    assert (lacking.row, lacking.column) == (3, "ID Pendamping")


def test_a_row_of_totals_may_be_merged(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Pendamping"
    for row in (["No", "ID Pendamping", "Nama", "Kecamatan"], [1, "P1", "A", "X"], ["Jumlah", None, None, 1]):
        sheet.append(row)
    sheet.merge_cells("A3:C3")
    book.save(tmp_path / "kantor.xlsx")
    assert list(clean(tmp_path).tables["mentors"]["mentor_id"]) == ["P1"]


def mentors(folder, text):
    return list(clean(folder, {"pendamping": text}).tables["mentors"]["mentor_id"])


@pytest.mark.parametrize("word", ["Jml", "J U M L A H", "T o t a l"])
def test_other_writings_of_a_word_for_totals(tmp_path, word):
    assert mentors(tmp_path, HEAD + f"{word};;;2;\n") == ["P1", "P2"]


@pytest.mark.parametrize("row", ["1;2;3;4;5", "(1);(2);(3);(4);(5)"])
def test_a_row_that_numbers_the_columns_is_no_row(tmp_path, row):
    head, first, rest = HEAD.partition("1;P1")
    batch = clean(tmp_path, {"pendamping": f"{head}{row}\n{first}{rest}"})
    assert list(batch.tables["mentors"]["mentor_id"]) == ["P1", "P2"]
    assert any("numbers of columns, or the header once more, were not used: row 2." in str(n) for n in batch.notes)


@pytest.mark.parametrize("row", ["1;P3;3;4;5", "1;2;3;;5", "2;3;4;5;6"])
def test_a_row_that_only_looks_a_little_like_numbers_of_columns_is_one(tmp_path, row):
    head, first, rest = HEAD.partition("1;P1")
    assert len(mentors(tmp_path, f"{head}{row.replace(';;', ';X;')}\n{first}{rest}")) == 3


def test_a_header_that_stands_again_on_the_next_sheet_of_paper_is_no_row(tmp_path):
    again = HEAD.partition("\n")[0]
    assert mentors(tmp_path, f"{HEAD}{again}\n3;P3;C;X;\n") == ["P1", "P2", "P3"]


SIGNATURES = {
    "left": "Mengetahui,\nKepala Dinas\n\n\nDrs. H. Budi Santoso, M.Si\nNIP. 19700101 199003 1 001\n",
    "one cell": '"Mengetahui,\nKepala Dinas Koperasi dan UKM"\nBudi Santoso\nNIP 197001011990031001\n',
    "right": ";;Tangerang Selatan, 3 Maret 2026\n;;Kepala Dinas Koperasi,\n;;Budi\n;;NIP. 197001011990031001\n",
    "two": "Mengetahui,;;Ciputat, ........ 2026\na.n. Kepala Dinas;;Penyusun\nBudi;;Siti\nNIP. ...;;NIP. ...\n",
    "three": "Mengetahui;Menyetujui;Dibuat oleh\nBudi;Siti;Ani\nNIP 1970;NIP 1980;NIP 1990\n",
    "note": "Catatan: data per 31 Desember\nKeterangan : * belum lengkap\n",
    "total, then note": "Jumlah;;2\nSumber: laporan bulanan\nMengetahui\n",
    "name last": ";;Mengetahui\n;;Budi Santoso\n",
}


@pytest.mark.parametrize("block", SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_block_is_left_out_and_told(tmp_path, block):
    batch = clean(tmp_path, {"mentors": MENTORS + "\n" + block})
    assert list(batch.tables["mentors"]["mentor_id"]) == ["P1", "P2"]
    assert any("notes and signatures under the table were not used: row " in str(note) for note in batch.notes)


HOLES = {
    "above a signature": HEAD + "3;P3;;X;\nMengetahui\nNIP. 1970\n",
    "no id, above": HEAD + "3;;C;X;\n;;;Mengetahui\n",
    "remark of such words": HEAD + "3;P3;;X;Mengetahui Kepala Dinas\n",
    "remark of a NIP": HEAD + "3;P3;;X;NIP. 197001011990031001\n",
    "a name of such words": HEAD + "3;;Ketua Jaya;X;\n",
    "a name that begins so": HEAD + "3;;An Nisa Catering;X;\n",
    "between": HEAD + "3;P3;;X;\n4;P4;D;X;\nMengetahui;;;;\n",
    "without any": HEAD + "3;P3;;;\n",
}


@pytest.mark.parametrize("text", HOLES.values(), ids=HOLES)
def test_a_row_of_the_table_with_a_hole_is_still_refused(tmp_path, text):
    faults = read(tmp_path, {"pendamping": text}).faults
    assert {fault.row for fault in faults} == {4}
    assert {str(fault.message).partition(",")[0] for fault in faults} == {"The cell is empty"}


def test_rows_that_could_be_stored_are_rows_whatever_they_say(tmp_path):
    assert mentors(tmp_path, HEAD + "3;Mengetahui;Budi;X;\n") == ["P1", "P2", "Mengetahui"]
    assert mentors(tmp_path, HEAD + "3;P3;Kepala Dinas;X;\n") == ["P1", "P2", "P3"]


def test_what_stands_between_two_blocks_is_not_swept_with_them(tmp_path):
    text = MENTORS + "Mengetahui\nBudi\nNIP 1970\nP3;C;X\nP4;D;X\nMengetahui\nNIP 1980\n"
    batch = read(tmp_path, {"mentors": text})
    assert list(batch.tables["mentors"]["mentor_id"])[-2:] == ["P3", "P4"]
    assert {fault.row for fault in batch.faults} == {4, 5, 6}


def test_an_item_that_begins_so_is_an_item(tmp_path):
    text = "item_id;text_id\nB1;Punya buku kas\n;Mengetahui cara menyusun laporan\n"
    assert only_fault(tmp_path, {"items": text}).row == 3


def test_a_signature_block_may_be_merged(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Pendamping"
    rows = (
        ["ID Pendamping", "Nama", "Kecamatan"],
        ["P1", "A", "X"],
        [],
        ["Mengetahui,"],
        ["Kepala Dinas"],
        [],
        ["Budi"],
    )
    for row in (*rows, ["NIP. 197001011990031001"]):
        sheet.append(row)
    for area in ("A4:C4", "A5:C6", "A8:C8"):
        sheet.merge_cells(area)
    book.save(tmp_path / "kantor.xlsx")
    assert list(clean(tmp_path).tables["mentors"]["mentor_id"]) == ["P1"]
