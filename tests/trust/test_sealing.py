"""Seals: a standard container, bound to its key, and never trusted further than its proof."""

import itertools
from contextlib import suppress
from types import SimpleNamespace

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import OctKey

from nexuslic.errors import Damaged, Untrusted
from nexuslic.rules.record import Record
from nexuslic.rules.words import State
from nexuslic.trust import jwe as jwe_container
from nexuslic.trust import sealing, signing, wire
from nexuslic.trust.keys import KeySet, SealingKey, SigningKey
from nexuslic.trust.trusted import Trusted
from nexuslic.trust.wire import MAX_BYTES, SealedRecord

LAWS = settings(max_examples=120, deadline=None, derandomize=True)
HEADER = {"alg": "dir", "enc": "A256GCM"}


def record_in(bench: SimpleNamespace, blob: bytes) -> Record:
    return sealing.unseal_record(blob, bench.known).value


def sealed(bench: SimpleNamespace, value: object) -> bytes:
    return sealing.seal(value, bench.known, bench.iv)


def plain(value: object) -> bytes:
    """What is sealed of a value."""
    return wire.encode(SealedRecord.of(value) if isinstance(value, Record) else value)


def elsewhere(bench: SimpleNamespace, text: bytes, header: dict[str, str] = HEADER) -> bytes:
    """`text` sealed by another implementation."""
    names = [name for name in header.values() if isinstance(name, str)]
    return jwe.encrypt_compact(header, text, OctKey.import_key(bench.sealing_key), algorithms=names).encode("ascii")


def test_a_record_comes_back_as_it_was(bench: SimpleNamespace):
    trusted = sealing.unseal_record(sealed(bench, bench.record), bench.known)
    assert isinstance(trusted, Trusted)
    assert trusted.value == bench.record


def test_a_mark_comes_back_as_it_was(bench: SimpleNamespace):
    assert sealing.unseal_mark(sealed(bench, bench.mark), bench.known).value == bench.mark


def test_a_pending_request_comes_back_as_it_was(bench: SimpleNamespace):
    assert sealing.unseal_pending(sealed(bench, bench.pending), bench.known).value == bench.pending


@pytest.mark.parametrize("name", ["record", "mark", "pending"])
def test_another_implementation_reads_what_is_sealed(bench: SimpleNamespace, name: str):
    value = getattr(bench, name)
    opened = jwe.decrypt_compact(sealed(bench, value), OctKey.import_key(bench.sealing_key))
    assert opened.protected == HEADER
    assert opened.plaintext == plain(value)


def test_what_another_implementation_seals_is_read(bench: SimpleNamespace):
    assert record_in(bench, elsewhere(bench, plain(bench.record))) == bench.record
    mark = elsewhere(bench, wire.encode(bench.mark))
    assert sealing.unseal_mark(mark, bench.known).value == bench.mark


@pytest.mark.parametrize("enc", ["A128CBC-HS256", "A256CBC-HS512", "A192GCM"])
def test_another_encryption_is_not_ours(bench: SimpleNamespace, enc: str):
    size = {"A128CBC-HS256": 32, "A256CBC-HS512": 64, "A192GCM": 24}[enc]
    key = OctKey.import_key(bytes(range(size)))
    blob = jwe.encrypt_compact({"alg": "dir", "enc": enc}, b"{}", key, algorithms=["dir", enc]).encode("ascii")
    with pytest.raises(Damaged):
        sealing.unseal_mark(blob, bench.known)


def test_a_wrapped_key_is_not_ours(bench: SimpleNamespace):
    header = {"alg": "A256KW", "enc": "A256GCM"}
    with pytest.raises(Damaged):
        record_in(bench, elsewhere(bench, plain(bench.record), header))


def test_a_header_with_more_in_it_is_not_ours(bench: SimpleNamespace):
    with pytest.raises(Damaged):
        record_in(bench, elsewhere(bench, plain(bench.record), {**HEADER, "kid": "1"}))


@LAWS
@given(st.data())
def test_a_sealed_record_with_any_bit_flipped_is_damaged(bench: SimpleNamespace, data: st.DataObject):
    blob = bytearray(sealed(bench, bench.record))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Damaged):
        record_in(bench, bytes(blob))


@LAWS
@given(st.data())
def test_a_sealed_record_with_any_byte_replaced_is_damaged(bench: SimpleNamespace, data: st.DataObject):
    blob = sealed(bench, bench.record)
    at = data.draw(st.integers(0, len(blob) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != blob[at]))
    with pytest.raises(Damaged):
        record_in(bench, blob[:at] + bytes([byte]) + blob[at + 1 :])


def test_a_sealed_mark_with_any_bit_flipped_is_damaged(bench: SimpleNamespace):
    blob = sealed(bench, bench.mark)
    read = []
    for at, bit in itertools.product(range(len(blob)), range(8)):
        flipped = blob[:at] + bytes([blob[at] ^ 1 << bit]) + blob[at + 1 :]
        with suppress(Damaged):
            read.append(sealing.unseal_mark(flipped, bench.known))
    assert read == []


@LAWS
@given(st.data())
def test_a_mark_with_any_byte_replaced_is_damaged(bench: SimpleNamespace, data: st.DataObject):
    blob = sealed(bench, bench.mark)
    at = data.draw(st.integers(0, len(blob) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != blob[at]))
    with pytest.raises(Damaged):
        sealing.unseal_mark(blob[:at] + bytes([byte]) + blob[at + 1 :], bench.known)


