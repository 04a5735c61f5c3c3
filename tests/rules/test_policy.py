"""The documented defaults, which a vendor may change."""

from datetime import timedelta

import attrs
import pytest

from nexuslic.rules.policy import SEAT_RENEWAL, Policy
from nexuslic.rules.words import WhichBinding, WhichClock

DEFAULTS = {
    "warn_from": None,
    "clock_tolerance": timedelta(hours=24),
    "setback_charge": timedelta(hours=24),
    "seat_timeout": timedelta(minutes=10),
    "contact_timeout": timedelta(seconds=3),
    "clock": WhichClock.DATABASE,
    "binding": WhichBinding.SPELLING,
}


def test_the_defaults_are_those_of_the_documentation():
    assert attrs.asdict(Policy()) == DEFAULTS


def test_a_session_renews_its_seat_every_2_minutes():
    assert timedelta(seconds=120) == SEAT_RENEWAL


def test_a_policy_is_a_value_that_nobody_changes_in_place():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Policy().warn_from = 3
