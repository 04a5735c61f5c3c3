"""How far a long count is: redrawn on a terminal, a line a minute anywhere else."""

import io

import attrs
import pytest

from nexuslic.cli.progress import ProgressLine, span


class Terminal(io.StringIO):
    """Somebody looks."""

    def isatty(self) -> bool:
        return True


class Broken(Terminal):
    """Nobody looks any more."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


@attrs.define
class Watch:
    """Seconds that a test sets."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def told(stream: io.StringIO | None, *steps: tuple[float, int], of: int = 1000) -> str:
    """What is written where so much is done after so many seconds."""
    watch = Watch()
    with ProgressLine(stream, watch) as line:
        for watch.now, done in steps:
            line(done, of)
        return stream.getvalue() if stream else ""


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")


def test_a_terminal_shows_share_speed_and_time_left():
    assert told(Terminal(), (10.0, 250)) == "\r 25 %  250 of 1,000 trips, 25 a second, 30 s left"


def test_a_terminal_is_drawn_five_times_a_second_at_most():
    assert told(Terminal(), (0.1, 1), (0.3, 3), (0.4, 4), (0.6, 6)).count("\r") == 2


def test_a_shorter_line_covers_the_longer_one():
    first, second = told(Terminal(), (100.0, 1), (101.0, 999)).split("\r")[1:]
    assert len(second) == len(first) > len(second.rstrip())


def test_the_line_is_cut_to_the_terminal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "30")
    assert told(Terminal(), (10.0, 250)) == "\r 25 %  250 of 1,000 trips,..."


def test_at_the_end_the_line_is_gone():
    stream = Terminal()
    with ProgressLine(stream, Watch(1.0)) as line:
        line(1, 10)
    *_, shown, blank, rest = stream.getvalue().split("\r")
    assert (blank.strip(), rest, len(blank)) == ("", "", len(shown))


def test_a_log_has_a_line_a_minute():
    assert told(io.StringIO(), (30.0, 1), (61.0, 610), (90.0, 700), (121.0, 910)) == (
        " 61 %  610 of 1,000 trips, 10 a second, 39 s left\n 91 %  910 of 1,000 trips, 8 a second, 12 s left\n"
    )


def test_a_terminal_that_cannot_go_back_is_a_log(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM", "dumb")
    assert told(Terminal(), (30.0, 1)) == ""


def test_all_is_not_done_before_it_is():
    assert told(Terminal(), (10.0, 999)).startswith("\r 99 %")


def test_large_speeds_are_in_millions():
    assert "136.0 million a second, 2 h 2 min left" in told(Terminal(), (1.0, 136_000_000), of=1_000_000_000_000)


def test_where_nothing_was_done_no_time_is_foretold():
    assert told(Terminal(), (5.0, 0)) == "\r  0 %  0 of 1,000 trips, 0 a second"


@pytest.mark.parametrize("stream", [None, Broken()])
def test_whether_anybody_reads_changes_nothing(stream: io.StringIO | None):
    assert told(stream, (5.0, 1)) == ""


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "0 s"), (59.6, "1 min 0 s"), (3600, "1 h 0 min"), (200_000, "2 d 7 h")]
)
def test_a_time_is_its_two_largest_units(seconds: float, said: str):
    assert span(seconds) == said
