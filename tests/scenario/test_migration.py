"""Files go from format to format by a table of steps; here with made-up steps to formats 2 and 3."""

import pytest

from nexuslic.errors import InputError, SourceError
from nexuslic.scenario.migration import STEPS, Migrated, migrate, newest

STORY = b"""\
# a comment
scenario: a   # another
format: 1     # the old one
why: b?
starts: 2026-03-02 06:00 UTC
steps:
  - {at: day 2, authenticate: ws1, expect: {cause: offline}}
"""


def to_2(data: bytes) -> bytes:
    return data.replace(b"format: 1 ", b"format: 2 ").replace(b"why:", b"question:")


def to_3(data: bytes) -> bytes:
    return data.replace(b"format: 2 ", b"format: 3 ")


MADE_UP = {1: to_2, 2: to_3}


def test_format_1_is_the_newest():
    assert (newest(), dict(STEPS)) == (1, {})
    assert migrate(STORY, "a") == Migrated(STORY, 1, 1)


@pytest.mark.parametrize(
    "data", [STORY, STORY.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + STORY], ids=["", "crlf", "bom"]
)
def test_what_is_of_the_newest_format_keeps_every_byte(data: bytes):
    assert migrate(data, "a").data == data


def test_an_older_file_goes_through_every_step():
    done = migrate(STORY, "a", MADE_UP)
    assert (done.before, done.after, done.changed) == (1, 3, True)
    assert done.data == STORY.replace(b"format: 1", b"format: 3").replace(b"why:", b"question:")


def test_a_file_in_between_goes_through_the_steps_that_are_left():
    assert migrate(to_2(STORY), "a", MADE_UP).before == 2


def test_a_step_that_does_not_lead_to_the_next_format_is_told():
    with pytest.raises(InputError, match="a: the step to format 2 left the file at format 1"):
        migrate(STORY, "a", {1: bytes})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"format: 2", "a:3:9: format 2 is newer than this nexuslic, which knows 1\n  install a newer one: pip"),
        (b"format: one", "a:3:9: `one` is no format\n  write `format: 1`"),
        (b"format: 0", "a:3:9: `0` is no format"),
        (b"format: [1]", "a:3:9: expected a format, not a list"),
        (b"tags: x", "a:1:1: `format` is missing\n  write `format: 1`"),
    ],
)
def test_an_unknown_format_says_what_to_do(written: bytes, said: str):
    with pytest.raises(SourceError) as error:
        migrate(STORY.replace(b"format: 1", written), "a")
    assert str(error.value).startswith(said)
