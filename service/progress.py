"""Shows how far long work has come, on stderr: a bar on a terminal, else one line a stage."""

import time
from typing import TextIO

from model.sentences import Sentence
from service.language import Language

_PATIENCE = 0.5
_WIDTH = 30


class Bar:
    """A progress bar that appears only when the work takes more than half a second; close it when the work is done.

    Called with the share done (0..1) and what is being done, as :data:`model.progress.Progress`.
    """

    def __init__(self, stream: TextIO, lang: Language) -> None:
        self._stream, self._lang = stream, lang
        self._live = stream.isatty()
        self._since: float | None = None
        self._stage = self._shown = ""

    def __call__(self, share: float, doing: Sentence) -> None:
        """Show the share and the stage, where there is something new to show."""
        self._since = time.monotonic() if self._since is None else self._since
        if time.monotonic() - self._since < _PATIENCE:
            return
        if self._live:
            self._draw(min(max(share, 0.0), 1.0), self._lang.say(doing))
        elif doing.text != self._stage and share < 1:
            self._stage = doing.text
            self._stream.write(f"{self._lang.say(doing)}\n")
            self._stream.flush()

    def _draw(self, share: float, text: str) -> None:
        done = round(share * _WIDTH)
        line = f"[{'#' * done}{'.' * (_WIDTH - done)}] {self._lang.percent(share)} {text}"[:100]
        if line != self._shown:
            self._stream.write("\r" + line.ljust(len(self._shown)))
            self._stream.flush()
            self._shown = line

    def close(self) -> None:
        """Take the bar off the terminal."""
        if self._live and self._shown:
            self._stream.write("\r" + " " * len(self._shown) + "\r")
            self._stream.flush()
        self._shown = ""
