"""Text of a PDF as a reader would copy it, on one line, without the hyphens of line ends."""

import io
import re

from pypdf import PdfReader


def text_of(content: bytes) -> str:
    """All pages, spaces folded."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return re.sub(r"\s+", " ", " ".join(pages))


def pages_of(content: bytes) -> list[str]:
    """The pages one by one."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
