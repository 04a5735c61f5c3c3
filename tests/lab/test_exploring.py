"""The explorer: what it reaches, that it is what runs, and that each planted fault comes out as a short story."""

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from nexuslic.errors import InputError
from nexuslic.lab.exploring import lines, seating, story, verdict
from nexuslic.lab.exploring.by_rules import ByRules
from nexuslic.lab.exploring.letter import Letter
from nexuslic.lab.exploring.lines import AlwaysLines
from nexuslic.lab.exploring.moves import DECIDING, all_moves
from nexuslic.lab.exploring.physics import Physics, decided
from nexuslic.lab.exploring.search import Search
from nexuslic.lab.exploring.story import Telling
from nexuslic.lab.exploring.values import World
from nexuslic.lab.exploring.verdict import DEPTH
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules.machine import TABLE
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import WhichBinding, WhichClock
from nexuslic.scenario.decoration.fault import planted
from nexuslic.scenario.decoration.faults import FAULTS
from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

DOCUMENTED = LabPolicy()
POLICIES = {
    "as documented": DOCUMENTED,
    "the workstation's clock": LabPolicy(rules=Policy(clock=WhichClock.WORKSTATION)),
    "identity": LabPolicy(grace=3, rules=Policy(binding=WhichBinding.IDENTITY)),
    "no grace": LabPolicy(grace=0),
    "strict": LabPolicy(
        grace=7, extensions=False, rules=Policy(clock_tolerance=timedelta(0), setback_charge=timedelta(days=3))
    ),
}
NOTHING = Telling("A walk", "Where does it lead?", (("launches", "0"),))


def walk(policy, seed):
    """A random path that ends in a decision, and what the explorer says of each decision on it."""
    rules, physics, dice = ByRules(policy), Physics(policy), Random(seed)
    path, world = [], World()
    for step in range(dice.randrange(4, 16)):
        told = list(physics.each(world, all_moves(policy), lambda asked: decided(rules, asked)))
        path.append(told[0] if step == 0 else dice.choice(told))
        world = path[-1].world
    while path[-1].move.verb not in DECIDING:
        path.pop()
    return path


def simulated(text):
    """What the real client says in the simulation, decision by decision."""
    result = run_case(read(text.encode(), "a walk").cases[0], SimulatedStage, traced=True)
    return [(happened.at, happened.decision) for happened in result.trace if happened.decision is not None]


def as_answer(at, decision):
    left = None if decision.deadline is None else (decision.deadline - at) // timedelta(seconds=1)
    warned = any("set back" in text for text in decision.warnings)
    said = (decision.state, decision.runs, decision.reason, decision.cause, decision.days_left, left, warned)
    return said


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_what_it_explores_is_what_the_client_does(policy):
    for seed in range(60):
        path = walk(policy, seed)
        real = [as_answer(*one) for one in simulated(story.write(path, policy, NOTHING))]
        assert real == [tuple(told.outcome.answer) for told in path if told.outcome is not None], seed


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_the_rules_and_their_letter_agree_on_walks(policy):
    letter = Letter(policy)
    for seed in range(100, 160):
        for told in walk(policy, seed):
            assert told.asked is None or decided(letter, told.asked) == told.outcome


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_all_holds(policy):
    found = verdict.explore(policy, 3, AlwaysLines())
    assert found.violation is None


def test_to_the_default_depth_every_row_of_the_table_fires_and_all_holds():
    found = verdict.explore(DOCUMENTED, DEPTH, AlwaysLines())
    assert (found.explored.rows, found.violation) == (len(TABLE), None)


def test_two_explorations_are_the_same():
    first, second = (verdict.explore(DOCUMENTED, 3, AlwaysLines()) for _ in range(2))
    assert first == second


def test_equal_situations_at_different_dates_are_one_state():
    search = Search(DOCUMENTED)
    waited = search.physics.after(World(), all_moves(DOCUMENTED)[0], search.by_rules)
    again = search.physics.after(waited.world, all_moves(DOCUMENTED)[0], search.by_rules)
    assert waited.world == again.world


FOUND = {
    "set-back-not-charged": 3,
    "tolerance-excluded": 3,
    "deadline-excluded": 2,
    "mark-ignored": 5,
    "grant-takes-the-clock-for-right": 3,
    "grant-does-not-correct": 4,
    "refused-launch-counts": 4,
    "refused-user-counts": 3,
    "superseded-forgotten": 5,
    "superseded-cured-by-a-launch": 6,
    "mismatch-unnoticed": 3,
    "mismatch-only-warns": 3,
    "mismatch-stored": 4,
    "match-starts-grace": 5,
    "days-left-rounded-down": 2,
    "suspension-forgotten": 4,
    "suspension-not-lifted": 6,
    "ledger-not-kept": 4,
    "license-time-is-the-clock": 3,
    "small-step-followed": 4,
    "carried-extension-dropped": 2,
}
SEATS = {
    "seat-one-too-many": 3,
    "seat-one-too-few": 2,
    "seat-timeout-excluded": 4,
    "seat-for-ever": 4,
    "own-crash-waits": 4,
    "own-sessions-thrown-out": 3,
    "seat-not-given-back": 3,
}


