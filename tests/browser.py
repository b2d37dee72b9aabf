"""A real browser on a real server, for the tests of pages: Debian's Chromium driven by Playwright, axe inside it.

``site`` serves a small learned and planned city; ``chromium`` is the browser. ``Look`` visits a page and gives every
finding: violations of axe, sideways scroll, requests to other hosts, errors and refusals of the content policy.
"""

import contextlib
import io
import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress.server import create_server

from data.store.jobs import JobDraft
from model.sentences import sentence
from service import jobs
from service.app import create_app
from service.keeping import keep
from service.settings import settings
from service.usecases import Programme
from tests.people_rig import cookie_as

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WAIT = 20_000
_WATCH = """
document.addEventListener('securitypolicyviolation', found =>
  console.error('CSP ' + found.violatedDirective + ' ' + found.blockedURI));
"""


@dataclass
class Site:
    """A served installation: its application and address."""

    app: Flask
    address: str

    @property
    def programme(self) -> Programme:
        return self.app.extensions["programme"]


@contextlib.contextmanager
def serving(home: Path) -> Iterator[Site]:
    """Serve a home folder on a free port until the end."""
    app = create_app(settings(home=home))
    with running(app) as address:
        yield Site(app, address)


@contextlib.contextmanager
def running(app: Any) -> Iterator[str]:
    """Serve an application on a free port until the end; gives its address.

    It is ended in its own loop: closed from outside, the loop would go on to wait on what is no open file any more.
    """
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
        thread.join(10)
        server.task_dispatcher.shutdown()
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one these tests are skipped, in CI they fail."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium in CI; .ci/run installs Debian's package chromium")
        pytest.skip("no Chromium on this machine: install Debian's package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small city, learned and planned, and served."""
    place = tmp_path_factory.mktemp("site")
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=40, businesses=400, months=30, seed=2017)
    programme.import_([place / "city"])
    programme.train()
    programme.plan(budget=20_000_000)
    programme.match()
    programme.publish_report(period=None, number="1", name="Kepala", role="head")
    programme.raise_objection(
        mentor_id="M002",
        kind="objection",
        about="record",
        source=None,
        subject=None,
        said="Salah.",
        name="x",
        role="hr",
    )
    waiting = JobDraft("train", "looked-at", "", {})
    programme.store.add_job(waiting, keep(sentence("Waiting for its turn")))
    with (
        jobs._lock(programme.settings, "looked-at"),
        serving(place / "home") as site,
    ):  # somebody seems to be at the job
        yield site


@contextlib.contextmanager
def visitor(chromium: Browser, site: Site, role: str = "manager", **options) -> Iterator[Page]:
    """A page of a new browser window in a session of a new user; ``options`` as Playwright's new_context takes them."""
    context: BrowserContext = chromium.new_context(**options)
    context.set_default_timeout(WAIT)
    context.add_init_script(_WATCH)
    mentor = VALUES["mentor_id"] if role == "mentor" else None
    name, value = cookie_as(site.programme.store, role, mentor_id=mentor)
    VALUES["identifier"] = _upload(site.programme, value)
    context.add_cookies([{"name": name, "value": value, "url": site.address}])
    try:
        yield context.new_page()
    finally:
        context.close()


def _upload(programme: Programme, session: str) -> str:
    """A faulty file that waits for whoever is logged in, as nobody else is shown it."""
    who = programme.who(session)
    faulty = io.BytesIO(b"mentor_id,name,district\nM1,Ani,Setu\nM2,,Setu\n")
    return programme.stage([("mentors.csv", faulty)], owner=who.key if who else "")


@dataclass
class Look:
    """Everything wrong that one window sees: a line for each finding."""

    page: Page
    site: Site
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        own = urlsplit(self.site.address).netloc
        self.page.on("console", lambda said: said.type == "error" and self._tell(f"console: {said.text}"))
        self.page.on("pageerror", lambda fault: self._tell(f"script: {fault}"))
        self.page.on("dialog", self._dialog)
        self.page.on(
            "request",
            lambda asked: urlsplit(asked.url).netloc not in {own, ""} and self._tell(f"other host: {asked.url}"),
        )

    def _dialog(self, dialog) -> None:
        self._tell(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _tell(self, what: str) -> None:
        self.found.append(f"{urlsplit(self.page.url).path}: {what}")

    def at(self, path: str, width: int | None = None) -> int:
        """Open a page, at a width if one is given; gives its status."""
        if width:
            self.page.set_viewport_size({"width": width, "height": 900})
        answer = self.page.goto(self.site.address + path)
        return answer.status if answer else 0

    def axe(self) -> None:
        """Note every violation that axe finds on the page as it stands."""
        answer = Axe().run(self.page).response
        for fault in answer["violations"]:
            where = "; ".join(" ".join(map(str, node["target"])) for node in fault["nodes"][:3])
            self._tell(f"axe {fault['id']} at {self.page.viewport_size['width']} px: {where}")

    def scroll(self) -> None:
        """Note it where the page is wider than the window."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            self._tell(f"{wide} px wider than {self.page.viewport_size['width']} px")


VALUES = {
    "mentor_id": "M002",
    "plan_id": "1",
    "match_id": "1",
    "report_id": "1",
    "job_id": "1",
    "name": "model-0001",
    "table": "businesses",
    "engagement_id": "E00020",
    "kind": "dpia",
    "number": "0",
}
"""What stands for each part of an address; pages whose parts are not here are visited by tests of their own."""


def addresses(app: Flask) -> list[str]:
    """Every page that can be looked at: GET, on the pages' blueprint, no file, its parts filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        page = rule.endpoint.startswith("pages.") and "GET" in (rule.methods or set())
        if not page or re.search(r"\.\w+$", rule.rule) or rule.endpoint == "pages.log_in":
            continue
        if set(rule.arguments) <= set(VALUES):
            found.append(re.sub(r"<(?:\w+:)?(\w+)>", lambda part: VALUES[part[1]], rule.rule))
    return sorted(found)
