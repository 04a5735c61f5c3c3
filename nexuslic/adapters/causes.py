"""Which failure gives which cause: one table for whatever httpx, httpcore, ssl and the operating system raise.

An exception comes with those that it was raised from. The rows are read from the top, and the first one that fits any
of them gives the cause. No message text is ever read: only kinds, the names of error numbers, and OpenSSL's reasons.
"""

import errno
import socket
import ssl
from collections.abc import Callable, Iterator

import attrs
import httpcore
import httpx

from nexuslic.adapters.routes import NO_NETWORK
from nexuslic.rules.words import Cause

Kinds = tuple[type[BaseException], ...]


@attrs.frozen
class Row:
    """One line of the table.

    `kinds`: what was raised. `details`: with one of these error numbers or reasons (none: with any). `around`: the
    step in which it was raised (none: in any). `unrouted`: the cause instead, where no way leads out of this computer.
    """

    kinds: Kinds
    cause: Cause
    why: str
    details: tuple[str, ...] = ()
    around: Kinds = ()
    unrouted: Cause | None = None

    def fits(self, chain: tuple[BaseException, ...]) -> bool:
        """Whether this row speaks of an exception with those that it was raised from."""
        if self.around and not any(isinstance(error, self.around) for error in chain):
            return False
        return any(isinstance(error, self.kinds) and self._detailed(error) for error in chain)

    def _detailed(self, error: BaseException) -> bool:
        return not self.details or any(_is(error, detail) for detail in self.details)


def _is(error: BaseException, detail: str) -> bool:
    """Whether `error` carries that reason or error number; the numbers of ssl and getaddrinfo are other numbers."""
    if isinstance(error, ssl.SSLError):
        return getattr(error, "reason", None) == detail
    if isinstance(error, socket.gaierror | socket.herror) or not isinstance(error, OSError):
        return False
    return error.errno is not None and error.errno == getattr(errno, detail, None)


_CONNECTING: Kinds = (httpx.ConnectError, httpcore.ConnectError)
_TALKING: Kinds = (httpx.ReadError, httpx.WriteError, httpcore.ReadError, httpcore.WriteError)

ABOUT_CERTIFICATES = (
    "CERTIFICATE_VERIFY_FAILED",
    "NO_CERTIFICATE_RETURNED",
    "PEER_DID_NOT_RETURN_A_CERTIFICATE",
    "SSLV3_ALERT_NO_CERTIFICATE",
    "SSLV3_ALERT_BAD_CERTIFICATE",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    "SSLV3_ALERT_CERTIFICATE_REVOKED",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "TLSV1_ALERT_UNKNOWN_CA",
    "TLSV1_ALERT_ACCESS_DENIED",
    "TLSV1_UNRECOGNIZED_NAME",
    "TLSV1_CERTIFICATE_UNOBTAINABLE",
    "TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE",
    "TLSV1_BAD_CERTIFICATE_HASH_VALUE",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED",
)

