"""Browsers that are logged in, for every test of a page or of the API.

``client_as(home, "manager")`` gives a test client in a session of a user with that role; ``cookie_as`` the cookie for a
real browser. No password is hashed for them.
"""

import re
import secrets
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from data.store.accounts import AccountDraft
from data.store.store import Store
from service.app import create_app
from service.people.auth import digest, new_session_id
from service.settings import Settings, settings
from service.usecases import Programme

COOKIE = "suluh_session"


def cookie_as(store: Store, role: str = "manager", *, districts=None, mentor_id=None, name=None) -> tuple[str, str]:
    """Name and value of the cookie of a new session of a new user."""
    who = name or f"{role}-{secrets.token_hex(4)}"
    reach = {"districts": None if districts is None else tuple(districts), "mentor_id": mentor_id}
    account = store.add_account(AccountDraft(who, who, role, "!", must_change=False, **reach))
    identifier = new_session_id()
    store.start_session(digest(identifier), account)
    return COOKIE, identifier


def client_of(app: Flask, role: str = "manager", **reach) -> FlaskClient:
    """A client of an application, in a session of a new user with that role; None: not logged in."""
    client = app.test_client()
    if role is not None:
        client.set_cookie(*cookie_as(app.extensions["programme"].store, role, **reach))
    return client


def client_as(home: Path | Settings, role: str | None = "manager", *, lang=None, **reach) -> FlaskClient:
    """The same of the application on a home folder."""
    given = home if isinstance(home, Settings) else settings(home=home, lang=lang)
    return client_of(create_app(given), role, **reach)


def form_token(client: FlaskClient, path: str = "/password") -> str:
    """The token that a form on this page carries."""
    return re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)[1]


def token_as(home: Path | Settings, role: str = "manager", **reach) -> str:
    """A new API token."""
    given = home if isinstance(home, Settings) else settings(home=home)
    return str(Programme(given).add_token(role=role, **reach)["token"])


def caller_as(home: Path | Settings, role: str = "manager", **reach) -> FlaskClient:
    """A program that calls the API with a token, as a test client."""
    given = home if isinstance(home, Settings) else settings(home=home)
    client = create_app(given).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token_as(given, role, **reach)}"
    return client
