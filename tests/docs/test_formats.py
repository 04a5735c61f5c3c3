"""The test vector of the formats page, read by another implementation of JOSE and by ours."""

import json
from types import SimpleNamespace

import attrs
import pytest
from joserfc import jwe, jws
from joserfc.jwk import OctKey, OKPKey

from nexuslic.issuing import rotation
from nexuslic.rules.license_time import Mark
from nexuslic.rules.record import Record
from nexuslic.trust import announcing, base64url, bundles, codes, sealing, signing, wire
from nexuslic.trust.keys import KeySet, KnownKeys, SealingKey, SigningKey
from nexuslic.trust.wire import Announcement, Denial, Pending, Request

KEY = bytes(range(32))
KEY_2 = bytes(range(32, 64))
SIGNER = SigningKey("vendor-1", KEY)
SEALER = SealingKey("sealing-1", KEY)
KNOWN = KnownKeys(KeySet((SIGNER.trusted(),)), (SEALER,))
NONCE = "00112233445566778899aabbccddeeff"


@pytest.fixture
def vector(documents: SimpleNamespace) -> dict[str, str]:
    blocks = documents.blocks(documents.docs / "reference" / "formats.md")
    return {one.notes["vector"]: one.text.strip() for one in blocks if "vector" in one.notes}


def opened(vector: dict[str, str]) -> tuple[Record, Mark]:
    record = sealing.unseal_record(vector["sealed-record"].encode("ascii"), KNOWN).value
    return record, sealing.unseal_mark(vector["sealed-mark"].encode("ascii"), KNOWN).value


def test_another_implementation_verifies_the_certificate(vector: dict[str, str]):
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": vector["public"]})
    token = jws.deserialize_compact(vector["token"], key, algorithms=["Ed25519"])
    assert token.protected == {"alg": "Ed25519", "kid": "vendor-1"}
    assert token.payload.decode("ascii") == vector["certificate"]


@pytest.mark.parametrize("name", ["record", "mark"])
def test_another_implementation_unseals(name: str, vector: dict[str, str]):
    sealed = jwe.decrypt_compact(vector[f"sealed-{name}"], OctKey.import_key(KEY), algorithms=["dir", "A256GCM"])
    assert sealed.protected == {"alg": "dir", "enc": "A256GCM"}
    assert sealed.plaintext is not None and sealed.plaintext.decode("ascii") == vector[name]


def test_ours_writes_the_same_bytes(vector: dict[str, str]):
    record, mark = opened(vector)
    assert base64url.encode(SIGNER.public).decode("ascii") == vector["public"]
    assert signing.sign(record.certificate, SIGNER) == vector["token"]
    assert sealing.seal(record, KNOWN, bytes(12)).decode("ascii") == vector["sealed-record"]
    assert sealing.seal(mark, KNOWN, bytes(11) + b"\1").decode("ascii") == vector["sealed-mark"]


def test_request_and_denial_are_canonical(vector: dict[str, str]):
    assert wire.encode(wire.decode(vector["request"].encode("ascii"), Request)).decode("ascii") == vector["request"]
    assert wire.encode(wire.decode(vector["denial"].encode("ascii"), Denial)).decode("ascii") == vector["denial"]


@pytest.mark.parametrize("known", [True, False])
def test_the_codes_carry_the_certificate(known: bool, vector: dict[str, str]):
    certificate = opened(vector)[0].certificate
    asked = codes.read_request(vector["request-code"])
    assert asked.pending.nonce == NONCE
    terms = certificate.license if known else None
    pending = Pending(certificate.key, certificate.binding, asked.pending.version, NONCE)
    code = vector["renewal-code" if known else "renewal-code-with-terms"]
    assert codes.read_answer(code, pending, terms, KNOWN).value[0] == certificate


def test_the_request_code_is_what_is_written(vector: dict[str, str]):
    asked = codes.read_request(vector["request-code"])
    assert codes.write_request(asked.pending, opened(vector)[0].certificate.license) == vector["request-code"]