TABLE = (
    Row((OSError,), Cause.OFFLINE, "no way leads there from this computer", NO_NETWORK),
    Row(
        (socket.gaierror, socket.herror),
        Cause.DNS,
        "the name was not found, or not in time",
        unrouted=Cause.OFFLINE,
    ),
    Row((UnicodeError,), Cause.DNS, "a name that no name server can know"),
    Row(
        (
            httpx.TimeoutException,
            httpx.ConnectTimeout,
            httpx.ReadTimeout,
            httpx.WriteTimeout,
            httpx.PoolTimeout,
            httpcore.TimeoutException,
            httpcore.ConnectTimeout,
            httpcore.ReadTimeout,
            httpcore.WriteTimeout,
            httpcore.PoolTimeout,
            TimeoutError,
            BlockingIOError,
            ssl.SSLWantReadError,
            ssl.SSLWantWriteError,
        ),
        Cause.TIMEOUT,
        "the contact's time was over",
    ),
    Row((ssl.SSLCertVerificationError,), Cause.TLS_CERTIFICATE, "not issued by a trusted authority for this name, now"),
    Row(
        (ssl.SSLError,),
        Cause.TLS_CERTIFICATE,
        "an alert about a certificate, a name or an authority",
        ABOUT_CERTIFICATES,
    ),
    Row(
        (httpx.ProxyError, httpcore.ProxyError),
        Cause.PROXY,
        "the proxy did not open the way, or the system's proxy setting cannot be used",
    ),
    Row(
        (httpx.RemoteProtocolError, httpcore.RemoteProtocolError, httpx.DecodingError, httpx.TooManyRedirects),
        Cause.UNTRUSTED_REPLY,
        "what came is not HTTP, leads elsewhere, or was cut short",
    ),
    Row(
        (ssl.SSLZeroReturnError, ssl.SSLEOFError),
        Cause.SERVER_ERROR,
        "the verified server closed the connection before it answered",
        around=_TALKING,
    ),
    Row((ssl.SSLError,), Cause.UNTRUSTED_REPLY, "somebody changed what was on its way", around=_TALKING),
    Row(
        (ssl.SSLError, ssl.SSLZeroReturnError, ssl.SSLEOFError, ssl.SSLSyscallError),
        Cause.TLS_PROTOCOL,
        "the handshake failed, and not for a certificate: no version or cipher in common, or no TLS at all",
    ),
    Row((ConnectionRefusedError,), Cause.REFUSED, "nobody listens there"),
    Row((PermissionError,), Cause.REFUSED, "a firewall on this computer forbids it"),
    Row(
        (ConnectionError, ConnectionResetError, ConnectionAbortedError, BrokenPipeError),
        Cause.TLS_PROTOCOL,
        "cut off in the handshake: some servers answer a version that they do not speak by hanging up",
        around=_CONNECTING,
    ),
    Row(_CONNECTING, Cause.OFFLINE, "this computer could not open a connection at all"),
    Row(
        (
            httpx.NetworkError,
            httpx.ReadError,
            httpx.WriteError,
            httpx.CloseError,
            httpcore.NetworkError,
            httpcore.ReadError,
            httpcore.WriteError,
            ConnectionError,
            ConnectionResetError,
            ConnectionAbortedError,
            BrokenPipeError,
        ),
        Cause.SERVER_ERROR,
        "the verified server hung up before it answered, or reset the connection",
    ),
    Row((OSError, InterruptedError), Cause.OFFLINE, "the operating system did not do its part"),
    Row(
        (
            httpx.HTTPError,
            httpx.HTTPStatusError,
            httpx.RequestError,
            httpx.TransportError,
            httpx.ProtocolError,
            httpx.LocalProtocolError,
            httpx.UnsupportedProtocol,
            httpcore.ProtocolError,
            httpcore.LocalProtocolError,
            httpcore.UnsupportedProtocol,
            httpcore.ConnectionNotAvailable,
        ),
        Cause.UNTRUSTED_REPLY,
        "everything else that the HTTP library may say",
    ),
)


def cause_of(error: BaseException, routed: Callable[[], bool]) -> Cause | None:
    """The cause that a failed contact is told with; None where the table is silent: then it is a bug, to be raised.

    `routed`: whether any way leads out of this computer; it is asked only where that tells two causes apart.
    """
    whole = tuple(chain(error))
    row = next((row for row in TABLE if row.fits(whole)), None)
    if row is None:
        return None
    return row.unrouted if row.unrouted is not None and not routed() else row.cause


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it was raised `from`; of one that httpcore's pool raised `from None`, what that hid.

    Any other context was only being handled at that moment, and says nothing.
    """
    while error is not None:
        yield error
        error = error.__cause__ or (error.__context__ if error.__suppress_context__ else None)


def cause_of_status(status: int) -> Cause | None:
    """The cause that an HTTP status gives; None for 200, whose body is the reply."""
    if status == httpx.codes.OK:
        return None
    if status == httpx.codes.PROXY_AUTHENTICATION_REQUIRED:
        return Cause.PROXY
    return Cause.SERVER_ERROR if status == httpx.codes.TOO_MANY_REQUESTS or 500 <= status <= 599 else _OTHERWISE


_OTHERWISE = Cause.UNTRUSTED_REPLY
"""Redirects, other successes, what the client is blamed for: none of them is a reply of the license server."""
