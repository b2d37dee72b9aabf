"""Every text a user can read has an Indonesian translation with the same places; figures are written as readers do."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from hypothesis import strategies as st
from jinja2 import Environment, nodes

from model.sentences import Label, Number, Rupiah, sentence
from service.language import TRANSLATIONS, ZONES, Language, catalog

ROOT = Path(__file__).parents[1]
FLOORS = ("model", "data", "training", "service")
PLACE = re.compile(r"%\((\w+)\)s")
STRAY = re.compile(r"(?<!%)%(?!\(\w+\)s|%)")


def called(node: ast.Call) -> str:
    match node.func:
        case ast.Name():
            return node.func.id
        case ast.Attribute(value=ast.Name(id=owner)) if owner in {"lang", "told", "self"}:
            return f"lang.{node.func.attr}"
        case ast.Attribute(value=ast.Attribute(attr="lang" | "_lang")):
            return f"lang.{node.func.attr}"
    return ""


def said_in(source: str, where: str, *, strict: bool = True) -> Iterator[tuple[str, set[str] | None]]:
    """Every text of sentence("…"), mark("…") and lang.text("…"), with the names of the values given (None: unknown)."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or called(node) not in {"sentence", "mark", "lang.text"} or not node.args:
            continue
        text = node.args[0]
        literal = isinstance(text, ast.Constant) and isinstance(text.value, str)
        if called(node) == "sentence":
            assert literal or not strict, f"{where}:{node.lineno}: the text of a sentence must be a literal"
        if literal:
            names = {word.arg for word in node.keywords}
            given = None if None in names or called(node) == "mark" else {name for name in names if name}
            yield text.value, given


def said_in_sources() -> Iterator[tuple[str, set[str] | None, str]]:
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            for text, given in said_in(path.read_text(encoding="utf-8"), str(path)):
                yield text, given, str(path.relative_to(ROOT))


def said_in_templates() -> Iterator[tuple[str, set[str], str]]:
    jinja = Environment(autoescape=True)
    for path in sorted((ROOT / "service" / "templates").glob("*.html")):
        for call in jinja.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_" and isinstance(call.args[0], nodes.Const):
                yield call.args[0].value, {word.key for word in call.kwargs}, path.name


def everything() -> list[tuple[str, set[str] | None, str]]:
    return [*said_in_sources(), *said_in_templates()]


def wrong(said: list[tuple[str, set[str] | None, str]], translations: dict[str, str]) -> list[str]:
    """What is wrong with the translations of these texts."""
    found = []
    for text, given, where in said:
        places = set(PLACE.findall(text))
        if given is not None and given != places:
            found.append(f"{where}: the values {given} do not fill the places of {text!r}")
        if text not in translations:
            found.append(f"{where}: no Indonesian for {text!r}")
        elif set(PLACE.findall(translations[text])) != places:
            found.append(f"{where}: other places in the Indonesian of {text!r}")
        elif (places and STRAY.search(text)) or (places and STRAY.search(translations[text])):
            found.append(f"{where}: a bare % beside places in {text!r}")
    return found


def test_every_text_is_found_at_all():
    said = everything()
    assert len({text for text, _, _ in said}) > 200
    assert any(where == "base.html" for _, _, where in said)
    assert any(where.endswith("refusals.py") for _, _, where in said)


def test_every_text_has_an_indonesian_translation_with_the_same_places():
    assert wrong(everything(), dict(catalog("id"))) == []


def test_a_planted_gap_is_found():
    source = 'raise X(sentence("A mentor nobody wrote of: %(name)s.", name=n), mark("Nowhere"))\nlang.text("Nor here")'
    said = [(text, given, "planted.py") for text, given in said_in(source, "planted.py")]
    assert len(wrong(said, dict(catalog("id")))) == 3
    complete = {"A mentor nobody wrote of: %(name)s.": "Pendamping %(name)s.", "Nowhere": "x", "Nor here": "y"}
    assert wrong(said, complete) == []
    assert len(wrong(said, complete | {"A mentor nobody wrote of: %(name)s.": "Pendamping %(nama)s."})) == 1
    assert len(wrong([("Of %(a)s and %(b)s", {"a"}, "x")], {"Of %(a)s and %(b)s": "%(a)s %(b)s"})) == 1


def test_a_sentence_must_be_a_literal():
    with pytest.raises(AssertionError, match="must be a literal"):
        list(said_in("sentence(text, name=1)", "planted.py"))


