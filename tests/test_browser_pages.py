"""Every page in a real browser: accessible, in the window at every width, from our own host, without an error."""

import re
import threading
from urllib.parse import urlsplit

import pytest

from service.people.roles import Role
from tests.browser import Look, addresses, visitor
from tests.page_numbers import unopened
from tests.people_rig import client_of

MAIN = {"/", "/imports", "/index", "/index/rows", "/mentors", "/mentors/M002", "/model", "/plans", "/plans/1"}
MAIN |= {"/model/model-0001", "/tables/businesses", "/matches", "/matches/1", "/objections", "/reports/rows"}
WIDTHS = (360, 768, 1366)


def looked(chromium, site, paths, widths, **options) -> list[str]:
    with visitor(chromium, site, **options) as page:
        look = Look(page, site)
        for path in paths:
            for width in widths:
                assert look.at(path, width) == (404 if "/99" in path else 200), path
                page.locator("[data-again]").wait_for(state="detached", timeout=60_000)
                look.axe()
            page.set_viewport_size({"width": 320, "height": 900})
            look.scroll()
        return [told for told in look.found if "/99: console: Failed to load resource" not in told]


def opened(site, role: str) -> list[str]:
    """The pages that a role may open."""
    client = client_of(site.app, role, **({"mentor_id": "M002"} if role == "mentor" else {}))
    return [path for path in addresses(site.app) if client.get(path).status_code == 200]


def test_every_page_is_accessible_and_keeps_to_the_window_and_to_our_host(chromium, site):
    paths = opened(site, "manager")
    assert set(paths) >= MAIN
    assert looked(chromium, site, paths[::2], [1366]) == []
    assert looked(chromium, site, [f"{path}?lang=en" for path in paths[1::2]], [360]) == []


def test_the_log_in_is_accessible(chromium, site):
    page = chromium.new_page(viewport={"width": 360, "height": 800})
    look = Look(page, site)
    assert look.at("/login") == 200
    look.axe()
    look.scroll()
    page.close()
    assert look.found == []


ROLES = tuple(sorted(Role))


@pytest.mark.long
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_at_every_width_in_both_languages(chromium, site, lang, role):
    """Each page as each role that may open it sees it; none is wider than a window of 320 px."""
    paths = opened(site, role)
    assert len(paths) >= 3
    if role == "manager":
        paths += [
            "/plans/curve?budget=15000000",
            "/plans/assess-first?budget=15000000",
            "/plans/compare?first=1&second=1",
        ]
        paths += [f"/matches/intake?district={district_of(site)}&need=bookkeeping", "/plans/99", "/reports/rows?of=all"]
        paths += ["/plans/1/what-if?budget=15000000", "/tables/engagements?mentor_id=M002&ended_on=none"]
    joined = [f"{path}{'&' if '?' in path else '?'}lang={lang}" for path in paths]
    assert looked(chromium, site, joined, WIDTHS, role=role) == []


@pytest.mark.long
@pytest.mark.parametrize("lang", ["id", "en"])
def test_an_upload_on_its_way_at_every_width_in_both_languages(chromium, site, lang, tmp_path):
    """Its faults in their cells, all rows at fault of a sheet, what its columns mean."""
    (tmp_path / "mentors.csv").write_text("mentor_id,name,district\nM1,Ani,Setu\nM2,,Setu\n", encoding="utf-8")
    with visitor(chromium, site) as page:
        look = Look(page, site)
        look.at(f"/imports?lang={lang}")
        page.locator("#files").set_input_files(tmp_path / "mentors.csv")
        page.locator("form[enctype] button").click()
        page.locator("table.own").wait_for()
        staged = urlsplit(page.url).path
        for path in (staged, f"{staged}/columns", f"{staged}/sheets/0"):
            for width in WIDTHS:
                assert look.at(path, width) == 200, path
                look.axe()
            page.set_viewport_size({"width": 320, "height": 900})
            look.scroll()
    assert look.found == []


def district_of(site) -> str:
    return str(site.programme.snapshot()["businesses"]["district"].iloc[0])


