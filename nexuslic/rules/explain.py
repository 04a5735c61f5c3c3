"""A Decision in plain words for a person aboard: what is so, why, and what to do next.

Every refusal says what the clock shows, when the last grant and the last good launch were, and what to do
(rules: Grace); a mismatch names both spellings and how to settle it (rules: Binding).
"""

from collections.abc import Callable
from datetime import datetime

import attrs

from nexuslic.rules.decision import Decision
from nexuslic.rules.words import Cause, Protection, Reason

TimeWriter = Callable[[datetime], str]


@attrs.frozen
class Explanation:
    """Plain words: `message` says what is so and why, `next_step` what to do."""

    message: str
    next_step: str

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


def utc(at: datetime) -> str:
    """A time as it is written where no zone is known."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


CAUSES = {
    Cause.OFFLINE: "there is no network",
    Cause.DNS: "the name of the license server cannot be looked up",
    Cause.REFUSED: "the license server refuses connections",
    Cause.TIMEOUT: "the license server does not answer in time",
    Cause.TLS_PROTOCOL: "this computer and the license server have no TLS version in common",
    Cause.TLS_CERTIFICATE: "the certificate of the license server cannot be verified",
    Cause.PROXY: "a proxy stands in the way",
    Cause.SERVER_ERROR: "the license server has a fault",
    Cause.UNTRUSTED_REPLY: "what answered is not the license server, or its answer cannot be trusted",
}
"""What each cause means, for a person."""

_RENEW = "Bring one workstation of this database online and launch, or ask support for a renewal code."
_TLS = (
    "Let another workstation of this database make contact, or use a renewal code; on a system that has it turned off, "
    "an administrator can turn TLS 1.0 on."
)
_SUPPORT = "Please contact support."

REFUSALS = {
    Reason.UNLICENSED: (
        "This database has no license yet.",
        "Enter the license key under Database > Properties > License.",
    ),
    Reason.DAMAGED: (
        "The license record in this database is damaged; it is kept for support.",
        "Enter the license key again, or restore a backup of the database.",
    ),
    Reason.EXPIRED: ("The grace period is used up.", _RENEW),
    Reason.TERM: ("The term of the license has ended.", "Renew the license with support, then launch online."),
    Reason.SUSPENDED: (
        "The vendor has suspended the license.",
        "Please contact support; once it is reinstated, launch online.",
    ),
    Reason.REVOKED: ("The vendor has revoked the license key.", _SUPPORT),
    Reason.UNKNOWN: ("The license server does not know this license key.", "Check the key, or contact support."),
    Reason.BINDING: (
        "The license is invalid for this connection.",
        "Let all clients use the same server and database name, or authenticate again with the license key.",
    ),
    Reason.SUPERSEDED: (
        "The license key was authenticated for another database since.",
        "Use that database, or authenticate again here with the license key.",
    ),
    Reason.USER: (
        "You are not authorised: no license is assigned to you.",
        "Ask the license administrator to assign one under Database > Properties > License.",
    ),
    Reason.SEATS: ("All licenses are in use.", "Wait until one of them closes the application."),
    Reason.VERSION: (
        "This version of the application is older than the license allows.",
        "Upgrade the application on this workstation.",
    ),
    Reason.DATABASE: (
        "The database cannot be reached or read.",
        "Start the database server and check the connection; the license is unharmed.",
    ),
}
"""What each reason means and what to do, for a person."""


def explain(decision: Decision, write: TimeWriter = utc) -> Explanation:
    """The Decision in plain words; `write` says how a time is written."""
    if decision.protection is Protection.DONGLE:
        return Explanation("The dongle protects this workstation: NETHASP.ini is in place.", "")
    if decision.runs:
        return _running(decision, write)
    no_database = decision.reason is Reason.DATABASE
    parts = [_refusal(decision) if no_database or not decision.note else decision.note]
    if decision.cause is not None and not decision.note:
        parts.append(f"No contact: {CAUSES[decision.cause]}.")
    if decision.reason is Reason.BINDING:
        parts.append(f"It was authenticated as {decision.recorded}, this client connects to {decision.connected}.")
    if decision.holders:
        parts.append(f"In use by {', '.join(decision.holders)}.")
    parts += [*_dates(decision, write), *_warned(decision), *_stored(decision)]
    return Explanation(" ".join(parts), _next(decision))


def _refusal(decision: Decision) -> str:
    if decision.reason is not None:
        return REFUSALS[decision.reason][0]
    return "The license was not granted." if decision.state is not None else ""


def _next(decision: Decision) -> str:
    if decision.cause is Cause.TLS_PROTOCOL and decision.reason in (None, Reason.EXPIRED):
        return _TLS
    if decision.reason is Reason.DATABASE:
        return f"{REFUSALS[decision.reason][1]} {decision.note}".strip()
    if decision.reason is not None:
        return REFUSALS[decision.reason][1]
    return "Try again with contact, or ask support for a renewal code."


def _running(decision: Decision, write: TimeWriter) -> Explanation:
    if decision.cause is None:
        return Explanation(" ".join(["The license is confirmed.", *_warned(decision), *_stored(decision)]), "")
    parts = [*_warned(decision), f"No contact: {CAUSES[decision.cause]}."]
    if decision.deadline is not None:
        parts.append(f"The application runs until {write(decision.deadline)}.")
    step = _TLS if decision.cause is Cause.TLS_PROTOCOL else "Any launch with contact starts grace again."
    return Explanation(" ".join([*parts, *_stored(decision)]), step)


def _warned(decision: Decision) -> list[str]:
    return [f"{text}." for text in decision.warnings]


def _stored(decision: Decision) -> list[str]:
    said = []
    if decision.dropped:
        said.append(f"Fewer licenses than users: no license any more for {', '.join(decision.dropped)}.")
    if decision.store_failed:
        said.append("This could not be stored: the database is read-only, full or locked.")
    return said


def _dates(decision: Decision, write: TimeWriter) -> list[str]:
    if decision.clock is None:
        return []
    said = [f"The clock shows {write(decision.clock)}"]
    if decision.last_grant is not None:
        said.append(f"the last grant was {write(decision.last_grant)}")
        good = (
            "no launch has run yet"
            if decision.last_good is None
            else f"the last good launch {write(decision.last_good)}"
        )
        said.append(good)
    return ["; ".join(said) + "."]
