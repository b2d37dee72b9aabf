"""Schemathesis over HTTP against the real server: no fault of ours, no undocumented answer, no bad input accepted.

The full run, 100 examples per operation: ``python -m pytest -q -m long tests/test_service_api_fuzzing.py``.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api_rig import server, small_home
from tests.people_rig import token_as

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,negative_data_rejection,unsupported_method"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    home = small_home(tmp_path_factory.mktemp("fuzzing"))
    with server(home, idle=True) as found:
        yield found, token_as(home)


def fuzz(reached: tuple[str, str], examples: int, *more: str, seed: int = 2011) -> str:
    address, token = reached
    program = Path(sys.executable).with_name("schemathesis")
    command = [
        program,
        "run",
        f"{address}/openapi.json",
        "--checks",
        CHECKS,
        "--seed",
        str(seed),
        "--no-color",
        "-H",
        f"Authorization: Bearer {token}",
    ]
    command += ["--max-examples", str(examples), "--phases", "examples,coverage,fuzzing", *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    told = done.stdout[-6000:] + done.stderr[-2000:]
    assert done.returncode == 0, re.sub(r"\S{400,}", "…", told)
    return done.stdout


def test_a_few_examples_of_every_operation(address):
    said = fuzz(address, 5)
    assert re.search(r"Tested: (1[89]|[2-9]\d)", said)


@pytest.mark.long
def test_a_hundred_examples_of_every_operation(address):
    fuzz(address, 100)
