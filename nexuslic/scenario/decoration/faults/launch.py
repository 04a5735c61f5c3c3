"""Faults of a launch and of the events: the dongle, the record, the version, and what moves a license where."""

from datetime import timedelta

import attrs

from nexuslic import client as app
from nexuslic.client import Launched
from nexuslic.connection import Client
from nexuslic.errors import DatabaseUnreachable
from nexuslic.rules.binding import same
from nexuslic.rules.decision import Decision, Keep, Launch, Ready, Verdict
from nexuslic.rules.license import Version
from nexuslic.rules.record import Granted, Record
from nexuslic.rules.words import Cause, Event, Protection, Reason, State
from nexuslic.scenario.decoration.fault import Fault

_LAUNCH, _EVENTS, _CONTACT = "A launch", "Events", "Contact"
_BEFORE = "nexuslic.rules.decision:before_contact"
_SETTLE = "nexuslic.rules.decision:settle"
_DENIED = "nexuslic.rules.decision:_denied"
_BY_DENIAL = "nexuslic.rules.decision:_BY_DENIAL"
_NEWEST = Version((999, 0))


def _without_a_look(client: Client) -> Launched:
    """A launch that does not look for the dongle."""
    try:
        return app._launch(client)
    except DatabaseUnreachable as error:
        return Launched(app.no_database(error))


def _dongle_last(client: Client) -> Launched:
    """A launch that looks for the dongle when all is done."""
    launched = _without_a_look(client)
    if not client.ports.computer.dongle():
        return launched
    said = attrs.evolve(launched.decision, state=None, runs=True, reason=None, protection=Protection.DONGLE)
    return Launched(said, launched.session)


def _of_any_version(launch: Launch) -> Launch:
    return attrs.evolve(launch, version=_NEWEST)


def _names_first(launch: Launch) -> Launch:
    """The launch with the version looked at only where the names match."""
    record = launch.record
    return launch if record is None or same(launch.binding, record.certificate.binding) else _of_any_version(launch)


def _offline(step: Verdict | Ready) -> Verdict | Ready:
    """The launch, with a cause told where nobody was asked."""
    return attrs.evolve(step, cause=Cause.OFFLINE) if isinstance(step, Verdict) else step


def _warning(decision: Decision, reason: Reason) -> Decision:
    """The decision, which lets the application run where this reason is told."""
    return attrs.evolve(decision, runs=decision.runs or decision.reason is reason)


def _on_trial(record: Record | None, damaged: bool, real: tuple[State, Reason | None]) -> tuple[State, Reason | None]:
    """The standing of a license; of none, that of a trial."""
    return (State.GRACE, None) if record is None and not damaged else real


def _undamaged(launch: Launch) -> Launch:
    return attrs.evolve(launch, damaged=False)


def _cleaning(verdict: Verdict | Ready) -> Verdict | Ready:
    """The verdict, with a damaged record thrown away."""
    if isinstance(verdict, Verdict) and verdict.reason is Reason.DAMAGED:
        return attrs.evolve(verdict, keep=Keep.REMOVE)
    return verdict


def _asking_daily(step: Verdict | Ready) -> Verdict | Ready:
    """The launch, decided without the license server within a day of a grant."""
    if isinstance(step, Verdict):
        return step
    record, now = step.record, step.seen.ledger.license_time
    if record.refused is not None or now - record.certificate.granted_at > timedelta(days=1):
        return step
    ran = record.ran(step.seen.ledger, step.launch.reading.wall)
    return Verdict(record.state, None, keep=Keep.SAVE, record=ran, record_if_refused=record, license_time=now)


def _expired(step: Verdict | Ready) -> Verdict | Ready:
    """The launch, Expired where the version is too old."""
    if isinstance(step, Verdict) and step.reason is Reason.VERSION:
        return attrs.evolve(step, state=State.EXPIRED)
    return step


def _no_longer_refused(verdict: Verdict) -> Verdict:
    """The verdict, with what the license server said of its term or its suspension left out of the record."""
    if verdict.record is None or verdict.reason not in (Reason.SUSPENDED, Reason.TERM):
        return verdict
    return attrs.evolve(verdict, record=attrs.evolve(verdict.record, refused=None))


def _still_refused(verdict: Verdict, ready: Ready) -> Verdict:
    """The verdict of a grant, with an old suspension left in the record."""
    if verdict.record is None:
        return verdict
    return attrs.evolve(verdict, record=attrs.evolve(verdict.record, refused=ready.record.refused))


def _keeping(verdict: Verdict, ready: Ready) -> Verdict:
    """The verdict, with the record kept as it was where it was to be removed."""
    return attrs.evolve(verdict, keep=Keep.SAVE, record=ready.record) if verdict.keep is Keep.REMOVE else verdict


