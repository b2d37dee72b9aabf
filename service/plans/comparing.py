"""Two stored plans side by side: what went in differently, and what came out differently."""

from collections.abc import Mapping
from typing import Any

from model.sentences import Number, Sentence, sentence

Answer = Mapping[str, Any]
INPUTS = (
    *("budget_idr", "max_courses_per_mentor", "risk", "locks", "forbids", "rules"),
    *("model", "basis", "standard_share", "as_of", "data_version", "seed"),
)
"""What a plan is made from, as its answer names it; ``rules`` where the plan has further limits.

``standard_share``, the say of the office's standard, is no input but found anew for each plan: values of two plans
stand on one scale only where it is the same.
"""


def compare(first: Answer, second: Answer) -> dict[str, Any]:
    """What differs from the first plan to the second.

    Returns:
        ``inputs``: one row per input that differs; ``added``, ``dropped``: choices; ``kept``: number of common ones;
        ``cost_idr``: both and the difference; ``value``: the same, None where bases or the say of the standard differ;
        ``benefit``, ``turnover_idr``: both with their ranges and the difference of the means, None where the bases
        differ; ``note``: how to read the difference.
    """
    here, there = _choices(first), _choices(second)
    alike = first["basis"] == second["basis"]
    return {
        "first": first["plan"],
        "second": second["plan"],
        "inputs": [
            {"name": name, "first": _input(first, name), "second": _input(second, name)}
            for name in INPUTS
            if _input(first, name) != _input(second, name)
        ],
        "added": [_brief(choice) for pair, choice in there.items() if pair not in here],
        "dropped": [_brief(choice) for pair, choice in here.items() if pair not in there],
        "kept": sum(pair in there for pair in here),
        "cost_idr": _figures(first["cost_idr"], second["cost_idr"]),
        "value": _figures(_value(first), _value(second)) if alike and _say(first) == _say(second) else None,
        "benefit": _ranges(first["benefit"], second["benefit"], alike=alike),
        "turnover_idr": _ranges(first["turnover_idr"], second["turnover_idr"], alike=alike),
        "note": _note(first, second),
    }


def _input(answer: Answer, name: str) -> Any:
    """An input of a plan; further rules that limit nothing are none."""
    value = answer.get(name)
    return (value if any(value.values()) else None) if name == "rules" and value else value


def _choices(answer: Answer) -> dict[tuple[str, str], Answer]:
    return {(choice["mentor_id"], choice["course_id"]): choice for choice in answer["choices"]}


def _brief(choice: Answer) -> dict[str, Any]:
    names = ("mentor_id", "mentor_name", "course_id", "title", "cost_idr", "gain_points", "benefit", "value")
    return {name: choice[name] for name in (*names, "evidence")}


def _say(answer: Answer) -> float:
    """The say of the office's standard; a plan without it stands by one basis alone."""
    return float(answer.get("standard_share") or 0.0)


def _value(answer: Answer) -> float:
    return float(sum(choice["value"] for choice in answer["choices"]))


def _figures(first: float, second: float) -> dict[str, float]:
    return {"first": first, "second": second, "difference": second - first}


def _ranges(first: Answer | None, second: Answer | None, *, alike: bool) -> dict[str, Any]:
    known = alike and first is not None and second is not None
    difference = second["mean"] - first["mean"] if known and first and second else None
    return {"first": first, "second": second, "difference": difference}


def _note(first: Answer, second: Answer) -> Sentence:
    if first["basis"] != second["basis"]:
        return sentence(
            "One plan is valued by learned effects, the other by the office's standard: "
            "their values cannot be compared."
        )
    if any(first.get(name) != second.get(name) for name in ("model", "data_version", "as_of")):
        return sentence(
            "The plans rest on different data or models, so a part of the difference is not due to the choices."
        )
    if _say(first) != _say(second):
        return sentence(
            "The office's standard has %(first)s percent of the say in the first and %(second)s percent in the second: "
            "how much is found anew for each plan, and a part of the different choices comes of it.",
            first=Number(100 * _say(first)),
            second=Number(100 * _say(second)),
        )
    if first["basis"] == "standard":
        return sentence("Both are valued by the office's standard; such a value is no growth and no money.")
    if first["benefit"]["low"] <= second["benefit"]["high"] and second["benefit"]["low"] <= first["benefit"]["high"]:
        return sentence("The plans' ranges overlap; choices that both plans hold are uncertain alike in both.")
    return sentence("The plans' ranges do not overlap.")
