"""What the README says can be done, can be done."""

import re
from pathlib import Path

import click
import pytest

from service.cli import cli
from service.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -r .ci/requirements.txt && .venv/bin/python -m"


def test_the_two_commands_stand_there_and_the_tests_run_by_the_second():
    assert f"{INSTALL} service demo\n" in README
    assert f"{INSTALL} pytest\n" in README
    assert f"{INSTALL} pytest\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_is_told_of(command):
    assert re.search(rf"[`\s]{command}[`\s]", README), command


@pytest.mark.parametrize(
    "command",
    [f"{group} {name}" for group, one in cli.commands.items() if isinstance(one, click.Group) for name in one.commands],
)
def test_every_command_of_a_group_is_told_of(command):
    assert re.search(rf"`{command}[` ]", README), command


@pytest.mark.parametrize("name", ["HOME", "DATABASE_URL"])
def test_the_variables_it_names_are_settings(name):
    assert f"SULUH_{name}" in README
    assert {"HOME": "home", "DATABASE_URL": "database_url"}[name] in Settings.model_fields


def test_every_file_and_folder_it_names_is_there():
    named = set(re.findall(r"(?<![\w/])((?:data|service|tests|\.ci)/[\w./-]+)", README))
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists()] == []
    benches = {f"tests/bench_{name}.py" for name in re.findall(r"bench_(\w+)", README)}
    assert {path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/bench_*.py")} == benches


def test_the_changelog_tells_of_this_version():
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    assert f"## {version[1]} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
