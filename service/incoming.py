"""A request as this service takes it: how large it may be, and no cookies looked for where none came."""

from collections.abc import Mapping
from functools import cached_property

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

MEGABYTE = 1024 * 1024
LARGEST: Mapping[str, int] = {"pages.upload": 128 * MEGABYTE, "api.import_tables": 128 * MEGABYTE}
"""Endpoints that take files → bytes that a request to them may have; others take what the application says."""


class Incoming(Request):
    """Flask's request. Files of a form go to the disk while they come, so a large one fills no memory."""

    @property
    def max_content_length(self) -> int | None:
        """Bytes that the body may have."""
        return LARGEST.get(self.endpoint or "", super().max_content_length)

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        Request.max_content_length.fset(self, value)  # type: ignore[attr-defined]

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """The cookies that came."""
        return super().cookies if "HTTP_COOKIE" in self.environ else ImmutableMultiDict()
