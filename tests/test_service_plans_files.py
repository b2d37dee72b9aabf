import re
import zipfile

import openpyxl
import pytest

from service.language import Language
from service.plans import pdf as plan_pdf
from service.plans import xlsx as plan_xlsx
from service.rendering import render
from tests.pdf_text import pages_of, text_of
from tests.planning_office import FRAMEWORK, learned, office
from training.planning.planning import PlanRequest, make_plan

EN, ID = Language("en"), Language("id")


def rendered(lang, model=None, budget=9_000_000):
    return render(make_plan(office(), FRAMEWORK, model, PlanRequest(budget)).answer(), lang)


@pytest.mark.parametrize("model", [None, learned()])
def test_the_workbook_holds_every_choice_with_ids_as_text_and_no_formula(tmp_path, model):
    answer = rendered(EN, model)
    answer["choices"][0]["mentor_name"] = "=HYPERLINK(1)"
    path = tmp_path / "plan.xlsx"
    plan_xlsx.write(answer, path, EN)
    book = openpyxl.load_workbook(path)
    rows = list(book["Plan"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[2], row[5]) for row in rows] == [
        (choice["mentor_id"], choice["course_id"], choice["cost_idr"]) for choice in answer["choices"]
    ]
    assert "007" in {row[0] for row in rows}
    assert all(cell.data_type in {"s", "n"} for sheet in book for row in sheet.iter_rows() for cell in row)
    assert rows[0][1] == "=HYPERLINK(1)"


def test_the_sheet_trainings_has_the_tables_columns_and_waits_for_the_day(tmp_path):
    path = tmp_path / "plan.xlsx"
    plan_xlsx.write(rendered(ID), path, ID)
    header, *rows = openpyxl.load_workbook(path)["trainings"].iter_rows(values_only=True)
    assert header == ("mentor_id", "course_id", "completed_on")
    assert ("007", "K2", None) in rows


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    for module, name in ((plan_xlsx, "a.xlsx"), (plan_pdf, "a.pdf")):
        first, second = tmp_path / name, tmp_path / f"2{name}"
        module.write(rendered(ID), first, ID)
        module.write(rendered(ID), second, ID)
        assert first.read_bytes() == second.read_bytes()


def test_the_left_out_are_in_the_workbook(tmp_path):
    path = tmp_path / "plan.xlsx"
    answer = rendered(ID, budget=1_500_000)
    plan_xlsx.write(answer, path, ID)
    with zipfile.ZipFile(path) as parts:
        text = parts.read("xl/sharedStrings.xml").decode()
    assert all(out["reason"].split("%")[0][:20] in text for out in answer["left_out"])


def pages(path):
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def test_the_pdf_is_written_and_grows_by_pages(tmp_path):
    path = tmp_path / "plan.pdf"
    answer = rendered(ID, learned())
    answer["choices"] = answer["choices"] * 12
    answer["choices"][0]["title"] = "#panic() *judul* $x$ <b>"
    letter = plan_pdf.Letter(
        office="Dinas Koperasi", number="1/2026", place="Serpong", title="Kepala", name="A", staff_id="1"
    )
    plan_pdf.write(answer, path, ID, letter)
    assert path.read_bytes().startswith(b"%PDF-")
    many = pages(path)
    plan_pdf.write(rendered(EN), path, EN)
    assert many > pages(path) >= 1


@pytest.mark.parametrize(("lang", "word"), [(ID, "Nomor"), (EN, "Number")])
def test_a_letter_without_a_number_has_a_rule_to_write_it_on(tmp_path, lang, word):
    path = tmp_path / "plan.pdf"
    plan_pdf.write(rendered(lang), path, lang)
    assert f"{word}: ____________" in text_of(path.read_bytes())
    plan_pdf.write(rendered(lang), path, lang, plan_pdf.Letter(number="500/12/2026"))
    told = text_of(path.read_bytes())
    assert f"{word}: 500/12/2026" in told
    assert "____" not in told


def test_page_one_names_everybody_who_is_chosen_and_is_the_page_to_sign(tmp_path):
    path, answer = tmp_path / "plan.pdf", rendered(ID, learned())
    rejected, kept = answer["choices"][0], answer["choices"][1:]
    told = {"name": "Sari", "role": "head", "decided_at": "2026-10-01T02:00:00+00:00", "reason": "cuti"}
    pair = {name: rejected[name] for name in ("mentor_id", "course_id")}
    answer |= {"decisions": [pair | told | {"decision": "refuse"}], "approval": None, "after": None, "status": "draft"}
    plan_pdf.write(answer, path, ID)
    first, *rest = pages_of(path.read_bytes())
    assert "NIP:" in first
    assert not any("NIP:" in page for page in rest)
    assert f"({rejected['mentor_id']}): ditolak" in first
    assert all(f"({one['mentor_id']})" in first for one in kept)
    assert "Kepala dinas" in " ".join(rest)  # who decided, as a reader calls the role
    counted = re.search(r"Bukti \(jumlah pilihan\): (.*?) Tambahan", first)[1]
    assert sum(map(int, re.findall(r"\d+", counted))) == len(answer["choices"])
