"""The model card's section on past promises: of this version and of all, dated, beside an otherwise unchanged card."""

import re
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner

from data.store.decisions import Promise, keep_promises
from data.store.engine import writing
from service.app import create_app
from service.cli import cli
from service.language import Language
from service.model_card.promises import KINDS
from service.rendering import render
from service.settings import settings
from service.usecases import Programme
from tests.command_line import suluh
from tests.command_line import told as printed
from tests.learning_office import office, seen
from tests.people_rig import caller_as, client_of
from training.learning.engagements import cases
from training.planning.reviewing import review_by_kind

TITLES = {"en": "How past promises held", "id": "Sejauh mana janji yang lalu terbukti"}
LANGUAGES = [Language("id"), Language("en")]
BEFORE = date(2023, 2, 1)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    place = tmp_path_factory.mktemp("card")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=40, businesses=500, months=30, seed=3)
    programme.import_([place / "city"])
    programme.train()
    return place / "home"


@pytest.fixture(scope="module")
def before(home):
    """The cards while nothing is kept, by language."""
    programme = Programme(settings(home=home))
    return {lang.code: programme.model_card(lang=lang.code) for lang in LANGUAGES}


def grown(programme):
    """Engagements whose growth the tables show, and that growth."""
    every = cases(programme.snapshot(), programme.framework)
    there = np.flatnonzero(np.isfinite(every.growth.value))[:4]
    return every.table["engagement_id"].iloc[there].astype(str).tolist(), every.growth.value[there]


def promise(kind, subject, mean, reach):
    return Promise(kind, "M001", subject, mean, mean - reach, mean + reach, 0.1, 0.1)


@pytest.fixture(scope="module")
def planted(home, before):
    """Kept: by this model 3 seen growths (2 held) and an unseen pair; by another one growth that did not hold."""
    programme = Programme(settings(home=home))
    names, growth = grown(programme)
    own = [
        promise("growth", names[0], growth[0] - 0.1, 0.2),
        promise("growth", names[1], growth[1] - 0.2, 0.3),
        promise("growth", names[2], growth[2] - 0.6, 0.3),
        promise("pair", "no business", 0.1, 0.3),
    ]
    with writing(programme.store._engine) as connection:
        for number, (model, rows) in enumerate(
            (("model-0001", own), ("model-0000", [promise("growth", names[3], growth[3] + 0.5, 0.1)])), 1
        ):
            keep_promises(connection, rows, source="plan", source_id=number, model=model, as_of=BEFORE)
    return home


def section(card):
    (found,) = [part for part in card.sections if part.title == TITLES[card.lang]]
    return found


@pytest.mark.parametrize("lang", LANGUAGES, ids=["id", "en"])
def test_nothing_kept_is_nothing_to_compare_and_uplift_is_never_observed(before, lang):
    found = section(before[lang.code])
    said = {"en": "nothing to compare yet", "id": "belum ada yang dapat dibandingkan"}[lang.code]
    assert [said in text for text in found.said] == [False, True, True]
    assert found.tables == ()
    assert {"en": "never observed", "id": "tidak pernah teramati"}[lang.code] in found.points[0]


@pytest.mark.parametrize("lang", LANGUAGES, ids=["id", "en"])
def test_promises_of_this_version_and_of_all_are_told_by_kind(planted, lang):
    programme = Programme(settings(home=planted))
    found, newest = section(programme.model_card(lang=lang.code)), programme.snapshot()
    assert lang.day(newest.as_of) in found.said[0]
    assert all(f": {count}" in found.said[1] for count in (4, 3, 2))
    assert f"({lang.percent(2 / 3)};" in found.said[1]
    assert all(f": {count}" in found.said[2] for count in (5, 4, 2))
    own, every = found.tables
    growth, pair, score = own.rows
    assert growth[1:] == ("3", "3", lang.percent(2 / 3), lang.change(0.3))
    assert pair[1:] == ("1", "0", "–", "–")
    assert score[1:] == ("0", "0", "–", "–")
    assert every.rows[0][1:] == ("4", "4", lang.percent(0.5), lang.change(0.1))


@pytest.mark.parametrize("lang", LANGUAGES, ids=["id", "en"])
def test_the_rest_of_the_card_stays_as_it_was(planted, before, lang):
    after = Programme(settings(home=planted)).model_card(lang=lang.code)
    rest, earlier = (
        [part for part in card.sections if part.title != TITLES[lang.code]] for card in (after, before[lang.code])
    )
    assert rest == earlier
    assert section(after) != section(before[lang.code])


