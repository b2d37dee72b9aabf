"""What pages, printed text and workbook tell an office: naive beside estimate, reasons grouped, plain words."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from model.sentences import Number, sentence
from service.cli import cli
from service.language import Language
from service.plans import xlsx as plan_xlsx
from service.printing import answers as printing
from service.printing.grouping import by_reason
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import client_as
from tests.take_pictures import pixels
from tests.test_training_planning_planning import FRAMEWORK, learned, office
from training.planning.planning import PlanRequest, make_plan

BACK = Path(__file__).parents[1] / "data" / "mappings" / "plan.toml"
ID = Language("id")


def city(place: Path, kind: str) -> Path:
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", kind=kind, mentors=40, businesses=500, months=30, seed=3)
    programme.import_([place / "city"])
    return place / "home"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A city in which scores have no effect, learned and planned."""
    made = city(tmp_path_factory.mktemp("null"), "no_effect")
    programme = Programme(settings(home=made))
    programme.train()
    programme.plan(budget=20_000_000)
    return made


@pytest.fixture(scope="module")
def new_office(tmp_path_factory) -> Path:
    """An office without reports and without a model."""
    place = tmp_path_factory.mktemp("new")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=40, businesses=500, months=30, seed=3)
    tables = [path for path in (place / "city").glob("*.csv") if path.stem not in {"reports", "trainings"}]
    programme.import_(tables)
    programme.plan(budget=20_000_000)
    return place / "home"


def client(home: Path) -> FlaskClient:
    return client_as(home)


def get(home: Path, path: str) -> str:
    answer = client(home).get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#39;", "'").replace("&amp;", "&")


def printed(home: Path, *arguments: str) -> str:
    done = CliRunner().invoke(cli, [*arguments, "--home", str(home), "--lang", "id"])
    assert done.exit_code == 0, done.output
    return re.sub(r"\s+", " ", done.stdout)


def test_no_supported_gain_is_said_plainly_with_the_naive_figure_beside_the_estimates(home):
    answer = render(Programme(settings(home=home)).learned(), ID)
    assert answer["supported_gain"] is False
    page = words(get(home, "/"))
    assert "Tidak ada manfaat yang didukung data." in page
    assert answer["verdict"] in page
    assert f"{ID.change(answer['naive_before_after'])} bukan pengaruh pendamping" in page
    assert ID.change(answer["trend"]["mean"]) in page
    text = printed(home, "train")
    assert f"sebelum dan sesudah: {ID.change(answer['naive_before_after'])}; ini bukan pengaruh pendamping" in text
    assert "Batasan:" in text


def test_the_evidence_word_stands_before_the_figure(home):
    page = words(get(home, "/model"))
    row = render(Programme(settings(home=home)).learned(), ID)["effects"][0]
    figure = ID.change(row["mean"])
    pattern = rf"(kuat|sedang|lemah|belum cukup) {re.escape(figure)} \({re.escape(ID.change(row['low']))}"
    assert re.search(pattern, page)
    assert re.search(rf"(kuat|sedang|lemah|belum cukup) +{re.escape(figure)} \(", printed(home, "train"))


def test_an_office_without_a_model_is_told_so_and_plans_by_the_standard(new_office):
    assert "Belum ada yang dipelajari: rencana disusun menurut standar kantor." in words(get(new_office, "/"))
    assert "Dinilai menurut standar kantor" in words(get(new_office, "/plans/1"))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_advice_carries_all_it_needs(home, lang):
    plan = render(Programme(settings(home=home)).stored_plan(1), Language(lang))
    html = get(home, f"/plans/1?lang={lang}")
    advices = [words(part) for part in re.findall(r'<article class="choice">(.*?)</article>', html, re.DOTALL)]
    assert len(advices) == len(plan["choices"]) > 0
    for advice, choice in zip(advices, plan["choices"], strict=True):
        assert 1 <= len(choice["reasons"]) <= 5
        said = [*choice["reasons"], choice["runner_up"]["note"], choice["what_would_change"], choice["decides"]]
        assert all(text in advice for text in said)
        assert choice["mentor_id"] in advice
        assert choice["course_id"] in advice
        gain = choice["gain_points"]
        shown = [Language(lang).signed(gain[end], 1) for end in ("mean", "low", "high")]
        word = {"id": "Bukti", "en": "Evidence"}[lang]
        assert re.search(
            rf"{word}: [^:]*{re.escape(shown[0])} \( ?{re.escape(shown[1])} … {re.escape(shown[2])}", advice
        )


