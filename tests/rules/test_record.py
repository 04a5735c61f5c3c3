"""The record and the three ways in which a contact ends."""

from typing import get_args

import attrs
import pytest

from nexuslic.rules.record import Contact, Denied, Granted, NoContact
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
