"""The frame of the pages: menu, compressed statics, pages sent as they are, addresses that keep their filter."""

import gzip
import re
from pathlib import Path

import pytest
from flask import g
from flask.testing import FlaskClient

from service.app import create_app
from service.pages import frame
from service.people.roles import Actor, Role
from service.settings import settings
from tests.people_rig import client_as


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return client_as(tmp_path)


def test_the_menu_shows_what_exists_and_what_the_user_may_see(tmp_path):
    app = create_app(settings(home=tmp_path))
    shown = {}
    for role in Role:
        with app.test_request_context("/"):
            g.user = Actor("user:1", "x", role)
            shown[role] = [endpoint for endpoint, _ in frame._menu()]
    assert set().union(*shown.values()) <= set(app.view_functions)
    assert "pages.plans" in shown[Role.MANAGER]
    assert "pages.plans" not in shown[Role.OPERATOR]
    with app.test_request_context("/"):
        g.user = None
        assert frame._menu() == []


def test_the_page_the_reader_is_on_is_marked_in_the_menu(client):
    assert re.search(r'href="/mentors" aria-current="page"', client.get("/mentors").text)
    assert not re.search(r'href="/" aria-current', client.get("/mentors").text)


def test_statics_are_packed_where_the_browser_takes_it_and_pages_never(client):
    for path in ("/bootstrap/static/css/bootstrap.min.css", "/static/suluh.css", "/static/suluh.js"):
        whole = client.get(path)
        small = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert small.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.data) == whole.data
        assert "Content-Encoding" not in whole.headers
        assert "Accept-Encoding" in small.headers["Vary"]
        again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": small.headers["ETag"]})
        assert again.status_code == 304
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip"}).headers


def test_the_first_page_is_small(client):
    page = client.get("/")
    linked = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg))"', page.text)
    assert len(linked) == 4
    weight = len(page.data) + sum(len(client.get(path, headers={"Accept-Encoding": "gzip"}).data) for path in linked)
    assert weight < 150_000


def test_an_address_keeps_its_other_arguments(tmp_path):
    with create_app(settings(home=tmp_path)).test_request_context("/mentors?q=a&district=x&district=y&page=2"):
        assert frame.url_with(page=3) == "?q=a&district=x&district=y&page=3"
        assert frame.url_with(page=None, district=None) == "?q=a"
