"""The model card: everything an auditor asks for, in both languages, from the stored answer alone, old or new."""

import re

import pytest

from model.index.verdict import caveat
from model.sentences import sentence
from service.keeping import keep, thaw
from service.language import Language
from service.model_card import compose, markdown
from service.rendering import render
from tests.learning_office import office, seen
from training.learning.training import train
from training.publishing import made_with

LANGUAGES = [Language("id"), Language("en")]
NEW = (
    "cross_fitted",
    "shape",
    "selection",
    "champion",
    "conformal",
    "calibration",
    "fairness",
    "secondary",
    "made_with",
)
"""Keys that came into the answer after the first published models."""


def effect(area: str, mean: float) -> dict:
    return {
        "area": area,
        "need": False,
        "per_points": 10,
        "mean": mean,
        "low": mean - 0.0123,
        "high": mean + 0.0456,
        "evidence": "moderate",
        "z": 2.0,
        "mentors_near": 33,
        "robustness": 0.21,
    }


SECONDARY = {
    "outcome": "workers",
    "label": sentence("Change in workers"),
    "unit": sentence("workers"),
    "engagements": 91,
    "mentors": 12,
    "effects": [effect("finance", 0.4321)],
    "left_out": [],
    "p": None,
}
PLANTED = {
    "shape": {
        "bend": 1.5,
        "tried": [{"bend": 0.0, "error": 0.2, "weight": 0.25}, {"bend": 1.5, "error": 0.1, "weight": 0.75}],
    },
    "selection": {"engagements": 80, "mentors": 12, "mean": 0.01, "low": 0.0, "high": 0.02, "said": sentence("known")},
    "champion": {
        "learner": "linear",
        "said": sentence("linear relation"),
        "errors": {"linear": 0.0417, "boosted": 0.05},
    },
    "conformal": {"nominal": 0.9, "observed": 0.914, "low": -0.37, "high": 0.41, "mentors": 12},
    "calibration": {
        "size": [
            {"group": "a|b <i>", "engagements": 50, "mentors": 9, "predicted": 0.1, "observed": 0.2, "covered": 0.88}
        ],
        "district": [
            {"group": "X", "engagements": 7, "mentors": 3, "predicted": None, "observed": None, "covered": None}
        ],
    },
    "fairness": [
        {
            "of": of,
            "column": column,
            "group": "P",
            "engagements": 44,
            "error": -0.031,
            "rmse": 0.222,
            "covered": 0.93,
        }
        for of, column in (("business", "gender"), ("business", "district"), ("business", "size"), ("mentor", "gender"))
    ],
    "secondary": [SECONDARY],
    "made_with": {"format": "1", "numpy": "9.9.9"},
}
PUBLISHED = {
    "data_version": 1,
    "file": "model-0007.npz",
    "sha256": "ab" * 32,
    "used_at": ["2026-11-24T02:05:39+00:00"],
    "as_of": "2026-09-30",
    "created_at": "2026-11-24T02:05:39+00:00",
}


@pytest.fixture(scope="module")
def answer(framework) -> dict:
    """What training answers for a small office, as the store gives it back."""
    given = train(seen(office(mentors=12, each=8)), framework).answer
    areas = {code: {"label": area.label, "standard": area.standard} for code, area in framework.areas.items()}
    return thaw(
        keep({"model": "model-0007", **given, "areas": areas, "published": PUBLISHED, "made_with": made_with()})
    )


@pytest.fixture(scope="module")
def said(framework):
    return caveat(framework.index)


def text_of(told: dict, said, lang: Language) -> str:
    return markdown(render(compose(told, said, lang), lang))


def plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


@pytest.mark.parametrize("lang", LANGUAGES, ids=["id", "en"])
def test_the_card_says_where_on_the_scale_points_help(answer, said, lang):
    told = render(answer, lang)
    card, own = plain(text_of(answer, said, lang)), told["shape"]["own"]
    opening = {"id": "Di bagian mana skala tambahan poin membantu", "en": "Where on the scale points help"}[lang.code]
    line = next(line for line in card.splitlines() if line.lstrip("*").startswith(opening))
    assert lang.number(own["chance"], 2) in line
    for row in own["areas"]:
        name = told["areas"][row["area"]]["label"]
        shares = " | ".join(lang.number(row[kind], 2) for kind in ("straight", "saturating", "step"))
        assert f"| {name} | {shares} |" in card


@pytest.mark.parametrize("lang", LANGUAGES, ids=["id", "en"])
def test_the_card_of_a_real_model_tells_all_of_its_answer(answer, said, lang):
    card = plain(text_of(answer, said, lang))
    told = render(answer, lang)
    for figure in (told["p_shuffle"], told["p_folds"]):
        assert (lang.number(figure, 3) if figure >= 0.001 else f"< {lang.number(0.001, 3)}") in card
    for row in told["validation"]:
        for figure in (row["r2_unseen_mentors"], row["r2_without_mentor_traits"]):
            assert lang.number(figure, 3) in card
    words = {"strong": "kuat", "moderate": "sedang", "weak": "lemah", "insufficient": "belum cukup"}
    for row in told["effects"]:
        word = words[row["evidence"]] if lang.code == "id" else row["evidence"]
        figure = f"{lang.change(row['mean'])} ({lang.change(row['low'])} … {lang.change(row['high'])})"
        assert f"| {word} | {figure} |" in card
    others = {(row["prior"], row["area"], row["need"]): row["mean"] for row in told["prior"]["sensitivity"]}
    for row in told["effects"]:
        flat, double, half = (others[name, row["area"], row["need"]] for name in ("flat", "double", "half"))
        assert f"| {' | '.join(map(lang.change, (flat, double, row['mean'], half)))} |" in card
    used = {(row["area"], row["need"]): row["mean"] for row in told["effects"]}
    for row in told["cross_fitted"]["effects"]:
        figures = (used[row["area"], row["need"]], row["mean"], row["difference"])
        assert f"| {' | '.join(map(lang.change, figures))} | {lang.signed(row['in_sd'], 2)} |" in card
    assert told["cross_fitted"]["said"] in card
    for row in told["left_out"]:
        assert f"| {row['reason']} | {lang.number(row['count'])} |" in card
    for text in (told["verdict"], said.text[:40] if lang.code == "en" else "Indeks", *told["limits"]):
        assert text in card
    for text in ("ab" * 32, str(told["seed"]), told["made_with"]["numpy"], lang.day(told["as_of"]), "model-0007.npz"):
        assert text in card


