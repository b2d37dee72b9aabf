"""The demo and its sample city, from the command line."""

import hashlib

import pytest

from data.sample import KINDS
from service.cli import KINDS_OF_CITY
from service.settings import settings
from service.usecases import Programme
from tests.command_line import rows_of, suluh

SMALL_CITY = {"mentors": 40, "businesses": 400, "months": 30, "seed": 3}


def test_the_kinds_of_city_named_on_the_command_line_are_those_there_are():
    assert KINDS_OF_CITY == KINDS


def test_a_small_city_is_small(tmp_path):
    counts = suluh("sample", tmp_path / "city", "--kind", "small", "--months", 18)
    assert (counts["mentors"], counts["businesses"]) == (40, 1000)


def test_a_demo_marks_its_home_and_is_made_once(tmp_path, monkeypatch):
    monkeypatch.setattr("service.usecases.DEMO_CITY", SMALL_CITY)
    first = suluh("demo", "--no-serve", home=tmp_path)
    assert set(first) == {"sample", "import", "train", "index", "plan"}
    digest = hashlib.sha256((tmp_path / "sample" / "reports.csv").read_bytes()).hexdigest()
    second = suluh("demo", "--no-serve", home=tmp_path)
    assert second == first
    assert hashlib.sha256((tmp_path / "sample" / "reports.csv").read_bytes()).hexdigest() == digest
    before = rows_of(tmp_path)
    error = suluh("import", tmp_path / "sample", home=tmp_path, code=2)["error"]
    assert "--home" in error["mend"]
    assert rows_of(tmp_path) == before


def test_a_demo_killed_while_importing_is_taken_up_again(tmp_path, monkeypatch):
    monkeypatch.setattr("service.usecases.DEMO_CITY", SMALL_CITY)
    first = Programme(settings(home=tmp_path))
    keep = first.store.put

    def killed_at_the_end(key, value):
        if "import" in value:
            raise KeyboardInterrupt
        keep(key, value)

    monkeypatch.setattr(first.store, "put", killed_at_the_end)
    with pytest.raises(KeyboardInterrupt):
        first.demo()
    assert first.store.version() == 1
    assert Programme(settings(home=tmp_path)).demo()["plan"]["choices"]
