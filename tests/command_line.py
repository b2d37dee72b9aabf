"""Commands as a program or a person gives them, for the tests of what they answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from data.store.store import Store
from service.cli import cli
from service.settings import settings

ROOT = Path(__file__).parents[1]


def suluh(*arguments: object, home: Path | None = None, code: int | None = 0) -> dict:
    """Run one command in this process and read its JSON; stdout must hold nothing else."""
    given = [str(argument) for argument in arguments]
    given += ["--home", str(home)] if home else []
    done = CliRunner().invoke(cli, [*given, "--lang", "en", "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def told(*arguments: object, lang: str = "en", code: int = 0) -> str:
    done = CliRunner().invoke(cli, [*map(str, arguments), "--lang", lang])
    assert done.exit_code == code, done.output
    return done.output


def rows_of(home: Path) -> tuple[int, dict[str, int]]:
    store = Store(settings(home=home).url)
    store.prepare()
    seen = store.snapshot()
    store.close()
    return seen.version, {name: len(frame) for name, frame in seen.tables.items()}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    command = [sys.executable, "-m", "service", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)
