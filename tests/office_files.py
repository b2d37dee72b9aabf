"""Files as offices really send them, made small by the tests that read them: one function each, none kept as a file.

Each takes a folder, writes one file there and gives its path. Names and numbers are invented.
"""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

MENTORS = ["ID Pendamping", "Nama", "Kecamatan", "Kapasitas"]
PEOPLE = [["P01", "Ani Lestari", "Ciputat", 20], ["P02", "Budi Santoso", "Setu", 15], ["P03", "Citra", "Serpong", 10]]
SCORES = ["ID Pendamping", "Bidang", "Nilai", "Tanggal Penilaian"]
BUSINESSES = ["ID Usaha", "Nama Usaha", "Kecamatan", "Sektor", "Omzet per bulan"]


def _book(
    folder: Path, name: str, sheet: str, rows: list[list[object]], then: Callable[[Worksheet], None] | None = None
) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    if then is not None:
        then(page)
    book.save(folder / name)
    return folder / name


def merged_headers(folder: Path) -> Path:
    """A title over all columns, and a header over two of them."""

    def merge(page: Worksheet) -> None:
        page.merge_cells("A1:D1")
        page.merge_cells("B3:C3")

    rows = [["DATA PENDAMPING TAHUN 2026"], [], ["ID Pendamping", "Nama", None, "Kapasitas"], *PEOPLE]
    return _book(folder, "pendamping.xlsx", "Pendamping", rows, merge)


def two_header_rows(folder: Path) -> Path:
    """Groups over the headers, as tables for print have them."""

    def merge(page: Worksheet) -> None:
        page.merge_cells("A1:B1")
        page.merge_cells("C1:D1")

    return _book(folder, "pendamping.xlsx", "Pendamping", [["Identitas", None, "Tugas", None], MENTORS, *PEOPLE], merge)


def headers_over_two_rows(folder: Path) -> Path:
    """A header that goes on in the row below it."""
    rows = [["ID", "Nama", "Kecamatan", "Kapasitas"], ["Pendamping", "Lengkap", None, "(usaha)"], *PEOPLE]
    return _book(folder, "pendamping.xlsx", "Pendamping", rows)


def dates_as_text(folder: Path) -> Path:
    """Days typed as text, all of which have two readings."""
    rows = [SCORES, ["P01", "Keuangan", 70, "12/03/2026"], ["P02", "Keuangan", 65, "05/04/2026"]]
    return _book(folder, "penilaian.xlsx", "Penilaian", rows)


def decimal_commas(folder: Path) -> Path:
    """Scores typed with a comma, one of them unfinished."""
    rows = [SCORES, ["P01", "Keuangan", "72,5", "2026-03-01"], ["P02", "Keuangan", "65,", "2026-03-01"]]
    return _book(folder, "penilaian.xlsx", "Penilaian", [*rows, ["P03", "Keuangan", "7o", "2026-03-01"]])


def rupiah(folder: Path) -> Path:
    """Amounts with their sign, in every writing, and one that is no amount."""
    amounts = ["Rp 5.000.000,00", "Rp5.000.000", "5 jt", "IDR 4,500,000", "± 3 juta", "3-5 juta", "-"]
    rows = [[f"U{n}", f"Warung {n}", "Setu", "G", amount] for n, amount in enumerate(amounts)]
    return _book(folder, "usaha.xlsx", "Usaha", [BUSINESSES, *rows])


def percents(folder: Path) -> Path:
    """Scores typed with a percent sign, and kept by Excel as shares."""
    rows = [SCORES, ["P01", "Keuangan", "85%", "2026-03-01"], ["P02", "Keuangan", 0.7, "2026-03-01"]]
    return _book(folder, "penilaian.xlsx", "Penilaian", rows)


def blank_columns(folder: Path) -> Path:
    """An empty column before the table and one within, and a remark beside it without a header."""
    rows = [[None, *MENTORS[:2], None, *MENTORS[2:]], *([None, *row[:2], None, *row[2:]] for row in PEOPLE)]
    rows[2].append("pindah tugas")
    return _book(folder, "pendamping.xlsx", "Pendamping", rows)


def hidden_rows(folder: Path) -> Path:
    """A filter that hides a row."""

    def hide(page: Worksheet) -> None:
        page.row_dimensions[3].hidden = True

    return _book(folder, "pendamping.xlsx", "Pendamping", [MENTORS, *PEOPLE], hide)


def hidden_columns(folder: Path) -> Path:
    """A column that somebody hid, and one that is hidden and empty."""

    def hide(page: Worksheet) -> None:
        for column in "DF":
            page.column_dimensions[column].hidden = True

    return _book(folder, "pendamping.xlsx", "Pendamping", [MENTORS, *PEOPLE], hide)


def other_sheet_names(folder: Path) -> Path:
    """Sheets called otherwise."""
    path = _book(folder, "Rekap Dinas 2026.xlsx", "Sheet1", [MENTORS, *PEOPLE])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Rekap").append(["Kecamatan", "Jumlah"])
    book["Rekap"].append(["Setu", 3])
    book.save(path)
    return path


def formulas(folder: Path) -> Path:
    """Formulas that no spreadsheet has reckoned."""
    rows = [MENTORS, ["P01", "Ani", "Setu", "=10+5"], ["P02", '=VLOOKUP("P02",Data!A:B,2,0)', "Setu", 10]]
    return _book(folder, "pendamping.xlsx", "Pendamping", rows)


