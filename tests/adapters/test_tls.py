"""The contexts that contacts verify with."""

import ssl

import pytest

from nexuslic.adapters.tls import context, verifying
from nexuslic.testing.certificates import Authority


@pytest.fixture(params=["system", "own"])
def made(request):
    return context(None if request.param == "system" else Authority().pem)


def test_a_context_verifies_certificate_and_name(made):
    assert (made.verify_mode, made.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert verifying(made) is made


def test_a_context_speaks_tls_1_2_and_newer(made):
    assert made.minimum_version is ssl.TLSVersion.TLSv1_2
    assert made.maximum_version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.MAXIMUM_SUPPORTED)


def test_a_context_of_its_own_authority_trusts_nobody_else():
    assert len(context(Authority().pem).get_ca_certs()) == 1


def test_no_two_contacts_share_a_context():
    assert context() is not context()
