"""Faults of the license server: what it denies, what it grants, and what support and administrators do."""

from collections.abc import Callable
from datetime import datetime

import attrs

from nexuslic.issuing.registry import Issued
from nexuslic.rules.license import Certificate, Extension
from nexuslic.rules.words import Reason
from nexuslic.scenario.decoration.fault import Fault
from nexuslic.trust.wire import Ask, Request

_CONTACT, _GRACE, _SUPPORT = "Contact", "Grace", "Support at a distance"
_DENIAL = "nexuslic.issuing.grant:denial"
_CERTIFICATE = "nexuslic.issuing.grant:certificate"

Denying = Callable[[Issued | None, Request, datetime], Reason | None]


def _last(real: Denying, issued: Issued | None, request: Request, now: datetime) -> Reason | None:
    """The last reason that applies, found by taking each that comes before it away."""
    found = real(issued, request, now)
    cured = issued
    while cured is not None and (reason := real(cured, request, now)) not in (None, Reason.VERSION):
        found = reason
        if reason is Reason.SUPERSEDED:
            return real(cured, attrs.evolve(request, ask=Ask.AUTHENTICATE), now) or found
        cured = _without(cured, reason)
    return found if cured is None else real(cured, request, now) or found


def _without(issued: Issued, reason: Reason | None) -> Issued:
    """The key as if this reason did not apply."""
    if reason is Reason.TERM:
        return attrs.evolve(issued, license=attrs.evolve(issued.license, ends=None))
    if reason is Reason.REVOKED:
        return attrs.evolve(issued, revoked=False)
    return attrs.evolve(issued, suspended=False)


def _as(ask: Ask, request: Request) -> Request:
    return attrs.evolve(request, ask=ask)


def _moves_refused(real: Denying, issued: Issued | None, request: Request, now: datetime) -> Reason | None:
    """A key that is bound already is granted for no other database."""
    bound = issued is not None and bool(issued.history)
    return real(issued, _as(Ask.CONFIRM, request) if bound else request, now)


def _carrying(granted: Certificate, extension: Extension | None, *, carried: bool) -> Certificate:
    return attrs.evolve(granted, extra_days=extension.days if extension is not None and carried else 0)


def _until(issued: Issued) -> datetime | None:
    return None if issued.extension is None else issued.extension.until


def _added(before: Extension | None, new: Extension) -> Extension:
    return attrs.evolve(new, days=new.days + (0 if before is None else before.days))


def _ageless(issued: Issued | None) -> Issued | None:
    """The key as if every version of the application were new enough."""
    if issued is None:
        return None
    oldest = attrs.evolve(issued.license.minimum_version, numbers=(0, 0))
    return attrs.evolve(issued, license=attrs.evolve(issued.license, minimum_version=oldest))


def _suspended(issued: Issued) -> Issued:
    """The key suspended where it was to be revoked."""
    return attrs.evolve(issued, revoked=False, suspended=True) if issued.revoked else issued


