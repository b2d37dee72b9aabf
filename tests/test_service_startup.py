"""What starting waits for: the help for no library of tables, the service for no learner."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.cli import cli
from service.commands.options import Command

ROOT = Path(__file__).parents[1]
SLOW = {"pandas", "numpy", "sqlalchemy", "flask", "pydantic", "scipy", "sklearn", "shap", "numba", "ortools", "typst"}
LEARNERS = {"scipy", "sklearn", "shap", "numba", "ortools", "typst", "xlsxwriter", "statsmodels", "joblib"}


def loaded_by(code: str) -> set[str]:
    told = f"{code}\nimport sys; print(' '.join(sys.modules))"
    return set(
        subprocess.run(
            [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()
    )


@pytest.mark.parametrize(("module", "never"), [("service.cli", SLOW), ("service.app", LEARNERS)])
def test_starting_loads_no_slow_library(module, never):
    assert sorted(never & loaded_by(f"import {module}")) == []


def test_a_planted_import_is_found():
    assert SLOW & loaded_by("import service.cli, pandas")


def test_every_command_speaks_the_readers_language():
    groups = [one for one in cli.commands.values() if hasattr(one, "commands")]
    every = [*cli.commands.values(), *(one for group in groups for one in group.commands.values())]
    assert [one.name for one in every if not isinstance(one, Command)] == []
