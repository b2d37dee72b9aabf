"""Numbers on a page that open to nothing: neither to rows that agree nor to how they were reckoned."""

import re
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta", "rect", "line", "path", "circle"}
_NUMBER = re.compile(r"[+−-]?(?:Rp ?)?\d[\d.,]*%?")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.path: list[tuple[str, dict[str, str | None]]] = []
        self.found: list[tuple[str, str]] = []
        self.title = ""
        self.told = False  # whether the caption of the table leads to how its figures are reckoned

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.path.append((tag, dict(attrs)))
        if tag == "h2":
            self.title = ""
        if tag == "table":
            self.told = False
        if tag == "a" and "data-how" in dict(attrs) and any(name == "caption" for name, _ in self.path):
            self.told = True

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or tag not in [name for name, _ in self.path]:
            return
        while self.path.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [name for name, _ in self.path]
        if "main" not in tags:
            return
        if "h2" in tags:
            self.title += data.strip()
            return
        opens = any(name == "a" and {"data-opens", "data-how"} & set(attrs) for name, attrs in self.path)
        opens = opens or (self.told and "tbody" in tags)
        if not opens and not {"form", "code", "script"} & set(tags):
            self.found += [(self.title, f"{tags[-1]}: {data.strip()}")] if _NUMBER.search(data) else []


def unopened(page: str, declared: dict[str, str]) -> list[tuple[str, str]]:
    """(Title of the part, tag and text) of every number of ``main`` that is in no link to its rows or reckoning.

    ``declared``: pattern of what needs none → why; what it matches is taken out of a text before it is looked at.
    """
    reader = _Reader()
    reader.feed(page)
    left = []
    for title, text in reader.found:
        rest = f"{title} | {text}"
        for pattern in declared:
            rest = re.sub(pattern, "", rest)
        if _NUMBER.search(rest.partition(" | ")[2]):
            left.append((title, text))
    return left
