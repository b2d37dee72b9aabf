"""Typesets data as a PDF: the words, letterhead and day every document has; the same page gives the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from service.files.letterhead import Letter
from service.language import Language


def typeset(template: Path, page: Mapping[str, Any], words: Mapping[str, str], letter: Letter, day: str) -> bytes:
    """The PDF of ``page`` in a typst template.

    Args:
        template: file that reads the page as JSON from its input of that name.
        page: what the template lays out; ``lang``: code of the language.
        words: the document's own words, beside those that every document has.
        letter: what the office puts on its letters.
        day: ISO day of the data, written out on the page and kept as the file's date.
    """
    lang = Language(page["lang"])
    told = {**page, "words": {**_words(lang), **words}, "letter": asdict(letter), "day": lang.day(day)}
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    made: bytes = typst.compile(
        template.read_bytes(),
        sys_inputs={"page": json.dumps(told, ensure_ascii=False)},
        timestamp=int(moment.timestamp()),
    )
    return made


def _words(lang: Language) -> dict[str, str]:
    return {
        "number": lang.text("Number"),
        "date": lang.text("Data as of"),
        "page": lang.text("Page"),
        "of": lang.text("of"),
        "staff": lang.text("Staff number"),
    }
