import math
from types import SimpleNamespace

import pytest

from model.sentences import Label
from service.language import Language
from training.learning.controls import AGE, SECTOR, TURNOVER
from training.learning.engagements import GROWTH
from training.learning.training import _beside
from training.scoring import standing
from training.scoring.standing import _NATURAL, Words


def test_a_reason_speaks_in_rupiah_and_years_not_in_logarithms():
    assert str(_NATURAL[TURNOVER][1](math.log(5_000_000))) == "Rp5,000,000"
    assert str(_NATURAL[AGE][1](math.log(8 + 1))) == "8.0"
    assert str(_NATURAL[AGE][1](None)) == "not known"


def test_a_sector_is_told_in_words_beside_the_most_usual_one():
    words = Words({}, {"G": Label("Perdagangan", "Trade"), "C": Label("Industri", "Manufacturing")}.get)
    model = SimpleNamespace(about={"outcome": GROWTH}, background=SimpleNamespace(reference={SECTOR: "C"}))
    told = standing.said_of(model, SECTOR, "G", 0.1, words)
    assert str(told).startswith("Sector Trade (others: a mix, most often Manufacturing) raises")
    assert Language("id").say(told).startswith("Sektor Perdagangan")


def said(monkeypatch, outcome, share):
    monkeypatch.setattr(standing, "reference_of", lambda *_: 2.0)
    return str(standing.said_of(SimpleNamespace(about={"outcome": outcome}), AGE, 2.0, share, Words({})))


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (math.log(1.25), "raises what is expected by 25.0 percent."),
        (math.log(0.9), "lowers what is expected by 10.0 percent."),
    ],
)
def test_a_share_of_growth_is_said_in_percent_of_turnover(monkeypatch, share, told):
    assert said(monkeypatch, GROWTH, share).endswith(told)


def test_a_share_of_an_own_outcome_is_said_in_its_own_unit(monkeypatch):
    assert said(monkeypatch, "math_gain", -1.25).endswith("lowers what is expected by 1.250.")


@pytest.mark.parametrize(("p", "said"), [(0.0004, "< 0.001"), (0.001, "= 0.001"), (0.0214, "= 0.021")])
def test_a_p_value_never_reads_as_nought(p, said):
    assert str(_beside(p)) == said
