import math

import numpy as np
import pytest

from model.learning.secondary import Change, Lack, Scale, more, newly, scale_of, summary_index

NAN = float("nan")


def column(*values):
    return np.array(values, dtype=float)


def test_a_change_in_workers_is_a_count_and_none_is_a_proper_report():
    found = more(column(0, 3, NAN, 2, 1, NAN), column(2, 2.5, 4, NAN, 900, NAN))
    np.testing.assert_array_equal(found.value, column(2, -0.5, NAN, NAN, NAN, NAN))
    assert found.lack.tolist() == [Lack.NONE, Lack.NONE, Lack.BEFORE, Lack.AFTER, Lack.ABSURD, Lack.BEFORE]


def test_a_number_that_grew_148_fold_is_a_fault_and_just_less_is_not():
    limit = np.exp(5.0)
    found = more(column(0, 0, 1.9 * limit), column(limit - 0.9, limit - 1.1, 1))
    assert found.lack.tolist() == [Lack.ABSURD, Lack.NONE, Lack.NONE]
    assert found.value[1] == pytest.approx(limit - 1.1)


def test_what_was_there_before_cannot_be_new():
    before, after = column(0, 0, 1 / 3, 1, NAN, 0), column(1, 0, 1, 0, 1, NAN)
    found = newly(before, after)
    np.testing.assert_array_equal(found.value, column(1, 0, NAN, NAN, NAN, NAN))
    assert found.lack.tolist()[2:] == [Lack.ALREADY, Lack.ALREADY, Lack.BEFORE, Lack.AFTER]
    assert newly(column(0), column(1 / 3)).value[0] == 1.0


def test_months_that_are_not_past_are_the_first_reason():
    found = Change(column(1, NAN), np.array([Lack.NONE, Lack.AFTER])).when(np.array([False, False]))
    assert np.isnan(found.value).all()
    assert found.lack.tolist() == [Lack.EARLY, Lack.EARLY]


def test_weights_count_as_repeated_rows_do():
    values, times = column(1, 4, 9, 2), np.array([3, 1, 2, 5])
    whole = np.repeat(values, times)
    found = scale_of(values, times / 7)
    assert found.mean == pytest.approx(whole.mean())
    assert found.sd == pytest.approx(whole.std())


def test_the_index_of_the_comparison_group_has_mean_nought_and_one_outcome_has_deviation_one():
    rng = np.random.default_rng(0)
    group = rng.normal((3, -1), (2, 0.1), (500, 2))
    scales = [scale_of(part, np.ones(500)) for part in group.T]
    assert summary_index(group, scales).mean() == pytest.approx(0, abs=1e-12)
    assert summary_index(group[:, :1], scales[:1]).std() == pytest.approx(1)


def test_the_index_is_that_of_kling_liebman_katz_written_out_row_by_row():
    rng = np.random.default_rng(1)
    parts = rng.normal(0, 1, (60, 3))
    parts[rng.random((60, 3)) < 0.4] = NAN
    scales = [Scale(0.2, 1.5), Scale(-1.0, 0.3), Scale(0.0, 1.0)]
    found = summary_index(parts, scales)
    means = []
    for k, scale in enumerate(scales):
        known = [(row[k] - scale.mean) / scale.sd for row in parts if not math.isnan(row[k])]
        means.append(sum(known) / len(known))
    empty = 0
    for row, value in zip(parts, found, strict=True):
        if all(math.isnan(x) for x in row):
            empty += 1
            assert math.isnan(value)
            continue
        z = [m if math.isnan(x) else (x - s.mean) / s.sd for m, x, s in zip(means, row, scales, strict=True)]
        assert value == pytest.approx(sum(z) / 3)
    assert empty
