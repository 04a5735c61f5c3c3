"""The container that private keys are encrypted in, and where its passphrase comes from."""

import json
from pathlib import Path

import pytest

from nexuslic.adapters.chance import SystemChance
from nexuslic.errors import InputError
from nexuslic.server import passphrase
from nexuslic.server.passphrase import WrongPassphrase

TEXT = b"the vendor's keys"


@pytest.fixture(scope="module")
def container() -> bytes:
    return passphrase.encrypt(TEXT, "keyring", b"right", SystemChance())


def test_the_passphrase_opens_what_it_closed(container: bytes):
    assert passphrase.is_encrypted(container) and TEXT not in container
    assert passphrase.decrypt(container, "keyring", b"right", "keyring.json") == TEXT


@pytest.mark.parametrize("secret", [b"wrong", b"right ", None])
def test_no_other_passphrase_does(container: bytes, secret: bytes | None):
    with pytest.raises(WrongPassphrase, match=r"keyring\.json"):
        passphrase.decrypt(container, "keyring", secret, "keyring.json")


def test_one_file_does_not_pass_for_another(container: bytes):
    with pytest.raises(WrongPassphrase):
        passphrase.decrypt(container, "authority key", b"right", "authority.key")


@pytest.mark.parametrize(
    "change", [{"n": 2**30}, {"n": True}, {"r": 0}, {"n": 3}, {"salt": "%"}, {"text": 1}, {"nonce": ""}, {"p": None}]
)
def test_a_damaged_container_is_one_error(container: bytes, change: dict[str, object]):
    damaged = json.dumps({**json.loads(container), **change}).encode()
    with pytest.raises(InputError, match="restore it from a backup"):
        passphrase.decrypt(damaged, "keyring", b"right", "keyring.json")


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"format": 1}', b"-----BEGIN PRIVATE KEY-----"])
def test_anything_else_is_not_taken_for_encrypted(data: bytes):
    assert not passphrase.is_encrypted(data)


def test_the_file_comes_before_the_variable_and_that_before_the_credential(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"from the file\r\n")
    (tmp_path / passphrase.CREDENTIAL).write_bytes(b"from the credential")
    variable = {passphrase.VARIABLE: "from the variable"}
    credential = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert passphrase.find(tmp_path / "file", variable) == b"from the file"
    assert passphrase.find(None, variable | credential) == b"from the variable"
    assert passphrase.find(None, credential) == b"from the credential"
    assert passphrase.find(None, {"CREDENTIALS_DIRECTORY": str(tmp_path / "none")}) is None
    assert passphrase.find(None, {}) is None


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_an_empty_passphrase_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(InputError, match="is empty"):
        passphrase.find(tmp_path / "file", {})


def test_a_missing_passphrase_file_is_one_error(tmp_path: Path):
    with pytest.raises(InputError, match="cannot be read"):
        passphrase.find(tmp_path / "none", {})
