"""What a mentor reads of the answers about the own work: no sum from which it follows what every single one said."""

import itertools

import pytest

from service import withholding
from service.app import create_app
from service.settings import settings
from service.usecases import Programme
from service.withholding import FEWEST, by_item, share_of, told
from tests.people_rig import client_of


def office(place, answers):
    """One mentor; ``answers``: item → what each respondent said about the mentor."""
    rows = [f"R{n},M1,{item},{said}" for item, all_ in answers.items() for n, said in enumerate(all_)]
    files = {
        "mentors": ["mentor_id,name,district", "M1,Ani,Setu"],
        "items": ["item_id,text_id", *(f"{item},Datang {item}" for item in answers)],
        "responses": ["respondent_id,mentor_id,item_id,answer", *rows],
    }
    for name, lines in files.items():
        (place / f"{name}.csv").write_text("\n".join(lines) + "\n")
    programme = Programme(settings(home=place / "home", lang="en"))
    assert programme.import_([place / f"{name}.csv" for name in files])["refused"] == []
    return programme


@pytest.mark.parametrize(("count", "rows"), [(4, 0), (5, 1)])
def test_four_who_agree_are_not_told_by_item_and_five_are(tmp_path, count, rows):
    assert FEWEST == 5
    programme = office(tmp_path, {"I1": ["ya"] * count})
    assert len(by_item(programme.answer_sums("M1"))) == rows


@pytest.mark.parametrize(
    ("yes", "answers", "least", "most"),
    [(10, 10, 9, 10), (9, 10, 9, 10), (8, 10, 8, 8), (2, 10, 2, 2), (1, 10, 0, 1), (0, 10, 0, 1), (2, 3, 0, 3)],
)
def test_all_and_all_but_one_are_told_as_one(yes, answers, least, most):
    found = told("I1", yes, answers)
    assert (found.least, found.most) == (least, most)


SIZES = ([5], [5, 5], [5, 6, 7], [9, 5, 6], [5, 5, 5, 5])


def seen_alike(sizes):
    """Every set of sums that is possible, by all that is told of it: the items and the share with its range."""
    groups = {}
    for yes in itertools.product(*(range(size + 1) for size in sizes)):
        sums = [told(str(at), *pair) for at, pair in enumerate(zip(yes, sizes, strict=True))]
        share = share_of(sums)
        shown = tuple((one.item, one.answers, one.least, one.most) for one in by_item(sums))
        groups.setdefault((shown, tuple(share.values())), []).append(yes)
    return groups.values()


def found_out(sizes) -> int:
    """Items of which everything told leaves but one possibility: that all agree."""
    return sum(
        {yes[at] for yes in alike} <= {0} or {yes[at] for yes in alike} <= {size}
        for alike in seen_alike(sizes)
        for at, size in enumerate(sizes)
    )


@pytest.mark.parametrize("sizes", SIZES)
def test_from_all_that_is_told_together_nobody_learns_that_all_agree(sizes):
    """By trying every set of sums: whoever knows the rule and adds or takes away what is told finds out nothing."""
    assert found_out(sizes) == 0


@pytest.mark.parametrize("sizes", SIZES)
def test_planted_sums_as_they_are_and_a_share_beside_them_tell_it(sizes, monkeypatch):
    monkeypatch.setattr(withholding, "LEAST_ASIDE", 1)
    assert found_out(sizes) > 0


def test_the_page_the_file_and_the_api_tell_a_mentor_of_it_and_the_office_the_exact_figures(tmp_path):
    answers = {"I1": ["ya"] * 10, "I2": ["ya"] * 6 + ["tidak"] * 4, "I3": ["tidak"] + ["ya"] * 9}
    programme = office(tmp_path, answers)
    app = create_app(settings(home=tmp_path / "home", lang="en"))
    mentor = client_of(app, "mentor", mentor_id="M1")
    page = mentor.get("/index/rows").text
    assert page.count("9 … 10") == 3  # two items, and the example in the sentence that says so
    assert "all and all but one are told as one" in page
    assert mentor.get("/index/rows.csv").text.lstrip("\ufeff").splitlines() == [
        "item_id,yes_least,yes_most,answers",
        "I1,9,10,10",
        "I2,6,6,10",
        "I3,9,10,10",
    ]
    (row,) = mentor.get("/api/v1/mentors?lang=en").json["mentors"]
    assert row["delivery_rate"] == pytest.approx((24 + 26) / 2 / 30)
    assert row["index"]["ks"] is None
    assert "would tell single ones" in row["index"]["reason"]
    assert mentor.get("/mine").status_code == mentor.get("/mentors/M1").status_code == 200
    (exact,) = client_of(app, "manager").get("/api/v1/mentors?lang=en").json["mentors"]
    assert exact["delivery_rate"] == pytest.approx(25 / 30)
    assert exact == programme_row(programme)


def programme_row(programme):
    from service.language import Language  # noqa: PLC0415 - for this one comparison
    from service.rendering import render  # noqa: PLC0415

    return render(programme.score(), Language("en"))["mentors"][0]


def test_where_everybody_says_yes_to_everything_no_share_of_a_hundred_is_told(tmp_path):
    office(tmp_path, {"I1": ["ya"] * 6, "I2": ["ya"] * 6})
    app = create_app(settings(home=tmp_path / "home", lang="en"))
    mentor = client_of(app, "mentor", mentor_id="M1")
    for path in ("/index/rows", "/mine", "/mentors/M1", "/mentors"):
        page = mentor.get(path).text
        assert "91.7%" in page or "92%" in page, path
        assert "Every answer is yes" not in page, path


def test_a_share_of_one_respondent_is_not_told(tmp_path):
    office(tmp_path, {"I1": ["ya"], "I2": ["tidak"]})
    mentor = client_of(create_app(settings(home=tmp_path / "home", lang="en")), "mentor", mentor_id="M1")
    assert "50%" not in mentor.get("/index/rows").text
    (row,) = mentor.get("/api/v1/mentors").json["mentors"]
    assert (row["delivery_rate"], row["delivery_low"], row["delivery_high"]) == (None, None, None)
