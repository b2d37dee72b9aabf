"""A home with one user, and a browser that logs in: for the tests of people, sessions and what guards addresses."""

from pathlib import Path

import pytest

from service.people import passwords
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import COOKIE, client_as, form_token

GOOD = "perahu kertas menyeberang senja"
OTHER = "tujuh gajah menenun awan biru"


@pytest.fixture(autouse=True)
def quick(request, monkeypatch):
    """A hash that is quickly made, but where the test is about the hash."""
    if "scrypt" not in request.node.name:
        monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")


@pytest.fixture(name="home")
def a_home(tmp_path) -> Path:
    return tmp_path / "home"


@pytest.fixture(name="programme")
def a_programme(home) -> Programme:
    made = Programme(settings(home=home))
    made.add_user("Sari", "manager", display_name="Sari Dewi", password=GOOD)
    return made


def send(client, path, page="/login", **form):
    return client.post(path, data={"csrf": form_token(client, page), **form})


def log_in(client, name="sari", password=GOOD, **more):
    return send(client, "/login", name=name, password=password, **more)


def cookie_of(client) -> str | None:
    held = client.get_cookie(COOKIE)
    return held.value if held else None


@pytest.fixture(name="browser")
def a_browser(home, programme):
    client = client_as(home, None)
    assert log_in(client).status_code == 303
    return client


def inside(client) -> bool:
    return client.get("/password").status_code == 200
