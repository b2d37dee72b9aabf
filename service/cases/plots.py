"""What an analyst can ask for as a drawing: shap's own plots of our exact contributions, as PNG or SVG.

A part of :class:`service.usecases.Programme`, in a file of its own.
"""

# ruff: noqa: PLC0415 - no question waits for the libraries of another (as in service/usecases.py)

from pathlib import Path
from typing import Any

from service.cases.scores import ScoreCases
from service.installation import Day


class PlotCases(ScoreCases):
    """Questions answered by a drawing; ``form`` is png or svg, ``lang`` the reader's language."""

    def plot_mentor(self, mentor_id: str, form: str, *, lang: str | None = None, against: str | None = None) -> bytes:
        """The waterfall of ``explain_mentor``."""
        return self._waterfall(self.explain_mentor(mentor_id, against=against), mentor_id, form, lang)

    def plot_engagement(
        self, engagement_id: str, form: str, *, lang: str | None = None, against: str | None = None
    ) -> bytes:
        """The waterfall of ``explain_engagement``."""
        return self._waterfall(self.explain_engagement(engagement_id, against=against), engagement_id, form, lang)

    def plot_model(
        self, kind: str, form: str, *, name: str | None = None, lang: str | None = None, as_of: Day = None
    ) -> bytes:
        """What moves the expected growth over all engagements, by the version ``name`` (default: the one in use).

        ``kind``: bar (mean size of each contribution) or beeswarm (a point for each engagement).
        """
        from service.models.plotting import overview

        seen, shelf, spoken = self.snapshot(as_of), self.shelf(name), self.settings.language(lang)
        return self._cache.get(
            ("plot", kind, form, spoken.code, shelf.name, seen.version, seen.as_of),
            lambda: overview(seen, self.framework, shelf.needed(), spoken, form, kind),
        )

    def model_plot(self, out: Path, *, kind: str = "beeswarm", name: str | None = None) -> dict[str, Any]:
        """The same written to a file, .png or .svg."""
        from service.models.plotting import form_of, write

        write(self.plot_model(kind, form_of(out), name=name), out)
        return {"model": self.shelf(name).name, "kind": kind, "file": out}

    def _waterfall(self, explained: dict[str, Any], subject: str, form: str, lang: str | None) -> bytes:
        from service.models.plotting import waterfall

        spoken, shelf, seen = self.settings.language(lang), self.shelf(), self.snapshot()
        return self._cache.get(
            ("plot", subject, explained["against"], form, spoken.code, shelf.name, seen.version, seen.as_of),
            lambda: waterfall(explained, subject, shelf.needed(), spoken, form),
        )
