"""Settings: options over the environment over the defaults; a port that is taken gives way."""

import pytest

from model.refusals import InputRefused
from service.app import _listen
from service.settings import settings


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    for name in ("HOME", "LANG", "DATABASE_URL", "DEBUG"):
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


def test_a_taken_port_gives_way_to_the_next_free_one():
    with _listen("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with _listen("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] < port + 50


def test_an_address_the_machine_does_not_have_is_refused():
    with pytest.raises(InputRefused):
        _listen("203.0.113.7", 8000)
