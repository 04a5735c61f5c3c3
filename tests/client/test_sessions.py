"""Sessions that run on: seats, running time, and what a grant or a crash does to them (rules: License time, Seats)."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexuslic import client as app
from nexuslic import session as running
from nexuslic.rules.words import Reason, State


def license_time(ship):
    return ship.record.ledger.license_time


def live(ship):
    return [seat.workstation for seat in ship.base.contents.seats]


# -- seats --------------------------------------------------------------------------------------------------------


def test_a_session_holds_its_seat_for_days(ship):
    ship.open("ws1")
    ship.open("ws2")
    ship.sail(days=3)
    assert ship.launch("ws3").reason is Reason.SEATS


def test_a_closed_session_gives_its_seat_back(ship):
    launched = ship.open("ws1")
    app.close(ship.client("ws1"), launched.session)
    assert live(ship) == []


def test_a_launch_that_is_closed_at_once_leaves_no_seat(ship):
    ship.launch()
    assert live(ship) == []


def crash(ship, name):
    ship.world.sessions.forget(ship.world.sessions.latest(ship.ws(name)))


def test_a_crashed_session_s_seat_is_free_after_the_timeout_and_not_before(make_ship):
    ship = make_ship(seats=1).online()
    ship.authenticate()
    ship.open("ws1")
    crash(ship, "ws1")
    ship.sail(minutes=10)
    assert ship.launch("ws2").reason is Reason.SEATS
    ship.sail(seconds=1)
    assert ship.launch("ws2").runs


def test_a_session_whose_seat_was_given_away_takes_a_free_one(ship):
    launched = ship.open("ws1")
    ship.base.contents = type(ship.base.contents)(ship.blob)
    assert app.renew_seat(ship.client("ws1"), launched.session) is True
    assert live(ship) == ["ws1"]


def test_a_session_whose_seat_was_given_away_and_none_is_free_is_told_so(make_ship):
    ship = make_ship(seats=1).online()
    ship.authenticate()
    first = ship.open("ws1")
    ship.base.contents = type(ship.base.contents)(ship.blob)
    ship.open("ws2")
    assert app.renew_seat(ship.client("ws1"), first.session) is False
    assert live(ship) == ["ws2"]


def test_fewer_seats_let_the_sessions_finish_and_start_no_new_one(ship):
    sessions = [(name, ship.open(name).session) for name in ("ws1", "ws2")]
    ship.change(seats=1)
    ship.online().launch("ws3")
    assert all(app.renew_seat(ship.client(name), session) for name, session in sessions)
    assert ship.launch("ws3").reason is Reason.SEATS


def test_a_stopped_database_ends_no_session(ship):
    launched = ship.open("ws1")
    ship.base.stopped = True
    assert app.renew_seat(ship.client("ws1"), launched.session) is True


def test_closing_while_the_database_is_stopped_raises_nothing(ship):
    launched = ship.open("ws1")
    before = ship.base.contents
    ship.base.stopped = True
    app.close(ship.client("ws1"), launched.session)
    assert ship.base.contents == before


def test_a_second_session_of_the_same_workstation_takes_a_seat_of_its_own(ship):
    ship.open("ws1")
    ship.open("ws1")
    ship.sail(hours=1)
    assert live(ship) == ["ws1", "ws1"]
    assert ship.launch("ws1").reason is Reason.SEATS


def test_a_seat_that_cannot_be_written_down_is_refused_all_the_same_where_none_is_free(ship):
    ship.open("ws1")
    ship.open("ws2")
    ship.trouble("read-only")
    decision = ship.launch("ws3")
    assert (decision.runs, decision.reason, len(decision.holders)) == (False, Reason.SEATS, 2)


# -- running time -------------------------------------------------------------------------------------------------


def test_running_time_is_license_time_though_the_clock_was_set_back(ship):
    ship.open("ws1")
    ship.set_clock(hours=-20)
    ship.sail(hours=10)
    assert license_time(ship) - ship.now == timedelta(hours=10)


def test_closing_accounts_for_the_rest(ship):
    launched = ship.open("ws1")
    ship.set_clock(hours=-20)
    ship.sail(hours=10, minutes=1)
    app.close(ship.client("ws1"), launched.session)
    assert license_time(ship) - ship.now == timedelta(hours=10, minutes=1)


def test_a_clock_that_goes_ahead_during_a_session_is_used_up(ship):
    ship.open("ws1")
    ship.set_clock(days=5)
    ship.sail(minutes=10)
    ship.set_clock(days=-5)
    assert license_time(ship) - ship.now >= timedelta(days=5)


def test_a_session_that_runs_past_the_deadline_goes_on_and_the_next_launch_is_refused(ship):
    launched = ship.open("ws1")
    ship.sail(days=31)
    assert app.renew_seat(ship.client("ws1"), launched.session) is True
    assert ship.launch("ws2").state is State.EXPIRED


def test_after_a_grant_only_the_time_since_it_counts(ship):
    launched = ship.open("ws1")
    ship.sail(days=10)
    ship.online("ws2").launch("ws2")
    running.account(ship.client("ws1"), launched.session)
    ship.set_clock(hours=-20)
    ship.sail(hours=10)
    running.account(ship.client("ws1"), launched.session)
    assert license_time(ship) - ship.record.certificate.granted_at == timedelta(hours=10)


def test_a_session_does_not_undo_what_a_grant_corrected(ship):
    ship.set_clock(days=5)
    launched = ship.open("ws1")
    ship.world.true.now += timedelta(minutes=1)
    ship.online("ws2").launch("ws2")
    ship.world.true.now += timedelta(minutes=2)
    running.account(ship.client("ws1"), launched.session)
    assert license_time(ship) - ship.record.certificate.granted_at == timedelta(minutes=2)


def test_a_new_record_is_charged_for_the_time_since_its_grant_alone(ship):
    launched = ship.open("ws1")
    ship.sail(days=2)
    ship.online("ws2").authenticate("ws2")
    ship.set_clock(hours=-23)
    ship.world.true.now += timedelta(days=1)
    running.account(ship.client("ws1"), launched.session)
    assert license_time(ship) - ship.record.certificate.granted_at == timedelta(days=1)


def test_two_sessions_do_not_count_twice(ship):
    ship.open("ws1")
    ship.open("ws2")
    ship.sail(days=4)
    assert license_time(ship) - ship.now <= timedelta(days=4)


def test_a_session_that_accounts_at_the_instant_of_its_start_stores_nothing(ship):
    launched = ship.open("ws1")
    before = ship.blob
    running.account(ship.client("ws1"), launched.session)
    assert ship.blob == before


def test_a_read_only_database_loses_no_record_and_the_mark_remembers(ship):
    launched = ship.open("ws1")
    before = ship.blob
    ship.trouble("read-only")
    ship.world.true.now += timedelta(days=2)
    running.account(ship.client("ws1"), launched.session)
    assert ship.blob == before
    assert ship.mark().license_time == ship.now + timedelta(days=2)


def test_an_older_backup_does_not_turn_the_clock_back(ship):
    ship.open("ws1")
    backup = ship.base.contents
    ship.sail(days=10)
    ship.set_clock(days=-10)
    ship.base.contents = backup
    assert ship.launch("ws1").days_left <= 20


# -- skipping -----------------------------------------------------------------------------------------------------


def sail_by_steps(ship, minutes):
    """The same time in pieces of one renewal each, so that no renewal is left out."""
    for _ in range(minutes // 2):
        ship.sail(minutes=2)
    ship.sail(minutes=minutes % 2)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    gaps=st.lists(st.tuples(st.integers(1, 60), st.sampled_from([-1500, -90, -5, 0, 0, 0, 7, 600])), max_size=5),
    second=st.integers(0, 5),
    until=st.sampled_from([None, 5, 31]),
)
def test_skipping_renewals_is_the_same_as_doing_each(make_ship, gaps, second, until):
    ledgers = []
    for sail in (lambda ship, minutes: ship.sail(minutes=minutes), sail_by_steps):
        ship = make_ship().online()
        ship.authenticate()
        ship.offline().open("ws1", until=until and ship.now + timedelta(minutes=until))
        sail(ship, second)
        ship.open("ws2")
        for minutes, moved in gaps:
            ship.set_clock(minutes=moved)
            sail(ship, minutes)
        seats = sorted((seat.workstation, seat.renewed_at) for seat in ship.base.contents.seats)
        ledgers.append((ship.record.ledger, seats, ship.world.sessions.ended))
    assert ledgers[0] == ledgers[1]
