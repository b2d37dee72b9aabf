import numpy as np
import pytest

from tests.learning_office import SINCE, day, office, seen, table
from training.learning.engagements import assessed
from training.learning.noise import assessment_noise


def repeated(count, noise, drift=0.0, seed=0):
    rng = np.random.default_rng(seed)
    tables = office(mentors=count, each=1, areas=("finance",))
    true = rng.normal(60, 10, count)
    ids = [f"{m:03d}" for m in range(count)]
    rounds = [true + drift * k + rng.normal(0, noise, count) for k in range(3)]
    tables["assessments"] = table(
        "assessments",
        mentor_id=ids * 3,
        area=["finance"] * (3 * count),
        score=np.concatenate(rounds),
        assessed_on=np.repeat([day(SINCE + 12 * k) for k in range(3)], count),
    )
    return tables


def found(tables, framework):
    snapshot = seen(tables)
    return assessment_noise(snapshot, assessed(snapshot, framework))


def test_noise_is_told_from_repeated_assessments_whatever_the_common_drift(framework):
    noise = found(repeated(900, 6.0, drift=3.0), framework)
    assert noise.pairs == 1800
    assert noise.variance**0.5 == pytest.approx(6.0, rel=0.05)


def test_a_training_in_the_area_between_two_assessments_takes_the_pair_out(framework):
    tables = repeated(100, 5.0)
    ids = [f"{m:03d}" for m in range(60)]
    tables["courses"] = table("courses", course_id=["K", "L"], title=["K", "L"], area=["finance", "legal"])
    tables["trainings"] = table(
        "trainings", mentor_id=ids + ids, course_id=["K"] * 60 + ["L"] * 60, completed_on=[day(SINCE + 6)] * 120
    )
    assert found(tables, framework).pairs == 200 - 60


def test_too_few_pairs_tell_nothing(framework):
    assert found(repeated(14, 5.0), framework) is None
    assert found(office(), framework) is None
