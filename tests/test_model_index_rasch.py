"""The Rasch model against brute force: every pattern of a score, scipy's optimiser, scipy's integrals."""

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize

from model.index.rasch import MOST_ITEMS, difficulties, persons, symmetric
from tests.published import scale


def simulated(n, k, seed=0, sd=1.0):
    rng = np.random.default_rng(seed)
    beta = np.linspace(-1.5, 1.5, k)
    theta = sd * rng.standard_normal(n)
    return (rng.random((n, k)) < 1 / (1 + np.exp(beta - theta[:, None]))).astype(np.uint8), beta


def conditional_misfit(beta, answers):
    """−log likelihood of the answers given the scores, γ by enumeration of all patterns."""
    k = answers.shape[1]
    gamma = np.zeros(k + 1)
    for pattern in itertools.product((0, 1), repeat=k):
        gamma[sum(pattern)] += math.exp(-np.dot(pattern, beta))
    return float((answers @ beta).sum() + np.log(gamma)[answers.sum(axis=1)].sum())


def test_symmetric_functions_are_sums_of_products():
    eps = np.array([0.3, 2.0, 1.1, 0.7])
    wanted = [sum(math.prod(c) for c in itertools.combinations(eps, s)) for s in range(5)]
    assert symmetric(eps) == pytest.approx(wanted)


@pytest.mark.parametrize("case", ["lsat", "simulated"])
def test_difficulties_maximise_the_conditional_likelihood(case):
    answers = scale("lsat") if case == "lsat" else simulated(120, 6, seed=4)[0]
    k = answers.shape[1]

    def misfit(free):
        return conditional_misfit(np.append(free, -free.sum()), answers)

    brute = minimize(misfit, np.zeros(k - 1), method="BFGS", options={"gtol": 1e-7}).x
    found = difficulties(answers)
    assert found.values == pytest.approx([*brute, -brute.sum()], abs=1e-4)
    assert sum(found.values) == pytest.approx(0, abs=1e-12)


def test_standard_errors_are_those_of_the_curvature():
    answers, _ = simulated(200, 5, seed=1)
    found = difficulties(answers)
    at, h = np.array(found.values)[:-1], 1e-3
    steps = np.eye(4) * h

    def misfit(free):
        return conditional_misfit(np.append(free, -free.sum()), answers)

    curvature = [
        [
            (misfit(at + a + b) - misfit(at + a - b) - misfit(at - a + b) + misfit(at - a - b)) / (4 * h * h)
            for b in steps
        ]
        for a in steps
    ]
    covariance = np.linalg.inv(curvature)
    wanted = [*np.sqrt(np.diag(covariance)), math.sqrt(covariance.sum())]
    assert found.errors == pytest.approx(wanted, rel=1e-4)


def test_known_difficulties_are_found_again():
    answers, beta = simulated(20_000, 30)
    found = difficulties(answers)
    z = (np.array(found.values) - beta) / np.array(found.errors)
    assert np.abs(z).max() < 4
    assert 0.6 < z.std() < 1.4


def test_a_constant_item_has_no_difficulty_and_the_rest_are_as_without_it():
    answers, _ = simulated(150, 5)
    wider = np.insert(answers, 2, 1, axis=1)
    found = difficulties(wider)
    assert found.values[2] is None
    assert found.errors[2] is None
    assert tuple(v for v in found.values if v is not None) == pytest.approx(difficulties(answers).values)
    assert persons(wider, found).mean == pytest.approx(persons(answers, difficulties(answers)).mean)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (np.tril(np.ones((5, 4), np.uint8)), "do not tie all items"),
        (np.array([[1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]], np.uint8), "do not tie"),
        (np.ones((5, 3), np.uint8), "Fewer than two items"),
        (np.zeros((0, 3), np.uint8), "Fewer than two items"),
        (simulated(400, MOST_ITEMS + 1)[0], "up to 100 items"),
    ],
)
def test_what_cannot_be_estimated_says_why(answers, says):
    found = difficulties(answers)
    assert says in str(found.reason)
    assert set(found.values) == set(found.errors) == {None}
    assert persons(answers, found) is None


def test_person_measures_are_posterior_means():
    answers, _ = simulated(300, 5, seed=2)
    found = difficulties(answers)
    fitted = persons(answers, found)

    def joint(theta, score):
        log = score * theta - np.logaddexp(0, theta - np.array(found.values)).sum()
        return math.exp(log - (theta - fitted.mean) ** 2 / (2 * fitted.sd**2))

    for row in fitted.scores:
        total, first, second = (quad(lambda t, m=m, s=row.score: t**m * joint(t, s), -9, 9)[0] for m in range(3))
        assert row.measure == pytest.approx(first / total, abs=1e-6)
        assert row.se == pytest.approx(math.sqrt(second / total - (first / total) ** 2), abs=1e-5)
    assert [row.respondents for row in fitted.scores] == np.bincount(answers.sum(axis=1), minlength=6).tolist()


def test_the_population_is_where_its_own_posteriors_average():
    answers, _ = simulated(2000, 8, seed=5, sd=1.4)
    fitted = persons(answers, difficulties(answers))
    n = np.array([row.respondents for row in fitted.scores])
    measure = np.array([row.measure for row in fitted.scores])
    error = np.array([row.se for row in fitted.scores])
    assert n @ measure / n.sum() == pytest.approx(fitted.mean, abs=1e-4)
    assert n @ (error**2 + (measure - fitted.mean) ** 2) / n.sum() == pytest.approx(fitted.sd**2, abs=1e-3)
    assert fitted.sd == pytest.approx(1.4, abs=0.1)
