"""Which TLS versions a real stage can and cannot speak for a story."""

from nexuslic.rules.words import Cause
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.simulation.network import Tls

_BEFORE_TLS = {Cause.OFFLINE, Cause.DNS, Cause.REFUSED, Cause.TIMEOUT}


def refuse_unspeakable(client: frozenset[Tls], server: frozenset[Tls], causes: frozenset[Cause], port: int) -> None:
    """Raises NotOnThisStage where a contact that gets as far as TLS needs what no OpenSSL of today does.

    That is SSL 3.0, and to offer versions with a gap between them: it offers those above the gap then.
    """
    if not port or causes & _BEFORE_TLS:
        return
    if bool(client & server) == bool(_offered(client - {Tls.SSL_3_0}) & server):
        return
    if client & server == {Tls.SSL_3_0}:
        raise NotOnThisStage("SSL 3.0 is the only version in common, and no OpenSSL of today can speak it")
    gap = ", ".join(sorted(one.value for one in client))
    raise NotOnThisStage(f"OpenSSL cannot offer {gap} with a gap between them")


def _offered(versions: frozenset[Tls]) -> frozenset[Tls]:
    """The newest versions without a gap."""
    found: list[Tls] = []
    for version in reversed(Tls):
        if version in versions:
            found.append(version)
        elif found:
            break
    return frozenset(found)
