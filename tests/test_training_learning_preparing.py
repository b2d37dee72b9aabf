import numpy as np
import pytest

from data.batch import Dataset
from model.refusals import DataMissing
from tests.learning_office import office, seen
from training.learning.training import train


def assessed(tables, area, score):
    """The same tables with the scores of one area given anew, from those of the mentors in all areas."""
    found = tables["assessments"].copy()
    wide = found.pivot_table(index="mentor_id", columns="area", values="score")
    chosen = found["area"] == area
    found.loc[chosen, "score"] = found.loc[chosen, "mentor_id"].map(score(wide))
    return tables | {"assessments": found}


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (lambda wide: 0 * wide["legal"] + 55, "same score"),
        (lambda wide: 10 + 0.8 * wide["finance"], "follow wholly"),
    ],
)
def test_an_area_that_tells_nothing_of_its_own_is_left_out_with_the_reason(framework, score, said):
    answer = train(seen(assessed(office(mentors=16, each=8), "legal", score)), framework).answer
    assert {row["area"] for row in answer["effects"]} == {"finance"}
    (reason,) = [str(row["reason"]) for row in answer["areas_left_out"] if row["area"] == "legal"]
    assert said in reason


def test_outcomes_that_are_missing_or_infinite_are_counted_and_none_is_learned_from(framework):
    tables = office(mentors=10, each=6)
    ready = Dataset(outcome="points", unit="pts")
    tables["engagements"]["outcome"] = np.arange(60.0)
    tables["engagements"].loc[:2, "outcome"] = [np.inf, -np.inf, np.nan]
    answer = train(seen(tables, dataset=ready), framework).answer
    assert answer["engagements"] == 57
    assert {str(left["reason"]): left["count"] for left in answer["left_out"]} == {
        "no outcome in the table": 1,
        "an outcome that is no finite number": 2,
    }
    tables["engagements"]["outcome"] = np.nan
    with pytest.raises(DataMissing) as caught:
        train(seen(tables, dataset=ready), framework)
    assert "60: no outcome in the table" in str(caught.value.what)
