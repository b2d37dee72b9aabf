"""Schemathesis over HTTP against the real server: no fault of ours, no undocumented answer, no bad input accepted.

The full run, 100 examples per operation: ``python -m pytest -q -m long tests/test_service_api_fuzzing.py``.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.people.roles import Role
from service.settings import settings
from service.usecases import Programme
from tests.api_rig import server, small_home
from tests.people_rig import cookie_as, token_as

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,negative_data_rejection,unsupported_method"
)


EMPTYING = "undo_import"
"""Operation after which most others have nothing to answer from; it is tried in a run of its own."""


@pytest.fixture(scope="module")
def reached(tmp_path_factory):
    """A server and the home it serves."""
    home = small_home(tmp_path_factory.mktemp("fuzzing"))
    with server(home, idle=True) as address:
        yield address, home


def fuzz(reached: tuple[str, Path], role: str | None, examples: int, *more: str, seed: int = 2011) -> str:
    """Run Schemathesis against a server, as a role or as nobody."""
    address, home = reached
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{address}/openapi.json", "--no-color"]
    command += ["--checks", CHECKS, "--seed", str(seed), "--max-examples", str(examples)]
    command += ["--phases", "examples,coverage,fuzzing", *more]
    if role is not None:
        command += ["-H", _as(home, role)]
    place = home.parent  # what the tool leaves behind goes with the home
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=3000, check=False)
    told = done.stdout[-6000:] + done.stderr[-2000:]
    assert done.returncode == 0, re.sub(r"\S{400,}", "…", told)
    return done.stdout


def _as(home: Path, role: str) -> str:
    """The header that makes somebody of a role; a mentor is a person, whom no token stands for."""
    if role != Role.MENTOR:
        return f"Authorization: Bearer {token_as(home, role)}"
    name, value = cookie_as(Programme(settings(home=home)).store, role, mentor_id="M002")
    return f"Cookie: {name}={value}"


def test_a_few_examples_of_every_operation(reached):
    said = fuzz(reached, "manager", 2, "--exclude-operation-id", EMPTYING)
    assert re.search(r"Tested: [3-9]\d", said)


@pytest.mark.long
@pytest.mark.parametrize("role", [None, *Role])
def test_a_hundred_examples_of_every_operation(reached, role):
    fuzz(reached, role, 100, "--exclude-operation-id", EMPTYING)


@pytest.mark.long
def test_an_emptied_home_is_no_fault_either(tmp_path):
    home = small_home(tmp_path)
    Programme(settings(home=home)).undo_import()
    with server(home, idle=True) as address:
        fuzz((address, home), "manager", 20)
