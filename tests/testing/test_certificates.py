"""Authorities for tests, and contexts of long ago."""

import ssl

from nexuslic.testing.certificates import Authority, only_tls_1_0


def test_an_authority_is_a_certificate_in_pem():
    assert Authority().pem.startswith("-----BEGIN CERTIFICATE-----\n")


def test_no_two_authorities_are_the_same():
    assert Authority().pem != Authority().pem


def test_a_client_context_verifies():
    context = Authority().client_context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_context_of_long_ago_verifies_as_well_and_speaks_one_version():
    context = only_tls_1_0(Authority().client_context())
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version == context.maximum_version == ssl.TLSVersion.TLSv1
