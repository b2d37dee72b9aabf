import numpy as np
import pytest

from tests.learning_office import office, seen
from tests.published_model import published_as
from training.learning.engagements import areas_of
from training.scoring.prediction import asked
from training.scoring.what_if import what_if


@pytest.fixture(scope="module")
def snapshot():
    """Growth falls as scores in finance rise."""
    return seen(office(mentors=30, each=12, slope=-0.1))


@pytest.fixture(scope="module", params=["linear", "boosted"])
def model(request, snapshot, framework, tmp_path_factory):
    return published_as(request.param, snapshot, framework, tmp_path_factory.mktemp("models"))


def test_more_points_of_a_mentor_never_lower_the_prediction(snapshot, framework, model):
    rows, areas = asked(snapshot, framework, model), areas_of(snapshot, framework)
    for mentor in np.unique(rows.mentors[rows.active])[:4]:
        for area in model.areas:
            found = [what_if(rows, model, areas, mentor, {area: score}) for score in np.linspace(0.0, 100.0, 21)]
            values = [answer["then"]["value"] for answer in found]
            assert (np.diff(values) >= -1e-12).all()
            for answer in found:
                gained = sum(row["contribution"] for row in answer["contributions"])
                assert gained == pytest.approx(answer["difference"], abs=1e-9)
