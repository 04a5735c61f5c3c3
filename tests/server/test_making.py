"""A new server is made whole or not at all, and never over something."""

import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection

from nexuslic.adapters.chance import SystemChance
from nexuslic.cli.server import command
from nexuslic.errors import InputError, NexuslicError
from nexuslic.ports import Clock
from nexuslic.server import check, making, migrate, settings, tokens
from nexuslic.server.check import Level
from nexuslic.server.database import Database
from nexuslic.server.site import Site
from nexuslic.server.tokens import Scope
from nexuslic.trust import bundles

Registry = Callable[[Path], AbstractContextManager[Connection]]
CHOSEN = settings.chosen("Survey", ["localhost"], "127.0.0.1:0")


def make(path: Path, still: Clock, chosen: settings.Settings = CHOSEN) -> making.Made:
    return making.make(path, chosen, None, still, SystemChance())


def levels(path: Path, still: Clock, database: str = "") -> set[Level]:
    return {one.level for one in check.check(Site.at(path, None, database), still.read().wall)}


def test_what_is_made_passes_its_check(vendor: Path, still: Clock):
    assert levels(vendor, still) == {Level.OK}


def test_the_token_opens_everything(tmp_path: Path, still: Clock, registry: Registry):
    made = make(tmp_path / "new", still)
    with registry(tmp_path / "new") as connection:
        token = tokens.find(connection, made.token, still.read().wall)
    assert token is not None and token.scope is Scope.ADMIN


def test_the_bundle_trusts_the_authority_that_was_made(vendor: Path):
    found = bundles.read((vendor / "bundle.json").read_bytes())
    assert found.authority == (vendor / "authority.pem").read_text()
    assert (found.product, found.address) == ("Survey", "https://localhost")


def test_no_secret_lies_open(sealed: Path):
    files = [sealed, *sealed.iterdir()]
    public = {"authority.pem", "certificate.pem"}
    assert [one.name for one in files if one.name not in public and stat.S_IMODE(one.stat().st_mode) & 0o077] == []


def test_with_a_passphrase_neither_the_keyring_nor_the_authority_lies_in_the_clear(sealed: Path):
    for name in ("keyring.json", "authority.key"):
        data = (sealed / name).read_bytes()
        assert b"scrypt" in data and b"PRIVATE KEY" not in data and b"signing-" not in data


def before(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in path.iterdir()}


@pytest.mark.parametrize("name", ["keyring.json", "anything"])
def test_nothing_is_written_over(tmp_path: Path, still: Clock, name: str):
    path = tmp_path / "new"
    path.mkdir()
    (path / name).write_bytes(b"mine")
    with pytest.raises(InputError, match="is not empty: nothing in it was changed"):
        make(path, still)
    assert before(path) == {name: b"mine"}


def test_an_empty_folder_is_used(tmp_path: Path, still: Clock):
    (tmp_path / "new").mkdir()
    make(tmp_path / "new", still)
    assert levels(tmp_path / "new", still) == {Level.OK}


@pytest.mark.parametrize("name", ["file", "no/such/folder"])
def test_a_place_that_cannot_be_is_one_error(tmp_path: Path, still: Clock, name: str):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError):
        make(tmp_path / name, still)


@pytest.mark.parametrize("step", ["make_certificate", "upgrade_in", "create", "_move"])
def test_a_failure_half_way_leaves_nothing(tmp_path: Path, still: Clock, step: str, monkeypatch: pytest.MonkeyPatch):
    homes = {"make_certificate": making.authority, "upgrade_in": migrate, "create": tokens, "_move": making}

    def fail(*_: object) -> None:
        raise InputError("planted")

    monkeypatch.setattr(homes[step], step, fail)
    with pytest.raises(InputError, match="planted"):
        make(tmp_path / "new", still)
    assert list(tmp_path.iterdir()) == []


def test_a_registry_in_postgresql(tmp_path: Path, still: Clock, postgresql_url: str):
    chosen = settings.chosen("Survey", ["localhost"], "127.0.0.1:0", database=postgresql_url)
    make(tmp_path / "new", still, chosen)
    assert levels(tmp_path / "new", still) == {Level.OK}
    assert not (tmp_path / "new" / "registry.sqlite").exists()


def test_a_database_that_holds_something_is_refused(tmp_path: Path, still: Clock, postgresql_url: str):
    database = Database.at(postgresql_url)
    migrate.upgrade(database)
    database.close()
    chosen = settings.chosen("Survey", ["localhost"], "127.0.0.1:0", database=postgresql_url)
    with pytest.raises(InputError, match="the database holds tables already"):
        make(tmp_path / "new", still, chosen)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_placed_leaves_the_database_empty(
    tmp_path: Path, still: Clock, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise InputError("planted")

    monkeypatch.setattr(making, "_move", fail)
    chosen = settings.chosen("Survey", ["localhost"], "127.0.0.1:0", database=postgresql_url)
    with pytest.raises(NexuslicError, match="planted"):
        make(tmp_path / "new", still, chosen)
    database = Database.at(postgresql_url)
    with database.read() as connection:
        assert migrate.schema(connection).version == ""
    database.close()


def test_the_command_says_what_it_made_and_the_token_once(tmp_path: Path):
    args = ["init", str(tmp_path / "new"), "--product", "Survey", "--name", "localhost"]
    done = CliRunner().invoke(command, args, standalone_mode=False)
    assert done.exception is None
    for file in (tmp_path / "new").iterdir():
        assert file.name in done.output
    assert done.output.count("nexuslic_") == 1 and "back up now" in done.output
