"""A status as the License dialog shows it."""

import pytest

from nexuslic.rules.explain import utc
from nexuslic.web.license.view import view_of


@pytest.fixture
def seen(ship):
    """How the ship's license is shown now."""

    def look():
        with ship.open() as license:
            return view_of(license.status(), utc)

    return look


def test_a_database_without_a_license(seen):
    view = seen()
    assert (view.letter, view.word, view.days, view.names) == ("U", "Unlicensed", None, ())


def test_a_license_that_runs(ship, seen):
    ship.authenticate()
    view = seen()
    assert (view.letter, view.days.left, view.days.total, view.days.tone, view.refusal) == ("A", 30, 30, "good", None)


@pytest.mark.parametrize(("days", "left", "tone"), [(22, 8, "good"), (23, 7, "warn"), (29, 1, "warn"), (30, 0, "bad")])
def test_the_end_is_near_from_a_week_on(ship, seen, days, left, tone):
    ship.authenticate()
    ship.sail(days=days)
    assert (seen().days.left, seen().days.tone) == (left, tone)


def test_a_deadline_that_has_passed_counts_though_nobody_has_launched_since(ship, seen):
    ship.authenticate()
    ship.sail(days=31)
    view = seen()
    assert (view.letter, view.word, view.status.state.value) == ("E", "Expired", "Authenticated")
    assert view.refusal.message.startswith("The grace period is used up.") and "network" not in view.refusal.message


def test_a_version_that_is_too_old_is_refused_whatever_the_state(ship, seen):
    ship.authenticate()
    ship.given["version"] = "6.1"
    assert (seen().letter, seen().word, seen().days) == ("x", "Refused", None)


def test_another_spelling_stands_beside_the_recorded_one(ship, seen):
    ship.authenticate()
    ship.given["server"] = "db1.fleet.example"
    view = seen()
    assert [(one.recorded, one.differs) for one in view.names] == [
        ("DB1", True),
        (str(ship.folder / "survey.db"), False),
    ]
    assert view.names[0].connected == "db1.fleet.example"


def test_letter_case_alone_makes_no_other_name(ship, seen):
    ship.authenticate()
    ship.given["server"] = "db1"
    assert seen().names == ()