FAULTS = (
    Fault(
        "unknown-is-revoked",
        "A key that nobody issued is called revoked, not unknown.",
        _CONTACT,
        "a key that was never issued, and the reason",
        _DENIAL,
        lambda real: lambda issued, request, now: real(issued, request, now) if issued else Reason.REVOKED,
    ),
    Fault(
        "revocation-ignored",
        "The license server grants a key that is revoked.",
        _CONTACT,
        "a key that is revoked, and a launch in contact",
        _DENIAL,
        lambda real: lambda issued, *more: real(issued and attrs.evolve(issued, revoked=False), *more),
    ),
    Fault(
        "suspension-ignored",
        "The license server grants a key that is suspended.",
        _CONTACT,
        "a key that is suspended, and a launch in contact",
        _DENIAL,
        lambda real: lambda issued, *more: real(issued and attrs.evolve(issued, suspended=False), *more),
    ),
    Fault(
        "term-ignored-by-the-server",
        "The license server grants a license whose term has ended.",
        _CONTACT,
        "a term that has ended, and a launch in contact",
        _DENIAL,
        lambda real: lambda issued, *more: real(issued and _without(issued, Reason.TERM), *more),
    ),
    Fault(
        "term-excluded-by-the-server",
        "At the end of term itself the license server grants no more.",
        _CONTACT,
        "a launch in contact at the end of term to the minute",
        "nexuslic.issuing.grant:within",
        lambda real: lambda now, last: now < last,
    ),
    Fault(
        "superseded-never-told",
        "The license server confirms an old copy of the database as well as the new one.",
        "Authentication",
        "an old copy of the database that is launched in contact",
        _DENIAL,
        lambda real: lambda issued, request, now: real(issued, _as(Ask.AUTHENTICATE, request), now),
    ),
    Fault(
        "version-ignored-by-the-server",
        "The license server grants to an application that is too old.",
        _CONTACT,
        "an application older than the minimum that enters the key",
        _DENIAL,
        lambda real: lambda issued, *more: real(_ageless(issued), *more),
    ),
    Fault(
        "last-reason-told",
        "Of several reasons to deny, the last one is told.",
        _CONTACT,
        "a key with several reasons to deny at once",
        _DENIAL,
        lambda real: lambda issued, request, now: _last(real, issued, request, now),
    ),
    Fault(
        "suspended-before-revoked",
        "A key that is both is called suspended, not revoked.",
        _CONTACT,
        "a key that is suspended and revoked, and a launch in contact",
        _DENIAL,
        lambda real: lambda issued, *more: Reason.SUSPENDED if issued and issued.suspended else real(issued, *more),
    ),
    Fault(
        "term-before-suspended",
        "A license that is suspended and over its term is said to be over its term.",
        _CONTACT,
        "a license that is suspended and over its term, and a launch in contact",
        _DENIAL,
        lambda real: (
            lambda issued, *more: (
                real(attrs.evolve(issued, suspended=False), *more) or Reason.SUSPENDED
                if issued and issued.suspended and not issued.revoked
                else real(issued, *more)
            )
        ),
    ),
    Fault(
        "moving-refused",
        "A key is granted for the first database that it was entered in, and for no other.",
        "Authentication",
        "a restore onto another server, and the key entered there",
        _DENIAL,
        lambda real: lambda *given: _moves_refused(real, *given),
    ),
    Fault(
        "binding-never-kept",
        "The license server does not keep where a key was entered, so no launch is confirmed.",
        "Authentication",
        "an authentication, and a launch in contact",
        "nexuslic.issuing.grant:bind",
        lambda real: lambda issued, request, now: issued,
    ),
    Fault(
        "binding-first-counts",
        "The first database of a key's history counts, not the newest.",
        "Authentication",
        "a key that was entered in two databases, and launches of both in contact",
        "nexuslic.issuing.registry:Issued.binding",
        lambda real: property(lambda issued: issued.history[0].binding if issued.history else None),
    ),
    Fault(
        "extension-never-carried",
        "A grant carries no extension.",
        _GRACE,
        "an extension before a contact, and the `deadline` after it",
        _CERTIFICATE,
        lambda real: lambda issued, request, now: _carrying(real(issued, request, now), None, carried=False),
    ),
    Fault(
        "extension-excluded",
        "A grant at the last instant of an extension does not carry it.",
        _GRACE,
        "a contact at the last instant of an extension to the minute",
        _CERTIFICATE,
        lambda real: (
            lambda issued, request, now: _carrying(
                real(issued, request, now), issued.extension, carried=now < (_until(issued) or now)
            )
        ),
    ),
    Fault(
        "extension-for-ever",
        "Grants carry an extension also after its last instant.",
        _GRACE,
        "a contact after the last instant of an extension",
        _CERTIFICATE,
        lambda real: lambda issued, request, now: _carrying(real(issued, request, now), issued.extension, carried=True),
    ),
    Fault(
        "extension-added",
        "A new extension adds to the old one.",
        _GRACE,
        "two extensions one after the other, and the `deadline`",
        "nexuslic.issuing.support:extend",
        lambda real: lambda registry, key, new: real(registry, key, _added(registry.find(key).extension, new)),
    ),
    Fault(
        "extension-not-replaced",
        "A new extension does not replace one that there is.",
        _GRACE,
        "two extensions one after the other, and the `deadline`",
        "nexuslic.issuing.support:extend",
        lambda real: lambda registry, key, new: real(registry, key, registry.find(key).extension or new),
    ),
    Fault(
        "suspension-not-kept",
        "Support suspends a license, and nothing is written down.",
        _CONTACT,
        "a license that is suspended, and a launch in contact",
        "nexuslic.issuing.support:suspend",
        lambda real: lambda registry, key: registry.find(key),
    ),
    Fault(
        "reinstated-in-vain",
        "A suspension is never lifted on the license server.",
        _CONTACT,
        "a license that is suspended and reinstated, and a launch in contact",
        "nexuslic.issuing.support:reinstate",
        lambda real: lambda registry, key: registry.find(key),
    ),
    Fault(
        "revoked-is-suspended",
        "To revoke a key only suspends it.",
        _CONTACT,
        "a key that is revoked, and a launch in contact",
        "nexuslic.issuing.support:_change",
        lambda real: lambda registry, key, act: real(registry, key, lambda kept: _suspended(act(kept))),
    ),
    Fault(
        "change-not-kept",
        "Support changes the terms, and the grants to come carry the old ones.",
        _CONTACT,
        "a license whose seats or grace are changed, and a launch in contact",
        "nexuslic.issuing.support:change",
        lambda real: lambda registry, key, act: registry.find(key),
    ),
    Fault(
        "code-confirms",
        "A renewal code is refused for every database but the one that the key was entered in.",
        _SUPPORT,
        "a renewal code after a restore onto another server",
        "nexuslic.issuing.support:Request",
        lambda real: lambda ask, *more: real(Ask.CONFIRM, *more),
    ),
)