@pytest.mark.parametrize("lang", LANGUAGES, ids=["id", "en"])
def test_every_later_key_is_told_with_its_figures(answer, said, lang):
    card = plain(text_of(answer | PLANTED, said, lang))
    for figure in (1.5, 0.0417, -0.37, 0.41, 0.432):
        assert lang.number(figure, len(str(abs(figure)).split(".")[1])) in card
    assert f"{lang.percent(0.9)} → {lang.percent(0.914, 1)}" in card
    assert f"| a|b <i> | 50 | 9 | {lang.change(0.1)} | {lang.change(0.2)} | {lang.change(0.1)} | 88% |" in card
    assert "| X | 7 | 3 | – | – | – | – |" in card
    women = "perempuan" if lang.code == "id" else "women"
    for group in ("P", women):  # a district's letter stays one, a gender's is written out
        assert card.count(f"| {group} | 44 | {lang.number(-0.031, 3)} | {lang.number(0.222, 3)} | 93% |") == 2
    effects = f"{lang.signed(0.4321, 3)} ({lang.signed(0.4321 - 0.0123, 3)} … {lang.signed(0.4321 + 0.0456, 3)})"
    assert effects in card
    assert "numpy 9.9.9" in card


@pytest.mark.parametrize("lang", LANGUAGES, ids=["id", "en"])
def test_what_an_older_answer_lacks_is_said_and_the_rest_told(answer, said, lang):
    older = {name: value for name, value in answer.items() if name not in NEW}
    card = text_of(older, said, lang)
    lacking = "This version was learned before this was kept" if lang.code == "en" else "Versi ini dipelajari sebelum"
    assert card.count(lacking) == len(NEW) - 2  # the champion has the predictor's name instead, made_with its own words
    assert ("not kept by the version" if lang.code == "en" else "tidak dicatat oleh versi") in card
    whole = text_of(answer | PLANTED, said, lang)
    assert lacking not in whole
    assert [line for line in card.splitlines() if line.startswith("## ")] == [
        line for line in whole.splitlines() if line.startswith("## ")
    ]


@pytest.mark.parametrize("lang", LANGUAGES, ids=["id", "en"])
@pytest.mark.parametrize("later", [{}, PLANTED, dict.fromkeys(("selection", "assessment_noise", "trend"))])
def test_nothing_unsaid_slips_in_and_every_table_is_even(answer, said, lang, later):
    card = text_of(answer | later, said, lang)
    assert not re.search(r"\b(None|nan|inf|True|False)\b|\{|%\(", plain(card))
    for table in re.findall(r"(?:^\|.*\n)+", card, re.MULTILINE):
        columns = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(columns) == 1
    other = r"\b(yang|adalah|pendamping|usaha|bukan)\b" if lang.code == "en" else r"\b(the|of|with|which|not|mentors)\b"
    assert not re.search(other, card)


def test_what_comes_from_data_is_no_markup(answer, said):
    card = text_of(answer | PLANTED, said, LANGUAGES[1])
    assert r"a\|b \<i\>" in card
    assert not re.search(r"(?<!\\)<", card)


@pytest.mark.parametrize("lang", LANGUAGES, ids=["id", "en"])
def test_effects_and_contributions_are_never_shown_as_one(answer, said, lang):
    card = compose(answer | PLANTED, said, lang)
    words = {"en": ("Effects", "ontributions"), "id": ("Pengaruh", "umbangan")}[lang.code]
    (effects,) = [section for section in card.sections if section.title.startswith(words[0] + ":")]
    assert words[1] in effects.caveat
    (prediction,) = [section for section in card.sections if words[1] in " ".join(section.said)]
    assert prediction is not effects
    assert not any("10" in head for table in prediction.tables for head in table.heads)


def test_an_outcome_of_its_own_stands_in_its_own_unit(answer, said):
    lang = LANGUAGES[1]
    own = {"outcome": "score", "unit": sentence("test points"), "naive_before_after": None, "trend": None}
    card = text_of(answer | own, said, lang)
    row = answer["effects"][0]
    assert f"{lang.signed(row['mean'], 3)} ({lang.signed(row['low'], 3)}" in plain(card)
    assert len(re.findall(r"unit: test points(?!, squared)", card)) == 1
    assert card.count("unit: test points, squared") == 1  # the champion's errors
    assert "%" not in re.search(r"## Effects.*?## ", card, re.DOTALL)[0].replace("(90% range)", "")


def test_no_gain_is_said_before_anything_else_of_the_figures(answer, said):
    for supported, words in ((False, "No supported gain."), (True, "Supported gain.")):
        card = compose(answer | {"supported_gain": supported}, said, LANGUAGES[1])
        assert card.sections[1].caveat.startswith(words)