def test_the_po_files_agree_and_hold_nothing_unused():
    texts = {text for text, _, _ in everything()}
    seen: dict[str, str] = {}
    for path in sorted((TRANSLATIONS / "id").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="id"):
                if not message.id:
                    continue
                assert not message.fuzzy, f"{path.name}: {message.id}"
                assert message.string, f"{path.name}: {message.id}"
                assert seen.setdefault(message.id, message.string) == message.string, f"{path.name}: {message.id}"
    assert sorted(set(seen) - texts) == []


ID, EN = Language("id"), Language("en")


def test_figures_are_written_in_the_readers_manner():
    assert ID.number(1234567.891, 2) == "1.234.567,89"
    assert EN.number(1234567.891, 2) == "1,234,567.89"
    assert ID.number(-0.004, 2) == "0,00"
    assert ID.number(-3) == "−3"
    assert ID.number(float("nan")) == "–"
    assert ID.rupiah(1_234_568) == "Rp1.234.568"
    assert EN.rupiah(-2_500_000) == "−Rp2,500,000"
    assert ID.percent(0.1234, 2) == "12,34%"
    assert ID.day(date(2025, 8, 17)) == "17 Agustus 2025"
    assert EN.day("2025-08-17") == "17 August 2025"
    assert ID.signed(2, 1) == "+2,0"
    assert ID.signed(0.001, 1) == "0,0"


def test_a_moment_is_told_in_the_offices_zone_by_its_name():
    stored = datetime(2026, 11, 25, 7, 5, 59, tzinfo=UTC)
    assert ID.moment(stored) == "25 November 2026 pukul 14.05 WIB"
    assert EN.moment(stored.isoformat()) == "25 November 2026, 14:05 WIB"
    assert EN.moment("2026-11-25T07:05:59") == EN.moment(stored)
    assert Language("id", "WITA").moment(stored) == "25 November 2026 pukul 15.05 WITA"
    assert Language("en", "WIT").moment(stored) == "25 November 2026, 16:05 WIT"


@pytest.mark.parametrize(("zone", "day"), [("WIB", "25 November"), ("WITA", "25 November"), ("WIT", "26 November")])
def test_a_moment_falls_on_the_day_it_is_there(zone, day):
    late = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
    for given in (late, late.isoformat()):
        assert Language("en", zone).day(given) == f"{day} 2026"
        assert Language("en", zone).moment(given).startswith(day)
    assert Language("en", zone).day("2026-11-25") == "25 November 2026"


def test_the_zones_are_those_of_the_time_zone_database():
    for name, city in {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}.items():
        for moment in (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 7)):
            there = moment.astimezone(ZoneInfo(city))
            assert (ZONES[name].utcoffset(None), name) == (there.utcoffset(), there.tzname())


def test_a_log_difference_is_shown_as_the_percentage_it_stands_for():
    assert EN.change(0.0) == "0.0%"
    assert EN.change(0.6931471805599453) == "+100.0%"
    assert EN.change(-0.6931471805599453) == "−50.0%"
    assert EN.change(None) == "–"
    assert EN.change(float("nan")) == "–"


def test_a_sentence_is_filled_after_it_is_translated():
    said = sentence("There is no %(kind)s with the id %(id)s.", kind=Label("pendamping", "mentor"), id="007")
    assert "pendamping" in ID.say(said)
    assert "007" in ID.say(said)
    assert EN.say(said) == "There is no mentor with the id 007."
    assert ID.show(sentence("%(a)s and %(b)s", a=Number(1.5, 1), b=Rupiah(1000))) == "1,5 and Rp1.000"


@pytest.mark.parametrize("unknown", [None, float("nan"), float("inf")])
def test_what_is_not_known_is_a_dash_inside_a_sentence_too(unknown):
    assert EN.say(sentence("The id %(id)s.", id=unknown)) == "The id –."


@hypothesis.given(
    st.one_of(st.integers(-(10**17), 10**17), st.floats(-1e15, 1e15), st.floats(-10, 10)),
    st.integers(0, 4),
    st.sampled_from(["id", "en"]),
)
def test_numbers_are_written_as_the_locale_data_say(value, decimals, code):
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    told = format_decimal(value, format=pattern, locale={"id": "id_ID", "en": "en_GB"}[code])
    zero = format_decimal(0, format=pattern, locale={"id": "id_ID", "en": "en_GB"}[code])
    assert Language(code).number(value, decimals) == (zero if told == f"-{zero}" else told.replace("-", "−"))


@pytest.mark.parametrize("spelling", ["prakira", "reproduksib"])
def test_one_thing_has_one_word_in_indonesian(spelling):
    """Perkiraan and reprodusibilitas are the words taken."""
    assert [said for said in catalog("id").values() if spelling in said.casefold()] == []
    assert spelling not in (ROOT / "data" / "framework.toml").read_text(encoding="utf-8").casefold()
