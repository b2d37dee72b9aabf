"""Mapping files that are refused: wrong form, wrong meaning, protected traits."""

from functools import partial

import pytest

from data.mapping.applying import apply_mapping
from model.refusals import InputRefused
from tests.mapping_sheets import ENGAGEMENTS, MENTORS, REPORTS, applied, column_of, raw


@pytest.fixture
def mapped(tmp_path, framework):
    return partial(applied, tmp_path / "mine.toml", framework)


@pytest.mark.parametrize(
    ("text", "entry", "what"),
    [
        ("nmbers = 'id'" + MENTORS, "nmbers", "not known"),
        (MENTORS + "\n[tables.column]\nx = 1", "tables.1 (mentors).column", "not known"),
        (MENTORS.replace('{ constant = "D" }', '{ colum = "D" }'), "tables.1 (mentors).columns.district.colum", "not"),
        (MENTORS.replace('table = "mentors"', ""), "tables.1 (?).table", "is missing"),
        (MENTORS.replace('table = "mentors"', 'table = "mentor"'), "tables.1 (mentor).table", "no table mentor"),
        (MENTORS.replace("name =", "nama ="), "tables.1 (mentors).columns.nama", "no column nama"),
        (MENTORS.replace('name = { constant = "N" }', ""), "tables.1 (mentors).columns.name", "needs its column name"),
        (MENTORS.replace('{ constant = "D" }', "{}"), "tables.1 (mentors).columns.district", "Exactly one"),
        (MENTORS.replace('"id"', '{ column = "a", text = "{b}" }'), "tables.1 (mentors).columns.mentor_id", "Exactly"),
        (MENTORS.replace('"id"', '{ column = "a", otherwise = 1 }'), "tables.1 (mentors).columns.mentor_id", "values"),
        (MENTORS.replace('"id"', '{ text = "{a}", times = 2 }'), "tables.1 (mentors).columns.mentor_id", "times"),
        (MENTORS.replace('"id"', '{ month = "2024-01" }'), "tables.1 (mentors).columns.mentor_id", "add"),
        (MENTORS.replace('"id"', '{ month = "2024-13", add = "x" }'), "tables.1 (mentors).columns.mentor_id.month", ""),
        (MENTORS + "[tables.scores]\nfinance = 'x'", "tables.1 (mentors).scores", "assessments only"),
        (ENGAGEMENTS % 'outcome = { column = "m", order = "x" }', "tables.1 (engagements).outcome", "belong together"),
        (ENGAGEMENTS % 'controls = ["a", "a"]', "tables.1 (engagements).controls", "named twice"),
        (ENGAGEMENTS % "" + ENGAGEMENTS % 'controls = ["a"]', "tables.2 (engagements)", "same outcome"),
        (REPORTS % '[tables.columns]\nbusiness_id = "i"\n[tables.months]\ncolumns = { turnover_idr = "Omzet" }',
         "tables.1 (reports).months", "{n}"),
        (REPORTS % '[tables.columns]\nbusiness_id = "i"\n[tables.months]\ncolumns = { turnover_idr = "O {n}" }',
         "tables.1 (reports).months", "first"),
        ("tables = []", "tables", "not be empty"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_refused_by_the_name_of_its_entry(mapped, text, entry, what):
    with pytest.raises(InputRefused) as refusal:
        mapped(text, raw({"id": ["1"]}))
    assert str(refusal.value.where) == f"mine.toml, entry {entry}"
    assert what in str(refusal.value.what)


def test_scores_need_an_area_that_exists(mapped, framework):
    text = """
    [[tables]]
    table = "assessments"
    columns = { mentor_id = "id", assessed_on = "d" }
    scores = { %s = "x" }
    """
    known = next(iter(framework.areas))
    assert mapped(text % known, raw({"id": ["1"], "d": ["2024-01-01"], "x": ["50"]})).faults == []
    with pytest.raises(InputRefused, match="no area cooking"):
        mapped(text % "cooking", raw({"id": ["1"]}))


@pytest.mark.parametrize(
    ("text", "said"),
    [("[tables", "in the middle"), ("a = [1,", "in the middle"), ("a = 1\nb = = 2", "from line 2, column 5 on")],
)
def test_a_file_that_is_no_toml_is_refused(mapped, text, said):
    with pytest.raises(InputRefused, match=said):
        mapped(text)


def test_a_missing_mapping_file_is_refused(framework, tmp_path):
    with pytest.raises(InputRefused, match="no such file") as refused:
        apply_mapping([], tmp_path / "no.toml", framework)
    assert str(refused.value.where) == str(tmp_path / "no.toml")


def test_what_is_no_text_file_is_no_mapping_file(framework, tmp_path):
    with pytest.raises(InputRefused, match="cannot be opened"):
        apply_mapping([], tmp_path, framework)
    (tmp_path / "m.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputRefused, match="not UTF-8"):
        apply_mapping([], tmp_path / "m.toml", framework)


@pytest.mark.parametrize("trait", ["gender", "Jenis Kelamin", "birth_year", "disabilitas", "NIK", "Agama", "ethnicity"])
@pytest.mark.parametrize("part", ["controls = ['%s']", "categories = ['%s']", "outcome = { column = '%s' }"])
def test_a_protected_trait_is_never_a_control_or_an_outcome(mapped, part, trait):
    with pytest.raises(InputRefused, match="personal trait"):
        mapped(ENGAGEMENTS % (part % trait))


def test_a_column_that_feeds_a_protected_trait_is_no_control_under_any_name(mapped):
    with pytest.raises(InputRefused, match="personal trait"):
        mapped(MENTORS + 'gender = "sx"\n' + ENGAGEMENTS % 'controls = ["SX"]')


def test_a_protected_trait_may_feed_its_own_column(mapped):
    result = mapped(MENTORS + 'gender = "sx"\n', raw({"id": ["1"], "sx": ["P"]}))
    assert column_of(result, "mentors", "gender") == ["P"]
