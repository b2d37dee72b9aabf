"""The house holds: floors, types, style, sizes, and nothing that must not be committed."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data.framework_file import read_framework

ROOT = Path(__file__).parents[1]
FLOORS = ("model", "data", "training", "service")


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def sources() -> list[Path]:
    return [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]


def lint_imports(where: Path) -> subprocess.CompletedProcess[str]:
    return run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache", cwd=where)


def test_imports_run_down_only():
    outcome = lint_imports(ROOT)
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("model/evidence.py", "import data.batch"),
        ("data/batch.py", "import training"),
        ("training/__init__.py", "import service.settings"),
        ("data/sample/__init__.py", "import model.sentences"),
        ("service/usecases.py", "import flask"),
        ("model/evidence.py", "import pandas"),
    ],
)
def test_a_planted_upward_import_is_refused(tmp_path, module, line):
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, tmp_path / floor, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / module
    target.write_text(target.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    outcome = lint_imports(tmp_path)
    assert outcome.returncode != 0
    assert "BROKEN" in outcome.stdout


def test_types_hold():
    outcome = run(sys.executable, "-m", "mypy")
    assert outcome.returncode == 0, outcome.stdout


def test_types_hold_on_windows_too():
    """Offices work there: whatever only another system has is found by its type."""
    outcome = run(sys.executable, "-m", "mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/windows")
    assert outcome.returncode == 0, outcome.stdout


def test_style_holds():
    outcome = run(sys.executable, "-m", "ruff", "check", "--output-format", "concise")
    assert outcome.returncode == 0, outcome.stdout
    outcome = run(sys.executable, "-m", "ruff", "format", "--check")
    assert outcome.returncode == 0, outcome.stdout


def test_files_and_functions_keep_the_house_measure():
    for path in sources():
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno - node.lineno < 60, f"{path}: {node.name}"


def test_no_area_or_problem_is_spelt_outside_the_framework_file():
    framework = read_framework()
    codes = {*framework.areas, *framework.problems}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in codes - {"legal", "digital", "production"}, f"{path}: {node.value!r}"


def committed() -> list[Path]:
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard")
    if listed.returncode != 0:
        pytest.skip("this is no git checkout: there is no list of committed files")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_nothing_committed_names_a_package_host_or_a_path_of_a_machine():
    host = re.compile(
        "|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.(org|com)", "deb" + r"\.debian\.org"])
    )
    own = re.compile(r"(?<![\w.])/(work|root|home)/\w")
    for path in committed():
        if path.suffix in {".png", ".xlsx", ".pdf"}:
            continue
        text = path.read_text(encoding="utf-8")
        assert not host.search(text), path
        assert not own.search(text), path


def test_the_lock_file_pins_every_package_by_hash_and_names_no_address():
    text = (ROOT / ".ci" / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text
    blocks = [block for block in re.split(r"\n(?=\S)", text) if "==" in block]
    assert len(blocks) > 30
    assert all("--hash=sha256:" in block for block in blocks)