def test_what_was_left_out_is_grouped_by_reason_and_complete(home):
    plan = Programme(settings(home=home)).stored_plan(1)
    html = get(home, "/plans/1")
    groups = re.findall(r"<summary>([\d.]+) pasangan", html)
    assert sum(int(group.replace(".", "")) for group in groups) == len(plan["left_out"]) > 200
    assert len(groups) < 15
    text = printed(home, "plan", "rerun", "1")
    largest = max(int(group.replace(".", "")) for group in groups)
    assert f"- {largest} × " in text


def test_reasons_that_differ_in_figures_are_one_group_and_mentors_of_one_line_stand_together():
    def why(points: float):
        return sentence("Score %(points)s.", points=Number(points))

    rows = [
        {"mentor_id": "A", "course_id": "K1", "reason": why(70)},
        {"mentor_id": "B", "course_id": "K1", "reason": why(70)},
        {"mentor_id": "C", "course_id": "K1", "reason": why(80)},
        {"mentor_id": None, "course_id": "K2", "reason": sentence("Started.")},
    ]
    groups = by_reason(rows)
    assert [group["count"] for group in groups] == [3, 1]
    assert [line["mentors"] for line in groups[0]["lines"]] == [["A", "B"], ["C"]]
    assert groups[1]["lines"] == [{"course_id": "K2", "reason": sentence("Started."), "mentors": []}]
    assert by_reason([]) == []


def test_the_cost_of_a_plan_is_the_sum_of_what_its_page_shows(home):
    plan = Programme(settings(home=home)).stored_plan(1)
    fixed = sum(course["fixed_cost_idr"] for course in plan["fixed_costs"])
    assert plan["cost_idr"] == fixed + sum(choice["cost_idr"] for choice in plan["choices"])
    page = words(get(home, "/plans/1"))
    assert all(course["title"] in page for course in plan["fixed_costs"])
    assert ID.rupiah(plan["cost_idr"]) in page


@pytest.mark.parametrize("risk", ["mean", "cautious"])
def test_a_plans_workbook_comes_back_once_the_days_are_filled_in(home, tmp_path, risk):
    out = tmp_path / "plan.xlsx"
    plan = Programme(settings(home=home)).plan(budget=20_000_000, risk=risk, out=out)
    book = openpyxl.load_workbook(out)
    told = " ".join(str(row[1]) for row in book["Keterangan"].iter_rows(values_only=True))
    assert "python -m service import" in told
    filled = list(book["trainings"].iter_rows(min_row=2))[::2]
    for row in filled:
        row[2].value = dt.date(2026, 8, 15)
    book.save(out)
    for mapping in (None, BACK):
        answer = Programme(settings(home=home)).check([out], mapping=mapping)
        assert answer["refused"] == []
        assert answer["new"] == {"trainings": len(filled)}
    assert 0 < len(filled) < len(plan["choices"])


def test_a_sheet_without_rows_is_not_written_because_it_would_not_come_back(home, tmp_path):
    answer = render(Programme(settings(home=home)).stored_plan(1), ID) | {"left_out": [], "fixed_costs": []}
    plan_xlsx.write(answer, tmp_path / "plan.xlsx", ID)
    assert openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames == ["Rencana", "trainings", "Keterangan"]


def test_figures_in_the_workbook_are_numbers_with_a_form_and_the_standards_benefit_is_empty(home, tmp_path):
    out = tmp_path / "plan.xlsx"
    plan = Programme(settings(home=home)).plan(budget=20_000_000, out=out)
    book = openpyxl.load_workbook(out)
    header, first = list(book["Rencana"].iter_rows(max_row=2))
    cells = {name.value: cell for name, cell in zip(header, first, strict=True)}
    assert (cells["Biaya (Rp)"].value, cells["Biaya (Rp)"].number_format) == (plan["choices"][0]["cost_idr"], "#,##0")
    assert cells["Tambahan poin"].number_format == "0.0"
    assert cells["Tambahan omzet setahun (Rp)"].value is None
    assert cells["Alasan"].alignment.wrap_text
    about = {row[0].value: row[1] for row in book["Keterangan"].iter_rows(min_row=2)}
    assert about["Anggaran (Rp)"].number_format == "#,##0"
    assert about["Tambahan pertumbuhan (jumlah ln)"].value is None


