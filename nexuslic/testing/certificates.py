"""Certificate authorities for tests, and TLS contexts of both ends: as they should be, and as they were long ago."""

import ssl
import warnings
from collections.abc import Collection
from datetime import UTC, datetime
from functools import cached_property

import attrs
import trustme

LONG_AGO = (datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))


@attrs.frozen(slots=False, eq=False)
class Authority:
    """An authority that only those trust who are told to."""

    _made: trustme.CA = attrs.field(factory=trustme.CA, init=False, repr=False)

    @cached_property
    def pem(self) -> str:
        """Its own certificate, as a vendor bundle holds it."""
        return self._made.cert_pem.bytes().decode("ascii")

    def server_context(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        """What a server of these names shows; `expired`: with a certificate that was good until 2020."""
        since, until = LONG_AGO if expired else (None, None)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._made.issue_cert(*names, not_before=since, not_after=until).configure_cert(context)
        return context

    def client_context(self) -> ssl.SSLContext:
        """What a client that trusts only this authority verifies with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.pem)
        return context


_SWITCHES = {
    "TLS 1.0": ssl.Options.OP_NO_TLSv1,
    "TLS 1.1": ssl.Options.OP_NO_TLSv1_1,
    "TLS 1.2": ssl.Options.OP_NO_TLSv1_2,
    "TLS 1.3": ssl.Options.OP_NO_TLSv1_3,
}
"""SSL 3.0 is missing: no OpenSSL of today can speak it."""


def speak(context: ssl.SSLContext, versions: Collection[str]) -> ssl.SSLContext:
    """`context`, speaking these TLS versions and no other, also those that nobody should speak any more."""
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        for version, switch in _SWITCHES.items():
            if version not in versions:
                context.options |= switch
    return context


def speaking(authority: str, versions: Collection[str]) -> ssl.SSLContext:
    """What a client verifies with that trusts only `authority` (PEM) and speaks these versions."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authority)
    return speak(context, versions)


def only_tls_1_0(context: ssl.SSLContext) -> ssl.SSLContext:
    """`context`, speaking nothing but TLS 1.0: an application of the days of Windows 7, or its server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.maximum_version = ssl.TLSVersion.TLSv1
    return speak(context, ["TLS 1.0"])
