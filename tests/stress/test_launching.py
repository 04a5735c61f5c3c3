"""Launches keep their promises where processes are killed, race, crowd, or find the license server away."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., None]


@pytest.fixture(params=["sqlite", "postgresql"])
def check(request: pytest.FixtureRequest, root: Path) -> Run:
    """Runs a part of the stress program, which has to find nothing wrong."""
    where = ["--server", request.getfixturevalue("postgresql_server")] if request.param == "postgresql" else []

    def run(*words: str) -> None:
        script = str(root / "tests" / "stress" / "launching.py")
        done = subprocess.run([sys.executable, script, *words, *where], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    return run


def test_a_launch_and_a_session_that_are_killed_leave_a_whole_record_and_their_seat(check: Run):
    check("kills", "--kills", "10")


def test_of_two_who_want_the_last_seat_exactly_one_gets_it(check: Run):
    check("races", "--races", "30")


def test_no_launch_of_many_loses_an_update_or_takes_a_seat_too_many(check: Run):
    check("updates", "--processes", "5", "--launches", "8")


def test_two_who_make_the_tables_at_once_make_them_once(check: Run):
    check("makings", "--makings", "5")


def test_a_fleet_that_launches_within_a_second_is_refused_no_more_than_it_must(check: Run):
    check("fleet", "--fleet", "20")


def test_a_launch_answers_where_the_license_server_is_away(check: Run):
    check("silence")