def _old(ready: Ready) -> Granted:
    """The grant that the record holds already."""
    return Granted(ready.record.certificate, ready.record.proof)


FAULTS = (
    Fault(
        "dongle-ignored",
        "NETHASP.ini is not looked for.",
        _LAUNCH,
        "a workstation with `nethasp: present`",
        "nexuslic.client:launch",
        lambda real: _without_a_look,
    ),
    Fault(
        "dongle-last",
        "NETHASP.ini is looked for when the launch is over: contact was made and a seat taken.",
        _LAUNCH,
        "a workstation with `nethasp: present` that is opened, and `seats_in_use`",
        "nexuslic.client:launch",
        lambda real: _dongle_last,
    ),
    Fault(
        "dongle-has-no-state",
        "A launch under a dongle does not run, for it is in no state that runs.",
        _LAUNCH,
        "a workstation with `nethasp: present` that runs",
        "nexuslic.client:DONGLE",
        lambda real: attrs.evolve(real, runs=False),
    ),
    Fault(
        "no-record-is-a-dongle",
        "A database without a license is told as one that dongles protect.",
        _LAUNCH,
        "a launch without a record, with `protection: software`",
        _SETTLE,
        lambda real: (
            lambda verdict, launch, *kept: attrs.evolve(
                real(verdict, launch, *kept), protection=Protection.SOFTWARE if launch.record else Protection.DONGLE
            )
        ),
    ),
    Fault(
        "no-record-is-a-trial",
        "A database without a license is on trial: it runs in Grace.",
        "States",
        "a launch without a record",
        "nexuslic.rules.decision:standing",
        lambda real: lambda record, damaged, binding: _on_trial(record, damaged, real(record, damaged, binding)),
    ),
    Fault(
        "damaged-is-none",
        "A record that cannot be trusted passes for none.",
        _LAUNCH,
        "a record that is damaged, and the reason",
        "nexuslic.connection:_launch",
        lambda real: lambda *given: _undamaged(real(*given)),
    ),
    Fault(
        "damaged-is-expired",
        "A record that cannot be trusted passes for one that is Expired.",
        _LAUNCH,
        "a record that is damaged, and the state",
        "nexuslic.rules.decision:standing",
        lambda real: (
            lambda record, damaged, binding: (
                (State.EXPIRED, Reason.DAMAGED) if damaged else real(record, damaged, binding)
            )
        ),
    ),
    Fault(
        "damaged-is-thrown-away",
        "A launch removes a record that cannot be trusted.",
        _LAUNCH,
        "a record that is damaged, and two launches on it",
        _BEFORE,
        lambda real: lambda launch: _cleaning(real(launch)),
    ),
    Fault(
        "no-database-is-unlicensed",
        "A database that cannot be reached passes for one without a license.",
        _LAUNCH,
        "a database that is stopped, and a launch",
        "nexuslic.client:no_database",
        lambda real: lambda error: Decision(State.UNLICENSED, False, Reason.UNLICENSED),
    ),
    Fault(
        "no-database-runs",
        "A database that cannot be reached does not stop a launch.",
        _LAUNCH,
        "a database that is stopped, and a launch that does not run",
        "nexuslic.client:no_database",
        lambda real: lambda error: attrs.evolve(real(error), runs=True),
    ),
    Fault(
        "no-database-is-offline",
        "A database that cannot be reached is told as no contact with the license server.",
        _LAUNCH,
        "a database that is stopped, and a launch with `cause: none`",
        "nexuslic.client:no_database",
        lambda real: lambda error: attrs.evolve(real(error), cause=Cause.OFFLINE),
    ),
    Fault(
        "expired-only-warns",
        "A license that is Expired says so and runs.",
        "States",
        "a launch after the deadline that does not run",
        _SETTLE,
        lambda real: lambda *given: _warning(real(*given), Reason.EXPIRED),
    ),
    Fault(
        "term-only-warns",
        "A license whose term has ended says so and runs.",
        "States",
        "a launch after the end of term that does not run",
        _SETTLE,
        lambda real: lambda *given: _warning(real(*given), Reason.TERM),
    ),
    Fault(
        "damaged-only-warns",
        "A record that cannot be trusted is told, and the application runs.",
        "States",
        "a record that is damaged, and a launch that does not run",
        _SETTLE,
        lambda real: lambda *given: _warning(real(*given), Reason.DAMAGED),
    ),
    Fault(
        "version-only-warns",
        "An application that is too old is told so and runs.",
        _LAUNCH,
        "an application that is too old, and a launch that does not run",
        _SETTLE,
        lambda real: lambda *given: _warning(real(*given), Reason.VERSION),
    ),
    Fault(
        "cause-told-before-contact",
        "A launch that is refused before anybody is asked says that there is no network.",
        _LAUNCH,
        "a launch under a wrong name, with `cause: none`",
        _BEFORE,
        lambda real: lambda launch: _offline(real(launch)),
    ),
    Fault(
        "version-ignored",
        "The certificate's minimum version is not looked at before contact.",
        _LAUNCH,
        "an application that is too old, launched at sea",
        _BEFORE,
        lambda real: lambda launch: real(_of_any_version(launch)),
    ),
    Fault(
        "version-after-the-names",
        "The version is looked at only after the names.",
        _LAUNCH,
        "an application that is too old and connects to another name",
        _BEFORE,
        lambda real: lambda launch: real(_names_first(launch)),
    ),
    Fault(
        "version-as-text",
        "Versions are compared as texts: 6.10 is older than 6.2.",
        _LAUNCH,
        "an application 6.10 under a minimum of 6.2",
        "nexuslic.rules.license:Version.older_than",
        lambda real: lambda version, other: str(version) < str(other),
    ),
    Fault(
        "version-as-number",
        "Versions are compared by their first two numbers only.",
        _LAUNCH,
        "an application 6.2 under a minimum of 6.2.1",
        "nexuslic.rules.license:Version.older_than",
        lambda real: lambda version, other: version.numbers[:2] < other.numbers[:2],
    ),
    Fault(
        "version-minimum-excluded",
        "The minimum version itself is too old.",
        _LAUNCH,
        "an application of just the minimum version",
        "nexuslic.rules.license:Version.older_than",
        lambda real: lambda version, other: version.numbers <= other.numbers,
    ),
    Fault(
        "version-expires",
        "An application that is too old finds the license Expired.",
        _LAUNCH,
        "an application that is too old, and the state",
        _BEFORE,
        lambda real: lambda launch: _expired(real(launch)),
    ),
    Fault(
        "version-denial-expires",
        "A denial for the version ends the license for everybody.",
        _CONTACT,
        "a minimum that was raised, a launch in contact, and the state",
        _BY_DENIAL,
        lambda real: {**real, Reason.VERSION: Event.END},
    ),
    Fault(
        "asked-once-a-day",
        "A launch within a day of a grant does not ask the license server.",
        _LAUNCH,
        "a contact, and a launch without a network some hours later",
        _BEFORE,
        lambda real: lambda launch: _asking_daily(real(launch)),
    ),
    Fault(
        "grant-not-taken",
        "A confirmation does not bring the new certificate aboard: the old one stays.",
        _LAUNCH,
        "a launch with contact, and the `deadline`",
        "nexuslic.rules.decision:_granted",
        lambda real: lambda ready, granted: real(ready, _old(ready)),
    ),
    Fault(
        "suspension-forgotten",
        "What the license server has refused is not remembered, so pulling the cable lifts it.",
        _EVENTS,
        "a license that is suspended in contact, and a launch at sea",
        _DENIED,
        lambda real: lambda *given: _no_longer_refused(real(*given)),
    ),
    Fault(
        "suspension-not-lifted",
        "A grant does not lift a suspension that is remembered.",
        _EVENTS,
        "a license that is suspended and reinstated, a contact, and a launch at sea",
        "nexuslic.rules.decision:_granted",
        lambda real: lambda ready, granted: _still_refused(real(ready, granted), ready),
    ),
    Fault(
        "suspension-is-grace",
        "A license that is suspended runs on in Grace.",
        _EVENTS,
        "a license that is suspended, and a launch in contact",
        _BY_DENIAL,
        lambda real: {**real, Reason.SUSPENDED: Event.LOSE_CONTACT},
    ),
    Fault(
        "revocation-only-expires",
        "A revoked key makes the license Expired, and the record stays.",
        _EVENTS,
        "a key that is revoked, and two launches in contact",
        _BY_DENIAL,
        lambda real: {**real, Reason.REVOKED: Event.END},
    ),
    Fault(
        "revocation-keeps-the-record",
        "A revoked key makes the license Unlicensed, and the record stays as it was.",
        _EVENTS,
        "a key that is revoked, a launch in contact, and one at sea",
        _DENIED,
        lambda real: lambda ready, reason: _keeping(real(ready, reason), ready),
    ),
    Fault(
        "superseded-is-expired",
        "An old copy of the database is Expired, not Invalid-Binding.",
        _EVENTS,
        "an old copy of the database that is launched in contact",
        _BY_DENIAL,
        lambda real: {**real, Reason.SUPERSEDED: Event.END},
    ),
)
