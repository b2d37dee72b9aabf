"""The predictor in use, given to an MLflow server: the same trees or coefficients, on rows coded beforehand."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import joblib
import numpy as np
from sklearn.linear_model import LinearRegression

from model.learning.monotone import fit_trees
from model.learning.relation import columns
from service.settings import settings
from service.usecases import Programme
from training.learning import validating
from training.learning.champion import LINEAR, Champion
from training.learning.controls import AGE, PEERS, TURNOVER
from training.learning.preparing import prepare
from training.learning.validating import crossed_of, rows_of

PEER = """
import sys
import joblib, mlflow
mlflow.sklearn.save_model(joblib.load(sys.argv[1]), sys.argv[2], serialization_format="cloudpickle")
"""

PLAIN = {TURNOVER: np.exp, PEERS: np.exp, AGE: np.expm1}
CODED = {TURNOVER: np.log, PEERS: np.log, AGE: np.log1p}


@dataclass(frozen=True)
class Twin:
    """The predictor in use as a scikit-learn model, and one engagement as either server is asked for it."""

    model: Any
    coded: list[float]
    asked: dict[str, Any]
    expected: float

    def saved(self, python: str, place: Path) -> Path:
        """Write it as an MLflow model, by the Python that has mlflow."""
        joblib.dump(self.model, place.with_suffix(".joblib"))
        subprocess.run([python, "-c", PEER, place.with_suffix(".joblib"), place], check=True, capture_output=True)
        return place

    def body(self) -> str:
        """What the MLflow server is asked."""
        names = [f"feature_{i}" for i in range(len(self.coded))]
        return json.dumps({"dataframe_split": {"columns": names, "data": [self.coded]}})


@contextmanager
def predicting_by(learner: str) -> Iterator[None]:
    """Training here lets this learner predict, whichever errs less."""
    with mock.patch.object(validating, "choose", return_value=Champion(learner, {})):
        yield


def twin(home: Path, learner: str) -> Twin:
    """Of a home whose model predicts by ``learner``; fails where the two predict differently by more than 1e-9."""
    programme = Programme(settings(home=home))
    prepared = prepare(programme.snapshot(None), programme.framework, None)
    rows, basis, row = rows_of(prepared), prepared.basis, told_exactly(prepared)
    served = programme.shelf().needed()
    if learner == LINEAR:
        X = columns(basis, served.relation.fill)
        model = LinearRegression(fit_intercept=False).fit(X, basis.outcome)
        model.coef_ = served.relation.coefficients
    else:
        features = served.boosted.features
        X = features.matrix(rows)
        model = fit_trees(X, basis.outcome, features.layout(crossed_of(prepared)), served.about["seed"])
    asked = plain(prepared, row)
    found = programme.scorer().score(**asked)["expected_growth"]
    programme.store.close()
    expected = float(model.predict(X[row : row + 1])[0])
    assert abs(found - expected) <= 1e-9, (found, expected)
    return Twin(model, X[row].tolist(), asked, expected)


def told_exactly(prepared: Any) -> int:
    """First engagement of which everything is known, and whose logarithms come back to the last bit."""
    known = ~np.isnan(prepared.scores).any(axis=1)
    for name, column in prepared.values.numbers.items():
        known &= CODED[name](PLAIN[name](column)) == column
    return int(np.flatnonzero(known)[0])


def plain(prepared: Any, row: int) -> dict[str, Any]:
    """One engagement as a client of the API tells it."""
    facts = {name: float(PLAIN[name](column[row])) for name, column in prepared.values.numbers.items()}
    facts |= {name: str(column[row]) for name, column in prepared.values.texts.items()}
    needs = [area for area, flag in zip(prepared.controls.areas, prepared.values.needs[row], strict=True) if flag]
    scores = {area: float(value) for area, value in zip(prepared.areas, prepared.scores[row], strict=True)}
    return {"scores": scores, "needs": needs, "facts": facts}
