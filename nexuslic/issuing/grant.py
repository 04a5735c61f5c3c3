"""Granting and denying: what the license server answers to one request.

A denial carries the first reason that applies of unknown, revoked, suspended, term, superseded (confirmations
only), version. An authentication makes its binding the newest of the key's history; a confirmation asked from
another binding is superseded. Asking twice does nothing twice (rules: Contact, Authentication).
"""

from datetime import datetime

import attrs

from nexuslic.errors import UntrustedReply
from nexuslic.issuing.registry import Bound, Issued, Registry
from nexuslic.issuing.signatory import Signatory
from nexuslic.rules.binding import same
from nexuslic.rules.grace import within
from nexuslic.rules.license import Certificate
from nexuslic.rules.words import Reason
from nexuslic.trust import wire
from nexuslic.trust.signing import sign
from nexuslic.trust.wire import Ask, Denial, Malformed, Request


def answer(raw: bytes, registry: Registry, signatory: Signatory, now: datetime, *, discreet: bool = False) -> bytes:
    """The signed answer to a request as it came in; `discreet` as for `decide`.

    Raises UntrustedReply where it is no request.
    """
    return reply(decide(read(raw), registry, now, discreet=discreet), signatory)


def read(raw: bytes) -> Request | Malformed:
    """The request in `raw`; Malformed where only its key is none. Raises UntrustedReply where it is no request."""
    try:
        return wire.decode(raw, Request)
    except UntrustedReply:
        return wire.decode(raw, Malformed)


def reply(value: Certificate | Denial, signatory: Signatory) -> bytes:
    """What was decided, signed, behind what the license server announces of its keys."""
    return (signatory.prefix + sign(value, signatory.signing)).encode("ascii")


def decide(
    request: Request | Malformed, registry: Registry, now: datetime, *, discreet: bool = False
) -> Certificate | Denial:
    """Grant or deny `request` at the license server's time `now` (UTC); a key that is none is unknown.

    `discreet`: to a database that the key was never bound to, every denial is the same, whether there is such a key or
    not, so that whoever guesses keys learns nothing from it: an authentication is `unknown`, a confirmation
    `superseded`.
    """
    now = now.replace(microsecond=0)
    issued = registry.find(request.key) if isinstance(request, Request) else None
    reason = Reason.UNKNOWN if isinstance(request, Malformed) else denial(issued, request, now)
    if issued is None or isinstance(request, Malformed) or reason is not None:
        if discreet and not (issued is not None and issued.proved(request.binding)):
            reason = _STRANGER[request.ask]
        return Denial(reason or Reason.UNKNOWN, request.binding, request.nonce, now)
    if request.ask is Ask.AUTHENTICATE:
        issued = registry.change(request.key, lambda kept: bind(kept, request, now)) or issued
    return certificate(issued, request, now)


_STRANGER = {Ask.AUTHENTICATE: Reason.UNKNOWN, Ask.CONFIRM: Reason.SUPERSEDED}
"""What somebody is told whose database a key was never bound to."""


def denial(issued: Issued | None, request: Request, now: datetime) -> Reason | None:
    """The first reason that applies to refuse `request`; None to grant it."""
    if issued is None:
        return Reason.UNKNOWN
    ends = issued.license.ends
    superseded = request.ask is Ask.CONFIRM and (issued.binding is None or not same(issued.binding, request.binding))
    applies = {
        Reason.REVOKED: issued.revoked,
        Reason.SUSPENDED: issued.suspended,
        Reason.TERM: ends is not None and not within(now, ends),
        Reason.SUPERSEDED: superseded,
        Reason.VERSION: request.version.older_than(issued.license.minimum_version),
    }
    return next((reason for reason, does in applies.items() if does), None)


def bind(issued: Issued, request: Request, now: datetime) -> Issued:
    """The key bound to the request's database from now on; nothing changes where it is already.

    A request that comes once more, late, has done its part: it does not take the key back from where it went since.
    """
    if issued.binding is not None and same(issued.binding, request.binding):
        return issued
    if any(bound.nonce == request.nonce and same(bound.binding, request.binding) for bound in issued.history):
        return issued
    return attrs.evolve(issued, history=(*issued.history, Bound(request.binding, now, request.nonce)))


def certificate(issued: Issued, request: Request, now: datetime) -> Certificate:
    """The grant: plain grace, and the extension where it is still handed out."""
    extension = issued.extension
    extra = extension.days if extension is not None and within(now, extension.until) else 0
    return Certificate(issued.key, issued.license, request.binding, now, request.nonce, extra)
