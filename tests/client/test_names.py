"""Renames, restores and spellings: what they cost and what they never gain (rules: Binding)."""

import pytest

from nexuslic.rules.words import Event, Reason, State, WhichBinding


def events(decision):
    return [row.event for row in decision.path]


def test_a_renamed_server_asks_to_authenticate_again(ship):
    ship.world.rename_server("SEA-SQL")
    assert ship.launch().state is State.INVALID_BINDING


def test_a_renamed_database_asks_to_authenticate_again(ship):
    ship.world.rename_database("survey")
    assert ship.launch().state is State.INVALID_BINDING


def test_going_back_to_the_recorded_names_loses_no_day_and_gains_none(ship):
    ship.sail(days=5)
    ship.launch()
    ship.world.rename_server("SEA-SQL")
    ship.sail(days=5)
    ship.launch()
    ship.world.rename_server("DB1")
    decision = ship.launch()
    assert (decision.state, decision.days_left) == (State.GRACE, 20)


def test_match_fires_first_where_the_last_launch_found_a_mismatch(ship):
    ship.ws().connects_to = "localhost"
    ship.launch()
    ship.ws().connects_to = "DB1"
    assert events(ship.launch()) == [Event.MATCH, Event.LOSE_CONTACT]
    assert events(ship.launch()) == [Event.LOSE_CONTACT]


@pytest.mark.parametrize("online", [True, False])
def test_no_decision_depends_on_whether_match_fired(make_ship, online):
    decisions = []
    for mismatch in (True, False):
        ship = make_ship().online()
        ship.authenticate()
        ship.offline().sail(days=3)
        if mismatch:
            ship.ws().connects_to = "localhost"
            ship.launch()
            ship.ws().connects_to = "DB1"
        decision = ship.online().launch() if online else ship.launch()
        decisions.append((decision.state, decision.runs, decision.reason, decision.days_left, ship.record.ledger))
    assert decisions[0] == decisions[1]


def test_two_that_spell_differently_undo_each_other(ship):
    ship.ws("ws2").connects_to = "localhost"
    ship.online().authenticate("ws2")
    assert ship.launch("ws1").reason is Reason.BINDING
    ship.authenticate("ws1")
    assert ship.launch("ws2").reason is Reason.BINDING


def test_under_identity_an_alias_does_not_matter(make_ship):
    ship = make_ship(policy={"binding": WhichBinding.IDENTITY}).online()
    ship.authenticate()
    ship.ws().connects_to = "db1.example"
    assert ship.launch().runs
    ship.world.rename_server("SEA-SQL")
    assert ship.launch("ws2").runs


def test_under_identity_a_restore_onto_another_server_does(make_ship):
    ship = make_ship(policy={"binding": WhichBinding.IDENTITY}).online()
    ship.authenticate()
    ship.world.restore(ship.base.contents, "DB2", None, ["ws1"])
    assert ship.launch().state is State.INVALID_BINDING


def test_under_identity_the_database_s_name_still_counts(make_ship):
    ship = make_ship(policy={"binding": WhichBinding.IDENTITY}).online()
    ship.authenticate()
    ship.world.rename_database("survey")
    assert ship.launch().state is State.INVALID_BINDING


def test_a_restored_older_backup_of_the_same_database_runs(ship):
    backup = ship.base.contents
    ship.sail(days=10)
    ship.launch()
    ship.world.restore(backup, None, None, ["ws1"])
    decision = ship.launch()
    assert (decision.state, decision.days_left) == (State.GRACE, 20)


def test_a_restore_from_before_the_license_is_unlicensed(ship):
    ship.world.restore(type(ship.base.contents)(), None, None, ["ws1"])
    assert ship.launch().reason is Reason.UNLICENSED


def test_a_server_that_nobody_knows_cannot_be_reached(ship):
    ship.ws().connects_to = "nowhere"
    assert ship.launch().reason is Reason.DATABASE
