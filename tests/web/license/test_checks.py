"""The check as it goes on."""

import threading

import pytest

from nexuslic.doctor.findings import Report, Step, good
from nexuslic.errors import InputError
from nexuslic.rules.decision import DONGLE
from nexuslic.web.license.checks import Checks

LONG = 30


class Walk:
    """A walk that tells of one step, and ends when it is let."""

    def __init__(self):
        self.told, self.go, self.made = threading.Event(), threading.Event(), 0

    def __call__(self, license, told):
        self.made += 1
        told(good(Step.FOLDER, "there"))
        self.told.set()
        assert self.go.wait(LONG)
        return Report((good(Step.FOLDER, "there"), good(Step.SEAT, "free")), DONGLE)


@pytest.fixture
def walk():
    made = Walk()
    yield made
    made.go.set()


def ended(checks):
    for thread in threading.enumerate():
        if thread.name == "nexuslic check":
            thread.join(LONG)
    return checks.progress()


def levels(progress):
    return {line.step: line.level for line in progress.lines}


def test_a_step_is_shown_once_it_is_known_while_the_others_wait(walk, ship):
    checks = Checks(walk)
    checks.start(ship.open)
    assert walk.told.wait(LONG)
    shown = levels(checks.progress())
    assert (shown[Step.FOLDER], shown[Step.SEAT], checks.progress().running) == ("good", "waiting", True)
    walk.go.set()
    assert levels(ended(checks)) == {Step.FOLDER: "good", Step.SEAT: "good"}


def test_who_asks_meanwhile_sees_the_one_that_goes_on(walk, ship):
    checks = Checks(walk)
    checks.start(ship.open)
    assert walk.told.wait(LONG)
    checks.start(ship.open)
    walk.go.set()
    assert ended(checks).report.runs and walk.made == 1


def test_a_check_that_cannot_be_made_says_why():
    def refuses():
        raise InputError("the database's URL cannot be read")

    checks = Checks()
    checks.start(refuses)
    assert ended(checks).problem == "The database's URL cannot be read."


def test_a_bug_ends_the_check_in_a_sentence(ship):
    def breaks(license, told):
        raise ZeroDivisionError

    checks = Checks(breaks)
    checks.start(ship.open)
    progress = ended(checks)
    assert not progress.running and "ZeroDivisionError" in progress.problem
