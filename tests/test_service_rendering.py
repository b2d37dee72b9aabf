"""Answers become plain JSON: no NaN, no numpy, no sentence object."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.refusals import NotFound
from model.sentences import Label, Number, Rupiah, sentence
from service.language import Language
from service.rendering import as_json, refusal, render

ID, EN = Language("id"), Language("en")


@dataclass(frozen=True)
class Pair:
    name: Label
    value: float


class Word(Enum):
    YES = "yes"


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (np.float64("nan"), None),
        (np.float64(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([[1.0, np.nan], [2.0, 3.0]]), [[1.0, None], [2.0, 3.0]]),
        (Fraction(1, 4), 0.25),
        (Rupiah(1000), 1000),
        (Number(2.5, 1), 2.5),
        (Number(float("nan"), 1), None),
        (date(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5), "2026-01-05"),  # noqa: DTZ001 - a day as pandas holds it
        (pd.Timestamp("2026-01-05"), "2026-01-05"),
        (pd.NaT, None),
        (Word.YES, "yes"),
        ((1, "007", None, True), [1, "007", None, True]),
        (Pair(Label("uang", "money"), float("nan")), {"name": "uang", "value": None}),
        ({1: [Label("uang", "money")], Word.YES: 2}, {"1": ["uang"], "yes": 2}),
    ],
)
def test_values_become_plain(value, plain):
    found = render(value, ID)
    assert found == plain
    assert type(found) is type(plain)


def test_a_thing_without_a_plain_form_is_named():
    with pytest.raises(TypeError, match="object"):
        render(object(), ID)


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.floats().map(np.float64),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=20,
)


@given(nested)
def test_whatever_comes_out_is_json_without_nan_and_rendering_twice_changes_nothing(value):
    text = as_json(value, EN)
    plain = json.loads(text, parse_constant=pytest.fail)
    assert render(plain, EN) == plain
    assert render(render(value, EN), EN) == render(value, EN)


def test_a_refusal_says_what_where_and_how_to_mend():
    fault = NotFound(sentence("mentor"), "007")
    for lang in (ID, EN):
        told = refusal(fault, lang)
        assert set(told["error"]) == {"what", "where", "mend"}
        assert "007" in told["error"]["what"]
    assert refusal(fault, ID) != refusal(fault, EN)
    assert as_json(PurePosixPath("a/b").as_posix(), ID) == '"a/b"'
