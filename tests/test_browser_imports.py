"""From nothing to an explained plan in a real browser, with and without script, by keyboard; faults in their cells."""

import time
from pathlib import Path

import openpyxl
import pytest

from service.intake import uploads
from tests.browser import Look, serving, visitor
from tests.hostile_texts import book_of_payloads, texts_of_payloads

AREAS = ("finance", "management")
MOST_CLICKS = 12
MOST_SECONDS = 60


def office(path: Path) -> Path:
    """A workbook of 60 rows: ten mentors with two scores each, businesses, engagements, courses; Indonesian headers."""
    book = openpyxl.Workbook()
    sheets = {
        "Pendamping": (
            ["ID Pendamping", "Nama", "Kecamatan"],
            [[f"P{i:02}", f"Pendamping {i}", "Setu"] for i in range(10)],
        ),
        "Penilaian": (
            ["ID Pendamping", "Bidang", "Skor", "Tanggal penilaian"],
            [[f"P{i:02}", area, 35 + 2 * i, "2026-01-15"] for i in range(10) for area in AREAS],
        ),
        "Usaha": (
            ["ID Usaha", "Nama usaha", "Kecamatan", "Sektor", "Kebutuhan"],
            [[f"U{i:02}", f"Usaha {i}", "Setu", "kuliner", "bookkeeping;workforce"] for i in range(13)],
        ),
        "Pendampingan": (
            ["ID Pendampingan", "ID Pendamping", "ID Usaha", "Tanggal mulai"],
            [[f"E{i:02}", f"P{i % 10:02}", f"U{i:02}", "2026-02-01"] for i in range(13)],
        ),
        "Kursus": (
            ["ID Pelatihan", "Judul", "Bidang", "Biaya per peserta", "Perkiraan kenaikan"],
            [[f"K{i}", f"Pelatihan {i}", AREAS[i % 2], 900_000, 8 - i] for i in range(4)],
        ),
    }
    for name, (headers, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(headers)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    assert sum(len(rows) for _, rows in sheets.values()) == 60
    book.save(path)
    return path


class Mouse:
    """Clicks and counts."""

    def __init__(self, page) -> None:
        self.page, self.count = page, 0

    def press(self, selector: str) -> None:
        self.count += 1
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def fill(self, selector: str, text: str) -> None:
        self.page.locator(selector).fill(text)


class Keyboard(Mouse):
    """Reaches everything with Tab and Enter; the chooser of files is the system's own."""

    def reach(self, selector: str) -> None:
        target = self.page.locator(selector).first.element_handle()
        for _ in range(150):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached with Tab")

    def press(self, selector: str) -> None:
        self.count += 1
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)


WAYS = {"script": (Mouse, {}), "no script": (Mouse, {"java_script_enabled": False}), "keyboard": (Keyboard, {})}


@pytest.mark.parametrize("way", WAYS)
def test_from_an_empty_database_to_an_explained_plan(chromium, tmp_path, way):
    hand, options = WAYS[way]
    book = office(tmp_path / "kantor.xlsx")
    with (
        serving(tmp_path / "home") as site,
        visitor(chromium, site, viewport={"width": 1366, "height": 800}, **options) as page,
    ):
        look, begun = Look(page, site), time.monotonic()
        look.at("/")
        user = hand(page)
        user.press("nav.menu a[href='/imports']")
        if hand is Keyboard:
            user.reach("#files")
        page.locator("#files").set_input_files(book)
        user.press("form[enctype] button")
        assert site.programme.store.version() == 0
        user.press("form[action$='/confirm'] button")
        assert site.programme.store.version() == 1
        user.press("main a[href='/plans']")
        user.fill("#budget", "10.000.000")
        user.press("form[action='/plans'] button")
        text = page.locator("main").inner_text()
        seconds = time.monotonic() - begun
    assert look.found == []
    assert user.count <= MOST_CLICKS
    assert seconds <= MOST_SECONDS
    assert "Pendamping 0" in text
    for word in ("Bukti", "Apa yang akan mengubahnya", "Yang memutuskan"):
        assert text.count(word) >= 3, word


