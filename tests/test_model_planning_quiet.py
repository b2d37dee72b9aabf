import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

NOISE = """
import ctypes
from model.planning.quiet import output_to_error
libc = ctypes.CDLL(None)
print("before")
libc.printf(b"c before\\n")
with output_to_error():
    libc.printf(b"c noise\\n")
    with output_to_error():
        libc.printf(b"c inner\\n")
    print("py noise")
libc.printf(b"c after\\n")
print("after")
"""

SOLVER = """
import numpy as np
from tests.bench_plan import city
from model.planning.best_plan import best_plan
print(best_plan(city({mentors}, seed={seed})).gap)
"""

CLOSED = """
import os
from model.planning.quiet import output_to_error
os.close(1)
with output_to_error():
    os.write(2, b"ran")
"""


def run(code):
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)


def test_what_a_compiled_library_prints_goes_to_standard_error():
    done = run(NOISE)
    assert sorted(done.stdout.split("\n")) == ["", "after", "before", "c after", "c before"]
    assert {"c noise", "c inner", "py noise"} == set(done.stderr.split("\n")) - {""}


def test_without_standard_output_the_block_still_runs():
    done = subprocess.run([sys.executable, "-c", CLOSED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.startswith("ran")


def test_the_solver_leaves_standard_output_to_the_answer():
    done = run(SOLVER.format(mentors=160, seed=3))
    assert done.stdout.strip() == "0.0"
