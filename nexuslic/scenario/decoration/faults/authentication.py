"""Faults of authentication and of renewal codes."""

from contextlib import suppress

import attrs

from nexuslic.connection import Client
from nexuslic.errors import WorldError
from nexuslic.keeping import fit_users
from nexuslic.rules import users
from nexuslic.rules.decision import DONGLE, Decision, authenticated
from nexuslic.rules.record import Granted
from nexuslic.rules.words import Cause, LicenseType, Reason, State
from nexuslic.scenario.decoration.fault import Fault
from nexuslic.session import take_seat
from nexuslic.trust.codes import CodeRequest, terms_digest

_RULE, _CODES = "Authentication", "Support at a distance"
_WITHOUT = "nexuslic.rules.decision:not_authenticated"
_ACCEPT = "nexuslic.client:_accept"
_AUTHENTICATE, _RENEW = "nexuslic.client:authenticate", "nexuslic.client:renew_by_code"


def _costly(decision: Decision, client: Client) -> Decision:
    """An authentication without a grant, which costs the record that was there."""
    with suppress(WorldError):
        blob = None if decision.runs else client.ports.records.load()
        if blob is not None:
            client.ports.records.remove(blob)
    return decision


def _sitting(decision: Decision, client: Client, granted: Granted) -> Decision:
    """An authentication that takes a seat."""
    with suppress(WorldError):
        take_seat(client, "authentication", granted.certificate.license.seats)
    return decision


def _checked(decision: Decision, client: Client, granted: Granted) -> Decision:
    """An authentication that only a user with a license may make."""
    named = granted.certificate.license.type is LicenseType.NAMED
    if not named or users.is_assigned(client.ports.users.assigned(), client.connection.user):
        return decision
    return attrs.evolve(decision, runs=False, reason=Reason.USER)


def _listing(decision: Decision, client: Client, granted: Granted) -> Decision:
    """An authentication that assigns a license to whoever made it."""
    with suppress(WorldError):
        client.ports.users.update(lambda assigned: users.assign(assigned, (client.connection.user,)))
        fit_users(client, granted.certificate.license)
    return decision


def _known(request: CodeRequest, terms: bytes) -> CodeRequest:
    return attrs.evolve(request, terms=terms)


FAULTS = (
    Fault(
        "check-digit-ignored",
        "A mistyped key is sent to the license server.",
        _RULE,
        "a key with one wrong digit that is entered without a network",
        "nexuslic.rules.license:LicenseKey.__attrs_post_init__",
        lambda real: lambda key: None,
    ),
    Fault(
        "failure-costs-the-record",
        "An authentication without a grant costs the record that was there.",
        _RULE,
        "a key that is entered without a network, and a launch after it",
        _AUTHENTICATE,
        lambda real: lambda client, key: _costly(real(client, key), client),
    ),
    Fault(
        "failure-runs",
        "An authentication without a grant says that the application runs.",
        _RULE,
        "a key that is entered without a network, with `runs: no`",
        _WITHOUT,
        lambda real: lambda *given: attrs.evolve(real(*given), runs=True),
    ),
    Fault(
        "failure-is-unlicensed",
        "An authentication without a grant shows Unlicensed, whatever the record says.",
        _RULE,
        "a license in Grace, and the key entered without a network",
        _WITHOUT,
        lambda real: lambda *given: attrs.evolve(real(*given), state=State.UNLICENSED, days_left=None, deadline=None),
    ),
    Fault(
        "failure-warns",
        "An authentication without a grant warns as a launch does.",
        _RULE,
        "a license in Grace, and a code that is refused, with `warns: none`",
        _WITHOUT,
        lambda real: lambda *given: attrs.evolve(real(*given), warnings=("Only a few days left in grace period",)),
    ),
    Fault(
        "failure-without-its-reason",
        "An authentication that the license server refuses does not tell the reason.",
        _RULE,
        "a key that is revoked, and entered",
        _WITHOUT,
        lambda real: lambda before, reason, *more: real(before, None, *more),
    ),
    Fault(
        "failure-without-its-cause",
        "An authentication without contact does not tell why.",
        _RULE,
        "a key that is entered without a network, and the cause",
        _WITHOUT,
        lambda real: lambda before, reason, cause, *note: real(before, reason, None, *note),
    ),
    Fault(
        "failure-is-offline",
        "An authentication that is refused says that there is no network.",
        _RULE,
        "a key that is revoked, and entered, with `cause: none`",
        _WITHOUT,
        lambda real: lambda before, reason, cause, *note: real(before, reason, cause or Cause.OFFLINE, *note),
    ),
    Fault(
        "failure-is-a-refusal",
        "An authentication without contact says that the license server does not know the key.",
        _RULE,
        "a key that is entered without a network, with `reason: none`",
        _WITHOUT,
        lambda real: lambda before, reason, *more: real(before, reason or Reason.UNKNOWN, *more),
    ),
    Fault(
        "dongle-stops-authentication",
        "No key can be entered while a dongle is present.",
        _RULE,
        "a workstation with `nethasp: present` where the key is entered",
        _AUTHENTICATE,
        lambda real: lambda client, key: DONGLE if client.ports.computer.dongle() else real(client, key),
    ),
    Fault(
        "authentication-takes-a-seat",
        "Entering the key takes a seat.",
        _RULE,
        "an authentication, and `seats_in_use: 0`",
        _ACCEPT,
        lambda real: lambda client, before, granted: _sitting(real(client, before, granted), client, granted),
    ),
    Fault(
        "authentication-checks-the-user",
        "Only a user with a license may enter the key.",
        _RULE,
        "a named license that somebody else sets up",
        _ACCEPT,
        lambda real: lambda client, before, granted: _checked(real(client, before, granted), client, granted),
    ),
    Fault(
        "authentication-assigns",
        "Whoever enters the key gets a named license.",
        "A launch",
        "a named license that somebody else sets up, and their launch",
        _ACCEPT,
        lambda real: lambda client, before, granted: _listing(real(client, before, granted), client, granted),
    ),
    Fault(
        "authentication-not-stored",
        "A grant for a key that was entered is not stored.",
        _RULE,
        "an authentication with `stored: yes`, and a launch without a network",
        _ACCEPT,
        lambda real: (
            lambda client, before, granted: attrs.evolve(authenticated(before, granted, "0" * 32)[2], stored=False)
        ),
    ),
    Fault(
        "code-without-its-checks",
        "A mistyped group of a code is not noticed.",
        _CODES,
        "a code that is `mistyped`, and the message that names the group",
        "nexuslic.trust.codes:_check",
        lambda real: lambda group, place: group[0],
    ),
    Fault(
        "code-without-the-extension",
        "A renewal code does not carry the extension.",
        _CODES,
        "a renewal code while there is an extension",
        "nexuslic.trust.codes:write_answer",
        lambda real: lambda certificate, *more: real(attrs.evolve(certificate, extra_days=0), *more),
    ),
    Fault(
        "code-without-new-terms",
        "A renewal code does not carry terms that have changed.",
        _CODES,
        "a license that is changed, and a renewal code after that",
        "nexuslic.trust.codes:write_answer",
        lambda real: (
            lambda certificate, token, request: real(
                certificate, token, _known(request, terms_digest(certificate.license))
            )
        ),
    ),
    Fault(
        "code-tells-a-cause",
        "A renewal code tells a cause of no contact although it was accepted.",
        _CODES,
        "a renewal code that is accepted, with `cause: none`",
        _RENEW,
        lambda real: lambda client, code: attrs.evolve(real(client, code), cause=Cause.OFFLINE),
    ),
)
