import json

import numpy as np
import pytest

from data.batch import Dataset
from tests.learning_office import office, seen
from training.learning.controls import AGE, PEERS, QUARTER, TURNOVER, Controls, Values, fit_controls, values_of
from training.learning.engagements import cases


@pytest.fixture(scope="module")
def values(framework):
    snapshot = seen(office(mentors=8, each=4))
    return values_of(snapshot, cases(snapshot, framework))


def test_no_protected_trait_is_a_control(framework, values):
    names = {*values.numbers, *values.texts}
    assert names == {TURNOVER, PEERS, AGE, QUARTER, "sector", "district"}
    tables = office(mentors=8, each=4)
    before = fit_controls(values, tuple(framework.areas)).matrix(values)
    tables["businesses"]["gender"] = "P"
    tables["businesses"]["birth_year"] = 1950.0
    tables["businesses"]["disability"] = 1.0
    snapshot = seen(tables)
    other = values_of(snapshot, cases(snapshot, framework))
    np.testing.assert_array_equal(before, fit_controls(other, tuple(framework.areas)).matrix(other))


def test_a_mentors_mean_turnover_is_over_their_engagements(values):
    first = values.numbers[TURNOVER][:4]
    assert values.numbers[PEERS][0] == pytest.approx(first.mean(), abs=1e-12)


def test_columns_by_hand():
    made = Values(
        {"n": np.array([1.0, 3.0, 5.0, np.nan])},
        {"t": np.array(["a", "b", "", "a"], dtype=object), "same": np.array(["x"] * 4, dtype=object)},
        np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]),
    )
    controls = fit_controls(made, ("p", "q"))
    sd = np.std([1, 3, 5])
    z = np.array([-2 / sd, 0, 2 / sd, 0])
    expected = np.column_stack(
        [np.ones(4), [1, 0, 1, 0], z, z**2, [0, 0, 0, 1], [0, 0, 1, 0], [1, 0, 0, 1], [0, 1, 0, 0]]
    )
    np.testing.assert_allclose(controls.matrix(made), expected)
    assert controls.penalty().tolist() == [0, 0, 0, 0, 5, 5, 5, 5]
    assert controls.constant == ("same",)
    assert controls.places() == {"n": (2, 5), "t": (5, 8)}
    unseen = Values(
        {"n": np.array([3.0])}, {"t": np.array(["new"], dtype=object), "same": made.texts["same"][:1]}, made.needs[:1]
    )
    assert controls.matrix(unseen)[0, 5:].tolist() == [0, 0, 0]
    again = Controls.from_json(json.loads(json.dumps(controls.as_json())))
    assert again == controls


def test_controls_a_dataset_brings(framework):
    tables = office(mentors=8, each=1)
    rows = [{"earlier": k, "grade": "2" if k % 2 else "K"} for k in range(7)]
    tables["engagements"]["controls"] = [json.dumps(row) for row in rows] + [None]
    snapshot = seen(tables, dataset=Dataset(outcome="points", controls=("earlier", "grade")))
    found = values_of(snapshot, cases(snapshot, framework))
    np.testing.assert_array_equal(found.numbers["control:earlier"], [0, 1, 2, 3, 4, 5, 6, np.nan])
    assert found.texts["control:grade"].tolist() == ["K", "2", "K", "2", "K", "2", "K", ""]
