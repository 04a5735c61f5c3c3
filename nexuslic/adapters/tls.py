"""TLS as nexuslic speaks it: 1.2 and 1.3, the peer's certificate and name verified, and no switch to turn that off."""

import ssl

import truststore

from nexuslic.errors import InputError


def context(authority: str | None = None) -> ssl.SSLContext:
    """What a contact verifies its peer with: the system's authorities, or only those in `authority` (PEM).

    Raises InputError where `authority` holds no certificate.
    """
    kind = truststore.SSLContext if authority is None else ssl.SSLContext
    made = kind(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if authority is not None:
        _trust(made, authority)
    return made


def _trust(made: ssl.SSLContext, authority: str) -> None:
    try:
        made.load_verify_locations(cadata=authority)
    except (ssl.SSLError, ValueError) as error:
        raise InputError(
            "vendor bundle: the certificate authority is no certificate in PEM; put one in, or leave it out to use "
            "the system's"
        ) from error


def verifying(made: ssl.SSLContext) -> ssl.SSLContext:
    """`made`, if it verifies its peer. Raises InputError where it does not."""
    if made.verify_mode is not ssl.CERT_REQUIRED or not made.check_hostname:
        raise InputError(
            "TLS context: it does not verify the license server's certificate and name; make it with tls.context()"
        )
    return made
