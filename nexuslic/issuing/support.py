"""What support and administrators do to a key: extend, suspend, reinstate, revoke, change, answer a code."""

from collections.abc import Callable
from datetime import datetime

import attrs

from nexuslic.errors import WorldError
from nexuslic.issuing import grant
from nexuslic.issuing.registry import Issued, Registry
from nexuslic.issuing.signatory import Signatory
from nexuslic.rules.license import Extension, License, LicenseKey
from nexuslic.rules.words import Reason
from nexuslic.trust import codes
from nexuslic.trust.signing import sign
from nexuslic.trust.wire import Ask, Denial, Request


class DeniedCode(WorldError):
    """Support cannot answer a request code, for `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"the license server denies this request: {reason}")
        self.reason = reason


def extend(registry: Registry, key: LicenseKey, extension: Extension) -> Issued:
    """Extra days for the grants up to an instant; a new extension replaces the old one."""
    return _change(registry, key, lambda kept: attrs.evolve(kept, extension=extension))


def suspend(registry: Registry, key: LicenseKey) -> Issued:
    """Refuse every grant until the license is reinstated."""
    return _change(registry, key, lambda kept: attrs.evolve(kept, suspended=True))


def reinstate(registry: Registry, key: LicenseKey) -> Issued:
    """Lift a suspension; the next grant says so aboard."""
    return _change(registry, key, lambda kept: attrs.evolve(kept, suspended=False))


def revoke(registry: Registry, key: LicenseKey) -> Issued:
    """End the key for good."""
    return _change(registry, key, lambda kept: attrs.evolve(kept, revoked=True))


def change(registry: Registry, key: LicenseKey, act: Callable[[License], License]) -> Issued:
    """Change the terms of the grants to come."""
    return _change(registry, key, lambda kept: attrs.evolve(kept, license=act(kept.license)))


def answer_code(code: str, registry: Registry, signatory: Signatory, now: datetime) -> str:
    """The renewal code for a request code. Raises CodeRefused, or DeniedCode where the license server would deny."""
    asked = codes.read_request(code)
    pending = asked.pending
    request = Request(Ask.AUTHENTICATE, pending.key, pending.binding, pending.version, pending.nonce)
    given = grant.decide(request, registry, now)
    if isinstance(given, Denial):
        raise DeniedCode(given.reason)
    return codes.write_answer(given, sign(given, signatory.coding), asked)


def _change(registry: Registry, key: LicenseKey, act: Callable[[Issued], Issued]) -> Issued:
    issued = registry.change(key, act)
    if issued is None:
        raise WorldError(f"no such license key: {key}")
    return issued
