"""What the tests of the API share: a small trained home, a client, a server as a process of its own."""

import atexit
import contextlib
import functools
import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from service.settings import settings
from service.usecases import Programme

ROOT = Path(__file__).parents[1]


def small_home(place: Path) -> Path:
    """A home of one's own with a small city, a model and a plan, made once for all tests of a process."""
    shutil.copytree(_made(), place, dirs_exist_ok=True)
    return place / "home"


@functools.cache
def _made() -> Path:
    place = Path(tempfile.mkdtemp(prefix="suluh-api-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", mentors=24, businesses=300, months=30, seed=2003)
    programme.import_([place / "city"])
    programme.train()
    programme.plan(budget=20_000_000)
    programme.store.close()
    return place


IDLE = """
import subprocess, sys
from service import cli, jobs
jobs._spawn = lambda *given: subprocess.Popen([sys.executable, "-S", "-c", ""])
cli.main()
"""
"""The program, but for jobs: their workers do nothing and are gone, so that a thousand of them cost nothing."""


@contextlib.contextmanager
def server(home: Path, *, idle: bool = False, patience: float = 30) -> Iterator[str]:
    """``serve`` as its own process on a free port; gives its address. ``idle``: jobs are not worked on."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "SULUH_LANG": "en"}
    program = ["-c", IDLE] if idle else ["-m", "service"]
    command = [sys.executable, *program, "serve", "--home", str(home), "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield _address(process, patience)
    finally:
        process.terminate()
        process.wait(10)


def _address(process: subprocess.Popen[str], patience: float) -> str:
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        if select.select([process.stdout], [], [], 0.2)[0]:
            found = re.search(r"http://\S+/", process.stdout.readline())
            if found:
                return found[0].rstrip("/")
    raise AssertionError(f"no address within {patience} s (exit {process.poll()})")


def no_nan(text: str) -> dict:
    """The JSON of an answer; fails where it holds NaN or an infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} in an answer")

    return json.loads(text, parse_constant=refuse)
