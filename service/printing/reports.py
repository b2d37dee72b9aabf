"""Reports as text for a terminal."""

from collections.abc import Mapping
from typing import Any

from service.language import Language, mark
from service.printing import layout
from service.words import role

Plain = Mapping[str, Any]
KINDS = {
    "period": mark("period report"),
    "transparency": mark("transparency record"),
    "dpia": mark("impact assessment"),
}


def told(answer: Plain, lang: Language) -> str:
    """The conclusions of a period report."""
    head = lang.text(
        "Report of %(name)s; data version %(version)s, seen on %(day)s; model: %(model)s.",
        name=answer["name"],
        version=answer["data_version"],
        day=lang.day(answer["as_of"]),
        model=answer["model"] or lang.text("none"),
    )
    more = lang.text("All tables: --out report.pdf or --out report.xlsx.")
    return "\n\n".join([layout.paragraph(head), layout.bullets(answer["conclusions"]), more])


def record(document: Plain, lang: Language) -> str:
    """A record as Markdown."""
    del lang
    from service.model_card.markdown import markdown  # noqa: PLC0415 - reads tables' libraries, longer than --help may

    return markdown(document).rstrip("\n")


def published(answer: Plain, lang: Language) -> str:
    """A published report and its files."""
    rows = [[f"{file['lang']}.{file['form']}", lang.number(file["size"]), file["sha256"]] for file in answer["files"]]
    heads = (lang.text("File"), lang.text("Bytes"), "sha256")
    return "\n".join([layout.paragraph(_line(answer, lang)), layout.table(heads, rows, right=" r")])


def listed(answer: Plain, lang: Language) -> str:
    """All published reports."""
    if not answer["reports"]:
        return lang.text("No report has been published yet.")
    return "\n".join(layout.paragraph(_line(row, lang)) for row in answer["reports"])


def _line(row: Plain, lang: Language) -> str:
    said = lang.text(
        "Report %(id)s: %(kind)s %(period)s, published on %(day)s by %(name)s (%(role)s); data version %(version)s.",
        id=row["report"],
        kind=lang.text(KINDS[row["kind"]]),
        period=row["period"] or "",
        day=lang.moment(row["created_at"]),
        name=row["name"],
        role=role(row["role"], lang),
        version=row["data_version"],
    )
    later = row.get("replaced_by")
    return said if later is None else f"{said} {lang.text('Replaced by report %(id)s.', id=later)}"
