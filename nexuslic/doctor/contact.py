"""One contact with the license server, made as a launch makes it and watched on its way.

The contact is the launch's own: same address, same authority, same proxy, same time. What the license server says is
verified by `trust`, looked at, and thrown away: nothing of it is stored here. The license server counts it as a
contact all the same.
"""

from collections.abc import Callable
from datetime import timedelta

import attrs
import httpcore
import httpx

from nexuslic.adapters import probing, proxies, tls
from nexuslic.adapters.https import HttpsLink, contact_url
from nexuslic.adapters.network import Network
from nexuslic.adapters.probing import Probed, Stage, Target, Watch
from nexuslic.client import ask_for
from nexuslic.ports import Connectivity
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import Contact, NoContact
from nexuslic.rules.words import Cause
from nexuslic.trust.keys import Bundle, KnownKeys
from nexuslic.trust.wire import Ask, Malformed

NO_KEY = "doctor"
"""What stands in the place of a license key where there is none: the license server answers it as `unknown`, signed."""

Asking = Callable[[Connectivity], Contact]
"""Makes one contact through what it is given."""


@attrs.frozen
class Look:
    """What a contact came by. `unusable`: the system's proxy setting is none. `own`: the bundle has its authority."""

    url: httpx.URL
    contact: Contact
    watch: Watch
    reply: bytes | None
    routed: bool
    offered: tuple[str, ...]
    own: bool
    proxy: httpx.Proxy | None = None
    unusable: bool = False
    probed: Probed | None = None

    @property
    def host(self) -> str:
        """The license server's name."""
        return self.url.host

    @property
    def port(self) -> int:
        """The license server's port."""
        return self.url.port or 443

    @property
    def cause(self) -> Cause | None:
        """Why there was no contact; None where there was."""
        return self.contact.cause if isinstance(self.contact, NoContact) else None


@attrs.define(eq=False)
class _Heard:
    """A link that keeps what came."""

    link: HttpsLink
    reply: bytes | None = None

    def exchange(self, request: bytes) -> bytes | NoContact:
        came = self.link.exchange(request)
        self.reply = came if isinstance(came, bytes) else None
        return came


def look(bundle: Bundle, asking: Asking, network: Network | None = None, span: timedelta | None = None) -> Look:
    """Make one contact at the bundle's address, and probe the handshake if it came so far.

    Raises InputError where the bundle's address or authority cannot be used.
    """
    network, span = network or Network(), span or Policy().contact_timeout
    url, authority = contact_url(bundle.address), bundle.authority or None
    proxy, unusable = _proxy(url.host)
    watch = Watch(proxied=proxy is not None)
    link = HttpsLink(bundle.address, authority=authority, span=span, network=watch.network(network), trace=watch.trace)
    heard = _Heard(link)
    contact = asking(heard)
    seen = attrs.evolve(watch)
    offered = probing.offered(tls.context(authority))
    made = Look(url, contact, seen, heard.reply, network.has_route(), offered, authority is not None, proxy, unusable)
    if seen.stage not in (Stage.HANDSHAKE, Stage.REPLY) and made.cause is not Cause.TLS_PROTOCOL:
        return made
    return attrs.evolve(made, probed=probing.probe(Target(url, proxy, network, span)))


def usable(bundle: Bundle) -> Bundle:
    """`bundle`, if contact can be made with it. Raises InputError where its address or authority cannot be used."""
    contact_url(bundle.address)
    tls.context(bundle.authority or None)
    return bundle


def _proxy(host: str) -> tuple[httpx.Proxy | None, bool]:
    """The system's proxy for the license server, and whether its setting cannot be used."""
    try:
        return proxies.of_system(host), False
    except httpcore.ProxyError:
        return None, True


def stranger(binding: Binding, version: Version, nonce: str, known: KnownKeys) -> Asking:
    """A contact with a number that is no license key; `nonce` is 16 random bytes as hex."""
    request = Malformed(Ask.AUTHENTICATE, NO_KEY, binding, version, nonce)

    return lambda connectivity: ask_for(connectivity, request, known)
