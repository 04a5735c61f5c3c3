"""The clocks of a launch side by side: the one that the license reads, this computer's, the license server's.

Hours do not matter: the rules call up to 24 hours no tampering (rules: License time). A difference of days does.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import attrs

from nexuslic.doctor.contact import Look
from nexuslic.doctor.findings import Finding, Level, Step, good
from nexuslic.rules.decision import Launch, Ready, Verdict
from nexuslic.rules.explain import utc
from nexuslic.rules.policy import Policy

DATABASE, HERE = "the database server", "this computer"


@attrs.frozen
class Clocks:
    """What each clock shows (UTC); None for one that was not seen. `read`: whose the license reads."""

    read: str
    license: datetime
    workstation: datetime
    server: datetime | None
    license_time: datetime | None
    set_back: timedelta | None


def of(before: Launch, step: Verdict | Ready, read: str, workstation: datetime, look: Look | None) -> Clocks:
    """The clocks of a launch; the license server's is believed only where its certificate was verified."""
    seen = step.seen if isinstance(step, Ready) else None
    record = before.record
    passed = None if record is None else record.ledger.license_time
    passed = seen.ledger.license_time if seen is not None else passed
    set_back = None if seen is None else seen.set_back
    return Clocks(read, before.reading.wall, workstation, None if look is None else told(look), passed, set_back)


def told(look: Look) -> datetime | None:
    """The license server's time, as it says itself (HTTP, Date); None where it did not."""
    try:
        found = parsedate_to_datetime(look.watch.headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def finding(clocks: Clocks, policy: Policy) -> Finding:
    """How the clocks stand."""
    text = _text(clocks)
    if clocks.set_back is not None:
        return _bad(text, f"it was set back by {span(clocks.set_back)} since the last launch", clocks.read)
    if clocks.server is not None and abs(clocks.license - clocks.server) > policy.clock_tolerance:
        off = "ahead of" if clocks.license > clocks.server else "behind"
        apart = f"it is {span(abs(clocks.license - clocks.server))} {off} the license server's"
        return _bad(text, apart, clocks.read)
    return good(Step.CLOCK, text)


def _bad(text: str, why: str, read: str) -> Finding:
    cures = (
        f"Set the clock of {read} right, then launch with contact: the license takes the license server's time.",
        "Nothing else gives back the days that were run under a clock that was ahead.",
    )
    return Finding(Step.CLOCK, Level.BAD, text, why=f"the clock of {read} is wrong: {why}", cures=cures)


def _text(clocks: Clocks) -> str:
    parts = [f"{clocks.read} shows {utc(clocks.license)}"]
    if clocks.read != HERE:
        parts.append(f"{HERE} {_apart(clocks.workstation, clocks.license)}")
    if clocks.server is not None:
        parts.append(f"the license server {_apart(clocks.server, clocks.license)}")
    if clocks.license_time is not None:
        parts.append(f"license time is {utc(clocks.license_time)}")
    return ", ".join(parts)


def _apart(one: datetime, other: datetime) -> str:
    apart = one - other
    if abs(apart) < timedelta(minutes=1):
        return "the same"
    return f"{span(abs(apart))} {'ahead' if apart > timedelta(0) else 'behind'}"


def span(length: timedelta) -> str:
    """A length of time in its two greatest units."""
    minutes = int(length.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (rest, "min")]
    first = next((place for place, (number, _) in enumerate(parts) if number), len(parts) - 1)
    return " ".join(f"{number} {unit}" for number, unit in parts[first : first + 2])
