"""What is on the wire between a workstation and the license server, done for real.

Where nothing stands between them, an application connects to the license server itself. Else a proxy is in the way that
shows another certificate, speaks other TLS versions, says nothing, answers something else, or in the license server's
place.
"""

import ssl
from collections.abc import Callable
from contextlib import suppress

import attrs

from nexuslic.rules.words import Cause
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.real.posts import Way
from nexuslic.simulation.network import MODERN, Tls
from nexuslic.testing.certificates import Authority, speak
from nexuslic.testing.faults import WireFault
from nexuslic.testing.http import Asked
from nexuslic.testing.loopback import Listener
from nexuslic.testing.server import NAME
from nexuslic.testing.wire import WireProxy

HERE = ("127.0.0.1",)
NOWHERE = ("224.0.0.1",)
"""Where no connection can lead: the operating system itself says that the network is unreachable."""

LONG_SECONDS = 60.0
"""What a contact may take that should go through, so that no slow computer makes a timeout of it."""
SHORT_SECONDS = 0.25
"""What a contact may take that nobody will answer; in the story it takes no time."""

FAULTS = {
    Cause.REFUSED: WireFault.REFUSES,
    Cause.TIMEOUT: WireFault.SILENT,
    Cause.TLS_PROTOCOL: WireFault.NO_TLS,
    Cause.TLS_CERTIFICATE: WireFault.ANOTHER_AUTHORITY,
    Cause.PROXY: WireFault.ASKS_CREDENTIALS,
    Cause.SERVER_ERROR: WireFault.UNAVAILABLE,
    Cause.UNTRUSTED_REPLY: WireFault.HTML,
}
"""How each cause is really brought about; `offline` and `dns` are the workstation's own."""

Answer = Callable[[bytes, Callable[[], tuple[int, bytes]]], tuple[int, bytes]]


class StageProxy(WireProxy):
    """A proxy that speaks the TLS versions of the story's license server, and whose replies may be replaced."""

    versions: frozenset[Tls] = MODERN

    def __init__(self, upstream: Callable[[], int], authority: Authority, vendor_pem: str, answer: Answer) -> None:
        self._port = upstream
        self._vendor_pem = vendor_pem
        self._replaced = answer
        self._contexts: dict[tuple[bool, frozenset[Tls]], ssl.SSLContext] = {}
        super().__init__((HERE[0], 0), authority)

    def upstream(self, asked: Asked) -> tuple[int, bytes]:
        """What the license server answers, or what stands in its place."""
        self._upstream = (HERE[0], self._port())
        return self._replaced(asked.body, lambda: super(StageProxy, self).upstream(asked))

    def _shown(self, faults: tuple[WireFault, ...]) -> ssl.SSLContext:
        strange = WireFault.ANOTHER_AUTHORITY in faults
        key = (strange, self.versions)
        if key not in self._contexts:
            issuer = Authority() if strange else self._authority
            self._contexts[key] = speak(issuer.server_context(NAME), {one.value for one in self.versions})
        return self._contexts[key]

    def _trusting_upstream(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self._vendor_pem)
        return context

    def check(self) -> None:
        """Raises StageBroke where it has died: nobody takes that for a cause."""
        if self.broken:
            raise StageBroke("a proxy on the wire died, so what it should have done was not done")


@attrs.define(eq=False)
class Ways:
    """The ways to one license server: a proxy for each workstation that ever needs one, and a closed door."""

    port: Callable[[], int]
    vendor_pem: str
    answer: Answer
    authority: Authority = attrs.Factory(Authority)
    proxies: dict[str, StageProxy] = attrs.Factory(dict)
    _door: Listener | None = None

    def to(
        self,
        workstation: str,
        causes: frozenset[Cause],
        versions: frozenset[Tls],
        accepts: frozenset[Tls],
        *,
        plain: bool,
    ) -> Way:
        """The way of a workstation that may speak these TLS versions, with these causes in it.

        `plain`: nothing on the wire has to answer in the license server's place. Where nobody answers at all it does
        not come to TLS, which an application that may speak no version would give up by itself.
        """
        asked = versions != MODERN and Cause.TIMEOUT not in causes
        spoken = tuple(sorted(one.value for one in versions)) if asked else None
        hosts = NOWHERE if Cause.OFFLINE in causes else None if Cause.DNS in causes else HERE
        span = SHORT_SECONDS if Cause.TIMEOUT in causes else LONG_SECONDS
        told = (hosts, spoken, span)
        if hosts is not HERE or not self.port():
            return Way(f"https://{NAME}:{self._closed()}", self.vendor_pem, *told)
        faults = tuple(FAULTS[cause] for cause in Cause if cause in causes and cause in FAULTS)
        if plain and not faults and accepts == MODERN:
            return Way(f"https://{NAME}:{self.port()}", self.vendor_pem, *told)
        proxy = self._proxy(workstation)
        proxy.versions, proxy.faults = accepts, faults
        return Way(proxy.address, self.authority.pem, *told)

    def _proxy(self, workstation: str) -> StageProxy:
        found = self.proxies.get(workstation)
        if found is None:
            found = StageProxy(self.port, self.authority, self.vendor_pem, self.answer)
            self.proxies[workstation] = found
        return found

    def _closed(self) -> int:
        """A port that is ours and where nobody listens."""
        if self._door is None:
            self._door = Listener(lambda connection: None)
            self._door.refuse()
        return self._door.port

    def check(self) -> None:
        """Raises StageBroke where a part of the wire has died."""
        for proxy in self.proxies.values():
            proxy.check()

    def close(self) -> None:
        """Close all of them; that one has died was told before."""
        for one in [*self.proxies.values(), *([self._door] if self._door else [])]:
            with suppress(Exception):
                one.close()
