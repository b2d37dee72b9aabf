"""What people read after training: verdict, champion, ranges, selection, effects, one line for each other outcome."""

import pytest

from service.language import Language
from service.printing.models import train
from service.rendering import render
from tests.test_service_model_card import LANGUAGES, NEW, PLANTED, answer  # noqa: F401 - a fixture


@pytest.mark.parametrize("lang", LANGUAGES, ids=["id", "en"])
def test_the_later_keys_are_told_in_a_line_each(answer, lang):  # noqa: F811 - the fixture
    older = {name: value for name, value in answer.items() if name not in NEW}
    short = train(render(older, lang), lang)
    long = train(render(answer | PLANTED, lang), lang)
    added = [line for line in long.splitlines() if line not in short.splitlines()]
    assert len(added) <= 6  # champion, ranges (two lines in Indonesian), selection, heading, one outcome
    assert sum(lang.percent(0.914, 1) in line for line in added) == 1
    assert added[-1].startswith(f"  - {render(PLANTED['secondary'][0]['label'], lang)} (91 ")


def test_the_summary_index_has_its_p_value(answer):  # noqa: F811 - the fixture
    lang = Language("en")
    index = PLANTED["secondary"][0] | {"p": 0.0004}
    text = train(render(answer | {"secondary": [index]}, lang), lang)
    assert "Change in workers (91 engagements): 1 of 1 effects moderate or strong; p < 0.001" in text
