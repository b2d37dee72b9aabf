"""What small commands refuse is said whole in the reader's language: no number of the machine, no word of another."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from model.refusals import InputRefused
from service.cli import cli
from service.settings import settings
from service.usecases import Programme

OWN = "OWN"
ROOT = Path(__file__).parents[1]


def refused(tmp_path, *typed, lang):
    given = [str(tmp_path / "own") if word == OWN else word for word in typed]
    done = CliRunner().invoke(cli, [*given, "--home", str(tmp_path / "home"), "--json", "--lang", lang])
    assert done.exit_code == 2, done.output
    return json.loads(done.stdout)["error"]


@pytest.mark.parametrize(
    ("typed", "english", "indonesian"),
    [
        (["sample", "/proc/x/y"], "The folder /proc/x/y cannot be made", "Folder /proc/x/y tidak dapat dibuat"),
        (["sample", OWN], "would be overwritten", "akan tertimpa"),
        (["match", "approve", "1"], "--name is missing.", "--name belum diberikan."),
        (["match", "decline"], "ID is missing.", "ID belum diberikan."),
        (["user", "add", "", "--role", "manager"], "The user has no name.", "Pengguna belum diberi nama."),
        (["user", "add", "  ", "--role", "manager"], "The user has no name.", "Pengguna belum diberi nama."),
    ],
)
def test_a_refusal_is_whole_in_each_language(tmp_path, typed, english, indonesian):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mentors.csv").write_text("mentor_id\n", encoding="utf-8")
    for lang, told in (("en", english), ("id", indonesian)):
        error = refused(tmp_path, *typed, lang=lang)
        assert told in error["what"]
        assert "Errno" not in str(error)
    assert (tmp_path / "own" / "mentors.csv").read_text(encoding="utf-8") == "mentor_id\n"


@pytest.mark.parametrize(("asked", "told"), [({"months": 17}, "17 cannot be the number"), ({"kind": "x"}, "called x")])
def test_a_city_that_cannot_be_is_refused_before_it_is_made(tmp_path, asked, told):
    with pytest.raises(InputRefused, match=told):
        Programme(settings(home=tmp_path / "home")).sample(tmp_path / "city", **asked)
    assert not (tmp_path / "city").exists()


def test_a_sample_too_small_for_every_table_writes_what_can_be_imported(tmp_path):
    place = tmp_path / "s2"
    for size in ("9", "1"):  # the second writes over the first and leaves no table of it behind
        given = ["sample", str(place), "--mentors", "1", "--businesses", size, "--months", "18"]
        done = CliRunner().invoke(cli, given)
        assert done.exit_code == 0, done.output
    assert not (place / "responses.csv").exists()
    done = CliRunner().invoke(cli, ["import", str(place), "--home", str(tmp_path / "home"), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["new"]["mentors"] == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device to write to here")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_full_disk_is_no_fault_of_suluhs(tmp_path, more):
    given = [sys.executable, "-m", "service", "doctor", "--home", str(tmp_path), "--lang", "en", *more]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(given, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert done.stderr.startswith("Nothing could be written there: no space is left.\n  Where: standard output\n")
