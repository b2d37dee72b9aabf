"""What is kept reads the same in every language."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.sentences import Label, Number, Rupiah, Sentence, sentence
from service.keeping import comes_out_alike, keep, kept_text, thaw
from service.language import Language
from service.rendering import render

finite = st.floats(allow_nan=True, allow_infinity=False)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | finite
    | st.text()
    | st.builds(Label, st.text(), st.text())
    | st.builds(Number, finite, st.integers(0, 4))
    | st.builds(Rupiah, st.integers(-(10**12), 10**12))
    | st.dates(date(1900, 1, 1))
)
TEXT = "There is no %(kind)s with the id %(id)s."
said = st.builds(lambda value, other: Sentence(TEXT, {"kind": value, "id": other}), leaves, leaves)
answers = st.recursive(
    leaves | said, lambda inner: st.lists(inner) | st.dictionaries(st.text("abcdefg_"), inner), max_leaves=15
)


@given(answers)
def test_an_answer_that_was_kept_reads_as_before_in_both_languages(answer):
    kept = json.loads(json.dumps(keep(answer), allow_nan=False))
    for lang in (Language("id"), Language("en")):
        assert render(thaw(kept), lang) == render(answer, lang)
    assert keep(thaw(kept)) == kept


PLAN = {"gap": 0.0, "cost_idr": 20_800_000, "choices": [{"value": 0.0554967513678802, "reason": Number(4.7, 1)}]}


def test_the_last_bit_of_a_sum_makes_no_other_answer():
    other = {**PLAN, "choices": [{"value": 0.055496751367880195, "reason": Number(4.7, 1)}]}
    assert kept_text(PLAN) != kept_text(other)
    assert comes_out_alike(kept_text(PLAN), kept_text(other))


def test_a_later_version_may_word_its_sentences_otherwise():
    worded = [{**PLAN, "note": sentence("It costs %(n)s.", n=n), "reasons": [sentence("Few.")] * n} for n in (1, 2)]
    assert comes_out_alike(*map(kept_text, worded))
    assert not comes_out_alike(kept_text(worded[0]), kept_text({**worded[0], "note": "It costs 1."}))
    assert not comes_out_alike(kept_text({**PLAN, "choices": []}), kept_text(PLAN))


@pytest.mark.parametrize(
    "changed",
    [
        {"gap": 1e-8},
        {"gap": None},
        {"cost_idr": 20_800_001},
        {"choices": []},
        {"choices": [{"value": 0.0554967523678802, "reason": Number(4.7, 1)}]},
        {"choices": [{"value": 0.0554967513678802, "reason": Number(4.8, 1)}]},
        {"choices": [{"value": 0.0554967513678802, "reason": "4.7"}]},
        {"seed": 1},
    ],
)
def test_whatever_a_reader_could_see_makes_another_answer(changed):
    assert not comes_out_alike(kept_text(PLAN), kept_text({**PLAN, **changed}))
