"""The authority and the certificates that it signs, as others read them."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from nexuslic.errors import InputError
from nexuslic.server import authority
from nexuslic.server.authority import Pair
from nexuslic.server.certificates import Certificates, Files

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
NAMES = ["License.Example", "10.0.0.1", "2001:DB8::1"]


@pytest.fixture(scope="module")
def above() -> Pair:
    return authority.make_authority("A product with a name that is much longer than a common name may be", NOW)


@pytest.fixture(scope="module")
def made(above: Pair) -> Pair:
    return authority.make_certificate(NAMES, above, NOW)


def test_a_certificate_is_for_its_names_and_addresses(made: Pair):
    found = authority.read_certificate(made.certificate, "it")
    assert authority.names_of(found) == {"license.example", "10.0.0.1", "2001:db8::1"}
    assert {authority.normal(name) for name in NAMES} == authority.names_of(found)


def test_the_strictest_verifier_accepts_it(above: Pair, made: Pair):
    roots = x509.verification.Store([authority.read_certificate(above.certificate, "it")])
    verifier = (
        x509.verification.PolicyBuilder().store(roots).time(NOW).build_server_verifier(x509.DNSName("license.example"))
    )
    assert len(verifier.verify(authority.read_certificate(made.certificate, "it"), [])) == 2


def test_no_other_authority_vouches_for_it(made: Pair):
    other = authority.make_authority("Other", NOW)
    found = authority.read_certificate(made.certificate, "it")
    assert not authority.vouches(authority.read_certificate(other.certificate, "it"), found)


def test_an_authority_with_another_key_signs_nothing(above: Pair):
    other = authority.make_authority("Other", NOW)
    with pytest.raises(InputError, match="not the one of its certificate"):
        authority.make_certificate(NAMES, Pair(above.certificate, other.key), NOW)


def test_it_counts_a_day_before_it_was_made(made: Pair):
    assert authority.read_certificate(made.certificate, "it").not_valid_before_utc == NOW - timedelta(days=1)


def files(folder: Path, pair: Pair, secret: bytes | None = None, opens: bytes | None = None) -> Files:
    (folder / "c.pem").write_bytes(pair.certificate)
    key = authority.read_key(pair.key, None, "it")
    encryption = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "c.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, encryption))
    return Files(folder / "c.pem", folder / "c.key", opens)


def test_a_key_of_ones_own_may_be_encrypted(made: Pair, tmp_path: Path):
    assert files(tmp_path, made, b"secret", b"secret").context().minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(("opens", "error"), [(None, "is encrypted: give its passphrase"), (b"x", "does not open it")])
def test_without_its_passphrase_it_is_one_error(made: Pair, tmp_path: Path, opens: bytes | None, error: str):
    with pytest.raises(InputError, match=error):
        files(tmp_path, made, b"secret", opens).context()


def test_what_replaces_a_certificate_is_taken_whole_or_not(made: Pair, above: Pair, tmp_path: Path):
    held = Certificates.load(files(tmp_path, made))
    before = held.current
    files(tmp_path, Pair(authority.make_certificate(NAMES, above, NOW).certificate, made.key))
    with pytest.raises(InputError, match="is not the private key of"):
        held.reload()
    assert held.current is before
    files(tmp_path, authority.make_certificate(NAMES, above, NOW))
    held.reload()
    assert held.current is not before
