"""Answers that are read: kept as bytes for as long as nothing has changed, marked by an ETag, cut into pages."""

import hashlib
import os
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, g, request

from service.api.asking import Paging
from service.api.room import JSON, programme, shown
from service.cache import Cache
from service.guard import part
from service.rendering import as_json

_SALT = secrets.token_hex(8)
"""Of this process: a program started anew may answer otherwise from the same data."""

KEPT = 128
LARGEST = 4_000_000
"""Answers kept, and the bytes beyond which one is made anew rather than kept."""


def answered(
    make: Callable[[], Any], *, page: tuple[str, Paging] | None = None, also: tuple[str, ...] = ()
) -> Response:
    """The answer of ``make`` as JSON, cut to what whoever asks may see; 304 where the reader has it already.

    ``page``: name of the list in the answer, and what part of it is asked for. ``also``: further names under which a
    mentor's id stands in it.
    """
    tag = _tag()
    if request.if_none_match.contains_weak(tag):
        return _marked(Response(status=304), tag)
    kept: Cache = current_app.extensions["answers"]
    body, headers = kept.get(tag, lambda: _made(lambda: shown(make(), *also), page))
    if len(body) > LARGEST:
        kept.forget(tag)
    answer = Response(body, mimetype=JSON)
    answer.headers.extend(headers)
    return _marked(answer, tag)


def _made(make: Callable[[], Any], page: tuple[str, Paging] | None) -> tuple[bytes, dict[str, str]]:
    answer, headers = (make(), {}) if page is None else cut(make(), *page)
    return (as_json(answer, g.lang) + "\n").encode(), headers


def _tag() -> str:
    asked = "&".join(f"{name}={value}" for name, value in sorted(request.args.items(multi=True)))
    today = programme().settings.today().isoformat()
    of = (_SALT, programme().store.mark(), _files(), today, g.lang.code, g.lang.zone, part(), request.path, asked)
    return hashlib.sha256("\0".join(of).encode()).hexdigest()[:32]


def _files() -> str:
    """Size and time of every model file, which may be damaged or brought back without a word to the database."""
    folder = programme().settings.models
    found = os.scandir(folder) if folder.is_dir() else ()
    return " ".join(sorted(f"{file.name}:{file.stat().st_mtime_ns}:{file.stat().st_size}" for file in found))


def _marked(answer: Response, tag: str) -> Response:
    answer.set_etag(tag, weak=True)
    return answer


def cut(answer: dict[str, Any], name: str, query: Paging) -> tuple[dict[str, Any], dict[str, str]]:
    """The part of the list asked for; length of the whole and the addresses of other parts as headers."""
    whole = answer[name]
    headers = {"X-Total-Count": str(len(whole))}
    end = len(whole) if query.limit is None else query.offset + query.limit
    if query.limit is not None:
        links = []
        if end < len(whole):
            links.append(_link("next", query.offset + query.limit))
        if query.offset:
            links.append(_link("prev", max(query.offset - query.limit, 0)))
        if links:
            headers["Link"] = ", ".join(links)
    return {**answer, name: whole[query.offset : end]}, headers


def _link(relation: str, offset: int) -> str:
    asked = {**request.args.to_dict(), "offset": str(offset)}
    return f'<{request.path}?{urlencode(asked)}>; rel="{relation}"'
