"""Authorities for tests, and contexts of long ago."""

import ssl

import pytest

from nexuslic.testing.certificates import Authority, only_tls_1_0, speak, speaking


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


ALL = ("TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3")
OFFERS = [ALL[low : high + 1] for low in range(4) for high in range(low, 4)]


def _spoken(offered, accepted):
    """The version that the two agree on in a real handshake; None where they do not."""
    authority = Authority()
    server = speak(authority.server_context("localhost"), accepted)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    here = speaking(authority.pem, offered).wrap_bio(to_client, to_server, server_hostname="localhost")
    there = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (here, there):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                return None
    return here.version()


@pytest.mark.parametrize("offered", OFFERS, ids="+".join)
@pytest.mark.parametrize("accepted", OFFERS, ids="+".join)
def test_two_sides_agree_on_the_newest_version_that_both_speak_or_on_none(offered, accepted):
    common = [version for version in ALL if version in offered and version in accepted]
    wanted = common[-1].replace("TLS ", "TLSv").replace("v1.0", "v1") if common else None
    assert _spoken(offered, accepted) == wanted


def test_who_offers_nothing_agrees_with_nobody():
    assert _spoken((), ALL) is None
