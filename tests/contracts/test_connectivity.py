"""The contract of Connectivity (nexuslic/ports.py)."""

import pytest

from nexuslic.errors import UntrustedReply
from nexuslic.rules.words import Cause
from nexuslic.trust import wire
from nexuslic.trust.wire import MAX_BYTES


@pytest.mark.parametrize(
    "reply", [b"", b"\0\xff", b"<!doctype html>", b"A" * MAX_BYTES], ids=["empty", "odd", "page", "64-KiB"]
)
def test_a_reply_is_delivered_as_it_is_and_not_judged(link, reply):
    link.answers(reply)
    assert link.port.exchange(b"request") == reply


def test_of_a_reply_that_is_too_big_nothing_is_believed_whether_it_is_delivered_or_not(link, words):
    """A link may deliver it, for the verifier to refuse, or stop reading; the cause is the same in the end."""
    reply = b"A" * 70_000
    link.answers(reply)
    outcome = link.port.exchange(b"request")
    assert outcome in (reply, words.no_contact(Cause.UNTRUSTED_REPLY))
    with pytest.raises(UntrustedReply):
        wire.decode(reply, wire.Denial)


def test_the_request_arrives_as_it_was_and_once(link):
    link.answers(b"reply")
    link.port.exchange(b'{"format":1}\0\xff')
    assert link.asked == [b'{"format":1}\0\xff']


@pytest.mark.parametrize("cause", list(Cause), ids=str)
def test_no_contact_carries_its_cause_and_asks_nobody(link, cause, words):
    link.fails(cause)
    assert link.port.exchange(b"request") == words.no_contact(cause)
    assert link.asked == []


@pytest.mark.parametrize("place", range(len(Cause) - 1))
def test_of_several_causes_the_earliest_in_a_connection_is_told(link, place, words):
    several = list(Cause)[place:]
    link.fails(*reversed(several))
    assert link.port.exchange(b"request") == words.no_contact(several[0])


def test_every_attempt_is_an_attempt_of_its_own(link, words):
    link.fails(Cause.TIMEOUT)
    link.port.exchange(b"first")
    link.answers(b"reply")
    assert link.port.exchange(b"second") == b"reply"
    assert link.asked == [b"second"]