PAGES = [
    "/",
    "/index",
    "/index/rows",
    "/tables/engagements",
    "/imports",
    "/mentors",
    "/mentors/M002",
    "/plans",
    "/plans/1",
]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_the_title_is_the_heading_and_nothing_comes_from_elsewhere(home, path, lang):
    html = get(home, f"{path}?lang={lang}")
    title = words(re.search(r"<title>(.*?) · Suluh</title>", html)[1])
    assert words(re.search(r"<h1[^>]*>(.*?)</h1>", html)[1]) == title
    assert f'<html lang="{lang}">' in html
    assert not re.search(r"(src|href|action)=\"(https?:)?//", html)
    assert not re.search(r"[^\w](nan|None|NaN|inf)[^\w]", words(html))


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"budget": "0"}, "Anggaran dalam rupiah"),
        ({"budget": "banyak"}, "Anggaran dalam rupiah"),
        ({"budget": "20.000.000", "most": "x"}, "Jumlah pelatihan terbanyak per pendamping"),
        ({"budget": "20.000.000", "risk": "wild"}, "Cara menilai pilihan"),
    ],
)
def test_a_refused_form_names_its_field_above_the_form(home, form, field):
    visitor = client(home)
    token = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/plans").text)[1]
    answer = visitor.post("/plans", data={"most": "2", "risk": "mean", "csrf": token, **form})
    assert answer.status_code in {400, 422}
    assert f"Di mana: isian {field} " in words(answer.text)
    assert "--" not in words(answer.text)
    assert f'required value="{form["budget"]}"' in answer.text


def test_an_address_without_a_page_is_answered_in_the_readers_language(home):
    page = words(client(home).get("/nowhere").text)
    assert "Tidak ada halaman pada alamat ini." in page
    assert "Not Found" not in page


def test_the_empty_home_has_its_own_title(tmp_path):
    html = get(tmp_path, "/")
    assert words(re.search(r"<title>(.*?) · Suluh</title>", html)[1]) == words(
        re.search(r"<h1[^>]*>(.*?)</h1>", html)[1]
    )


def test_a_ks_without_a_verdict_is_not_shown_on_a_mentors_page(home, monkeypatch):
    asked = Programme.score

    def with_one_row_of_no(self, **given):
        answer = asked(self, **given)
        index = {"respondents": 1, "ks": 1.0, "band": None, "verdict": None, "reason": "Satu baris.", "caveat": "Awas."}
        return answer | {"mentors": [row | {"index": index} for row in answer["mentors"]]}

    monkeypatch.setattr(Programme, "score", with_one_row_of_no)
    page = words(get(home, "/mentors/M002"))
    assert "tanpa putusan" in page
    assert "Satu baris. Awas." in page
    assert "Ks 1,00" not in page


def test_expected_growth_stands_beside_the_average(home):
    programme = Programme(settings(home=home))
    rows = render(programme.score(), ID)["mentors"]
    known = next(row for row in rows if row["expected_growth"] is not None)
    base = programme.explain_mentor(known["mentor_id"])["base"]
    assert f"rata-rata: {ID.change(base)}" in words(get(home, f"/mentors/{known['mentor_id']}"))


def test_every_cell_of_the_mentors_has_its_label_for_a_narrow_screen(home):
    html = get(home, "/mentors")
    body = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)[1]
    assert body.count("<td") == len(re.findall(r"<td[^>]*data-label=\"[^\"]+\"", body)) > 300
    assert "bukan peringkat" in words(html)


def test_turnover_is_called_extra_and_gross_wherever_it_is_shown(home, monkeypatch):
    answer = {"plan": 1, **make_plan(office(), FRAMEWORK, learned(), PlanRequest(9_000_000)).answer()}
    assert render(answer, ID)["choices"][0]["turnover_idr"] is not None
    draft = {"status": "draft", "approval": None, "decisions": []}
    monkeypatch.setattr(Programme, "show_plan", lambda *_: answer | draft)
    page = words(get(home, "/plans/1"))
    text = printing.plan(render(answer, ID), ID)
    assert "Tambahan omzet kotor setahun, bukan laba" in page
    assert re.search(r"· Tambahan omzet kotor setahun Rp", page)
    assert re.search(r"- tambahan omzet kotor setahun Rp", text)
    assert not re.search(r"(?i)(?<!kotor )omzet setahun", page + text)


def test_the_pictures_filters_are_undone_as_png_defines_them():
    picture = np.random.default_rng(1).integers(0, 256, (10, 7, 3), np.uint8)
    padded = np.zeros((11, 8, 3), int)
    padded[1:, 1:] = picture
    left, above, corner = padded[1:, :-1], padded[:-1, 1:], padded[:-1, :-1]
    guess = left + above - corner
    near = np.stack([abs(guess - left), abs(guess - above), abs(guess - corner)]).argmin(axis=0)
    paeth = np.choose(near, [left, above, corner])
    foretold = [0 * left, left, above, (left + above) // 2, paeth]
    lines = np.zeros((10, 22), np.uint8)
    for y in range(10):
        lines[y] = [y % 5, *((picture[y] - foretold[y % 5][y]) % 256).ravel()]
    assert np.array_equal(pixels(lines, 3), picture)
