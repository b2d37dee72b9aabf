import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.learning.asof import History

_FACTS = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(-5, 20)), st.floats(0, 100), max_size=25)
_ASKED = st.lists(st.tuples(st.integers(0, 4), st.integers(-10, 25)), min_size=1, max_size=20)


@given(_FACTS, _ASKED)
def test_newest_and_first_equal_a_search_by_hand(facts, asked):
    history = History.of(
        np.array([k[0] for k in facts], dtype=np.int64),
        np.array([k[1] for k in facts], dtype=np.int64),
        np.array(list(facts.values()), dtype=float),
    )
    owners = np.array([a[0] for a in asked], dtype=np.int64)
    days = np.array([a[1] for a in asked], dtype=np.int64)
    newest, first = history.newest(owners, days), history.newest_or_first(owners, days)
    for k, (owner, day) in enumerate(asked):
        own = sorted((d, v) for (o, d), v in facts.items() if o == owner)
        past = [v for d, v in own if d <= day]
        expected = past[-1] if past else np.nan
        np.testing.assert_equal(newest[k], expected)
        np.testing.assert_equal(first[k], expected if past else (own[0][1] if own else np.nan))
