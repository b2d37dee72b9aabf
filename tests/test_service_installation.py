"""An installation begins with what brings something into it; whoever only reads from a mistyped home is refused."""

import json

import click
import pytest
from click.testing import CliRunner

from service.cli import cli
from service.settings import settings
from service.usecases import Programme

BEGINS = {"demo", "sample", "check", "import", "serve", "doctor", "template", "restore", "user add", "token add"}
GIVEN = {
    "NAME": "sari",
    "FILE": "copy.zip",
    "KIND": "mentor",
    "CHOICE": "M1:C1",
    "DECISION": "accept",
    "NUMBER": "1",
    "--out": "answer.png",
    "--budget": "1000000",
    "--district": "Serpong",
    "--needs": "permits",
    "--period": "2025-S1",
}


def commands(group: click.Group = cli, before: tuple[str, ...] = ()):
    """Every command as its words; a group that answers by itself too."""
    for name, command in group.commands.items():
        words = (*before, name)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield " ".join(words), command
        if isinstance(command, click.Group):
            yield from commands(command, words)


def line_of(words: str, command: click.Command) -> list[str]:
    """A command line that the command takes: what it must be given, and nothing else but a budget or period."""
    given = words.split()
    for param in command.params:
        name = param.opts[0] if isinstance(param, click.Option) else (param.name or "").upper()
        if param.required or name in {"--budget", "--period"}:
            choices = getattr(param.type, "choices", None)
            value = choices[0] if choices else GIVEN.get(name, "1")
            given += [name, value] if isinstance(param, click.Option) else [value]
    return given


READING = [pytest.param(line_of(words, command), id=words) for words, command in commands() if words not in BEGINS]


@pytest.mark.parametrize("line", READING)
def test_a_mistyped_home_is_refused_and_not_made(tmp_path, monkeypatch, line):
    monkeypatch.chdir(tmp_path)
    extra = ["--yes"] if line[:2] == ["person", "erase"] else []
    done = CliRunner().invoke(cli, [*line, *extra, "--home", "instnace", "--lang", "en", "--json"])
    assert done.exit_code == 2, done.output
    error = json.loads(done.stdout)["error"]
    assert error["what"] == "There is no installation in this folder.", error
    assert error["where"] == "the home folder instnace"
    assert "--home" in error["mend"]
    assert list(tmp_path.iterdir()) == []


def test_an_installation_begun_answers_though_it_holds_no_rows_yet(tmp_path):
    home = ["--home", str(tmp_path / "home"), "--lang", "en", "--json"]
    assert CliRunner().invoke(cli, ["user", "add", "sari", "--role", "admin", *home]).exit_code == 0
    for line, answer in {"plan list": {"plans": []}, "model list": {"models": []}}.items():
        done = CliRunner().invoke(cli, [*line.split(), *home])
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout) == answer


def test_a_database_on_a_server_counts_as_begun_only_once_it_was_made(store_url, tmp_path):
    programme = Programme(settings(home=tmp_path / "home", database_url=store_url))
    assert not programme.begun()
    programme.store.version()
    assert programme.begun()
