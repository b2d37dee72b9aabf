import numpy as np
import pytest
from scipy.stats import multivariate_normal

from model.learning.marginal import Products


def test_differences_of_log_evidence_are_those_of_the_multivariate_normal():
    rng = np.random.default_rng(0)
    X, mentor = rng.normal(size=(12, 3)), np.repeat([2, 0, 1], 4)
    y = X[:, 0] + rng.normal(size=12)
    products = Products.of(np.column_stack([X, y]), mentor, between=0.3, within=0.8)
    spread = np.eye(12) * 0.8 + 0.3 * (mentor[:, None] == mentor)
    told, exact = [], []
    for columns in ([0, 1], [1, 2]):
        precision = np.diag([2.0, 0.5])
        covariance = spread + X[:, columns] @ np.linalg.inv(precision) @ X[:, columns].T
        exact.append(multivariate_normal(np.zeros(12), covariance).logpdf(y))
        told.append(products.log_evidence(columns, precision))
    assert told[0] - told[1] == pytest.approx(exact[0] - exact[1])
