"""A license server's certificate in words: whose it is, who issued it, since when and until when, and what is wrong.

It may be nobody's: it is described before it is trusted, so that a person sees who stands in between.
"""

import ssl
from collections.abc import Iterable
from datetime import datetime

import attrs
from cryptography import x509
from cryptography.x509.oid import NameOID

_NAMES = 3
_LONGEST = 80

EXPIRED, NOT_YET, OTHER_NAME, OTHER_ISSUER = "expired", "not yet", "other name", "other issuer"
_CODES = {10: EXPIRED, 9: NOT_YET, 62: OTHER_NAME, 64: OTHER_NAME}
"""OpenSSL's numbers for why a certificate is not verified."""


@attrs.frozen
class Shown:
    """What a certificate says of itself; times are UTC."""

    names: tuple[str, ...]
    issuer: str
    since: datetime
    until: datetime

    def __str__(self) -> str:
        more = f" and {len(self.names) - _NAMES} more" if len(self.names) > _NAMES else ""
        names = ", ".join(self.names[:_NAMES]) + more
        return (
            f"for {names or 'no name'}, issued by {self.issuer}, valid {self.since:%Y-%m-%d} to {self.until:%Y-%m-%d}"
        )


def read(der: bytes) -> Shown | None:
    """The certificate in `der`; None where it cannot be read."""
    try:
        made = x509.load_der_x509_certificate(der)
        return Shown(_names(made), _issuer(made), made.not_valid_before_utc, made.not_valid_after_utc)
    except ValueError:
        return None


def _names(made: x509.Certificate) -> tuple[str, ...]:
    try:
        held = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return _attributes(made.subject, NameOID.COMMON_NAME)
    names = (*held.get_values_for_type(x509.DNSName), *map(str, held.get_values_for_type(x509.IPAddress)))
    return tuple(map(_plain, names)) or _attributes(made.subject, NameOID.COMMON_NAME)


def _issuer(made: x509.Certificate) -> str:
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := _attributes(made.issuer, kind):
            return found[0]
    return "nobody who is named"


def _attributes(name: x509.Name, kind: x509.ObjectIdentifier) -> tuple[str, ...]:
    return tuple(_plain(str(one.value)) for one in name.get_attributes_for_oid(kind))


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text[:_LONGEST])


def problem(broken: Iterable[BaseException], shown: Shown | None, now: datetime) -> str:
    """Which of the four is wrong with it, as the handshake said, or else as it says itself at `now` (UTC)."""
    codes = [error.verify_code for error in broken if isinstance(error, ssl.SSLCertVerificationError)]
    told = next((_CODES[code] for code in codes if code in _CODES), None)
    if told is not None or shown is None:
        return told or OTHER_ISSUER
    if now > shown.until:
        return EXPIRED
    return NOT_YET if now < shown.since else OTHER_ISSUER
