"""Draws shap's own plots of contributions given to it; run as a process of its own, as shap loads for seconds.

Reads one JSON object from stdin and writes the file to stdout. No explainer runs: base, contributions and values are
those that Suluh worked out.

The object: ``kind`` (waterfall, bar, beeswarm), ``form`` (png, svg), ``names`` (F), ``base``, ``contributions`` (F, or
r rows of F), ``shown`` (F texts: own values, waterfall only), ``values`` (r rows of F numbers or null), ``title``,
``decimal`` (the reader's mark), ``words`` (what else is written).
"""

import io
import json
import re
import sys
from typing import Any

import matplotlib as mpl
import numpy as np
import shap
from matplotlib import pyplot as plt
from matplotlib.ticker import FuncFormatter
from shap.plots._labels import labels

MOST = 15
"""Features drawn, the last of them the sum of all others."""
_OTHERS = re.compile(r"(?:Sum of )?(\d+) other features")


def main() -> None:
    """Draw what stdin asks for."""
    mpl.use("Agg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "suluh", "text.parse_math": False})
    sys.stdout.buffer.write(drawn(json.load(sys.stdin)))


def drawn(asked: dict[str, Any]) -> bytes:
    """The file of one plot."""
    contributions = np.array(asked["contributions"], dtype=float)
    one, words = contributions.ndim == 1, asked["words"]
    found = shap.Explanation(
        contributions,
        base_values=asked["base"] if one else np.full(len(contributions), asked["base"]),
        data=np.array(asked["shown"], dtype=object) if one else np.array(asked["values"], dtype=float),
        feature_names=asked["names"],
    )
    _speak(asked)
    if asked["kind"] == "beeswarm":
        np.random.seed(0)  # noqa: NPY002 - the plot jitters its points by numpy's global state
        shap.plots.beeswarm(found, max_display=MOST, show=False, color_bar_label=words["value"])
    elif asked["kind"] == "bar":
        shap.plots.bar(found, max_display=MOST, show=False).set_xlabel(words["size"])
    else:
        shap.plots.waterfall(found, max_display=MOST, show=False)
    return _file(plt.gcf(), asked)


def _speak(asked: dict[str, Any]) -> None:
    """Give shap's plots three decimals, the reader's decimal mark and the reader's words."""
    signed, words = asked["kind"] == "waterfall", asked["words"]

    def figures(value: Any, form: str) -> str:
        return _figure(float(value), f"{'+' if signed and '+' in form else ''}.3f", asked["decimal"])

    for name in ("_waterfall", "_bar"):
        setattr(sys.modules[f"shap.plots.{name}"], "format_value", figures)  # noqa: B010 - mypy knows no such name
    labels.update(VALUE=words["contribution"], FEATURE_VALUE_LOW=words["low"], FEATURE_VALUE_HIGH=words["high"])


def _figure(value: float, form: str, decimal: str) -> str:
    return f"{value:{form}}".replace("-", "−").replace(".", decimal)


def _file(figure: Any, asked: dict[str, Any]) -> bytes:
    axes, *others = figure.axes
    others_said = asked["words"]["others"]
    names = [_OTHERS.sub(lambda n: others_said.format(count=n[1]), text.get_text()) for text in axes.get_yticklabels()]
    axes.set_yticks(axes.get_yticks(), names)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: _figure(at, ".6g", asked["decimal"])))
    if asked["kind"] == "waterfall":
        _ends(axes, others, asked)
    axes.set_title(asked["title"], fontsize=13, pad=44 if asked["kind"] == "waterfall" else 14)
    made, about = io.BytesIO(), {"Date": None} if asked["form"] == "svg" else {"Software": None}
    figure.savefig(made, format=asked["form"], dpi=120, bbox_inches="tight", metadata=about)
    return made.getvalue()


def _ends(axes: Any, others: list[Any], asked: dict[str, Any]) -> None:
    """In place of shap's E[f(X)] and f(x): where the contributions begin, below, and where they end, above."""
    for other in others:
        other.set_xticklabels([""] * len(other.get_xticks()))
    value, words = asked["base"] + sum(asked["contributions"]), asked["words"]
    for at, name, height, side in ((asked["base"], "base", -0.07, "top"), (value, "end", 1.01, "bottom")):
        said = f"{words[name]} = {_figure(at, '+.3f', asked['decimal'])}"
        axes.text(at, height, said, transform=axes.get_xaxis_transform(), ha="center", va=side, fontsize=12)
    axes.set_xlabel(words["contribution"], fontsize=12, labelpad=36)


if __name__ == "__main__":
    main()
