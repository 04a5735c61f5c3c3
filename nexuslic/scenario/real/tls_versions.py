"""Which TLS versions a real stage can and cannot speak for a story."""

from nexuslic.rules.words import Cause
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.simulation.network import MODERN, Tls

_BEFORE_TLS = {Cause.OFFLINE, Cause.DNS, Cause.REFUSED, Cause.TIMEOUT}

_AGE = list(Tls)


def refuse_unspeakable(client: frozenset[Tls], server: frozenset[Tls], causes: frozenset[Cause], port: int) -> None:
    """Raises NotOnThisStage where a contact that gets as far as TLS needs what no OpenSSL of today does.

    That is SSL 3.0, to offer versions with a gap between them (it offers those below the gap then), and to agree on one
    before TLS 1.2 that is not the newest of the client's where the server has a newer one.
    """
    if not port or causes & _BEFORE_TLS:
        return
    offered = _offered(client - {Tls.SSL_3_0})
    common = offered & server
    if bool(client & server) == bool(common) and not _looks_like_a_downgrade(offered, server):
        return
    if client & server == {Tls.SSL_3_0}:
        raise NotOnThisStage("SSL 3.0 is the only version in common, and no OpenSSL of today can speak it")
    if common:
        newest = max(common, key=_AGE.index).value
        raise NotOnThisStage(f"both have newer versions than {newest}, which OpenSSL takes for a forced downgrade")
    gap = ", ".join(sorted(one.value for one in client))
    raise NotOnThisStage(f"OpenSSL cannot offer {gap} with a gap between them")


def _looks_like_a_downgrade(offered: frozenset[Tls], server: frozenset[Tls]) -> bool:
    common = sorted(offered & server, key=_AGE.index)
    old = bool(common) and common[-1] not in MODERN
    return old and bool(server & MODERN) and _AGE.index(common[-1]) < max(map(_AGE.index, offered))


def _offered(versions: frozenset[Tls]) -> frozenset[Tls]:
    """The oldest versions without a gap."""
    found: list[Tls] = []
    for version in Tls:
        if version in versions:
            found.append(version)
        elif found:
            break
    return frozenset(found)