@pytest.mark.parametrize("script", [True, False])
def test_a_large_upload_is_read_beside_the_page_which_follows_by_itself(chromium, tmp_path, monkeypatch, script):
    monkeypatch.setattr(uploads, "LARGE_BYTES", 1_000)
    book = office(tmp_path / "kantor.xlsx")
    with serving(tmp_path / "home") as site, visitor(chromium, site, java_script_enabled=script) as page:
        look = Look(page, site)
        look.at("/imports", 360)
        page.locator("#files").set_input_files(book)
        page.locator("form[enctype] button").click()
        page.locator("progress").wait_for()
        look.axe() if script else None
        page.locator("form[action$='/confirm'] button").wait_for(timeout=60_000)
        assert site.programme.store.version() == 0
        look.scroll()
    assert look.found == []


FAULTS = {
    "mentors": (
        ["mentor_id", "name", "district", "capacity", "start_year"],
        [[f"M{i}", f"Nama {i}", "Setu", 30, 2020] for i in range(1, 9)],
        {(2, 1): None, (3, 1): "", (4, 3): "many", (5, 3): -1, (6, 4): "20x0", (9, 0): "M1"},
    ),
    "assessments": (
        ["mentor_id", "area", "score", "assessed_on"],
        [[f"M{i % 7 + 1}", AREAS[i // 7], 50, f"2026-01-{i + 1:02}"] for i in range(14)],
        {
            (2, 2): 130,
            (3, 2): "good",
            (4, 1): "cooking",
            (5, 3): "31/02/2026",
            (6, 0): "M99",
            (7, 2): -3,
            (8, 3): "soon",
        },
    ),
    "businesses": (
        ["business_id", "name", "district", "sector", "workers", "has_nib", "needs"],
        [[f"B{i}", f"Usaha {i}", "Setu", "kuliner", 2, "ya", "bookkeeping"] for i in range(1, 10)],
        {(2, 4): "two", (3, 5): "perhaps", (4, 6): "wishes", (5, 1): None, (6, 2): None, (7, 4): 1e9, (8, 3): None},
    ),
}
"""Table → headers, rows, and the planted faults: (row in the file, column from 0) → cell. Twenty in all."""


def test_twenty_planted_faults_stand_in_the_right_cells_and_nothing_is_stored(chromium, tmp_path):
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, (headers, rows, faults) in FAULTS.items():
        sheet = book.create_sheet(name)
        sheet.append(headers)
        for row in rows:
            sheet.append(row)
        for (row, column), cell in faults.items():
            sheet.cell(row, column + 1).value = cell
    book.save(tmp_path / "salah.xlsx")
    assert sum(len(faults) for _, _, faults in FAULTS.values()) == 20
    with serving(tmp_path / "home") as site, visitor(chromium, site) as page:
        look = Look(page, site)
        look.at("/imports", 1366)
        page.locator("#files").set_input_files(tmp_path / "salah.xlsx")
        page.locator("form[enctype] button").click()
        page.locator("table.own").first.wait_for()
        found = {}
        for table in page.locator("table.own").all():
            place = table.evaluate("table => table.closest('div').getAttribute('aria-label')").split(" › ")[1]
            cells = table.evaluate(
                """table => [...table.querySelectorAll('td.bad')].map(td =>
                    [parseInt(td.parentElement.cells[0].innerText), td.cellIndex - 1,
                     td.querySelectorAll('.note').length])"""
            )
            found[place] = {(row, column) for row, column, notes in cells if notes == 1}
        look.axe()
        look.scroll()
        assert site.programme.store.version() == 0
    assert look.found == []
    assert found == {name: set(faults) for name, (_, _, faults) in FAULTS.items()}


# An id loses an apostrophe before it, as everywhere: two payloads of the respondents begin with one.
SHOWN = {
    "/mentors": 40,
    "/index": 40,
    "/index/rows": 38,
    "/tables/businesses": 40,
    "/tables/courses": 40,
    "/tables/items": 40,
}


FORMS = {
    "/plans/1": ("manager", 40),
    "/objections": ("manager", 40),
    "/admin": ("admin", 40),
    "/admin/tokens": ("admin", 40),
    "/reports": ("head", 1),
}
"""Page, the role that opens it, and how many of the texts typed into forms it shows."""


def say_everywhere(programme, texts: list[str]) -> None:
    """Type each text into every text field of the forms: reasons, objections, names of users and tokens, a number."""
    programme.plan(budget=5_000_000)
    programme.match(pool="all")
    choices = programme.stored_plan(1)["choices"]
    for number, text in enumerate(texts):
        choice, by = choices[number % len(choices)], {"name": text, "role": "manager"}
        key = f"{choice['mentor_id']}:{choice['course_id']}"
        programme.decide_plan(1, key, "refuse", reason=text, **by)
        about = {"mentor_id": f"M{number}", "kind": "objection", "about": "record", "source": None, "subject": None}
        raised = programme.raise_objection(said=text, **about, **by)
        if number % 2:
            programme.answer_objection(raised["id"], outcome="refused", said=text, **by)
        programme.add_user(f"user{number}", "hr", display_name=text)
        programme.add_token(role="hr", name=text, days=3, districts=None)
    programme.publish_report(period=None, number=texts[0], name=texts[0], role="head")


def shows(page, texts: list[str], count: int) -> None:
    """At least so many of the texts stand on the page as they are, and nothing of them became an element."""
    said = " ".join(page.locator("main").inner_text().split())
    missing = [text for text in texts if " ".join(text.split()) not in said]
    assert len(missing) <= 40 - count, (page.url, missing[:3])
    assert page.evaluate("document.querySelectorAll('main script, main iframe, main object, main embed').length") == 0


def test_no_text_of_a_table_becomes_markup(chromium, tmp_path):
    book_of_payloads(tmp_path / "xss.xlsx")
    with serving(tmp_path / "home") as site, visitor(chromium, site) as page:
        look = Look(page, site)
        look.at("/imports", 1366)
        page.locator("#files").set_input_files(tmp_path / "xss.xlsx")
        page.locator("form[enctype] button").click()
        look.page.goto(page.url.rstrip("/") + "/columns")
        look.page.go_back()
        page.locator("form[action$='/confirm'] button").click()
        assert site.programme.store.version() == 1
        texts = texts_of_payloads()
        say_everywhere(site.programme, texts)
        for path in ("/", "/mentors/M0", "/plans", "/matches/1", "/imports", "/tables/engagements", *SHOWN):
            assert look.at(path) == 200, path
            shows(page, texts, SHOWN.get(path, 0))
        for path, (role, count) in FORMS.items():
            with visitor(chromium, site, role) as other:
                seen = Look(other, site)
                assert seen.at(path) == 200, path
                shows(other, texts, count)
                look.found += seen.found
    assert look.found == []


def test_a_mended_workbook_goes_through(chromium, tmp_path):
    """The browser's own download of the rows at fault is mended and uploaded again."""
    (tmp_path / "mentors.csv").write_text("mentor_id,name,district\nM1,Ani,Setu\nM2,,Setu\n", encoding="utf-8")
    with serving(tmp_path / "home") as site, visitor(chromium, site) as page:
        Look(page, site).at("/imports")
        page.locator("#files").set_input_files(tmp_path / "mentors.csv")
        page.locator("form[enctype] button").click()
        page.locator("button", has_text="baris yang benar").click()
        with page.expect_download() as waiting:
            page.locator("a", has_text="Unduh baris").click()
        waiting.value.save_as(tmp_path / "mended.xlsx")
        book = openpyxl.load_workbook(tmp_path / "mended.xlsx")
        book["mentors"]["B2"] = "Budi"
        book.save(tmp_path / "mended.xlsx")
        page.goto(site.address + "/imports")
        page.locator("#files").set_input_files(tmp_path / "mended.xlsx")
        page.locator("form[enctype] button").click()
        page.locator("form[action$='/confirm'] button").click()
        assert list(site.programme.snapshot()["mentors"]["name"]) == ["Ani", "Budi"]
