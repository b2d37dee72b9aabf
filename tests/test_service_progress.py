"""Progress on stderr: a bar on a terminal, a line a stage elsewhere, nothing for short work."""

import io

import pytest

from model.sentences import Number, sentence
from service.language import Language
from service.progress import Bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("service.progress.time.monotonic", lambda: now[0])
    return now


def work(bar: Bar, clock: list[float], seconds: float) -> None:
    for done in range(11):
        bar(done / 10, sentence("Reading %(file)s", file=f"{done}.csv") if done < 5 else sentence("Storing the rows"))
        clock[0] += seconds / 10
    bar.close()


def test_short_work_shows_nothing(clock):
    for stream in (io.StringIO(), Terminal()):
        work(Bar(stream, Language("en")), clock, 0.3)
        assert stream.getvalue() == ""


def test_a_file_gets_one_line_a_stage(clock):
    stream = io.StringIO()
    work(Bar(stream, Language("en")), clock, 20)
    assert stream.getvalue().splitlines() == ["Reading 1.csv", "Storing the rows"]


def test_a_terminal_gets_a_bar_that_goes_away(clock):
    stream = Terminal()
    work(Bar(stream, Language("id")), clock, 20)
    frames = stream.getvalue().split("\r")
    assert any("[###############...............] 50%" in frame for frame in frames)
    assert "Menyimpan baris" in stream.getvalue()
    assert frames[-2].strip() == ""
    assert frames[-1] == ""


def test_a_share_beyond_its_bounds_is_drawn_within_them(clock):
    stream = Terminal()
    bar = Bar(stream, Language("en"))
    bar(-1, sentence("index %(done)s of %(all)s", done=Number(1), all=Number(2)))
    clock[0] = 1
    bar(7, sentence("Storing the rows"))
    assert "[##############################] 100%" in stream.getvalue()
