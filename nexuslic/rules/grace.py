"""Grace: how long a license runs without contact.

A day is 24 hours of license time. Deadline = last grant + grace days + the extension that the certificate carries;
the end of term takes its place where it is earlier. At the deadline itself the application still runs; after it,
not (rules: Grace).
"""

from datetime import datetime, timedelta

from nexuslic.rules.instants import later
from nexuslic.rules.license import Certificate

DAY = timedelta(days=1)
MOST_DAYS = 4_000_000
"""More days than the calendar has."""


def grace_deadline(certificate: Certificate) -> datetime:
    """Last grant + grace days + carried extension (UTC), the end of term aside."""
    days = min(certificate.license.grace_days + certificate.extra_days, MOST_DAYS)
    return later(certificate.granted_at, days * DAY)


def deadline(certificate: Certificate) -> datetime:
    """The last instant of license time (UTC) at which the application runs without contact."""
    by_grace, ends = grace_deadline(certificate), certificate.license.ends
    return by_grace if ends is None else min(by_grace, ends)


def within(license_time: datetime, last: datetime) -> bool:
    """Whether the application still runs: the deadline itself included."""
    return license_time <= last


def past_term(certificate: Certificate, license_time: datetime) -> bool:
    """Whether license time is past the end of term."""
    ends = certificate.license.ends
    return ends is not None and not within(license_time, ends)


def days_left(license_time: datetime, last: datetime) -> int:
    """Days of 24 hours to the deadline, rounded up; 0 at the deadline and after it."""
    return max(0, -((license_time - last) // DAY))


def warning(left: int, warn_from: int | None) -> str | None:
    """The product's own words in Grace, or None where the policy keeps it silent."""
    if warn_from is not None and left > warn_from:
        return None
    return f"Only {left} {'day' if left == 1 else 'days'} left in grace period"
