"""A certificate in words, and which of four things is wrong with it."""

import ssl
from datetime import UTC, datetime

import pytest
import trustme

from nexuslic.doctor import certificate
from nexuslic.doctor.certificate import Shown

SHOWN = Shown(("license.example",), "Survey", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def der(*names, **options):
    issued = trustme.CA(organization_name="Harbour").issue_cert(*names, **options)
    made = ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode("ascii"))
    return made


def told(code):
    error = ssl.SSLCertVerificationError()
    error.verify_code = code
    return (error,)


def test_a_certificate_is_told_by_its_names_issuer_and_days():
    assert str(SHOWN) == "for license.example, issued by Survey, valid 2026-01-01 to 2027-01-01"


def test_names_and_addresses_are_told():
    assert certificate.read(der("license.example", "127.0.0.1")).names == ("license.example", "127.0.0.1")


def test_of_many_names_three_are_told():
    shown = certificate.read(der("a.example", "b.example", "c.example", "d.example", "e.example"))
    assert str(shown).startswith("for a.example, b.example, c.example and 2 more, issued by Harbour")


def test_a_certificate_without_names_is_told_by_its_common_name():
    made = certificate.read(der(common_name="license\nexample"))
    assert made.names == ("license?example",)


def test_what_is_no_certificate_is_none():
    assert certificate.read(b"no certificate") is None


@pytest.mark.parametrize(
    ("code", "problem"), [(10, "expired"), (9, "not yet"), (62, "other name"), (64, "other name"), (20, "other issuer")]
)
def test_what_the_handshake_says_is_wrong_is_what_is_told(code, problem):
    assert certificate.problem(told(code), SHOWN, NOW) == problem


@pytest.mark.parametrize(("year", "problem"), [(2025, "not yet"), (2026, "other issuer"), (2028, "expired")])
def test_what_the_handshake_does_not_say_the_days_do(year, problem):
    assert certificate.problem(told(1), SHOWN, NOW.replace(year=year)) == problem


def test_what_cannot_be_read_comes_from_somebody_else():
    assert certificate.problem((), None, NOW) == "other issuer"
