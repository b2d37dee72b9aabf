"""Style sheets and scripts go out compressed; pages do not, so that no secret in one can be guessed by its length."""

import gzip

from flask import Response, request

_PACKED = {"text/css", "text/javascript", "image/svg+xml"}
_LEAST = 400
_KEPT: dict[tuple[str, str | None], bytes] = {}


def packed(response: Response) -> Response:
    """The answer gzipped where it is a static text and the browser takes it; each file is packed once."""
    static = (request.endpoint or "").endswith("static")
    if not static or response.status_code != 200 or response.mimetype not in _PACKED:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    whole = response.get_data()
    if len(whole) < _LEAST:
        return response
    key = (request.path, response.get_etag()[0])
    if key not in _KEPT:
        _KEPT[key] = gzip.compress(whole, 9)
    response.set_data(_KEPT[key])
    response.headers["Content-Encoding"] = "gzip"
    response.set_etag(key[1] or "", weak=True)
    return response
