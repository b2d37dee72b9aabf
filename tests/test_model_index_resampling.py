"""Resamples against recounting, chance against every deal of the answers."""

import itertools
import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from data.framework_file import read_framework
from model.index.guttman import count_errors
from model.index.resampling import _band_shares, _errors, _Parts, affordable, bootstrap, chance

RULES = read_framework().index
small = st.tuples(st.integers(2, 9), st.integers(2, 6)).flatmap(
    lambda s: arrays(np.uint8, s, elements=st.integers(0, 1))
)


def answers_of(n, k, seed=0):
    rng = np.random.default_rng(seed)
    theta = rng.standard_normal(n)
    return (rng.random((n, k)) < 1 / (1 + np.exp(np.linspace(-2, 2, k) - theta[:, None]))).astype(np.uint8)


@given(small, st.integers(0, 10_000))
@settings(deadline=None)
def test_a_resample_counts_as_its_rows_would(answers, seed):
    rng = np.random.default_rng(seed)
    n = len(answers)
    codes = np.unique(rng.integers(0, 3, n), return_inverse=True)[1] if seed % 2 else np.arange(n)
    units = codes.max() + 1
    weights = rng.multinomial(units, np.full(units, 1 / units), size=4)
    errors, noes = _Parts.of(answers, codes, units).resampled(weights.astype(float))
    for row, e, no in zip(weights, errors, noes, strict=True):
        count = count_errors(np.repeat(answers, row[codes], axis=0))
        assert (e, no) == (count.errors, count.noes)


@given(small)
@settings(deadline=None)
def test_shuffled_errors_are_goodenough_edwards(answers):
    order = np.argsort(-answers.sum(axis=0, dtype=int), kind="stable")
    assert _errors(answers[:, order].T[None]).tolist() == [count_errors(answers).errors]


def test_chance_is_the_mean_over_every_deal():
    answers = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 0, 0]], np.uint8)
    deals = [[*set(itertools.permutations(column))] for column in answers.T.tolist()]
    every = [float(count_errors(np.array(deal, np.uint8).T).ks()) for deal in itertools.product(*deals)]
    found = chance(answers, (1,))
    assert found.mean == pytest.approx(np.mean(every), abs=4 * np.std(every) / np.sqrt(found.shuffles))
    beyond = np.mean(np.array(every) >= float(count_errors(answers).ks()))
    assert found.at_least == pytest.approx(beyond, abs=0.06)
    assert found.low >= min(every)
    assert found.high <= max(every)


def test_answers_too_many_to_shuffle_get_the_same_chance_from_the_limit(monkeypatch):
    answers = answers_of(2000, 8)
    shuffled = chance(answers, (0,))
    monkeypatch.setattr("model.index.resampling._WORK", 1_000_000)
    found = chance(answers, (0,))
    assert (shuffled.shuffles, found.shuffles) == (1000, 0)
    width = shuffled.high - shuffled.low
    assert found.mean == pytest.approx(shuffled.mean, abs=width / 30)
    assert (found.low, found.high) == pytest.approx((shuffled.low, shuffled.high), abs=width / 8)
    assert found.at_least < 0.01


def test_a_scale_stands_out_of_chance_and_noise_does_not():
    assert chance(answers_of(400, 8), (0,)).at_least < 0.01
    noise = (np.random.default_rng(2).random((400, 8)) < np.linspace(0.2, 0.8, 8)).astype(np.uint8)
    assert chance(noise, (0,)).at_least > 0.05
    assert chance(np.ones((4, 3), np.uint8), (0,)) is None


def test_the_respondent_bootstrap_covers_about_nine_in_ten():
    big = float(count_errors(answers_of(200_000, 6, seed=99)).ks())
    inside = 0
    for seed in range(150):
        found = bootstrap(answers_of(150, 6, seed), np.zeros(150, int), RULES, (seed,))
        inside += found.low <= big <= found.high
    assert 120 <= inside <= 147


def test_mentors_are_drawn_whole_when_rows_are_nested():
    answers = np.tile(answers_of(40, 6), (10, 1))
    mentors = np.tile(np.arange(40), 10)
    nested, flat = (bootstrap(answers, m, RULES, (0,)) for m in (mentors, np.zeros(400, int)))
    assert (str(nested.unit), nested.units) == ("mentors", 40)
    assert (str(flat.unit), flat.units) == ("respondents", 400)
    assert nested.high - nested.low > 2 * (flat.high - flat.low)


def test_shares_of_bands_are_exact_and_complete():
    lows = [band.low for band in RULES.bands]
    noes = np.full(6, 200)
    ks = [Fraction(-1, 100), *lows]
    errors = np.array([int((1 - k) * 100) for k in ks])
    shares, undefined = _band_shares(np.append(errors, 0), np.append(noes, 0), RULES)
    assert [s.share for s in shares] == pytest.approx([1 / 7] * 6)
    assert undefined == pytest.approx(1 / 7)
    assert [s.band for s in shares] == [RULES.below_table, *(band.label for band in RULES.bands)]


def test_the_same_seed_gives_the_same_and_another_seed_another():
    answers, mentors = answers_of(60, 5), np.arange(60) % 7
    assert bootstrap(answers, mentors, RULES, (1, 2)) == bootstrap(answers, mentors, RULES, (1, 2))
    assert bootstrap(answers, mentors, RULES, (1, 2)) != bootstrap(answers, mentors, RULES, (1, 3))
    assert chance(answers, (1, 2)) == chance(answers, (1, 2))
    assert chance(answers, (1, 2)) != chance(answers, (1, 3))


def test_fewer_resamples_only_where_the_data_are_very_large():
    assert affordable(5000 * 16) == 1000
    assert affordable(1_000_000) == 200
    assert affordable(0) == 1000


def test_a_programme_of_5000_rows_takes_seconds_not_minutes():
    answers, mentors = answers_of(5000, 16), np.arange(5000) % 160
    start = time.process_time()
    bootstrap(answers, mentors, RULES, (0,))
    chance(answers, (0,))
    assert time.process_time() - start < 15
