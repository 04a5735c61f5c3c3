"""The record and the three ways in which a contact ends."""

from datetime import timedelta
from typing import get_args

import attrs
import pytest

from nexuslic.rules.license import LicenseKey
from nexuslic.rules.record import Asked, Contact, Denied, Granted, NoContact
from nexuslic.rules.words import Cause, Reason


def test_a_contact_ends_in_exactly_three_ways():
    assert get_args(Contact) == (Granted, Denied, NoContact)


def test_a_denial_carries_its_reason():
    assert Denied(Reason.REVOKED) != Denied(Reason.UNKNOWN)


def test_no_contact_carries_its_cause():
    assert NoContact(Cause.DNS) != NoContact(Cause.PROXY)


def test_a_record_is_replaced_and_never_changed_in_place(build):
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        build.record().refused = Reason.SUSPENDED


@pytest.fixture
def grant(build):
    """A record's grant that was given so many seconds after the first, under a nonce."""

    def made(seconds=0, nonce="n", **changed):
        first = build.record().certificate
        later = first.granted_at + timedelta(seconds=seconds)
        return attrs.evolve(first, granted_at=later, nonce=nonce, **changed)

    return made


def holding(build, certificate):
    return attrs.evolve(build.record(), certificate=certificate)


@pytest.mark.parametrize("answer", [NoContact(Cause.DNS), Denied(Reason.SUSPENDED)], ids=["no-contact", "denied"])
def test_an_answer_says_what_it_says_of_the_grant_that_was_asked_about(build, grant, answer):
    assert Asked(grant(), answer).says_of(holding(build, grant())) is answer


@pytest.mark.parametrize("seconds, goes", [(-1, True), (0, True), (1, False)])
def test_a_grant_goes_for_a_record_that_holds_no_newer_one(build, grant, seconds, goes):
    answer = Granted(grant(nonce="answer"), "proof")
    assert (Asked(grant(-9), answer).says_of(holding(build, grant(seconds, "other"))) is answer) == goes


def test_no_contact_goes_for_another_grant_of_the_key(build, grant):
    answer = NoContact(Cause.DNS)
    assert Asked(grant(), answer).says_of(holding(build, grant(1, "other"))) is answer


def test_a_denial_says_nothing_of_another_grant(build, grant):
    assert Asked(grant(), Denied(Reason.SUSPENDED)).says_of(holding(build, grant(0, "other"))) is None


def test_no_answer_says_anything_of_another_key(build, grant):
    other = grant(key=LicenseKey.from_number(7))
    assert Asked(grant(), NoContact(Cause.DNS)).says_of(holding(build, other)) is None