def renamed_html(folder: Path) -> Path:
    """What an old web application exports as .xls: a page."""
    (folder / "pendamping.xls").write_text("<html><table><tr><td>ID Pendamping</td></tr></table></html>")
    return folder / "pendamping.xls"


def old_excel(folder: Path) -> Path:
    """A workbook of Excel 97, renamed."""
    (folder / "pendamping.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    return folder / "pendamping.xlsx"


def with_password(folder: Path) -> Path:
    """A workbook that asks for a password: a container that holds an encrypted package."""
    name = "EncryptedPackage".encode("utf-16-le")
    (folder / "pendamping.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + name + bytes(60))
    return folder / "pendamping.xlsx"


def csv_as_excel(folder: Path) -> Path:
    """A CSV file with the ending of a workbook."""
    (folder / "pendamping.xlsx").write_text(";".join(MENTORS) + "\nP01;Ani;Setu;10\n", encoding="utf-8")
    return folder / "pendamping.xlsx"


def excel_as_csv(folder: Path) -> Path:
    """A workbook with the ending of a CSV file."""
    path = _book(folder, "x.xlsx", "Pendamping", [MENTORS, *PEOPLE])
    return path.rename(folder / "pendamping.csv")


def western_csv(folder: Path) -> Path:
    """Semicolons, Windows-1252, a decimal comma."""
    text = "ID Pendamping;Bidang;Nilai;Tanggal Penilaian;Penilai\nP01;Keuangan;72,5;01-03-2026;René – “Tim A”\n"
    (folder / "penilaian.csv").write_bytes((text + "P02;Keuangan;61,25;13-03-2026;Ani\n").encode("cp1252"))
    return folder / "penilaian.csv"


def marked_csv(folder: Path) -> Path:
    """A byte order mark, Excel's line on the separator, and a quotation mark that is not closed."""
    text = 'sep=;\nID Pendamping;Nama;Kecamatan\nP01;"Ani;Setu\nP02;Budi;Setu\n'
    (folder / "pendamping.csv").write_text(text, encoding="utf-8-sig")
    return folder / "pendamping.csv"


def numbered_blanks(folder: Path) -> Path:
    """Rows that are numbered before they are filled in."""
    rows = [["No", *MENTORS], *([n, *row] for n, row in enumerate(PEOPLE, 1)), *([n] for n in range(4, 8))]
    return _book(folder, "pendamping.xlsx", "Pendamping", rows)


def late_header(folder: Path) -> Path:
    """A letterhead of twelve lines before the header."""
    head = [[f"Baris kop {n}"] for n in range(12)]
    return _book(folder, "pendamping.xlsx", "Pendamping", [*head, MENTORS, *PEOPLE])


def wide_months(folder: Path) -> Path:
    """One row a business, one column a month."""
    rows = [["ID Usaha", "Jan 2026", "Feb 2026", "Mar 2026"], ["U1", 5_000_000, 5_200_000, 5_100_000]]
    return _book(folder, "laporan.xlsx", "Laporan", rows)


def words_for_nothing(folder: Path) -> Path:
    """Words where nothing is known."""
    rows = [
        MENTORS,
        ["P01", "Ani", "Setu", "-"],
        ["P02", "Budi", "Setu", "belum ada"],
        ["P03", "Cici", "Setu", "10 UMKM"],
    ]
    return _book(folder, "pendamping.xlsx", "Pendamping", rows)


def moments(folder: Path) -> Path:
    """An id that Excel took for a day, and one it took for a number."""
    rows = [
        MENTORS,
        [datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None), "Ani", "Setu", 10],
        [3_674_051_234_567_890_123, "Budi", "Setu", 10],
    ]
    return _book(folder, "pendamping.xlsx", "Pendamping", rows)


def headings_within(folder: Path) -> Path:
    """Districts as headings between the rows, and units behind the headers."""
    head = ["ID Usaha", "Nama Usaha (wajib)", "Kecamatan", "Sektor", "Omzet per bulan (Rp)", "Aset (juta)"]
    rows = [head, ["KECAMATAN SETU"], ["U1", "Warung", "Setu", "G", 5_000_000, 3], ["KECAMATAN SERPONG"]]
    return _book(folder, "usaha.xlsx", "Usaha", [*rows, ["U2", "Kopi", "Serpong", "I", 7_000_000, 4]])


def no_rows(folder: Path) -> Path:
    """A header and nothing else."""
    return _book(folder, "pendamping.xlsx", "Pendamping", [MENTORS])


def no_header(folder: Path) -> Path:
    """Rows without any header."""
    return _book(folder, "pendamping.xlsx", "Pendamping", [row[1:] for row in PEOPLE])


def damaged(folder: Path) -> Path:
    """A workbook cut off on its way."""
    path = _book(folder, "pendamping.xlsx", "Pendamping", [MENTORS, *PEOPLE])
    path.write_bytes(path.read_bytes()[:-900])
    return path


def other_archive(folder: Path) -> Path:
    """A document with the ending of a workbook."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    (folder / "pendamping.xlsx").write_bytes(made.getvalue())
    return folder / "pendamping.xlsx"


def sixty_thousand_rows(folder: Path, count: int = 60_000) -> Path:
    """A large table of reports, every thousandth amount no number."""
    lines = ["ID Usaha;Bulan;Omzet"]
    lines += [f"U{n % 5000};2025-{n // 5000 + 1:02};{'?' if n % 1000 == 7 else 1_000_000 + n}" for n in range(count)]
    (folder / "laporan.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "laporan.csv"
