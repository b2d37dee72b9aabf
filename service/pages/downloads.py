"""A file as the answer of a page."""

from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "md": "text/markdown",
    "png": "image/png",
    "svg": "image/svg+xml",
}


def download(content: bytes, form: str, name: str) -> Response:
    """Bytes of a known form as a download of that name."""
    return send_file(BytesIO(content), KINDS[form], as_attachment=True, download_name=f"{name}.{form}")
