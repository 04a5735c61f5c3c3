"""The contract of a database engine, on SQLite and on PostgreSQL: real files, real servers, their own tools."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_engines import place
from nexuslic.adapters.sql_stores import Records
from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable, InputError
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.real.engine import Engine, Handle
from nexuslic.scenario.real.postgresql import PostgresqlEngine
from nexuslic.scenario.real.postgresql_servers import GivenServer
from nexuslic.scenario.real.sqlite import SqliteEngine
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.simulation.database import Trouble

ONE, OTHER = Handle(1, "survey"), Handle(1, "Überwachung 'a\"b")


@pytest.fixture(scope="module")
def servers() -> Iterator[PostgresqlEngine]:
    engine = PostgresqlEngine()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def given(postgresql_server: str) -> Iterator[PostgresqlEngine]:
    engine = PostgresqlEngine(GivenServer.at(postgresql_server))
    yield engine
    engine.close()


@pytest.fixture(params=["sqlite", "servers", "given"])
def engine(request: pytest.FixtureRequest, folder: Path) -> Iterator[Engine]:
    made: Engine = SqliteEngine(folder) if request.param == "sqlite" else request.getfixturevalue(request.param)
    made.begin()
    yield made
    made.begin()


@contextmanager
def records(engine: Engine, handle: Handle, url: str = "") -> Iterator[Records]:
    base = CustomerDatabase(place(url or engine.url(handle), server="S", database="d"), patience=0.05)
    try:
        yield Records(base)
    finally:
        base.close()


def held(engine: Engine, handle: Handle) -> bytes | None:
    with records(engine, handle) as store:
        return store.load()


def keep(engine: Engine, handle: Handle, blob: bytes) -> None:
    with records(engine, handle) as store:
        assert store.save(blob, store.load())


@pytest.mark.parametrize("handle", [ONE, OTHER])
def test_a_new_database_holds_nothing_and_stores(engine: Engine, handle: Handle):
    engine.create(handle)
    assert held(engine, handle) is None
    keep(engine, handle, b"a record")
    assert held(engine, handle) == b"a record"


def test_a_story_finds_nothing_of_the_one_before(engine: Engine):
    engine.create(ONE)
    keep(engine, ONE, b"a record")
    engine.begin()
    with pytest.raises(DatabaseUnreachable):
        held(engine, ONE)


def test_where_nothing_is_nothing_can_be_reached(engine: Engine):
    with pytest.raises(DatabaseUnreachable), records(engine, ONE, engine.nowhere()) as store:
        store.load()


def test_a_renamed_database_is_found_under_its_new_name_only(engine: Engine):
    engine.create(ONE)
    keep(engine, ONE, b"a record")
    engine.rename(ONE, OTHER)
    assert held(engine, OTHER) == b"a record"
    with pytest.raises(DatabaseUnreachable):
        held(engine, ONE)


def test_a_backup_brings_back_what_was_there_then(engine: Engine, tmp_path: Path):
    engine.create(ONE)
    keep(engine, ONE, b"then")
    engine.back_up(ONE, tmp_path / "backup")
    keep(engine, ONE, b"now")
    engine.restore(tmp_path / "backup", ONE)
    assert held(engine, ONE) == b"then"


def test_a_backup_can_be_restored_onto_another_server_and_the_old_one_stays(engine: Engine, tmp_path: Path):
    elsewhere = Handle(2, "survey")
    engine.create(ONE)
    keep(engine, ONE, b"then")
    engine.back_up(ONE, tmp_path / "backup")
    engine.restore(tmp_path / "backup", elsewhere)
    keep(engine, elsewhere, b"there")
    assert (held(engine, ONE), held(engine, elsewhere)) == (b"then", b"there")


def test_a_stopped_database_cannot_be_reached_until_it_is_started(engine: Engine):
    engine.create(ONE)
    keep(engine, ONE, b"a record")
    engine.stop(ONE)
    with pytest.raises(DatabaseUnreachable):
        held(engine, ONE)
    engine.start(ONE)
    assert held(engine, ONE) == b"a record"


def test_a_stopped_database_takes_no_other_one_of_its_server_with_it(engine: Engine):
    engine.create(ONE)
    engine.create(OTHER)
    engine.stop(ONE)
    assert held(engine, OTHER) is None
    with pytest.raises(DatabaseUnreachable):
        held(engine, ONE)


def test_a_database_that_is_made_beside_a_stopped_one_can_be_reached(engine: Engine):
    engine.create(ONE)
    engine.stop(ONE)
    engine.create(OTHER)
    assert held(engine, OTHER) is None
    with pytest.raises(DatabaseUnreachable):
        held(engine, ONE)
    engine.start(ONE)
    assert held(engine, ONE) is None


@pytest.mark.parametrize("trouble", [Trouble.READ_ONLY, Trouble.LOCKED])
@pytest.mark.parametrize("made", [True, False], ids=["with tables", "without"])
def test_a_troubled_database_is_read_and_stores_nothing_until_that_is_over(
    engine: Engine, trouble: Trouble, made: bool
):
    engine.create(ONE)
    before = b"a record" if made else None
    if made:
        keep(engine, ONE, b"a record")
    engine.forbid(ONE, trouble)
    assert held(engine, ONE) == before
    with pytest.raises(DatabaseNotWritable):
        keep(engine, ONE, b"another")
    engine.allow(ONE, trouble)
    assert held(engine, ONE) == before
    keep(engine, ONE, b"another")


def test_a_postgresql_without_room_says_so_in_its_own_words(servers: PostgresqlEngine):
    servers.begin()
    servers.create(ONE)
    keep(servers, ONE, b"a record")
    servers.forbid(ONE, Trouble.FULL)
    with pytest.raises(DatabaseNotWritable, match="No space left"):
        keep(servers, ONE, b"another")
    servers.allow(ONE, Trouble.FULL)
    keep(servers, ONE, b"another")


def test_every_server_of_a_story_is_a_server_of_its_own(servers: PostgresqlEngine):
    servers.begin()
    found = set()
    for number in (1, 2):
        servers.create(Handle(number, "survey"))
        where = place(servers.url(Handle(number, "survey"))).engine
        with where.connect() as one:
            found.add(one.exec_driver_sql("SELECT system_identifier FROM pg_control_system()").scalar_one())
        where.dispose()
    assert len(found) == 2


def test_a_name_that_postgresql_cannot_take_is_told(servers: PostgresqlEngine):
    with pytest.raises(NotOnThisStage, match="no database can have the name"):
        servers.create(Handle(1, "n" * 200))


def test_a_given_server_that_does_not_answer_is_told_without_its_password():
    with pytest.raises(StageBroke, match=r"PostgreSQL at 127\.0\.0\.1:1 cannot be used"):
        GivenServer.at("postgresql://me:secret@127.0.0.1:1/postgres")


@pytest.mark.parametrize("url", ["sqlite:///file", "no url"])
def test_what_is_no_url_of_postgresql_is_told(url: str):
    with pytest.raises(InputError, match="--postgresql: write postgresql://"):
        GivenServer.at(url)


def test_nothing_of_ours_stays_on_a_given_server(postgresql_server: str, tmp_path: Path):
    engine = PostgresqlEngine(GivenServer.at(postgresql_server))
    engine.create(ONE)
    engine.close()
    with psycopg.connect(postgresql_server) as connection:
        names = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    assert not any("survey" in name for name in names)


def test_a_server_that_ended_by_itself_breaks_the_stage():
    engine = PostgresqlEngine()
    engine.create(ONE)
    assert engine.check() is None
    (server,) = engine.servers.running
    server.get_postmaster_info().process.kill()
    server.get_postmaster_info().process.wait()
    with pytest.raises(StageBroke, match="ended by itself"):
        engine.check()
    with suppress(Exception):
        engine.close()
