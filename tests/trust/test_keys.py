"""The vendor's keys: which are trusted, which are secret."""

from types import SimpleNamespace

import pytest

from nexuslic.trust.keys import Bundle, KeySet, SealingKey, SigningKey, TrustedKey, header


def test_the_public_half_is_the_one_of_rfc_8032():
    private = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert SigningKey("rfc", private).public == public


def test_the_private_half_is_never_printed(bench: SimpleNamespace):
    assert "private" not in repr(bench.key)
    assert str(bench.key.private) not in repr(bench.key)


def test_the_sealing_key_is_never_printed(bench: SimpleNamespace):
    bundle = Bundle("product", "https://license.example", bench.keys, (SealingKey("1", bench.sealing_key),))
    assert str(bench.sealing_key) not in repr(bundle)


def test_a_trusted_key_has_no_private_half(bench: SimpleNamespace):
    trusted = bench.keys.find(header("2026"))
    assert trusted == TrustedKey("2026", bench.key.public)
    assert not hasattr(trusted, "private")


@pytest.mark.parametrize("key_id", ["2027", "", "2026 ", "2026\u00e4"])
def test_an_id_that_is_not_trusted_finds_nothing(bench: SimpleNamespace, key_id: str):
    assert bench.keys.find(header(key_id)) is None


@pytest.mark.parametrize("head", [b"", b"2026", b"{}", b'{"alg":"Ed25519","kid":"2026"}'])
def test_what_is_no_header_finds_nothing(bench: SimpleNamespace, head: bytes):
    assert bench.keys.find(head) is None


def test_each_of_two_trusted_keys_is_found_by_its_id(bench: SimpleNamespace):
    keys = KeySet((bench.key.trusted(), bench.other.trusted()))
    found = [keys.find(header(one.id)) for one in (bench.key, bench.other)]
    assert found == [bench.key.trusted(), bench.other.trusted()]


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33)])
def test_what_is_no_public_key_is_refused(public: bytes):
    with pytest.raises(ValueError, match="32 bytes"):
        TrustedKey("2026", public)
