"""Faults of the named users: who is assigned, who is dropped, and who is told."""

import attrs

from nexuslic.rules.license import License
from nexuslic.rules.record import Record
from nexuslic.rules.seats import Seats
from nexuslic.rules.users import Users
from nexuslic.rules.words import LicenseType, Reason
from nexuslic.scenario.decoration.fault import Fault

_RULE = "Seats and named users"
_FIT = "nexuslic.rules.users:fit"
_ASSIGN = "nexuslic.rules.users:assign"


def _latest(users: Users, licenses: int | None) -> tuple[Users, Users]:
    """The latest assigned keep their license."""
    cut = 0 if licenses is None else max(0, len(users) - licenses)
    return users[cut:], users[:cut]


def _unasked(reason: Reason | None, holders: Seats) -> tuple[Reason | None, Seats]:
    """What comes of step 8 where nobody asks who the user is."""
    return (None if reason is Reason.USER else reason), holders


def _named(terms: License) -> License:
    return attrs.evolve(terms, type=LicenseType.NAMED)


def _concurrent(record: Record) -> Record:
    """The record as if its license counted sessions."""
    terms = attrs.evolve(record.certificate.license, type=LicenseType.CONCURRENT)
    return attrs.evolve(record, certificate=attrs.evolve(record.certificate, license=terms))


FAULTS = (
    Fault(
        "user-compared-with-case",
        "Users are compared with regard to case.",
        _RULE,
        "a user who is assigned in lower case and logs on in upper case",
        "nexuslic.rules.users:fold",
        lambda real: str.strip,
    ),
    Fault(
        "user-not-checked",
        "Whoever launches has a named license.",
        _RULE,
        "a launch of a user who is not assigned",
        "nexuslic.keeping:_sit",
        lambda real: lambda *given: _unasked(*real(*given)),
    ),
    Fault(
        "nobody-assigned-is-everybody",
        "While nobody is assigned, everybody runs.",
        _RULE,
        "a named license to which nobody is assigned yet, and a launch",
        "nexuslic.rules.users:is_assigned",
        lambda real: lambda users, user: not users or real(users, user),
    ),
    Fault(
        "latest-kept",
        "Assigning more than the license has keeps the latest assigned and drops the earliest.",
        _RULE,
        "more users assigned than there are licenses",
        _FIT,
        lambda real: _latest,
    ),
    Fault(
        "one-user-too-many",
        "One user more than there are licenses is kept.",
        _RULE,
        "more users assigned than there are licenses, and who is dropped",
        _FIT,
        lambda real: lambda users, licenses: real(users, None if licenses is None else licenses + 1),
    ),
    Fault(
        "last-license-kept-back",
        "A grant for just as many users as are assigned drops the latest.",
        _RULE,
        "a named license with all its users assigned, and a contact that drops nobody",
        "nexuslic.keeping:fit_users",
        lambda real: lambda client, terms: real(client, attrs.evolve(terms, seats=terms.seats - 1)),
    ),
    Fault(
        "unknown-number-is-none",
        "While it is not known how many may be assigned, nobody may.",
        _RULE,
        "users who are assigned before there is a license",
        _FIT,
        lambda real: lambda users, licenses: real(users, licenses or 0),
    ),
    Fault(
        "nobody-dropped",
        "However many are assigned, all of them are kept.",
        _RULE,
        "more users assigned than there are licenses, and who is dropped",
        _FIT,
        lambda real: lambda users, licenses: (users, ()),
    ),
    Fault(
        "dropped-untold",
        "Nobody is told who was dropped.",
        _RULE,
        "more users assigned than there are licenses, and who is dropped",
        _FIT,
        lambda real: lambda users, licenses: (real(users, licenses)[0], ()),
    ),
    Fault(
        "smaller-grant-drops-nobody",
        "A grant for fewer users leaves the list as it is.",
        _RULE,
        "a named license that shrinks, and who is dropped by the next contact",
        "nexuslic.keeping:fit_users",
        lambda real: lambda client, terms: (),
    ),
    Fault(
        "names-struck-off-for-seats",
        "A concurrent license strikes users off the list of names.",
        _RULE,
        "a license that becomes concurrent for fewer, and named again",
        "nexuslic.keeping:fit_users",
        lambda real: lambda client, terms: real(client, _named(terms)),
    ),
    Fault(
        "assigned-first",
        "Whoever is assigned now comes before those who were.",
        _RULE,
        "a full list, and one more who is assigned and dropped",
        _ASSIGN,
        lambda real: lambda users, more: real(more, users),
    ),
    Fault(
        "assigned-twice",
        "Who is on the list already is counted once more.",
        _RULE,
        "a full list, and users who are assigned again",
        _ASSIGN,
        lambda real: lambda users, more: (*users, *more),
    ),
    Fault(
        "unassigned-in-vain",
        "Taking a license away does nothing.",
        _RULE,
        "a user who is unassigned, and their launch",
        "nexuslic.rules.users:unassign",
        lambda real: lambda users, fewer: users,
    ),
    Fault(
        "named-users-take-seats",
        "Sessions of named users are counted as well.",
        _RULE,
        "several sessions of one named user",
        "nexuslic.keeping:_sit",
        lambda real: lambda client, record, session: real(client, _concurrent(record), session),
    ),
)
