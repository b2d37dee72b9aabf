"""What the city is made from: facts.toml and questionnaire.toml of this folder, areas and problems of the framework."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]
Days = NDArray[np.datetime64]

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Facts:
    """Figures by name, shares and lists as the files give them.

    ``areas``: codes in the framework's order; ``problems``: codes in the framework's order; ``answers``: (problems,
    areas) 1.0 where the area answers the problem; ``raw``: the rest of facts.toml; ``items``: the questionnaire.
    """

    areas: tuple[str, ...]
    problems: tuple[str, ...]
    answers: Floats
    raw: Mapping[str, Any]
    items: tuple[Mapping[str, Any], ...]

    def figure(self, name: str) -> float:
        """Value of one entry of [figures]."""
        return float(self.raw["figures"][name]["value"])

    def names(self, table: str) -> tuple[str, ...]:
        """Keys of a table of facts.toml, in its order."""
        return tuple(self.raw[table])

    def column(self, table: str, field: str) -> Floats:
        """One field of every entry of a table, in its order."""
        return np.array([float(entry[field]) for entry in self.raw[table].values()])

    @property
    def answered(self) -> Bools:
        """(areas) whether any problem is answered by the area."""
        return np.asarray(self.answers.any(axis=0), dtype=np.bool_)

    def area_of(self, problem: str) -> int:
        """Place of the area that answers a problem."""
        return int(self.answers[self.problems.index(problem)].argmax())


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def shipped_facts() -> Facts:
    """The facts of the shipped files; problems without an entry in facts.toml are left out."""
    framework = _read(HERE.parent / "framework.toml")
    raw = _read(HERE / "facts.toml")
    areas = tuple(framework["areas"])
    problems = tuple(code for code in framework["problems"] if code in raw["problems"])
    answers = np.array([[framework["problems"][p]["area"] == a for a in areas] for p in problems], dtype=np.float64)
    return Facts(areas, problems, answers, raw, tuple(_read(HERE / "questionnaire.toml")["items"]))