def test_a_code_without_terms_has_as_many_letters_as_the_page_says(vector: dict[str, str], documents: SimpleNamespace):
    page = (documents.docs / "reference" / "formats.md").read_text("utf-8")
    assert f"has {len(vector['renewal-code'].replace(' ', ''))} letters" in page


@pytest.mark.parametrize(
    "name", ["certificate", "denial", "request", "record", "mark", "announcement", "bundle", "keyring"]
)
def test_every_member_stands_in_a_table(name: str, vector: dict[str, str], documents: SimpleNamespace):
    page = (documents.docs / "reference" / "formats.md").read_text("utf-8")
    members = json.loads(vector[name])[name]
    assert [member for member in members if f"| `{member}` |" not in page] == []


@pytest.mark.parametrize("item", ["signing_keys", "sealing_keys"])
@pytest.mark.parametrize("name", ["announcement", "keyring"])
def test_every_member_of_a_key_is_named(name: str, item: str, vector: dict[str, str], documents: SimpleNamespace):
    page = (documents.docs / "reference" / "formats.md").read_text("utf-8")
    assert [member for member in json.loads(vector[name])[name][item][0] if f"`{member}` (" not in page] == []


def test_another_implementation_verifies_the_announcement(vector: dict[str, str]):
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": vector["public"]})
    assert (
        jws.deserialize_compact(vector["announced"], key, algorithms=["Ed25519"]).payload.decode("ascii")
        == (vector["announcement"])
    )


def test_another_implementation_opens_the_sealing_key_and_with_it_the_mark(vector: dict[str, str]):
    sealed = json.loads(vector["announcement"])["announcement"]["sealing_keys"][0]["sealed"]
    new = jwe.decrypt_compact(sealed, OctKey.import_key(KEY), algorithms=["dir", "A256GCM"]).plaintext
    assert new == KEY_2
    container = vector["announcing-mark"].rpartition("~")[2]
    mark = jwe.decrypt_compact(container, OctKey.import_key(KEY_2), algorithms=["dir", "A256GCM"])
    assert mark.plaintext is not None and mark.plaintext.decode("ascii") == vector["mark"]


def test_ours_reads_what_is_announced_with_the_old_keys(vector: dict[str, str]):
    record, mark = opened(vector)
    reply = vector["announcing-reply"].encode("ascii")
    value, proof = signing.verify(reply, NONCE, record.certificate.binding, KNOWN).value
    assert (value, proof) == (record.certificate, vector["announcing-reply"])
    assert sealing.unseal_mark(vector["announcing-mark"].encode("ascii"), KNOWN).value == mark


def test_ours_writes_the_same_announcement(vector: dict[str, str]):
    said = wire.decode(vector["announcement"].encode("ascii"), Announcement)
    wrapped = announcing.wrap(SealingKey("sealing-2", KEY_2), SEALER, bytes(11) + b"\2")
    assert announcing.announce(attrs.evolve(said, sealing_keys=(wrapped,)), SIGNER) == vector["announced"]


def test_the_files_of_the_vendor_are_read_and_written_as_they_stand(vector: dict[str, str]):
    keyring = rotation.read(vector["keyring"].encode("ascii"))
    assert rotation.write(keyring).decode("ascii") == vector["keyring"]
    bundle = bundles.read(vector["bundle"].encode("ascii"))
    assert bundle == rotation.bundle(keyring, "nexuslic", "https://license.example")
    assert bundles.write(bundle).decode("ascii") == vector["bundle"]


def test_a_reader_refuses_a_header_with_another_member(vector: dict[str, str]):
    head = base64url.encode(b'{"alg":"Ed25519","kid":"vendor-1","typ":"JWT"}')
    body = vector["token"].split(".")[1].encode("ascii")
    signed = head + b"." + body
    token = signed + b"." + base64url.encode(SIGNER.signer.sign(signed))
    certificate = opened(vector)[0].certificate
    with pytest.raises(signing.UntrustedReply):
        signing.verify(token, NONCE, certificate.binding, KNOWN)
