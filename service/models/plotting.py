"""shap's own plots of a model's contributions, drawn in a process of their own: nothing here loads shap.

Waterfall: one mentor or engagement. Bar and beeswarm: every engagement that the model can predict. The contributions
are the exact ones that ``explain`` answers; no explainer runs.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from data.snapshot import Snapshot
from model.framework import Framework
from model.refusals import DataMissing, InputRefused, ModelRefused, NotFound, RateRefused
from model.sentences import sentence
from service.language import Language, mark
from service.rendering import render
from training.learning.engagements import GROWTH, areas_of
from training.publishing import Model
from training.scoring.prediction import asked, explain
from training.scoring.standing import label_of

FORMS = ("png", "svg")
KINDS = ("bar", "beeswarm")
MOST_ROWS = 2000
"""Engagements drawn of a larger city, evenly spread over all."""
_SECONDS = 120
_ROOT = Path(__file__).parents[2]
_TURN = Lock()


def form_of(out: Path) -> str:
    """The form that a file's ending names.

    Raises:
        InputRefused: the ending is not .png or .svg, or the folder is not there.
    """
    form = out.suffix.lower().removeprefix(".")
    if form not in FORMS or not out.resolve().parent.is_dir():
        raise _refused(out)
    return form


def write(drawn: bytes, out: Path) -> None:
    """Write a drawing to a file.

    Raises:
        InputRefused: the file cannot be written.
    """
    try:
        out.write_bytes(drawn)
    except OSError as fault:
        raise _refused(out) from fault


def _refused(out: Path) -> InputRefused:
    return InputRefused(
        sentence("This plot cannot be written to %(file)s.", file=out.name),
        where=sentence("the option %(option)s with the file %(file)s", option="--out", file=out.name),
        mend=sentence("Name a file that ends in .png or .svg, in a folder that is there."),
    )


def waterfall(explained: Mapping[str, Any], subject: str, model: Model, lang: Language, form: str) -> bytes:
    """The waterfall of an answer of ``explain mentor`` or ``explain engagement``; ``subject``: whose it is."""
    told = render(explained, lang)
    rows = told["contributions"]
    against = told["against"]
    return _drawn(
        kind="waterfall",
        names=[_named(row["label"] or row["feature"]) for row in rows],
        base=told["base"],
        contributions=[row["contribution"] for row in rows],
        shown=[lang.number(v, 2) if isinstance(v := row["level"], int | float) else lang.show(v) for row in rows],
        title=lang.text("%(one)s against %(other)s", one=subject, other=against) if against else subject,
        words=_words(model, lang) | {"base": against or lang.text("average"), "end": lang.text("expected")},
        **_manner(lang, form),
    )


def overview(snapshot: Snapshot, framework: Framework, model: Model, lang: Language, form: str, kind: str) -> bytes:
    """Bar or beeswarm of the contributions to every engagement with an assessed mentor, or MOST_ROWS of them.

    Raises:
        NotFound: no such kind of plot.
        DataMissing: there is no such engagement.
    """
    if kind not in KINDS:
        raise NotFound(sentence("plot"), kind)
    rows = asked(snapshot, framework, model)
    rows = rows.take(np.asarray(np.isfinite(rows.scores).any(axis=1)))
    if not len(rows.engagements):
        raise DataMissing(
            sentence("There is no engagement of an assessed mentor, so there is nothing to draw."),
            where=sentence("the table engagements"),
            mend=sentence("Import engagements and assessments."),
        )
    found, areas = explain(model, rows), areas_of(snapshot, framework)
    chosen = np.linspace(0, len(found.shares) - 1, min(MOST_ROWS, len(found.shares))).astype(np.int64)
    values = [[_number(own[row]) for own in found.values] for row in chosen]
    title = lang.text("Contributions to %(count)s engagements, %(model)s", count=len(chosen), model=model.name)
    return _drawn(
        kind=kind,
        names=[_named(lang.show(label_of(name, areas))) for name in found.features],
        base=found.base,
        contributions=found.shares[chosen].tolist(),
        values=values,
        title=title,
        words=_words(model, lang),
        **_manner(lang, form),
    )


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _named(label: str) -> str:
    return label.replace("=", ":")  # the plot parts value and name at the sign


def _manner(lang: Language, form: str) -> dict[str, str]:
    if form not in FORMS:
        raise NotFound(sentence("file of this plot"), form)
    return {"form": form, "decimal": lang.number(0.5, 1)[1]}


def _words(model: Model, lang: Language) -> dict[str, str]:
    unit = lang.text("natural logarithms") if model.about["outcome"] == GROWTH else str(model.about["outcome"])
    return {
        "contribution": lang.text(mark("Contribution to what is expected (%(unit)s)"), unit=unit),
        "size": lang.text(mark("Mean size of the contribution (%(unit)s)"), unit=unit),
        "value": lang.text("Own value"),
        "low": lang.text("low value"),
        "high": lang.text("high value"),
        "others": lang.text("%(count)s others", count="{count}"),
    }


def _drawn(**spec: Any) -> bytes:
    """The file, drawn by service/models/drawing.py; one at a time, so that drawings never keep the pages from others.

    Raises:
        ModelRefused: shap or matplotlib is not installed.
        RateRefused: another plot is being drawn.
    """
    if find_spec("shap") is None or find_spec("matplotlib") is None:
        raise ModelRefused(
            sentence("The plots are drawn by shap and matplotlib, which are not installed here."),
            where=sentence("the installation"),
            mend=sentence("Install them: pip install shap matplotlib."),
        )
    if not _TURN.acquire(timeout=20):
        raise RateRefused(
            sentence("Another plot is being drawn."),
            where=sentence("the model's plots"),
            mend=sentence("Ask again in some seconds."),
        )
    try:
        return _child(spec)
    finally:
        _TURN.release()


def _child(spec: Mapping[str, Any]) -> bytes:
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-m", "service.models.drawing"],
        input=json.dumps(spec).encode(),
        env=os.environ | {"PYTHONPATH": paths, "MPLBACKEND": "Agg"},
        capture_output=True,
        timeout=_SECONDS,
        check=True,
    )
    return done.stdout
