"""Words of a decided plan that its page, its files and the terminal have in common."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from model.sentences import sentence
from service.language import Language
from service.words import DECISIONS, role

Plain = Mapping[str, Any]
_COURSE = ("course_id", "title", "cost_idr")


def told_in_part(answer: Plain, districts: Collection[str] | None) -> Plain:
    """A plan that will be cut to districts, with what its whole is: ``places_in_all`` and ``part_note``.

    None: nothing is cut, and nothing is said.
    """
    return answer if districts is None else {**part_of(answer, districts), "places_in_all": len(answer["choices"])}


def part_of(answer: Plain, districts: Collection[str] | None) -> Plain:
    """An answer that will be cut to districts, with ``part_note``, which says so; None: nothing is cut or said."""
    if districts is None:
        return answer
    note = sentence(
        "You see mentors and businesses of %(districts)s only; figures that name nobody, such as totals, the index and "
        "the model, are of the whole programme.",
        districts="; ".join(sorted(districts)),
    )
    return {**answer, "part_note": note}


def places(answer: Plain, lang: Language) -> str:
    """How many places a plan has; of a part of it also how many in all."""
    shown = lang.number(len(answer["choices"]))
    if "places_in_all" not in answer:
        return shown
    in_all = lang.number(answer["places_in_all"])
    return lang.text("%(shown)s in your districts of %(all)s in all", shown=shown, all=in_all)


def of_whole(answer: Plain, name: str, lang: Language) -> str:
    """The name of a figure of the whole plan (English), which says so where the choices beside it are a part."""
    figure = lang.text(name)
    return lang.text("%(figure)s (whole programme)", figure=figure) if "places_in_all" in answer else figure


def by_course(choices: Iterable[Plain]) -> list[dict[str, Any]]:
    """Choices of two plans that differ, by course: ``course_id``, ``title``, ``cost_idr`` of a place, ``mentors``.

    The course with most of them stands first; each mentor is ``mentor_id`` and ``mentor_name``.
    """
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in choices:
        of = tuple(row[name] for name in _COURSE)
        groups.setdefault(of, []).append({name: row[name] for name in ("mentor_id", "mentor_name")})
    found = [dict(zip(_COURSE, of, strict=True)) | {"mentors": mentors} for of, mentors in groups.items()]
    return sorted(found, key=lambda row: -len(row["mentors"]))


def status(answer: Plain, lang: Language) -> list[str]:
    """Draft or approved by whom and when; and what the plan comes to where choices were refused or are to be changed.

    ``answer``: as :func:`service.plans.deciding.shown` gives it, rendered; nothing is told of a plan as it was made.
    """
    if "status" not in answer:
        return []
    known, after = answer["approval"], answer["after"]
    said = lang.text("Status: draft, not approved yet.")
    if known:
        said = lang.text(
            "Approved by %(name)s (%(role)s), %(moment)s.",
            name=known["name"],
            role=role(known["role"], lang),
            moment=lang.moment(known["approved_at"]),
        )
    if after is None:
        return [said]
    left = lang.text(
        "Without what was refused or is to be changed: %(places)s places for %(cost)s.",
        places=after["places"],
        cost=lang.rupiah(after["cost_idr"]),
    )
    return [said, left]


def latest(answer: Plain, choice: Plain) -> Plain | None:
    """The newest decision on a choice; None where there is none."""
    pair = (choice["mentor_id"], choice["course_id"])
    found = [row for row in answer.get("decisions", ()) if (row["mentor_id"], row["course_id"]) == pair]
    return found[-1] if found else None


def stands(answer: Plain, choice: Plain) -> bool:
    """Whether a choice was neither refused nor is to be changed."""
    row = latest(answer, choice)
    return row is None or row["decision"] == "accept"


def decided(answer: Plain, choice: Plain, lang: Language) -> str:
    """What was decided on a choice, by whom and why; empty where nothing was."""
    row = latest(answer, choice)
    if row is None:
        return ""
    word = lang.text(DECISIONS[row["decision"]]).capitalize()
    said = f"{word}: {row['name']} ({role(row['role'], lang)}), {lang.moment(row['decided_at'])}."
    return f"{said} {row['reason']}".strip()


def undecided(pairs: Iterable[tuple[str, str]], decided: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The choices (mentor id, course id) on which nobody decided: an approval accepts them."""
    spoken = set(decided)
    return [pair for pair in pairs if pair not in spoken]
