"""Users and seats, as a launch would find them: who is let in is decided by the rules, and nothing is taken."""

from datetime import datetime

from nexuslic.client import Client
from nexuslic.doctor.findings import Finding, Step, good
from nexuslic.doctor.standing import refused
from nexuslic.rules import users
from nexuslic.rules.decision import Kept, Launch, Verdict, refuse
from nexuslic.rules.license import License
from nexuslic.rules.seats import Seats
from nexuslic.rules.words import LicenseType, Reason
from nexuslic.session import seated

_NOBODY = "doctor"
"""A session that never begins."""


def ask(
    client: Client, before: Launch, verdict: Verdict, sitting: Seats, now: datetime
) -> tuple[Finding, Verdict, Kept]:
    """Whether a launch that runs so far finds its user assigned, or a seat free.

    `sitting` holds every seat, `now` (UTC) is what the database's clock shows. Raises DatabaseUnreachable.
    """
    record = verdict.record
    assert record is not None
    terms = record.certificate.license
    if terms.type is LicenseType.NAMED:
        found, kept = _user(client, terms), Kept()
    else:
        found, kept = _seat(client, terms, sitting, now)
    return found, verdict if found.reason is None else refuse(verdict, before, found.reason), kept


def _user(client: Client, terms: License) -> Finding:
    user = client.connection.user
    listed, dropped = users.fit(client.ports.users.assigned(), terms.seats)
    count = f"{len(listed)} of {terms.seats} licenses are assigned"
    if users.is_assigned(listed, user):
        return good(Step.SEAT, f"{user} has a named license; {count}")
    gone = ", and there are fewer licenses than users" if users.is_assigned(dropped, user) else ""
    return refused(Step.SEAT, f"{user} has no named license{gone}; {count}", Reason.USER)


def _seat(client: Client, terms: License, sitting: Seats, now: datetime) -> tuple[Finding, Kept]:
    seating = seated(client, _NOBODY, sitting, now, terms.seats)
    names = tuple(map(str, seating.holders))
    who = f" by {', '.join(names)}" if names else ""
    text = f"{len(names)} of {terms.seats} seats are taken{who}"
    if seating.taken:
        return good(Step.SEAT, text), Kept()
    return refused(Step.SEAT, text, Reason.SEATS), Kept(holders=names)