def test_the_command_prints_and_writes_the_section(planted, tmp_path):
    asked = ["model", "card", "--home", str(planted), "--lang", "en"]
    done = CliRunner().invoke(cli, [*asked, "--out", str(tmp_path / "card.md")])
    assert done.exit_code == 0, done.output
    written = (tmp_path / "card.md").read_text(encoding="utf-8")
    for text in (done.stdout, written):
        assert f"## {TITLES['en']}" in text
        assert "predictions kept: 4; seen since: 3; of these inside their 90% range: 2 (67%" in text
        assert "| Growth of engagements | 3 | 3 | 67% |" in text
    done = CliRunner().invoke(cli, [*asked, "--out", str(tmp_path / "card.pdf")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "card.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_kept_but_not_seen_is_said_and_later_promises_are_not_looked_at(framework):
    from tests.test_service_plan_life import kept  # noqa: PLC0415 - planted as there

    tables = seen(office(mentors=4, each=4))
    rows = [kept(model="m", as_of=tables.as_of), kept(id=2, model="m", as_of=date(2999, 1, 1))]
    told = review_by_kind(tables, framework, rows, "m")
    assert told["own"]["score"] == {"predictions": 1, "observed": 0, "coverage_90": None, "bias": None}
    assert review_by_kind(tables, framework, rows, "other")["own"]["score"]["predictions"] == 0


def test_the_record_opens_to_the_promises_it_counts(home, planted):
    app = create_app(settings(home=home))
    client = client_of(app, "manager")
    client.get("/?lang=en")
    links = re.findall(r'href="([^"]+/promises[^"]*)" data-opens="([^"]*)"', client.get("/model").text)
    assert len([link for link, _ in links if "kind=" not in link]) == 8
    assert len(links) >= 8 + 16
    for link, text in links:
        page = client.get(link.replace("&amp;", "&")).text
        assert text in re.findall(r'data-count="([^"]*)"', page), (link, text)
    growth = client.get("/model/model-0001/promises?kind=growth").text
    assert growth.count('<th scope="row"') == 3
    assert growth.count("/model/engagements/") == 3
    assert client.get("/model/model-0001/promises?kind=luck").status_code == 400
    assert client_of(app, "operator").get("/model/model-0001/promises").status_code == 403


@pytest.mark.parametrize("asked", [{}, {"kind": "growth"}, {"kind": "pair", "made": "every"}, {"made": "every"}])
def test_command_and_api_tell_the_promises_as_the_use_case_does(home, planted, asked):
    options = [part for name, value in asked.items() for part in (f"--{name}", value)]
    command = suluh("model", "promises", "model-0001", *options, home=home)
    query = "&".join(["lang=en", *(f"{name}={value}" for name, value in asked.items())])
    api = caller_as(planted, "hr").get(f"/api/v1/models/model-0001/promises?{query}")
    told = Programme(settings(home=home)).model_promises("model-0001", **asked)
    assert api.json == command == render(told, Language("en"))
    assert api.json["figures"]["predictions"] == len(api.json["rows"])
    assert (api.json["figures"]["bias"] is None) == (not asked.get("kind") or asked.get("kind") == "pair")


def test_all_kinds_are_the_sum_of_each(home, planted):
    del planted
    programme = Programme(settings(home=home))
    whole = programme.model_promises(made="every")["figures"]
    each = [programme.model_promises(kind=kind, made="every")["figures"] for kind in KINDS]
    for name in ("predictions", "observed", "inside"):
        assert whole[name] == sum(one[name] for one in each) > 0


def test_what_is_no_kind_is_refused_on_every_face(home, planted):
    fault = suluh("model", "promises", "--kind", "luck", home=planted, code=2)["error"]
    assert fault["what"] == "luck is none of growth, outcome, score, pair, pair outcome."
    assert "error" in suluh("model", "promises", "--made", "x", home=planted, code=2)
    assert "error" in suluh("model", "promises", "model-0009", home=planted, code=2)
    caller = caller_as(home, "manager")
    assert caller.get("/api/v1/models/model-0001/promises?kind=luck").status_code == 400
    assert caller.get("/api/v1/models/model-0009/promises").status_code == 404
    assert caller_as(home, "operator").get("/api/v1/models/model-0001/promises").status_code == 403
    text = printed("model", "promises", "--home", planted)
    assert "the first 4 of 4 rows" in text
    assert "Plan 1" in text


def test_the_api_gives_pages_and_the_length_of_the_whole(home, planted):
    del planted
    part = caller_as(home, "head").get("/api/v1/models/model-0001/promises?limit=2")
    assert (len(part.json["rows"]), part.headers["X-Total-Count"]) == (2, "4")
    assert 'rel="next"' in part.headers["Link"]


def test_who_is_limited_reads_rows_in_reach_alone(home, planted):
    seen_ = Programme(settings(home=planted)).snapshot()["mentors"]
    own = seen_["district"][seen_["mentor_id"] == "M001"].iloc[0]
    other = next(name for name in seen_["district"].unique() if name != own)
    app = create_app(settings(home=home))
    for district, rows in ((own, 4), (other, 0)):
        client = client_of(app, "hr", districts=[district])
        told = client.get("/api/v1/models/model-0001/promises").json
        assert (len(told["rows"]), told["figures"]["predictions"]) == (rows, 4)
        assert client.get("/model/model-0001/promises").text.count('<th scope="row"') == rows


def test_unusual_engagements_open_to_their_rows(home, planted):
    client = client_of(create_app(settings(home=planted)), "manager")
    page = client.get("/model?lang=en").text
    said = re.search(r"<li>Unusual beside.*?</li>\s*<li>Ranges held.*?</li>", page, re.DOTALL)
    links = re.findall(r'href="([^"]+)" data-opens="([^"]*)"', said[0])
    assert len(links) == 3
    for link, text in links:
        assert text in re.findall(r'data-count="([^"]*)"', client.get(link.replace("&amp;", "&")).text), link
