"""What would change a plan is told so that the threshold never reads the same as the figure now."""

import re

import pytest

from service.language import Language
from service.rendering import render
from tests.planning_office import FRAMEWORK, office
from training.planning.planning import PlanRequest, make_plan
from training.planning.thresholds import parting

NO_K2 = (("007", "K2"), ("M2", "K2"), ("M4", "K2"))
LANGUAGES = {"en": Language("en"), "id": Language("id")}


def change(lang, score):
    """What would change the one choice, M2 at a score near the 45 at which it comes to the same as M4."""
    scores = office()["assessments"].copy()
    scores.loc[(scores["mentor_id"] == "M2") & (scores["area"] == "finance"), "score"] = score
    plan = make_plan(office(assessments=scores), FRAMEWORK, None, PlanRequest(1_500_000, forbids=NO_K2))
    (choice,) = render(plan.answer(), LANGUAGES[lang])["choices"]
    assert choice["mentor_id"] == "M2"
    return choice["what_would_change"]


@pytest.mark.parametrize(
    ("score", "limit", "now"),
    [(30.0, "45.0", "30.0"), (44.97, "45.00", "44.97"), (44.998, "45.000", "44.998"), (44.9997, "45.0000", "44.9997")],
)
def test_as_many_more_digits_as_part_the_score_from_its_limit(score, limit, now):
    assert f"above {limit} in Finance (now {now})" in change("en", score)


def test_a_score_that_four_digits_do_not_part_from_its_limit_stands_at_the_edge():
    assert change("en", 44.999999).startswith(
        "It stands at the edge: the smallest rise of the score in Finance (now 45.0) would give the place to Dewi"
    )
    assert change("id", 44.999999).startswith("Pilihan ini tepat di batas: kenaikan sekecil apa pun pada skor")
    assert re.search(r"di atas 45,00 \(kini 44,97\)", change("id", 44.97))


@pytest.mark.parametrize(
    ("first", "second", "decimals"),
    [(62.5, 62.6, 1), (62.54, 62.46, 2), (62.5, 62.5, None), (62.45, 62.35, None), (0.1 + 0.2, 0.3, None)],
)
def test_figures_part_as_they_are_shown(first, second, decimals):
    lang = LANGUAGES["id"]
    same = [n for n in range(1, 5) if lang.number(first, n) == lang.number(second, n)]
    told = parting(first, second)
    assert told == next((n for n in range(1, 5) if n not in same), None)
    assert decimals is None or told == decimals
