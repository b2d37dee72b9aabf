import json

import pytest
import sqlalchemy as sa

from data.store.store import Store
from model.index import assessing
from service.language import Language
from service.rendering import as_json
from service.settings import settings
from service.usecases import Programme
from training.indexing import index_groups, mentor_verdicts


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("usecases")
    programme = Programme(settings(home=folder / "home"))
    programme.sample(folder / "city", mentors=12, businesses=150, months=24, seed=104)
    programme.import_([folder / "city"])
    return folder / "home"


def rows(answer):
    return {row["mentor_id"]: row for row in json.loads(as_json(answer, Language("en")))["mentors"]}


def test_scores_neither_resample_the_index_nor_read_the_tables_twice(home, monkeypatch):
    read = []
    given = Store.snapshot
    monkeypatch.setattr(Store, "snapshot", lambda *asked: read.append(asked) or given(*asked))
    for name in ("bootstrap", "chance", "difficulties", "scale_h"):
        monkeypatch.setattr(assessing, name, lambda *_: pytest.fail("a score needs no companions of the index"))
    programme = Programme(settings(home=home))
    every = rows(programme.score())
    assert len(every) == 12
    assert rows(programme.score(mentor="M007")) == {"M007": every["M007"]}
    programme.snapshot(programme.snapshot().as_of)
    assert len(read) == 1


def test_the_index_beside_a_score_is_that_of_the_index_by_mentor(home):
    programme = Programme(settings(home=home))
    seen, framework = programme.snapshot(), programme.framework
    full, brief = index_groups(seen, framework, "mentor"), mentor_verdicts(seen, framework)
    shown = ("group", "respondents", "ks", "kr", "band", "verdict", "reason", "warnings", "caveat", "delivery_rate")
    assert [[getattr(g, name) for name in shown] for g in brief] == [[getattr(g, n) for n in shown] for g in full]
    assert [g.group for g in mentor_verdicts(seen, framework, "M003")] == ["M003"]


def test_a_dry_run_leaves_an_empty_database_empty(store_url, tmp_path, monkeypatch):
    monkeypatch.setenv("SULUH_DATABASE_URL", store_url)
    (tmp_path / "mentors.csv").write_text("mentor_id,name,district\nM1,Ayu,Serpong\n", encoding="utf-8")
    programme = Programme(settings(home=tmp_path / "office"))
    assert programme.check([tmp_path / "mentors.csv"])["new"] == {"mentors": 1}
    if store_url.startswith("sqlite"):
        assert not (tmp_path / "home").exists()
    else:
        assert sa.inspect(sa.create_engine(store_url)).get_table_names() == []
    assert programme.import_([tmp_path / "mentors.csv"])["version"] == 1
    assert programme.check([tmp_path / "mentors.csv"])["unchanged"] == {"mentors": 1}
