"""Signs that nobody sees: refused in what people type, taken out of tables and told, in no page, PDF or workbook."""

import io
import unicodedata

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store.objections import ObjectionDraft
from model.refusals import InputRefused
from model.sentences import sentence
from model.unseen import unseen, without_unseen
from service.app import create_app
from service.language import Language
from service.settings import settings
from service.typed import one_line
from service.usecases import Programme
from tests.command_line import suluh, told
from tests.pdf_text import text_of
from tests.people_rig import client_of, form_token
from tests.test_service_people_signing import DEEDS, do, programme  # noqa: F401 - the fixture of the deeds

BIDI = [chr(code) for code in range(0x110000) if unicodedata.name(chr(code), "").startswith(("LEFT-TO-", "RIGHT-TO-"))]
BIDI += [chr(code) for code in (0x061C, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069)]
TURNED = "lunas \u202egnatuh kadit"
EN = Language("en")


@pytest.mark.parametrize("sign", sorted({sign for sign in BIDI if unicodedata.category(sign) == "Cf"}))
def test_every_sign_that_unicode_calls_a_bidirectional_control_is_named_and_taken_out(sign):
    assert unseen(f"a{sign}b") == [f"U+{ord(sign):04X}"]
    assert without_unseen(f"a{sign}b") == "ab"


def test_letters_of_any_script_marks_and_emoji_stay():
    text = "Siti Zaínab, 管理, عمر, שלום, é, 👩‍🌾\u00a0½"
    assert (unseen(text), without_unseen(text)) == ([], text)


@given(st.text())
def test_what_is_left_shows_no_control_whatever_is_typed(text):
    left = without_unseen(text)
    assert unseen(left) == []
    assert all(sign in "\t\n\r" or unicodedata.category(sign) not in {"Cc", "Cs"} for sign in left)
    line, where = " ".join(text.split()), sentence("here")
    if unseen(line):
        with pytest.raises(InputRefused):
            one_line(text, where)
    else:
        assert one_line(text, where) == line


FREE = {
    "decide_plan": "reason",
    "approve_plan": "name",
    "decline_pair": "reason",
    "decide_desk": "reason",
    "withdraw_desk": "reason",
    "publish_report": "number",
    "raise_objection": "said",
    "answer_objection": "said",
}


@pytest.mark.parametrize(("deed", "field"), FREE.items())
def test_no_deed_takes_in_a_text_that_turns_the_order_of_reading(programme, deed, field, monkeypatch):  # noqa: F811
    known, method = programme.store.audit_entries(), getattr(programme, deed)
    monkeypatch.setattr(programme, deed, lambda *args, **told: method(*args, **{**told, field: TURNED}))
    with pytest.raises(InputRefused) as caught:
        do(programme, deed, "mentor" if deed == "raise_objection" else "manager")
    assert EN.say(caught.value.what).endswith("U+202E, the first after “lunas ”.")
    assert programme.store.audit_entries() == known
    assert deed in DEEDS


def test_a_page_shows_what_was_typed_without_them_and_takes_it_then(tmp_path):
    made = Programme(settings(home=tmp_path / "home", lang="id"))
    (tmp_path / "mentors.csv").write_text("mentor_id,name,district\nM1,Ani,Setu\n", encoding="utf-8")
    made.import_([tmp_path / "mentors.csv"])
    app = create_app(settings(home=tmp_path / "home", lang="id"))
    mentor = client_of(app, "mentor", mentor_id="M1")
    sent = {"csrf": form_token(mentor), "kind": "objection", "about": "record", "said": TURNED}
    again = mentor.post("/mine/objections", data=sent)
    assert again.status_code == 400
    assert "dapat membalik arah baca: U+202E" in again.text
    assert "\u202e" not in again.text
    assert "lunas gnatuh kadit" in again.text
    assert made.objections()["objections"] == []
    taken = mentor.post("/mine/objections", data={**sent, "said": without_unseen(TURNED)})
    assert taken.status_code == 303