def test_what_the_checks_look_for_is_found(chromium, site):
    """Planted faults: an image without a text, a wide block, a script inside, a foreign host."""
    with visitor(chromium, site, viewport={"width": 360, "height": 800}) as page:
        look = Look(page, site)
        look.at("/")
        page.evaluate(
            """document.querySelector('main').innerHTML += '<img src="/static/suluh.svg"><p style="width: 900px">x</p>'
            + '<img alt="" src="http://192.0.2.1/x.png">'"""
        )
        page.evaluate("document.querySelector('main p').style.width = '900px'")
        page.evaluate("document.querySelector('main p').style.maxWidth = 'none'")
        look.axe()
        look.scroll()
    told = " ".join(look.found)
    assert "axe image-alt" in told
    assert "wider than" in told
    assert "CSP" in told


def disagreeing(client, paths) -> tuple[list[tuple[str, str, str]], dict[str, int]]:
    """Links of pages whose number does not stand on the page of their rows; and how many links each page has."""
    wrong, seen, rows = [], {}, {}
    for path in paths:
        page = client.get(path).text
        rows = {target: counts for target, counts in rows.items() if not target.startswith("#")}
        links = set(re.findall(r'href="([^"]+)" data-opens="([^"]*)"', page))
        seen[path] = len(links)
        for link, count in links:
            target = link.replace("&amp;", "&")
            if target not in rows:
                shown = page if target.startswith("#") else client.get(target).text
                rows[target] = set(re.findall(r'data-count="([^"]*)"', shown))
            if count not in rows[target]:
                wrong.append((path, target, count))
    return wrong, seen


def test_who_is_limited_opens_counts_of_what_is_in_reach(site):
    own = {"districts": [district_of(site)]}
    wrong, seen = disagreeing(client_of(site.app, "manager", **own), ["/", "/index", "/mentors", "/reports"])
    assert wrong == []
    assert seen["/"] >= 4


def test_a_mentor_opens_counts_of_the_own_record(site):
    wrong, seen = disagreeing(client_of(site.app, "mentor", mentor_id="M002"), ["/", "/mentors", "/mentors/M002"])
    assert wrong == []
    assert seen["/mentors/M002"] == 3
    assert seen["/"] >= 4


def test_each_count_or_mean_opens_to_rows_that_agree(site):
    paths = [
        "/",
        "/index",
        "/mentors/M002",
        "/mentors?q=M00",
        "/plans/1",
        "/matches/1",
        "/reports?period=2026",
        "/imports",
    ]
    wrong, seen = disagreeing(client_of(site.app, "manager"), paths)
    assert wrong == []
    least = {"/": 5, "/index": 20, "/mentors/M002": 4, "/mentors?q=M00": 10, "/plans/1": 1, "/matches/1": 20}
    assert {path: count for path, count in seen.items() if count < least.get(path, 0)} == {}
    assert seen["/reports?period=2026"] > 60


NEEDS_NO_ROWS = {
    r"(?:\d+ )?[A-Z][a-z]+ \d{4}(?:, \d\d:\d\d [A-Z]+)?": "a day",
    r"In (?:the year|half-year|quarter)[\d of]*,": "the name of the period",
    r"th: 20\d\d(?:-[HQ]\d)?$": "the period over a column",
    r"0\.60 as the cut of the verdict": "the paper's cut, a word of the caveat",
    r"90% range": "the level that every range has",
    r"Effect of 10 points|What ten points more": "the unit of an effect",
    r"^(?:Method|Limits|Published reports|Records|What this was made from) \| .*": "words, settings, records",
    r"h1: Report \d+|period report 20\d\d|SHA-256": "names",
    r"^ \| dd: .*": "what a published report was made from and by whom",
    r"^ \| td: [\d,]+": "the size of a file",
}
"""What stands on the pages of reports as a number and opens to no rows → why."""


