"""What a check tells on a terminal: the same fault of many rows once, with the rows."""

import json

from click.testing import CliRunner

from service.cli import cli


def check(folder, *options):
    return CliRunner().invoke(cli, ["check", str(folder), "--home", str(folder / "home"), "--lang", "en", *options])


def test_the_same_fault_of_many_rows_is_told_once_with_its_rows(tmp_path):
    rows = "".join(f"B{i};A;X;{'Manajemen' if i % 2 else 'Pemasaran'};\n" for i in range(1, 41))
    (tmp_path / "usaha.csv").write_text(f"ID Usaha;Nama;Kecamatan;Kebutuhan\n{rows}B41;;X;uang\n", encoding="utf-8")
    said = check(tmp_path)
    text = " ".join(said.output.split())
    assert said.exit_code == 2
    assert text.count("“Manajemen” is not known here") == 1
    assert "row 2, 4, 6, 8, 10, 12, 14, 16, and 12 more rows, column Kebutuhan" in text
    assert text.count("“uang” is not known here") == 1
    refused = json.loads(check(tmp_path, "--json").stdout)["refused"]
    assert [fault["row"] for fault in refused if fault["value"] == "Manajemen"] == list(range(2, 41, 2))
    assert f"faults: {len(refused)}." in text
