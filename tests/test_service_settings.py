"""Settings: options over the environment over the defaults; a port that is taken gives way."""

from datetime import UTC, date, datetime

import pytest

from model.refusals import InputRefused
from service.app import _listen
from service.language import Language
from service.settings import settings
from service.usecases import Programme


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    for name in ("HOME", "LANG", "DATABASE_URL", "DEBUG", "TIME_ZONE"):
        monkeypatch.delenv(f"SULUH_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_defaults(tmp_path):
    found = settings()
    assert (str(found.home), found.lang, found.debug) == ("instance", "id", False)
    assert found.url == f"sqlite:///{(tmp_path / 'instance' / 'suluh.db').as_posix()}"
    assert found.framework is None


def test_an_option_goes_before_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("SULUH_HOME", str(tmp_path / "a"))
    monkeypatch.setenv("SULUH_LANG", "en")
    assert (settings().home, settings().lang) == (tmp_path / "a", "en")
    assert (settings(home=tmp_path / "b", lang="id").home, settings(lang="id").lang) == (tmp_path / "b", "id")


def test_a_server_has_no_database_file(monkeypatch):
    monkeypatch.setenv("SULUH_DATABASE_URL", "postgresql+psycopg://user@localhost/suluh")
    assert settings().database is None
    assert settings().url == "postgresql+psycopg://user@localhost/suluh"


def test_the_offices_framework_is_found(tmp_path):
    (tmp_path / "framework.toml").write_text("", encoding="utf-8")
    assert settings(home=tmp_path).framework == tmp_path / "framework.toml"


def test_a_language_nobody_speaks_is_refused(monkeypatch):
    monkeypatch.setenv("SULUH_LANG", "fr")
    with pytest.raises(InputRefused, match="fr"):
        settings()


class At(datetime):
    """A clock that stands at half past ten at night in UTC: in Indonesia the next day has begun."""

    @classmethod
    def now(cls, tz=None):
        return datetime(2026, 11, 24, 22, 30, tzinfo=UTC).astimezone(tz)


@pytest.mark.parametrize("named", ["WITA", "wita", "Asia/Makassar"])
def test_the_offices_time_zone_and_its_day(monkeypatch, named):
    monkeypatch.setattr("service.settings.datetime", At)
    assert (settings().time_zone, settings().language().zone, settings().today()) == ("WIB", "WIB", date(2026, 11, 25))
    monkeypatch.setenv("SULUH_TIME_ZONE", named)
    assert settings().time_zone == "WITA"
    assert settings().language("en").moment("2026-11-24T22:30:00+00:00") == "25 November 2026, 06:30 WITA"


def test_a_day_nothing_says_is_the_offices(monkeypatch, tmp_path):
    """Where no row has a date, answers are given for today; just after midnight UTC has still the day before."""
    monkeypatch.setattr("service.settings.datetime", At)
    assert Programme(settings(home=tmp_path)).snapshot().as_of == date(2026, 11, 25)


def test_a_time_zone_that_is_not_indonesias_is_refused(monkeypatch):
    monkeypatch.setenv("SULUH_TIME_ZONE", "Asia/Tokyo")
    with pytest.raises(InputRefused) as refused:
        settings()
    assert Language("en").say(refused.value.where) == "the variable SULUH_TIME_ZONE"
    assert "WITA" in refused.value.mend.text


def test_a_taken_port_gives_way_to_the_next_free_one():
    with _listen("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with _listen("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] < port + 50


def test_an_address_the_machine_does_not_have_is_refused():
    with pytest.raises(InputRefused):
        _listen("203.0.113.7", 8000)
