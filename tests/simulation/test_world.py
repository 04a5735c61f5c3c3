"""Servers, spellings, restores and renames (rules: Binding; scenario language: restore, rename)."""

import pytest

from nexuslic.errors import DatabaseUnreachable, InputError
from nexuslic.simulation.database import Contents

LOCAL = [".", "(local)", "localhost", "127.0.0.1", " LocalHost "]


@pytest.mark.parametrize("spelling", ["DB1", " db1 ", "DB1.example"])
def test_a_server_is_found_by_its_name_and_aliases_without_regard_to_case(world, crew, spelling):
    assert world.server_of(crew("ws1", connects_to=spelling)).name == "DB1"


@pytest.mark.parametrize("spelling", LOCAL)
def test_local_names_mean_the_server_that_runs_here(world, crew, spelling):
    assert world.server_of(crew("ws1", connects_to=spelling, runs_server="DB2")).name == "DB2"


@pytest.mark.parametrize("spelling", [*LOCAL, "nowhere"])
def test_a_name_that_means_no_server_cannot_be_reached(world, crew, spelling):
    with pytest.raises(DatabaseUnreachable):
        world.server_of(crew("ws1", connects_to=spelling))


def test_a_database_that_is_not_there_cannot_be_reached(world, crew):
    with pytest.raises(DatabaseUnreachable):
        world.database_of(crew("ws1", connects_to="DB2"))


def test_the_story_s_database_is_the_one_that_most_use(world, crew):
    other = world.add_database(world.server_called("DB2"), "nexus")
    crew("ws1")
    crew("ws2", connects_to="DB2")
    crew("ws3", connects_to="DB2")
    assert world.database is other


def test_of_equals_the_oldest_is_the_story_s(world, crew):
    world.add_database(world.server_called("DB2"), "nexus")
    crew("ws1")
    crew("ws2", connects_to="DB2")
    assert world.database is world.servers[0].databases[0]


def test_where_nobody_reaches_a_database_there_is_none(world, crew):
    crew("ws1", connects_to="nowhere")
    with pytest.raises(InputError):
        assert world.database


# -- restores -----------------------------------------------------------------------------------------------------

BACKUP = Contents(record=b"backup", users=("ann",))


def test_a_restore_in_place_replaces_everything(world, crew):
    crew("ws1")
    world.database.contents = Contents(record=b"now", users=("bob",))
    world.restore(BACKUP, None, None, ["ws1"])
    assert world.database.contents == BACKUP


def test_a_restore_onto_another_server_leaves_the_old_copy(world, crew):
    workstation = crew("ws1")
    old = world.database
    old.contents = Contents(record=b"now")
    world.restore(BACKUP, "DB2", None, ["ws1"])
    assert (old.contents.record, world.database_of(workstation).contents) == (b"now", BACKUP)
    assert world.server_of(workstation).name == "DB2"


def test_a_server_first_named_in_a_restore_is_made(world, crew):
    workstation = crew("ws1")
    world.restore(BACKUP, "SPARE", "copy", ["ws1"])
    assert (world.server_of(workstation).name, workstation.database) == ("SPARE", "copy")


def test_who_does_not_follow_stays_on_the_old_copy(world, crew):
    crew("ws1")
    stays = crew("ws2")
    world.restore(BACKUP, "DB2", None, ["ws1"])
    assert world.server_of(stays).name == "DB1"


def test_a_restore_under_another_name_keeps_the_spelling_of_the_server(world, crew):
    workstation = crew("ws1", connects_to="db1.example")
    world.restore(BACKUP, None, "copy", ["ws1"])
    assert (workstation.connects_to, workstation.database) == ("db1.example", "copy")


def test_two_servers_never_have_the_same_identity(world, crew):
    crew("ws1")
    world.restore(BACKUP, "SPARE", None, ["ws1"])
    assert len({server.identity for server in world.servers}) == len(world.servers) == 3


# -- renames ------------------------------------------------------------------------------------------------------


def test_who_spelled_the_old_name_spells_the_new_one(world, crew):
    by_name, by_alias = crew("ws1", connects_to=" db1 "), crew("ws2", connects_to="db1.example")
    world.rename_server("SEA-SQL")
    assert (by_name.connects_to, by_alias.connects_to) == ("SEA-SQL", "db1.example")
    assert world.server_of(by_name) is world.server_of(by_alias)


def test_a_computer_that_runs_the_server_still_does_after_its_rename(world, crew):
    local = crew("ws1", connects_to=".", runs_server="DB1")
    world.rename_server("SEA-SQL")
    assert world.server_of(local).name == "SEA-SQL"


def test_a_rename_leaves_the_identity(world, crew):
    crew("ws1")
    before = world.database.server.identity
    world.rename_server("SEA-SQL")
    assert world.database.server.identity == before


def test_who_uses_a_renamed_database_follows(world, crew):
    workstation, other = crew("ws1"), crew("ws2", connects_to="DB2")
    world.rename_database("survey")
    assert (workstation.database, other.database) == ("survey", "nexus")
    assert world.database.name == "survey"


# -- clocks -------------------------------------------------------------------------------------------------------


def test_every_server_has_a_clock_of_its_own(world, now):
    first, second = world.servers
    first.clock.set_to(now.replace(year=2030))
    assert (first.clock.wall.year, second.clock.wall) == (2030, now)


def test_a_client_reads_the_clock_of_its_database_server(world, crew, now):
    workstation = crew("ws1")
    world.servers[0].clock.set_to(now.replace(year=2030))
    workstation.clock.set_to(now.replace(year=2020))
    assert world.client(workstation).ports.clock.read().wall.year == 2030
