"""TLS as the server speaks it: 1.2 and 1.3 only, with a certificate that may change while it runs.

Each handshake takes the certificate that is loaded then. A new one is read, checked and loaded whole before it takes
the old one's place; one that is broken takes nobody's.
"""

import ssl
from pathlib import Path

import attrs

from nexuslic.errors import InputError
from nexuslic.server import authority, folder

_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL"


@attrs.frozen
class Files:
    """Where a certificate (with its chain) and its private key lie, and what opens the key."""

    certificate: Path
    key: Path
    passphrase: bytes | None = attrs.field(default=None, repr=False)

    def context(self) -> ssl.SSLContext:
        """TLS with what the files hold now. Raises InputError where they do not fit or cannot be read."""
        found = authority.read_certificate(folder.read(self.certificate), str(self.certificate))
        key = authority.read_key(folder.read(self.key), self.passphrase, str(self.key))
        if not authority.belongs(found, key):
            raise InputError(f"{self.key} is not the private key of {self.certificate}: give the two that belong")
        context = _context()
        try:
            context.load_cert_chain(self.certificate, self.key, lambda: self.passphrase or b"")
        except (ssl.SSLError, OSError) as error:
            raise InputError(f"{self.certificate} cannot be used for TLS: {error}") from error
        return context


@attrs.define(eq=False)
class Certificates:
    """The certificate that handshakes take now; `listening` is the context that a listener is given once."""

    files: Files
    current: ssl.SSLContext
    listening: ssl.SSLContext

    @classmethod
    def load(cls, files: Files) -> "Certificates":
        """With what the files hold. Raises InputError."""
        made = cls(files, files.context(), files.context())
        made.listening.sni_callback = made._hand_over
        return made

    def reload(self) -> None:
        """Take what the files hold by now. Raises InputError, and the old one stays."""
        self.current = self.files.context()

    def _hand_over(self, connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, first: ssl.SSLContext) -> None:
        connection.context = self.current


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    context.set_alpn_protocols(["http/1.1"])
    return context
