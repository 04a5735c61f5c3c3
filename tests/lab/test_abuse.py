"""What a cheat gains: the search against every sequence of moves, and its stories against the simulation."""

from datetime import timedelta
from itertools import product

import pytest

from nexuslic.errors import InputError
from nexuslic.lab import abuse, cheat_stories
from nexuslic.lab.abuse import DAY, GRANTED, HOUR, SECOND, Kind, Rules, Search
from nexuslic.lab.exploring import verdict
from nexuslic.lab.exploring.lines import AlwaysLines
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.report.content import Cheat
from nexuslic.rules import license_time
from nexuslic.rules.license_time import Ledger, Mark
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import WhichBinding, WhichClock
from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage


def most(policy, hours=8):
    return {one.name: one.days for one in abuse.cheats(policy, hours)}


def every_way(rules, kind, ledger, mark, clock, limit):
    """The most further days: every sequence of moves is tried on real ledgers and marks; nothing is kept or skipped."""
    best = -1
    choices = product(kind.shifts, (False, True) if kind.restores else (False,))
    for shift, restored in choices if limit else ():
        before = Ledger(GRANTED, GRANTED) if restored else ledger
        wall = (before.last_reading if kind.free else clock) + shift * SECOND
        kept = None if restored and not kind.marked else mark
        launched, ended, marked = rules.day(before, kept, wall, kind)
        if rules.runs((launched.license_time - GRANTED) // SECOND):
            best = max(best, every_way(rules, kind, ended, marked, wall + DAY * SECOND, limit - 1))
    return best + 1


TOLERANT = Policy(clock_tolerance=timedelta(hours=30), setback_charge=timedelta(hours=5))
STRICT = Policy(clock_tolerance=timedelta(hours=1), setback_charge=timedelta(hours=20))
FREE = Policy(clock_tolerance=timedelta(0), setback_charge=timedelta(0))
BACK = (0, -4 * HOUR, -16 * HOUR, -30 * HOUR)
AROUND = (-40 * HOUR, -24 * HOUR - 1, -HOUR, 0, 7 * HOUR)
KINDS = {
    "clock": lambda work: Kind(BACK, work),
    "free": lambda work: Kind(AROUND, work, free=True),
    "restores": lambda work: Kind((-HOUR, 0, 9 * HOUR), work, free=True, restores=True),
    "honest": lambda work: Kind((0,), work),
}


@pytest.mark.parametrize("rules", [Policy(), TOLERANT, STRICT, FREE], ids=["documented", "tolerant", "strict", "free"])
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(("grace", "hours"), [(0, 8), (1, 5), (1, 8), (2, 11)])
def test_no_sequence_of_moves_is_better_than_what_the_search_finds(rules, name, grace, hours):
    made = Rules(LabPolicy(grace=grace, rules=rules))
    kind = KINDS[name](hours * HOUR)
    mark = Mark("record", GRANTED, GRANTED, False, "grant")
    longest = every_way(made, kind, Ledger(GRANTED, GRANTED), mark, GRANTED, 6)
    assert Search(made, kind).most() == longest - 1


@pytest.mark.parametrize("rules", [Policy(), TOLERANT, STRICT, FREE], ids=["documented", "tolerant", "strict", "free"])
def test_skipping_rounds_comes_to_what_day_after_day_comes_to(rules, monkeypatch):
    policy = LabPolicy(grace=40, rules=rules)
    skipped = most(policy, 7)
    monkeypatch.setattr(Search, "_skipped", lambda self, day, frontier, days, rise: (day, frontier))
    assert most(policy, 7) == skipped


def test_the_documented_policy_gives_a_cheat_three_times_the_grace():
    assert most(LabPolicy()) == {
        cheat_stories.HONEST: 30,
        cheat_stories.WITHIN: 90,
        cheat_stories.CLOCK: 90,
        cheat_stories.RESTORE: 90,
        cheat_stories.NEW_COMPUTER: None,
        cheat_stories.KILL: None,
        cheat_stories.COPY: None,
        cheat_stories.MACHINE: None,
    }


def test_a_cheat_who_works_round_the_clock_gains_nothing_by_it():
    assert most(LabPolicy(grace=10), 24)[cheat_stories.CLOCK] == 10


def test_a_small_tolerance_holds_who_stays_within_it():
    assert most(LabPolicy(rules=STRICT))[cheat_stories.WITHIN] == 31


def test_no_grace_gives_a_cheat_no_day():
    assert most(LabPolicy(grace=0))[cheat_stories.CLOCK] == 0


def test_a_year_of_grace_is_searched_to_its_end():
    assert most(LabPolicy(grace=365), 1)[cheat_stories.CLOCK] == 365 * 24


def test_a_copy_under_the_same_name_does_not_run_by_identity():
    assert most(LabPolicy(rules=Policy(binding=WhichBinding.IDENTITY)))[cheat_stories.COPY] == 0


STORIES = {
    "documented": (LabPolicy(), 8),
    "a week, five hours": (LabPolicy(grace=7), 5),
    "no grace": (LabPolicy(grace=0), 8),
    "round the clock": (LabPolicy(grace=3), 24),
    "the workstation's clock": (LabPolicy(grace=5, rules=Policy(clock=WhichClock.WORKSTATION)), 8),
    "strict": (LabPolicy(grace=12, rules=STRICT), 8),
    "free": (LabPolicy(grace=12, rules=FREE), 8),
}


@pytest.mark.parametrize(("policy", "hours"), STORIES.values(), ids=STORIES)
def test_each_story_shows_the_cheat_still_running_on_its_last_day(policy, hours):
    told = [one for one in abuse.cheats(policy, hours) if one.story]
    outcomes = {one.name: run_case(read(one.story.encode(), one.name).cases[0], SimulatedStage).outcome for one in told}
    assert len(told) >= 4 and set(outcomes.values()) == {Outcome.PASSED}, outcomes


def test_who_kills_each_session_runs_on_after_the_deadline():
    """30 hours of work within one day of grace: no session lives to its first renewal."""
    assert run_case(read(KILLED.encode(), "killed").cases[0], SimulatedStage).outcome is Outcome.PASSED


KILLED = """
scenario: Killed
format: 1
why: Does a session that is killed before it renews its seat count?
starts: 2026-03-02 06:00 UTC
ends: day 2 12:00
world: {license: {grace: 1}, workstations: {bridge: {}}}
online: [{from: day 1 06:00, to: day 1 06:01}]
every:
  - {at: day 1 06:00, authenticate: bridge}
  - {at: every 2m, from: day 1 06:02, set_clock: {of: database, by: -2m}}
  - {at: every 2m, from: day 1 06:02, open: bridge}
  - {at: every 2m, from: day 1 06:03, crash: bridge}
steps:
  - {at: end, expect: {refused_launches: 0, launches: 900}}
"""
SENTENCE = "With 30 days of grace and 8 hours of work a day, a cheat who moves the clock runs at most 90 days after the"
SHORT = "With 1 day of grace and 1 hour of work a day, a cheat who moves the clock runs at most 24 days after the"


@pytest.mark.parametrize(
    ("grace", "hours", "said"),
    [
        (30, 8, f"{SENTENCE} last grant: three times the grace."),
        (1, 1, f"{SHORT} last grant: 24 times the grace."),
        (7, 5, "runs at most 33 days after the last grant: 4.7 times the grace."),
        (0, 8, "runs at most 0 days after the last grant."),
        (5, 24, "runs at most 5 days after the last grant: no more than the grace."),
    ],
)
def test_the_answer_is_a_sentence(grace, hours, said):
    policy = LabPolicy(grace=grace)
    assert abuse.answer(policy, hours, abuse.cheats(policy, hours)).endswith(said)


@pytest.mark.parametrize("hours", [0, 25, -1])
def test_a_day_of_no_hours_is_refused(hours):
    with pytest.raises(InputError, match="1 to 24 hours"):
        abuse.cheats(LabPolicy(), hours)


def test_the_reports_rows_are_these():
    assert all(isinstance(one, Cheat) and one.moves for one in abuse.cheats(LabPolicy(), 8))


def test_a_session_that_accounts_for_nothing_has_no_end(monkeypatch):
    """The bound is the running time's alone: without it neither the tolerance nor the charge ends the cheat."""
    monkeypatch.setattr(license_time, "at_least", lambda ledger, floor: ledger)
    assert most(LabPolicy())[cheat_stories.CLOCK] is None


def test_a_mark_that_is_not_heeded_lets_a_backup_have_no_end(monkeypatch):
    monkeypatch.setattr(license_time, "heed_mark", lambda ledger, *grant: ledger)
    assert most(LabPolicy())[cheat_stories.RESTORE] is None


@pytest.mark.parametrize("knob", ["clock_tolerance", "setback_charge"])
def test_a_knob_beyond_the_calendar_is_refused(knob):
    endless = LabPolicy("endless", rules=Policy(**{knob: timedelta(days=9_999_999)}))
    with pytest.raises(InputError, match=f"policy endless: {knob} is 9999999d"):
        abuse.cheats(endless, 8)
    with pytest.raises(InputError, match=f"policy endless: {knob} is 9999999d"):
        verdict.explore(endless, 1, AlwaysLines())


def test_a_century_of_everything_is_searched():
    century = timedelta(days=36500)
    vast = LabPolicy(grace=36500, rules=Policy(clock_tolerance=century, setback_charge=century))
    assert most(vast)[cheat_stories.CLOCK] == 3 * 36500
    assert verdict.explore(vast, 2, AlwaysLines()).violation is None
