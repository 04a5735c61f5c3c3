"""A private certificate authority of ECDSA P-256 keys, and the certificate of the server that it signs.

The authority is for this server alone: its certificate ships in the vendor bundle, so that the application trusts it
and nobody else's has to. The private keys come from OpenSSL itself, as do the serial numbers.
"""

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

import attrs
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from nexuslic.errors import InputError

AUTHORITY_DAYS = 20 * 365
CERTIFICATE_DAYS = 397
WARN_DAYS = 30
_LATE = timedelta(days=1)
"""A certificate counts from a day earlier on, for clients whose clocks are behind."""

_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@attrs.frozen
class Pair:
    """A certificate and its private key, each as PEM."""

    certificate: bytes
    key: bytes = attrs.field(repr=False)


def make_authority(product: str, now: datetime) -> Pair:
    """A new authority for 20 years from `now` on; its private key is not encrypted yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"{product} license server authority")
    built = (
        _builder(name, name, key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Pair(_pem(built), _key_pem(key))


def make_certificate(names: Sequence[str], authority: Pair, now: datetime) -> Pair:
    """A new certificate for `names` (hosts and IP addresses), signed by the authority, for 397 days."""
    key, signer = ec.generate_private_key(ec.SECP256R1()), read_key(authority.key, None, "the authority's key")
    issuer = read_certificate(authority.certificate, "the authority's certificate")
    if not isinstance(signer, ec.EllipticCurvePrivateKey) or signer.public_key() != issuer.public_key():
        raise InputError("the authority's key is not the one of its certificate: restore both from a backup")
    built = (
        _builder(_name(names[0]), issuer.subject, key, now, CERTIFICATE_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    return Pair(_pem(built), _key_pem(key))


def read_certificate(pem: bytes, name: str) -> x509.Certificate:
    """The first certificate in `pem`. Raises InputError that speaks of `name`."""
    try:
        return x509.load_pem_x509_certificates(pem)[0]
    except ValueError as error:
        raise InputError(f"{name} holds no certificate in PEM: give the one that its authority sent") from error


def read_key(pem: bytes, passphrase: bytes | None, name: str) -> PrivateKeyTypes:
    """The private key in `pem`; `passphrase` is for one that is encrypted. Raises InputError that speaks of `name`."""
    try:
        return serialization.load_pem_private_key(pem, passphrase if b"ENCRYPTED" in pem else None)
    except TypeError as error:
        raise InputError(f"{name} is encrypted: give its passphrase, by --passphrase-file for example") from error
    except UnsupportedAlgorithm as error:
        raise InputError(f"{name} holds a key of a kind that is not known here: use ECDSA or RSA") from error
    except ValueError as error:
        hint = "the passphrase does not open it" if b"ENCRYPTED" in pem else "it is damaged or something else"
        raise InputError(f"{name} holds no private key in PEM that can be read: {hint}") from error


def belongs(certificate: x509.Certificate, key: PrivateKeyTypes) -> bool:
    """Whether `key` is the private key of the certificate."""
    return certificate.public_key() == key.public_key()


def vouches(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether the authority signed the certificate."""
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def names_of(certificate: x509.Certificate) -> set[str]:
    """The host names and IP addresses that a certificate is for."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    addresses = names.get_values_for_type(x509.IPAddress)
    return {*names.get_values_for_type(x509.DNSName), *(str(address) for address in addresses)}


def normal(name: str) -> str:
    """A host as certificates spell it."""
    general = _general(name)
    return str(general.value)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - _LATE)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.lower())


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in allowed for usage in _USAGES})


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
