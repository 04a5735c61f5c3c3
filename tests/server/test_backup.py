"""A backup holds everything, and only a whole one is put back."""

import hashlib
import io
import json
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, text

from nexuslic.adapters.chance import SystemChance
from nexuslic.errors import InputError, NexuslicError
from nexuslic.ports import Clock
from nexuslic.server import audit, backup, check, making, settings
from nexuslic.server.audit import Line
from nexuslic.server.check import Level
from nexuslic.server.migrate import WrongSchema
from nexuslic.server.site import Site
from nexuslic.server.tables import METADATA, bindings, licenses

Registry = Callable[[Path], AbstractContextManager[Connection]]
FILES = ("server.toml", "keyring.json", "authority.pem", "authority.key", "certificate.pem", "certificate.key")
MOMENT = datetime(2026, 3, 2, 8, 30, 0, 123456, tzinfo=UTC)
LICENSE = {
    "key": "1234567890123",
    "organisation": 'Ærø Survey ☂ "quoted"\n',
    "type": "seats",
    "seats": 5,
    "grace_days": 30,
    "minimum_version": "1",
    "ends": MOMENT,
    "extension_days": None,
    "suspended": True,
    "revoked": False,
    "issued_at": MOMENT,
    "bindings": 1,
}
BINDING = {"key": "1234567890123", "server": "s", "database": "d", "identity": "i", "since": MOMENT, "nonce": "n"}


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, still: Clock, registry: Registry) -> Path:
    """A server that has something to keep, on each engine."""
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    path = tmp_path / "kept"
    making.make(
        path, settings.chosen("Survey", ["localhost"], "127.0.0.1:0", database=url), None, still, SystemChance()
    )
    with registry(path) as connection:
        connection.execute(insert(licenses).values(**LICENSE))
        connection.execute(insert(bindings), [BINDING] * 3)
        audit.append(connection, [Line(MOMENT, "someone", "here", "issue", None, {"seats": 5})] * 1200)
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where a backup is put back to."""
    if request.param == "sqlite":
        yield settings.DATABASE
        return
    import psycopg

    server = request.getfixturevalue("postgresql_server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored")
        yield server.replace("/postgres?", "/restored?")
        connection.execute("DROP DATABASE restored WITH (FORCE)")


def content(registry: Registry, path: Path) -> dict[str, list[tuple[object, ...]]]:
    with registry(path) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in METADATA.sorted_tables
        }


def test_what_is_restored_is_what_was_kept_on_either_engine(
    kept: Path, target: str, tmp_path: Path, still: Clock, registry: Registry
):
    made = backup.make(Site.at(kept, None), tmp_path / "file", still, SystemChance())
    backup.restore(tmp_path / "file", tmp_path / "back", target, SystemChance())
    assert content(registry, tmp_path / "back") == content(registry, kept)
    assert made.seq == 1201
    assert {(tmp_path / "back" / name).read_bytes() == (kept / name).read_bytes() for name in FILES[1:]} == {True}
    assert {one.level for one in check.check(Site.at(tmp_path / "back", None), still.read().wall)} == {Level.OK}


def test_ids_go_on_where_they_ended(kept: Path, target: str, tmp_path: Path, still: Clock, registry: Registry):
    backup.make(Site.at(kept, None), tmp_path / "file", still, SystemChance())
    backup.restore(tmp_path / "file", tmp_path / "back", target, SystemChance())
    with registry(tmp_path / "back") as connection:
        connection.execute(insert(bindings).values(**BINDING))
        assert connection.scalars(select(bindings.c.id).order_by(bindings.c.id)).all() == [1, 2, 3, 4]


def test_a_backup_is_its_owners_alone(vendor: Path, tmp_path: Path, still: Clock):
    backup.make(Site.at(vendor, None), tmp_path / "file", still, SystemChance())
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "vendor"]


def test_a_backup_sees_one_moment(
    kept: Path, tmp_path: Path, still: Clock, registry: Registry, monkeypatch: pytest.MonkeyPatch
):
    export = backup.rows.export

    def slow(connection: Connection, file: io.BytesIO) -> None:
        connection.execute(select(licenses)).all()
        with registry(kept) as other:
            other.execute(delete(licenses))
            audit.append(other, [Line(MOMENT, "someone", "here", "revoke", None, {})])
        export(connection, file)

    monkeypatch.setattr(backup.rows, "export", slow)
    made = backup.make(Site.at(kept, None), tmp_path / "file", still, SystemChance())
    assert made.seq == 1201
    assert b'["1234567890123",' in members(tmp_path / "file")["registry.jsonl"]


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}


@pytest.fixture
def file(vendor: Path, tmp_path: Path, still: Clock) -> Path:
    backup.make(Site.at(vendor, None), tmp_path / "file", still, SystemChance())
    return tmp_path / "file"


def rewritten(file: Path, change: Callable[[dict[str, bytes]], object], honest: bool) -> None:
    """Another backup from this one; `honest`: with a manifest that fits."""
    held = members(file)
    change(held)
    if honest:
        told = json.loads(held["manifest.json"])
        told["digests"] = {n: hashlib.sha256(d).hexdigest() for n, d in held.items() if n != "manifest.json"}
        held["manifest.json"] = json.dumps(told).encode()
    with tarfile.open(file, "w:gz") as tar:
        for name, data in held.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


CHANGES: dict[str, tuple[Callable[[dict[str, bytes]], object], bool]] = {
    "another keyring": (lambda held: held.update({"keyring.json": b"{}"}), False),
    "one file less": (lambda held: held.pop("authority.key"), True),
    "one file more": (lambda held: held.update({"more": b""}), True),
    "a file elsewhere": (lambda held: held.update({"../more": b""}), True),
    "no manifest": (lambda held: held.pop("manifest.json"), False),
    "a manifest of something else": (lambda held: held.update({"manifest.json": b'{"format": 2}'}), False),
    "an audit line less": (lambda held: cut(held, "registry.jsonl", b"server init"), True),
    "an altered audit line": (lambda held: swap(held, "registry.jsonl", b"server init", b"someone"), True),
    "rows that do not fit": (lambda held: swap(held, "registry.jsonl", b'"seq"', b'"sequence"'), True),
    "rows that are no rows": (lambda held: held.update({"registry.jsonl": b"[1]\n"}), True),
    "settings that are wrong": (lambda held: held.update({"server.toml": b"colour = 1"}), True),
    "a schema that is not known": (lambda held: swap(held, "manifest.json", b'"0001"', b'"9999"'), True),
}


def cut(held: dict[str, bytes], name: str, mark: bytes) -> None:
    held[name] = b"".join(line for line in held[name].splitlines(keepends=True) if mark not in line)


def swap(held: dict[str, bytes], name: str, old: bytes, new: bytes) -> None:
    assert old in held[name]
    held[name] = held[name].replace(old, new)


@pytest.mark.parametrize("change", CHANGES)
def test_a_backup_that_was_damaged_or_changed_puts_nothing_in_place(file: Path, tmp_path: Path, change: str):
    rewritten(file, *CHANGES[change])
    with pytest.raises(NexuslicError):
        backup.restore(file, tmp_path / "back", "", SystemChance())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "vendor"]


@pytest.mark.parametrize("data", [b"", b"no tar", b"\x1f\x8b\x08\x00"])
def test_what_is_no_backup_is_one_error(tmp_path: Path, data: bytes):
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(InputError, match="is no backup of a license server"):
        backup.restore(tmp_path / "file", tmp_path / "back", "", SystemChance())


def test_a_backup_that_was_cut_off_is_one_error(file: Path, tmp_path: Path):
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match="take another one"):
        backup.restore(file, tmp_path / "back", "", SystemChance())


def test_neither_a_backup_nor_a_restore_writes_over_anything(file: Path, vendor: Path, tmp_path: Path, still: Clock):
    before = file.read_bytes()
    with pytest.raises(InputError, match="exists already and was not changed"):
        backup.make(Site.at(vendor, None), file, still, SystemChance())
    with pytest.raises(InputError, match="is not empty"):
        backup.restore(file, vendor, "", SystemChance())
    assert file.read_bytes() == before


def test_a_database_that_holds_something_is_not_restored_into(file: Path, tmp_path: Path, postgresql_url: str):
    backup.restore(file, tmp_path / "first", postgresql_url, SystemChance())
    with pytest.raises(InputError, match="the database holds tables already"):
        backup.restore(file, tmp_path / "second", postgresql_url, SystemChance())
    assert not (tmp_path / "second").exists()


def test_a_newer_registry_is_not_backed_up_by_an_older_program(
    vendor: Path, tmp_path: Path, still: Clock, registry: Registry
):
    with registry(vendor) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9'"))
    with pytest.raises(WrongSchema):
        backup.make(Site.at(vendor, None), tmp_path / "file", still, SystemChance())
    assert [one.name for one in tmp_path.iterdir()] == ["vendor"]
