"""Keys that change in a server's folder, and what a server that runs makes of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from nexuslic.adapters.chance import SystemChance
from nexuslic.errors import InputError
from nexuslic.ports import Clock
from nexuslic.server import check, rotating
from nexuslic.server.check import Level
from nexuslic.server.keyring_file import LoadedKeys
from nexuslic.server.passphrase import WrongPassphrase
from nexuslic.server.site import Site
from nexuslic.server.tables import audit
from nexuslic.trust import bundles

Registry = Callable[[Path], AbstractContextManager[Connection]]
CHANCE = SystemChance()


def keys(path: Path, secret: bytes | None = None) -> LoadedKeys:
    site = Site.at(path, secret)
    return LoadedKeys(site.folder.keyring, secret, site.keyring)


def test_a_rotation_signs_with_the_new_key_and_ships_both(vendor: Path, still: Clock):
    loaded = keys(vendor)
    before = loaded.signatory().signing.id
    told = rotating.rotate(Site.at(vendor, None), still, CHANCE)
    loaded.reload()
    after = loaded.signatory()
    assert after.signing.id != before and after.coding.id == before
    bundle = bundles.read((vendor / "bundle.json").read_bytes())
    assert [key.id for key in bundle.keys.keys] == [before, after.signing.id]
    assert after.signing.id in told[0] and "--retire" in told[2]


def test_a_retired_key_signs_no_more(vendor: Path, still: Clock):
    old = keys(vendor).signatory().signing.id
    rotating.rotate(Site.at(vendor, None), still, CHANCE)
    rotating.retire(Site.at(vendor, None), old, still, CHANCE)
    assert keys(vendor).signatory().coding.id != old


@pytest.mark.parametrize("announced", [True, False])
def test_a_new_sealing_key_ships_and_is_announced_only_where_asked(vendor: Path, still: Clock, announced: bool):
    rotating.rotate_sealing(Site.at(vendor, None), announced, still, CHANCE)
    assert len(bundles.read((vendor / "bundle.json").read_bytes()).sealing_keys) == 2
    assert len(keys(vendor).signatory().announcements) == int(announced)


def test_announcements_that_all_know_are_forgotten(vendor: Path, still: Clock):
    rotating.rotate(Site.at(vendor, None), still, CHANCE)
    rotating.forget(Site.at(vendor, None), 1, still, CHANCE)
    assert keys(vendor).signatory().announcements == ()


def test_what_was_done_to_keys_is_in_the_audit_trail_without_a_secret(vendor: Path, still: Clock, registry: Registry):
    rotating.rotate(Site.at(vendor, None), still, CHANCE)
    with registry(vendor) as connection:
        line = connection.execute(select(audit).order_by(audit.c.seq.desc())).first()
    loaded = keys(vendor).keyring
    assert line is not None and line.act == "keys" and loaded.signing_keys[-1].id in line.detail
    assert not any(key.private.hex() in line.detail for key in loaded.signing_keys)


def test_the_folder_is_whole_after_each_step(vendor: Path, still: Clock):
    rotating.rotate(Site.at(vendor, None), still, CHANCE)
    rotating.rotate_sealing(Site.at(vendor, None), True, still, CHANCE)
    rotating.renew_certificate(Site.at(vendor, None), still)
    assert {one.level for one in check.check(Site.at(vendor, None), still.read().wall)} == {Level.OK}


def test_an_encrypted_keyring_stays_encrypted(sealed: Path, still: Clock, passphrase: bytes):
    rotating.rotate(Site.at(sealed, passphrase), still, CHANCE)
    assert b"scrypt" in (sealed / "keyring.json").read_bytes()
    assert len(keys(sealed, passphrase).keyring.signing_keys) == 2


def test_two_rotations_at_once_are_two(vendor: Path, still: Clock):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: rotating.rotate(Site.at(vendor, None), still, CHANCE), range(4)))
    keyring = keys(vendor).keyring
    assert (len(keyring.signing_keys), keyring.number) == (5, 4)


def test_without_the_passphrase_nothing_is_changed(sealed: Path, still: Clock):
    before = {one.name: one.read_bytes() for one in sealed.iterdir()}
    with pytest.raises(WrongPassphrase):
        rotating.rotate(Site.at(sealed, None), still, CHANCE)
    assert {name: (sealed / name).read_bytes() for name in before} == before


def test_a_key_that_is_not_there_is_not_retired(vendor: Path, still: Clock):
    with pytest.raises(InputError, match="there is no signing key 'x'"):
        rotating.retire(Site.at(vendor, None), "x", still, CHANCE)


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff"])
def test_a_broken_keyring_leaves_a_running_server_its_keys(vendor: Path, data: bytes):
    loaded = keys(vendor)
    before = loaded.signatory()
    (vendor / "keyring.json").write_bytes(data)
    with pytest.raises(InputError, match=r"keyring\.json"):
        loaded.reload()
    assert loaded.signatory() is before


def test_a_running_server_takes_no_older_keyring(vendor: Path, still: Clock):
    old = (vendor / "keyring.json").read_bytes()
    rotating.rotate(Site.at(vendor, None), still, CHANCE)
    loaded = keys(vendor)
    (vendor / "keyring.json").write_bytes(old)
    with pytest.raises(InputError, match="older than the keys in use"):
        loaded.reload()


def test_keys_do_not_show_in_what_is_printed(vendor: Path):
    loaded = keys(vendor, None)
    assert "private" not in repr(loaded) and str(loaded.keyring.sealing_keys[0].key) not in repr(loaded)


def test_a_newest_schema_stays_as_it_is(vendor: Path):
    assert rotating.bring_up(Site.at(vendor, None)) == ["the registry has schema 0001 already: nothing was changed"]