def test_tables_lose_them_in_every_text_and_the_user_is_told(tmp_path):
    rows = ["M1,\u202eAni\u202c,Setu,\u202a0812\u202c", "M2,Budi,Setu\u200f,0813", "\u2068M3\u2069,Cici,Setu,"]
    (tmp_path / "mentors.csv").write_text("\n".join(["mentor_id,name,district,phone", *rows]), encoding="utf-8")
    made = Programme(settings(home=tmp_path / "home", lang="en"))
    answer = made.import_([tmp_path / "mentors.csv"])
    assert answer["refused"] == []
    notes = [EN.show(note) for note in answer["notes"]]
    for column in ("mentor_id", "name", "district", "phone"):
        assert any(f"were taken out of mentors.{column}: 1 cells" in note for note in notes), notes
    held = made.snapshot()["mentors"]
    assert held[["mentor_id", "name", "phone"]].iloc[0].tolist() == ["M1", "Ani", "0812"]
    assert not any(unseen(str(cell)) for cell in held.to_numpy().ravel())
    again = suluh("import", tmp_path / "mentors.csv", home=tmp_path / "home")
    assert again["unchanged"]["mentors"] == 3


def test_neither_report_nor_its_files_hold_any_though_a_table_brought_them(tmp_path):
    made = Programme(settings(home=tmp_path / "home", lang="en"))
    tables = {
        "mentors": "mentor_id,name,district\nM1,\u202eAni,\u202eSetu\n",
        "businesses": "business_id,name,district,sector\nB1,Warung,\u202eSetu,G\n",
        "engagements": "engagement_id,mentor_id,business_id,started_on\nE1,M1,B1,2025-02-01\n",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    made.import_([tmp_path / f"{name}.csv" for name in tables])
    head = client_of(create_app(settings(home=tmp_path / "home", lang="en")), "head")
    page, pdf, book = (head.get(path) for path in ("/reports", "/reports/draft.pdf", "/reports/draft.xlsx"))
    assert "Setu" in page.text
    cells = [cell.value for sheet in openpyxl.load_workbook(io.BytesIO(book.data)) for row in sheet for cell in row]
    for text in (page.text, text_of(pdf.data), *(cell for cell in cells if isinstance(cell, str))):
        assert "\u202e" not in text


def test_what_an_earlier_version_took_in_is_written_out_on_every_face(programme):  # noqa: F811
    draft = ObjectionDraft("M1", "objection", "record", None, None, TURNED, "A\u2066ni", "mentor")
    number = programme.store.raise_objection(draft).id
    home = programme.settings.home
    page = client_of(create_app(settings(home=home, lang="en")), "manager").get("/objections").text
    command = next(row for row in suluh("objection", "list", home=home)["objections"] if row["id"] == number)
    assert command["said"] == "lunas [U+202E]gnatuh kadit"
    for text in (page, told("objection", "list", "--home", home)):
        assert "[U+202E]gnatuh" in " ".join(text.split())
        assert not {"\u202e", "\u2066"} & set(text)


def test_a_refusal_that_repeats_what_was_given_writes_them_out(programme):  # noqa: F811
    fault = suluh("plan", "show", "\u202e1", home=programme.settings.home, code=2)["error"]
    assert "[U+202E]1" in fault["what"]


def test_a_row_to_mend_comes_back_without_them_and_nothing_is_written_out_in_it(tmp_path):
    made = Programme(settings(home=tmp_path / "home", lang="en"))
    (tmp_path / "mentors.csv").write_text("mentor_id,name,district\nM1,\u202eAni,\nM2,Budi,Setu\n", encoding="utf-8")
    manager = client_of(create_app(settings(home=tmp_path / "home", lang="en")), "manager")
    files = {"files": [(io.BytesIO((tmp_path / "mentors.csv").read_bytes()), "mentors.csv")]}
    sent = manager.post("/imports", data={**files, "csrf": form_token(manager)}, content_type="multipart/form-data")
    book = openpyxl.load_workbook(io.BytesIO(manager.get(f"{sent.location}/mend.xlsx").data))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert not [cell for cell in cells if "[U+" in cell]
    assert any("Ani" in cell for cell in cells)
    assert made.store.version() == 0