@pytest.mark.parametrize(
    ("name", "steps", "depth"),
    [*((name, steps, 4) for name, steps in FOUND.items()), *((name, steps, 1) for name, steps in SEATS.items())],
    ids=[*FOUND, *SEATS],
)
def test_a_planted_fault_comes_out_as_a_short_story(name, steps, depth):
    (fault,) = [one for one in FAULTS if one.name == name]
    with planted(fault):
        violation = verdict.explore(DOCUMENTED, depth, AlwaysLines()).violation
    assert violation is not None and violation.ran is Outcome.FAILED
    assert violation.steps == steps
    assert verdict.ran(violation.text) is Outcome.PASSED


@pytest.mark.parametrize("name", ["latest-kept", "nobody-dropped", "assigned-twice", "unassigned-in-vain"])
def test_a_fault_of_the_list_of_users_is_told(name):
    (fault,) = [one for one in FAULTS if one.name == name]
    with planted(fault):
        broken = seating.explore(timedelta(minutes=10)).broken
    assert broken is not None and "assigned with" in broken.what


def test_a_policy_that_charges_nothing_is_no_violation():
    free = LabPolicy(rules=Policy(setback_charge=timedelta(0)))
    assert verdict.explore(free, 3, AlwaysLines()).violation is None


def test_an_always_line_that_does_not_hold_comes_out_as_a_story():
    violation = verdict.explore(DOCUMENTED, 3, lines.read(["never: Expired, before: day 20"])).violation
    assert violation is not None and violation.status == 4
    assert violation.ran is Outcome.ALWAYS
    assert violation.steps == 3


def test_an_always_line_looks_at_the_storys_time():
    never = lines.read(["{never: Grace, before: day 1 23:59}"])
    assert verdict.explore(DOCUMENTED, 3, never).violation is None


def test_an_always_line_that_holds_everywhere_is_no_violation():
    never = lines.read(["never: runs, while: Expired", "never: runs, while: Invalid-Binding"])
    assert verdict.explore(DOCUMENTED, 3, never).violation is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("never: Expird", "did you mean `Expired`"),
        ("befor: day 3", "`befor` is no key"),
        ("", "`never` is missing"),
        ("never: Grace, before: never", "drops the line"),
        ("never: Grace, before: 2020-01-01", "before day 1"),
        ("{never: Grace", "--always"),
    ],
)
def test_an_always_line_that_is_wrong_is_refused(line, said):
    with pytest.raises(InputError, match="--always") as refused:
        lines.read([line])
    assert said in str(refused.value)


@pytest.mark.parametrize("depth", [0, -1, 13, 10**9])
def test_an_absurd_depth_is_refused(depth):
    with pytest.raises(InputError, match="--depth"):
        verdict.explore(DOCUMENTED, depth, AlwaysLines())


def test_a_charge_that_is_gone_from_the_source_is_found(tmp_path, root):
    """The fault is planted in a copy of the package, and the commands are run on it and on the package itself."""
    shutil.copytree(root / "nexuslic", tmp_path / "nexuslic", ignore=shutil.ignore_patterns("__pycache__"))
    source = tmp_path / "nexuslic" / "rules" / "license_time.py"
    text = source.read_text("utf-8")
    harmed = text.replace(
        "later(ledger.license_time, policy.setback_charge)", "later(ledger.license_time, timedelta(0))"
    )
    assert harmed != text
    source.write_text(harmed, "utf-8")
    found = called(tmp_path, "explore", "--save", "found.scenario.yaml")
    steps = (tmp_path / "found.scenario.yaml").read_text("utf-8").count("- at:")
    assert (found.returncode, steps <= 5) == (1, True), found.stdout
    assert called(tmp_path, "run", "found.scenario.yaml").returncode == 1
    assert called(root, "run", str(tmp_path / "found.scenario.yaml")).returncode == 0


def called(folder, *args, seed="0"):
    code = (
        f"import sys; sys.path.insert(0, {str(folder)!r}); from nexuslic.cli import main; sys.exit(main({list(args)}))"
    )
    places = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(folder)}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=places, capture_output=True, text=True)


def test_it_is_the_same_under_another_hash_seed(root: Path):
    told = {called(root, "explore", "--depth", "3", "--json", seed=seed).stdout for seed in ("1", "2")}
    assert len(told) == 1 and '"holds": true' in told.pop()
