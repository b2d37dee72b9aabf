"""Workbooks written byte by byte for tests: what a careful program would never write."""

import zipfile
import zlib
from pathlib import Path

import openpyxl

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_LINK = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{}'
    '<sheets><sheet name="mentors" sheetId="1" r:id="rId1"/></sheets>{}</workbook>'
)
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def bare_workbook(
    path: Path, rows: str, properties: str = "", more: dict[str, str] | None = None, end: str = ""
) -> Path:
    """A workbook of one sheet, mentors, with the XML ``rows`` in its sheetData and further parts ``more``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        link = f'<Relationship Id="rId1" Type="{_TYPE}officeDocument" Target="xl/workbook.xml"/>'
        package.writestr("_rels/.rels", _LINK.format(link))
        package.writestr("xl/workbook.xml", _BOOK.format(properties, end))
        link = f'<Relationship Id="rId1" Type="{_TYPE}worksheet" Target="worksheets/sheet1.xml"/>'
        strings = f'<Relationship Id="rId2" Type="{_TYPE}sharedStrings" Target="sharedStrings.xml"/>'
        package.writestr("xl/_rels/workbook.xml.rels", _LINK.format(link + strings * bool(more)))
        package.writestr("xl/worksheets/sheet1.xml", f"{_SHEET}<sheetData>{rows}</sheetData></worksheet>")
        for name, text in (more or {}).items():
            package.writestr(name, text)
    return path


def far_cell(path: Path) -> Path:
    """A workbook of under 4 KB that names the last cell there can be; the reader's process aborts on it."""
    return bare_workbook(
        path,
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    )


def wide_and_deep(path: Path) -> Path:
    """About 570 KB: 65,000 rows whose cells span 700 columns, over 1 GB once the rectangle is filled."""
    rows = "".join(
        f'<row r="{i}"><c r="{"A" if i % 2 else "ZX"}{i}"><v>{(i * 7919) % 100003}</v></c></row>'
        for i in range(1, 65_001)
    )
    return bare_workbook(path, rows)


def _bomb(path: Path, declared: int, crc: int) -> Path:
    """About 600 KB of deflated blanks that unpack to 600 MB, with the size and checksum the package is to declare."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = block * 600 + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    bare_workbook(path, "")
    with zipfile.ZipFile(path, "a") as package:
        entry = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        entry.compress_type, entry.file_size, entry.compress_size, entry.CRC = 8, declared, len(packed), crc
        entry.header_offset = package.start_dir
        package.fp.seek(package.start_dir)
        package.fp.write(entry.FileHeader(zip64=False) + packed)
        package.filelist = [*(e for e in package.filelist if e.filename != entry.filename), entry]
        package.start_dir, package._didModify = package.fp.tell(), True
    return path


def bomb(path: Path) -> Path:
    """It unpacks to 600 MB and says so."""
    return _bomb(path, 600_000_000, 0)


def lying_bomb(path: Path) -> Path:
    """It unpacks to 600 MB and says 1,000 bytes."""
    return _bomb(path, 1_000, 0)


def forged_bomb(path: Path) -> Path:
    """It unpacks to 600 MB, says 1,000 bytes, and has the checksum of those."""
    return _bomb(path, 1_000, zlib.crc32(b" " * 1_000))


def honest(path: Path, count: int) -> Path:
    """A workbook of ``count`` rows of 8 cells, texts and numbers in turn."""
    text, number = '<c r="{0}%(i)s" t="inlineStr"><is><t>B%(i)s</t></is></c>', '<c r="{0}%(i)s"><v>%(i)s</v></c>'
    row = '<row r="%(i)s">' + "".join((number if c in "CDE" else text).format(c) for c in "ABCDEFGH") + "</row>"
    return bare_workbook(path, "".join(row % {"i": i} for i in range(1, count + 1)))


def swollen(path: Path) -> Path:
    """Half a megabyte that unpacks to ten million cells without a place of their own."""
    return bare_workbook(path, ("<row>" + "<c><v>1</v></c>" * 100 + "</row>") * 100_000)


def repeated_text(path: Path) -> Path:
    """A small file whose cells all show one text of a megabyte: gigabytes once each cell holds it."""
    rows = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 8_001))
    text = _SHEET.replace("worksheet", "sst") + f"<si><t>{'a' * 1_000_000}</t></si></sst>"
    return bare_workbook(path, rows, more={"xl/sharedStrings.xml": text})


def openpyxl_book(path, **sheets):
    """A workbook of openpyxl's: each sheet's rows, first row to last."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path