@LAWS
@given(st.data())
def test_a_sealed_record_that_is_cut_is_damaged(bench: SimpleNamespace, data: st.DataObject):
    blob = sealed(bench, bench.record)
    with pytest.raises(Damaged):
        record_in(bench, blob[: data.draw(st.integers(0, len(blob) - 1))])


@LAWS
@given(st.binary(max_size=200) | st.text("e.yJ", max_size=40).map(str.encode))
def test_any_bytes_are_damaged_and_nothing_else_is_raised(bench: SimpleNamespace, blob: bytes):
    for unseal in (sealing.unseal_mark, sealing.unseal_pending):
        with pytest.raises(Damaged):
            unseal(blob, bench.known)
    with pytest.raises(Damaged):
        record_in(bench, blob)


@pytest.mark.parametrize("plain", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 40_000, b'{"format":1,"record":[]}'])
def test_a_good_seal_around_no_value_is_damaged(bench: SimpleNamespace, plain: bytes):
    with pytest.raises(Damaged):
        record_in(bench, elsewhere(bench, plain))
    with pytest.raises(Damaged):
        sealing.unseal_mark(elsewhere(bench, plain), bench.known)


@pytest.mark.parametrize("parts", [(1, b""), (2, b""), (2, b"AAAA"), (3, b""), (4, b""), (4, b"AAAA"), (1, b"AAAA")])
def test_a_container_with_another_part_is_damaged(bench: SimpleNamespace, parts: tuple[int, bytes]):
    pieces = sealed(bench, bench.mark).split(b".")
    at, piece = parts
    before = pieces[at]
    pieces[at] = piece if piece != before else b"AA"
    with pytest.raises(Damaged):
        sealing.unseal_mark(b".".join(pieces), bench.known)


def test_another_sealing_key_opens_nothing(bench: SimpleNamespace):
    with pytest.raises(Damaged, match="broken"):
        sealing.unseal_mark(
            sealed(bench, bench.mark), attrs.evolve(bench.known, sealing=(SealingKey("other", bytes(32)),))
        )


def test_one_kind_of_value_is_never_taken_for_another(bench: SimpleNamespace):
    with pytest.raises(Damaged):
        sealing.unseal_mark(sealed(bench, bench.pending), bench.known)
    with pytest.raises(Damaged):
        sealing.unseal_pending(sealed(bench, bench.mark), bench.known)
    with pytest.raises(Damaged):
        record_in(bench, sealed(bench, bench.mark))


def test_whoever_has_the_sealing_key_cannot_forge_a_grant(bench: SimpleNamespace):
    forged = attrs.evolve(bench.record, certificate=bench.grant(extra_days=900))
    assert record_in(bench, sealed(bench, forged)) == bench.record


def test_whoever_has_the_sealing_key_cannot_sign_either(bench: SimpleNamespace):
    more = bench.grant(extra_days=900)
    proof = signing.sign(more, SigningKey("2026", bench.other.private))
    with pytest.raises(Damaged):
        record_in(bench, sealed(bench, attrs.evolve(bench.record, certificate=more, proof=proof)))


def test_the_proof_alone_says_what_was_granted(bench: SimpleNamespace):
    more = bench.grant(extra_days=1)
    proof = signing.sign(more, bench.key)
    assert record_in(bench, sealed(bench, attrs.evolve(bench.record, proof=proof))).certificate == more


def test_a_ledger_can_be_forged_with_the_sealing_key_as_the_rules_admit(bench: SimpleNamespace):
    forged = attrs.evolve(bench.record, state=State.EXPIRED)
    assert record_in(bench, sealed(bench, forged)) == forged


@pytest.mark.parametrize("proof", ["", "a.b.c", "...", "ä.ö.ü"])
def test_a_record_without_a_proof_is_damaged(bench: SimpleNamespace, proof: str):
    with pytest.raises(Damaged):
        record_in(bench, sealed(bench, attrs.evolve(bench.record, proof=proof)))


def test_a_record_of_a_key_that_is_no_longer_trusted_is_damaged(bench: SimpleNamespace):
    with pytest.raises(Damaged):
        sealing.unseal_record(
            sealed(bench, bench.record), attrs.evolve(bench.known, keys=KeySet((bench.other.trusted(),)))
        )


def test_after_a_rotation_a_record_of_either_key_is_read(bench: SimpleNamespace):
    both = attrs.evolve(bench.known, keys=KeySet((bench.key.trusted(), bench.other.trusted())))
    newer = attrs.evolve(bench.record, proof=signing.sign(bench.certificate, bench.other))
    for record in (bench.record, newer):
        assert sealing.unseal_record(sealed(bench, record), both).value == record


def test_a_huge_blob_is_refused_before_it_is_parsed(bench: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    decoded = []
    monkeypatch.setattr(jwe_container.base64url, "decode", decoded.append)
    header = sealed(bench, bench.mark).split(b".")[0]
    with pytest.raises(Damaged):
        sealing.unseal_mark(header + b".." + b"A" * (2 * MAX_BYTES) + b".A.A", bench.known)
    assert decoded == []


def test_another_iv_gives_another_blob_for_the_same_value(bench: SimpleNamespace):
    assert sealing.seal(bench.mark, bench.known, bytes(12)) != sealed(bench, bench.mark)


def test_no_content_travels_on_an_error(bench: SimpleNamespace):
    secret = attrs.evolve(bench.mark, record_id="SECRET-RECORD")
    with pytest.raises(Untrusted) as caught:
        record_in(bench, sealed(bench, secret))
    assert "SECRET" not in str(caught.value)
    assert "SECRET" not in repr(caught.value.args)
