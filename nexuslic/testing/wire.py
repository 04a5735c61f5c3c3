"""A proxy on the wire: the client takes it for the license server, and it does what it is told to the connection.

It ends the client's TLS with a certificate for the name, and speaks TLS to the license server itself. Without a fault
it passes on what both say.
"""

import http.client
import ssl
from functools import cached_property

from nexuslic.testing.certificates import Authority, only_tls_1_0
from nexuslic.testing.faults import ANSWERS, BEFORE, WireFault
from nexuslic.testing.http import Asked, forward, read_request, reply
from nexuslic.testing.loopback import Connection, Listener
from nexuslic.testing.server import NAME

_OTHER_NAME = "elsewhere.invalid"


class WireProxy(Listener):
    """Stands in front of `upstream` (host, port), whose certificate and whose own come from `authority`.

    `faults`: what stands in the way, from the next connection on; of one stage, the first counts. `pace`: seconds
    between the bytes of what drips. `seen`: everything that clients sent, in clear. `taken`: how many bytes of
    something endless were taken. `arrived_elsewhere`: how many followed a redirect.
    """

    def __init__(self, upstream: tuple[str, int], authority: Authority, *, pace: float = 0.01) -> None:
        self._upstream = upstream
        self._authority = authority
        self._faults: tuple[WireFault, ...] = ()
        self._passed: list[tuple[int, bytes]] = []
        self.pace = pace
        self.seen = b""
        self.taken = 0
        self._elsewhere = Listener(lambda connection: None)
        super().__init__(self._connected)

    @property
    def address(self) -> str:
        """What a client is told instead of the license server's address."""
        return f"https://{NAME}:{self.port}"

    @property
    def arrived_elsewhere(self) -> int:
        """How many connections were made to where redirects lead."""
        return self._elsewhere.accepted

    @property
    def fault(self) -> WireFault | None:
        """The first of the faults."""
        return next(iter(self._faults), None)

    @fault.setter
    def fault(self, fault: WireFault | None) -> None:
        self.faults = () if fault is None else (fault,)

    @property
    def faults(self) -> tuple[WireFault, ...]:
        """What stands in the way, in the order of the stages."""
        return self._faults

    @faults.setter
    def faults(self, faults: tuple[WireFault, ...]) -> None:
        self._faults = tuple(fault for fault in WireFault if fault in faults)
        if WireFault.REFUSES in self._faults:
            self.refuse()
        else:
            self.accept()

    def close(self) -> None:
        """End everything, where redirects lead too. Raises what went wrong in a connection, if anything did."""
        super().close()
        self._elsewhere.close()

    # -- what a fault asks of it ------------------------------------------------------------------------------------

    def saw(self, data: bytes) -> None:
        """Keep what a client sent."""
        self.seen += data

    def upstream(self, asked: Asked) -> tuple[int, bytes]:
        """What the license server answers, or 502 where it does not."""
        host, port = self._upstream
        try:
            answered = forward(asked, http.client.HTTPSConnection(host, port, context=self._to_upstream, timeout=30))
        except OSError:
            return 502, b""
        self._passed.append(answered)
        return answered

    def old(self) -> tuple[int, bytes]:
        """The first reply that went through; 502 where none did."""
        return self._passed[0] if self._passed else (502, b"")

    def elsewhere(self) -> str:
        """Where redirects lead."""
        return f"https://{NAME}:{self._elsewhere.port}"

    # -- one connection ---------------------------------------------------------------------------------------------

    def _connected(self, connection: Connection) -> None:
        faults = self._faults
        before = next((BEFORE[fault] for fault in faults if fault in BEFORE), None)
        if before is not None:
            before(self, connection)
            return
        connection.secure(self._shown(faults))
        answer = next((ANSWERS[fault] for fault in faults if fault in ANSWERS), None)
        while (asked := read_request(connection, self.saw)) is not None:
            if answer is not None:
                answer(self, connection, asked)
                return
            status, body = self.upstream(asked)
            connection.send(reply(status, body))

    def _shown(self, faults: tuple[WireFault, ...]) -> ssl.SSLContext:
        if not set(faults) & _CERTIFICATES:
            return self._own
        authority = Authority() if WireFault.ANOTHER_AUTHORITY in faults else self._authority
        name = _OTHER_NAME if WireFault.WRONG_NAME in faults else NAME
        context = authority.server_context(name, expired=WireFault.EXPIRED in faults)
        return only_tls_1_0(context) if WireFault.TLS_1_0 in faults else context

    @cached_property
    def _own(self) -> ssl.SSLContext:
        return self._authority.server_context(NAME)

    @cached_property
    def _to_upstream(self) -> ssl.SSLContext:
        return self._trusting_upstream()

    def _trusting_upstream(self) -> ssl.SSLContext:
        """What the license server is verified with."""
        return self._authority.client_context()


_CERTIFICATES = {WireFault.TLS_1_0, WireFault.ANOTHER_AUTHORITY, WireFault.EXPIRED, WireFault.WRONG_NAME}
