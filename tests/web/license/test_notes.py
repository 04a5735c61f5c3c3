"""What came of what a person asked for, as it stands where they asked."""

import pytest

from nexuslic.errors import DatabaseUnreachable, InputError
from nexuslic.rules.decision import DONGLE, NO_DATABASE, Decision
from nexuslic.rules.explain import utc
from nexuslic.rules.words import Cause, Reason, State
from nexuslic.web.license import notes, texts
from nexuslic.web.license.notes import Note


def raising(error):
    def attempt():
        raise error

    return notes.told(attempt)


def test_what_was_typed_wrong_is_told_as_a_sentence_and_stays():
    assert raising(InputError("a key has 13 digits")) == Note("bad", texts.NOT_DONE, "A key has 13 digits.", wrong=True)


def test_what_the_world_did_blames_no_field():
    assert not raising(DatabaseUnreachable("it is away")).wrong


@pytest.mark.parametrize(
    ("decision", "wrong"),
    [
        (Decision(State.UNLICENSED, False, Reason.UNKNOWN), True),
        (Decision(State.UNLICENSED, False, None, Cause.UNTRUSTED_REPLY, note="The code was refused."), True),
        (Decision(State.UNLICENSED, False, None, Cause.TIMEOUT), False),
        (Decision(State.UNLICENSED, False, Reason.SUSPENDED), False),
        (NO_DATABASE, False),
    ],
)
def test_a_field_is_wrong_only_where_what_was_typed_is_to_blame(decision, wrong):
    assert notes.granted(decision, utc).wrong is wrong


def test_a_grant_that_could_not_be_stored_is_no_success():
    note = notes.granted(Decision(State.AUTHENTICATED, True, store_failed=True), utc)
    assert (note.tone, note.title, note.done) == ("bad", texts.NOT_STORED, False)


@pytest.mark.parametrize(
    ("decision", "tone", "title"),
    [
        (Decision(State.AUTHENTICATED, True, stored=True), "good", texts.LAUNCH_RUNS),
        (Decision(State.AUTHENTICATED, True, store_failed=True), "warn", texts.LAUNCH_RUNS),
        (Decision(State.AUTHENTICATED, True, dropped=("cora",)), "warn", texts.LAUNCH_RUNS),
        (Decision(State.GRACE, True, cause=Cause.OFFLINE), "warn", texts.LAUNCH_ALONE),
        (Decision(State.EXPIRED, False, Reason.EXPIRED), "bad", texts.LAUNCH_REFUSED),
        (DONGLE, "good", texts.LAUNCH_RUNS),
    ],
)
def test_a_launch_is_told_by_how_it_went(decision, tone, title):
    note = notes.launched(decision, utc)
    assert (note.tone, note.title) == (tone, title)


def test_whom_too_small_a_number_drops_is_named():
    note = notes.dropped(("bert", "cora"), Note("good", texts.DONE))
    assert (note.tone, note.text) == ("warn", "No license for: bert, cora.")
