"""Policies that can be searched: with centuries of tolerance or charge no calendar holds what follows."""

from datetime import timedelta

from nexuslic.errors import InputError
from nexuslic.lab.policies import LabPolicy, span
from nexuslic.lab.trip import MOST_GRACE


def check(policy: LabPolicy) -> None:
    """Refuse a policy that leaves the calendar. Raises InputError."""
    knobs = {"clock_tolerance": policy.rules.clock_tolerance, "setback_charge": policy.rules.setback_charge}
    for name, value in knobs.items():
        if value > timedelta(days=MOST_GRACE):
            raise InputError(
                f"policy {policy.title}: {name} is {span(value)}, and this looks at {MOST_GRACE} days at most: "
                "write a shorter one"
            )
