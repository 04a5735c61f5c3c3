"""The faults, as data: one module for each part of the rules.

Each is a small wrong function in the place of a right one. A fault that changes nothing a person aboard could see is no
fault, and the tests refuse it.
"""

from nexuslic.scenario.decoration.fault import Fault
from nexuslic.scenario.decoration.faults import (
    authentication,
    binding,
    contact,
    grace,
    issuing,
    keeping,
    launch,
    license_time,
    seats,
    users,
    words,
)

FAULTS: tuple[Fault, ...] = (
    *launch.FAULTS,
    *authentication.FAULTS,
    *grace.FAULTS,
    *license_time.FAULTS,
    *contact.FAULTS,
    *binding.FAULTS,
    *issuing.FAULTS,
    *seats.FAULTS,
    *users.FAULTS,
    *keeping.FAULTS,
    *words.FAULTS,
)
"""All of them, in the order of the rules."""
