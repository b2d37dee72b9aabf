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
from service.settings import settings
from service.usecases import Programme
from tests.learning_office import office, seen
from tests.people_rig import client_of
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
    assert len(links) >= 8
    for link, text in links:
        page = client.get(link.replace("&amp;", "&")).text
        assert text in re.findall(r'data-count="([^"]*)"', page), (link, text)
    growth = client.get("/model/model-0001/promises?kind=growth").text
    assert growth.count('<th scope="row"') == 3
    assert growth.count("/model/engagements/") == 3
    assert client.get("/model/model-0001/promises?kind=luck").status_code == 404
    assert client_of(app, "operator").get("/model/model-0001/promises").status_code == 403
