import csv
from fractions import Fraction

import pytest

from data.framework_file import SHIPPED, read_framework
from data.sample.facts import shipped_facts
from model.framework import Office, fold
from model.refusals import InputRefused
from model.tables import TABLES
from service.files.letterhead import Letter, letter_of
from service.language import Language


def test_the_shipped_file_names_only_the_verified_units(shared):
    with (shared / "domain" / "skkni_181_2017.csv").open(encoding="utf-8") as file:
        verified = {row["code"]: row["competency_area"] for row in csv.DictReader(file)}
    areas = read_framework().areas
    assert {unit: code for code, area in areas.items() for unit in area.units} == verified


def test_problems_and_their_areas_are_the_domains(shared):
    with (shared / "domain" / "problem_types.csv").open(encoding="utf-8") as file:
        domain = {row["problem"]: row["competency_area"] for row in csv.DictReader(file)}
    problems = read_framework().problems
    assert {code: problem.area for code, problem in problems.items()} == domain


def test_bands_and_cuts_are_exact_and_say_whose_they_are():
    rules = read_framework().index
    assert [band.low for band in rules.bands] == [0, Fraction(1, 10), Fraction(3, 10), Fraction(6, 10), Fraction(8, 10)]
    assert [band.sourced for band in rules.bands] == [True, False, False, False, False]
    assert (rules.ks_cut, rules.kr_cut) == (Fraction(3, 5), Fraction(9, 10))


def test_every_column_is_its_own_header_and_synonyms_lead_to_columns():
    headers = read_framework().headers
    for name, table in TABLES.items():
        assert all(headers[name][fold(column)] == column for column in table.names)
    assert headers["reports"][fold("Omzet")] == "turnover_idr"
    assert headers["businesses"][fold("OMZET  per_Bulan")] == "turnover_month_idr"


def test_sectors_have_the_words_of_the_domain_and_other_codes_stand_for_themselves(shared):
    with (shared / "domain" / "kbli_sections.csv").open(encoding="utf-8") as file:
        domain = {row["section"]: (row["label_id"], row["label_en"]) for row in csv.DictReader(file)}
    framework = read_framework()
    found = {code: framework.sector(code) for code in [*domain, "other"]}
    assert {code: (label.id, label.en) for code, label in found.items() if code != "other"} == domain
    assert framework.sector(" g") == framework.sector("G")
    assert (found["other"].en, framework.sector("Kuliner")) == ("Other non-agricultural activities", "Kuliner")


def test_every_sector_of_the_sample_city_has_words():
    framework = read_framework()
    assert not [code for code in shipped_facts().names("sectors") if isinstance(framework.sector(code), str)]


def replaced(tmp_path, old: str, new: str):
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "framework.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_an_office_renames_an_area_without_touching_code(tmp_path):
    path = replaced(
        tmp_path, '[areas.legal]\nlabel = { id = "Hukum dan legalitas"', '[areas.legal]\nlabel = { id = "Perizinan"'
    )
    assert read_framework(path).areas["legal"].label.id == "Perizinan"


def test_the_office_is_told_in_one_place_and_empty_until_it_is(tmp_path):
    assert read_framework().office == Office()
    path = replaced(tmp_path, '[office]\nname = ""', '[office]\nname = "  Dinas  Koperasi "')
    office = read_framework(path).office
    assert letter_of(office, "7/2026") == Letter(office="Dinas Koperasi", number="7/2026")


@pytest.mark.parametrize(
    ("old", "new", "what", "where"),
    [
        ('[office]\nname = ""', "[office]\nname = 7", "text in quotation marks", "office.name"),
        ('area = "finance"', 'area = "finanse"', "no area finanse", "problems.capital.area"),
        ('kr_cut = "0.90"', 'kr_cut = "high"', "“high” is not a number", "index.kr_cut"),
        ('kr_cut = "0.90"', 'kr_cut = "1/0"', "“1/0” is not a number", "index.kr_cut"),
        ("standard = 70", "standard = 170", "not be above 100", "standard"),
        ("standard = 70", 'standard = "tinggi"', "must be a number", "standard"),
        ("[headers.items]", "[headers.itms]", "no table", "headers.itms"),
        ('title = ["judul"', 'titel = ["judul"', "no column", "headers.courses.titel"),
        ('low = "0.10"', 'low = "0.40"', "must rise", "index.bands"),
        ("[answers]", "[answers", "not TOML from line", "framework.toml"),
        ('cuts = "ours"', 'cuts = "ours"\nlucky = 7', "not known", "index.lucky"),
        ('cuts = "ours"', 'cuts = "guessed"', "one of 'sourced', 'ours'", "index.cuts"),
        ('cuts = "ours"', "", "is missing", "index.cuts"),
        (
            'name = { id = "Kerangka bawaan Suluh", en = "Suluh\'s default framework" }',
            "name = 3",
            "a table of",
            "name",
        ),
    ],
)
def test_a_wrong_entry_is_refused_by_name(tmp_path, old, new, what, where):
    with pytest.raises(InputRefused, match=what) as refused:
        read_framework(replaced(tmp_path, old, new))
    assert where in str(refused.value.where)


def test_an_office_may_save_its_file_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "framework.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_framework(path) == read_framework()


@pytest.mark.parametrize("broken", ["name = 3", "[areas", "x", 'name = "'])
def test_the_reason_is_told_in_indonesian(tmp_path, broken):
    path = tmp_path / "framework.toml"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        read_framework(path)
    said = Language("id").say(refused.value.what)
    assert said.startswith("Berkas kerangka tidak dapat dipakai: ")
    assert not {"is", "the", "not", "Input", "Expected", "entry", "file"} & set(said.split())
