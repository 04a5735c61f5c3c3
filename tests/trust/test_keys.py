"""The vendor's keys: which are trusted, which are secret."""

from types import SimpleNamespace

import pytest
from joserfc.jwk import OKPKey

from nexuslic.trust.keys import Bundle, KeySet, SigningKey, TrustedKey


def test_the_public_half_is_the_one_of_rfc_8032():
    private = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert SigningKey("rfc", private).public == public


def test_the_private_half_is_never_printed(bench: SimpleNamespace):
    assert "private" not in repr(bench.key)
    assert str(bench.key.private) not in repr(bench.key)


def test_the_sealing_key_is_never_printed(bench: SimpleNamespace):
    bundle = Bundle("product", "https://license.example", bench.keys, bench.sealing_key)
    assert "sealing_key" not in repr(bundle)


def test_a_trusted_key_has_no_private_half(bench: SimpleNamespace):
    trusted, jwk = bench.keys.find("2026")
    assert trusted == TrustedKey("2026", bench.key.public)
    assert not jwk.is_private


def test_the_signing_key_is_a_private_key_for_joserfc(bench: SimpleNamespace):
    assert isinstance(bench.key.jwk, OKPKey)
    assert bench.key.jwk.is_private


@pytest.mark.parametrize("key_id", ["2027", "", "2026 ", None, 2026, ["2026"], {"2026": 1}])
def test_an_id_that_is_not_trusted_finds_nothing(bench: SimpleNamespace, key_id: object):
    assert bench.keys.find(key_id) is None


def test_each_of_two_trusted_keys_is_found_by_its_id(bench: SimpleNamespace):
    keys = KeySet((bench.key.trusted(), bench.other.trusted()))
    assert [keys.find(one.id)[0].public for one in (bench.key, bench.other)] == [bench.key.public, bench.other.public]


def test_two_generated_keys_differ():
    assert SigningKey.generate("a").private != SigningKey.generate("a").private


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33)])
def test_what_is_no_public_key_is_refused(public: bytes):
    with pytest.raises(ValueError, match="32 bytes"):
        TrustedKey("2026", public)
