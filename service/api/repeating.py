"""Writes sent under an Idempotency-Key: done once, answered alike as often as they are sent."""

import hashlib
import re
from typing import cast

from flask import Response, g, request

from data.store.sending import Answered
from model.refusals import InputRefused, Refused
from model.sentences import sentence
from service.api.room import programme

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{1,200}\Z")
_PURE = {"api.score", "api.plan_curve", "api.assess_first", "api.plan_what_if", "api.intake_desk"}
"""What changes nothing, though it is asked with a body."""
_NOT_KEPT = {401, 403, 408, 413, 429}


class KeyRefused(InputRefused):
    """A key that was used for something else, or whose first request is still being worked on."""


class Unmatched(InputRefused):
    """A write on the condition of a state (If-Match) that nothing here can meet."""


def before_write() -> Response | None:
    """The kept answer where the very same write was sent before.

    Raises:
        Unmatched: the write is bound to a state by If-Match. ETags here are weak and writes only ever add, so that no
            state can match (RFC 9110, 13.1.1).
        KeyRefused: another write was sent under the key, or its first is not answered yet.
    """
    if request.method == "POST" and request.if_match and not request.if_match.star_tag:
        raise Unmatched(
            sentence("Nothing was done: writes are not bound to a state here, for they add and never overwrite."),
            where=sentence("the header %(header)s", header="If-Match"),
            mend=sentence("Send it without this header; look at what stands first if that matters."),
        )
    key = request.headers.get(HEADER, "")
    if request.method != "POST" or request.endpoint in _PURE or not _KEY.match(key):
        return None
    digest = _digest()
    before = programme().store.claim_key(_who(), key, request.full_path, digest)
    if before is None:
        g.claimed = key
        return None
    if (before.address, before.sha256) != (request.full_path, digest):
        raise _refused_key(key)
    if before.answered is None:
        raise KeyRefused(
            sentence("The first request under this key is still being worked on."),
            where=sentence("the header %(header)s", header=HEADER),
            mend=sentence("Send it again in a while."),
        )
    return _again(before.answered)


def after_write(answer: Response) -> Response:
    """Keep the answer of a write that took a key; give the key back where nothing was decided."""
    key = g.pop("claimed", None)
    if key is None:
        return answer
    store = programme().store
    if answer.status_code >= 500 or answer.status_code in _NOT_KEPT or answer.is_streamed:
        store.release_key(_who(), key)
    else:
        location, body = answer.headers.get("Location"), answer.get_data(as_text=True)
        store.keep_answer(_who(), key, Answered(answer.status_code, answer.mimetype or "", location, body))
    return answer


def _refused_key(key: str) -> Refused:
    return KeyRefused(
        sentence("The key %(key)s was used for another request.", key=key[:50]),
        where=sentence("the header %(header)s", header=HEADER),
        mend=sentence("Give every request a key of its own."),
    )


def _again(kept: Answered) -> Response:
    answer = Response(kept.body, kept.status, mimetype=kept.kind)
    if kept.location is not None:
        answer.headers["Location"] = kept.location
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _who() -> str:
    return cast("str", getattr(g.get("user"), "key", "nobody"))


def _digest() -> str:
    """Of what was preferred and of the body as sent; of a form its values and files, since its boundary differs."""
    told = hashlib.sha256(f"{request.headers.get('Prefer', '')}\0".encode())
    if not request.files and not request.form:
        told.update(request.get_data(cache=True))
        return told.hexdigest()
    for name, value in sorted(request.form.items(multi=True)):
        told.update(f"{name}={value}\0".encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda item: (item[0], item[1].filename or "")):
        told.update(f"{name}={file.filename}\0".encode())
        told.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
        file.stream.seek(0)
    return told.hexdigest()
