"""An office of twelve mentors, as it meets what was learned from too few engagements."""

import pytest

from data.sample import make_city, write_city
from service.settings import settings
from service.usecases import Programme


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    place = tmp_path_factory.mktemp("twelve")
    write_city(make_city("plain", mentors=12, businesses=200, months=24, seed=7), place / "city")
    made = Programme(settings(home=place / "home", lang="en"))
    made.import_([place / "city"])
    made.train()
    return made


def test_that_no_prediction_is_better_than_the_mean_is_said(programme):
    answer = programme.learned()
    assert not answer["supported_gain"]
    assert answer["r2_unseen_mentors"] <= next(
        row["r2_without_mentor_traits"] for row in answer["validation"] if str(row["learner"]) == "mean only"
    )
    assert "No prediction is better than the mean of all" in str(answer["verdict"])