def test_each_number_of_a_report_is_a_link_to_its_rows_or_its_reckoning(site):
    client = client_of(site.app, "manager")
    client.get("/?lang=en")
    for path in ("/reports?period=2026", "/reports?period=2026-Q1", "/reports/1"):
        assert unopened(client.get(path).text, NEEDS_NO_ROWS) == [], path
    planted = client.get("/reports/1").text.replace("</main>", "<p>12 businesses</p></main>")
    assert unopened(planted, NEEDS_NO_ROWS) == [("Conclusions", "p: 12 businesses")]
    wrong, seen = disagreeing(client, ["/reports?period=2026-Q1", "/reports/1"])
    assert wrong == []
    assert min(seen.values()) > 10


WORDS_OF_A_CARD = {
    r"^[^|]* \| (?:p|li|caption|dt|h1): .*": "sentences, which tell what they rest on",
    r"^Effects[^|]*\| th: .*|th: Effect of 10 points": "the unit of an effect",
    r"^What it learned from \| (?:th|dd: (?:\d+|\d+ [A-Z][a-z]+ \d{4})$).*": "reasons; data version and day",
    r"^(?:For the record|Versions) \| .*": "settings and names",
}
"""What stands on a model's card as a number and opens to nothing → why."""


def test_each_number_of_a_card_is_a_link_to_its_rows_or_its_reckoning(site):
    client = client_of(site.app, "manager")
    client.get("/?lang=en")
    page = client.get("/model").text
    assert unopened(page, WORDS_OF_A_CARD) == []
    led = set(re.findall(r'href="#([^"]+)" data-how', page))
    assert len(led) > 5
    assert {place for place in led if f'id="{place}"' not in page} == set()
    assert unopened(page.replace(' data-how=""', ""), WORDS_OF_A_CARD) != []
    wrong, seen = disagreeing(client, ["/model"])
    assert wrong == []
    assert seen["/model"] > 100


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_each_count_of_every_page_opens_to_rows_that_agree(site, role):
    wrong, seen = disagreeing(
        client_of(site.app, role, **({"mentor_id": "M002"} if role == "mentor" else {})), opened(site, role)
    )
    assert wrong == []
    assert sum(seen.values()) > (0 if role == "mentor" else 50)


def test_pages_print_without_their_forms_and_menus(chromium, site):
    with visitor(chromium, site) as page:
        Look(page, site).at("/mentors/M002")
        page.emulate_media(media="print")
        assert not page.locator("nav.menu").is_visible()
        assert not page.locator("[data-print]").is_visible()
        assert page.locator("h1").is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_refused_form_keeps_what_was_typed(chromium, site, script):
    with visitor(chromium, site, java_script_enabled=script) as page:
        Look(page, site).at("/plans")
        page.locator("summary").first.click()
        for field, text in (("#budget", "dua puluh juta"), ("#most", "5"), ("#lock", "M001:K01"), ("#cap-1", "3")):
            page.locator(field).fill(text)
        page.locator("#risk").select_option("cautious")
        page.locator("form[action='/plans'] button").first.click()
        page.locator("#error-summary").wait_for()
        kept = [page.locator(f"#{name}").input_value() for name in ("budget", "most", "lock", "cap-1", "risk")]
        assert kept == ["dua puluh juta", "5", "M001:K01", "3", "cautious"]
        assert page.locator("#lock").is_visible()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("question", ["curve", "assess-first"])
def test_what_takes_seconds_answers_at_once_and_follows_by_itself(chromium, site, script, question, monkeypatch):
    """Also without a script. The answer is made slow here, so that the page surely comes before it."""
    name, lets = {"curve": "plan_curve", "assess-first": "assess_first"}[question], threading.Event()
    worked_out = getattr(site.programme, name)

    def slow(**given):
        lets.wait(20)
        return worked_out(**given)

    monkeypatch.setattr(site.programme, name, slow)
    with visitor(chromium, site, java_script_enabled=script) as page:
        look = Look(page, site)
        assert look.at(f"/plans/{question}?budget={15_000_000 + script}") == 200
        assert page.locator("[data-again]").is_visible()
        look.axe() if script else None
        lets.set()
        page.locator("main table, main ol.choices").first.wait_for(timeout=60_000)
        assert page.locator("[data-again]").count() == 0
    assert look.found == []
