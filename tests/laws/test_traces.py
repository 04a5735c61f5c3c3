"""Law 9: the same voyage gives the same trace, byte for byte, on every machine."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

MACHINES = [
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "4711", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONOPTIMIZE": "1"},
]
QUIET = {"deadline": None, "derandomize": True, "database": None, "suppress_health_check": list(HealthCheck)}


def drawn(sea, examples, act, phases=tuple(Phase)):
    """Call `act(plan, actions)` on random voyages."""

    @settings(max_examples=examples, phases=phases, **QUIET)
    @given(
        plan=sea.actions.PLANS,
        beginning=sea.actions.BEGINNINGS,
        legs=st.lists(st.one_of(*sea.actions.RULES.values()), min_size=5, max_size=25),
    )
    def check(plan, beginning, legs):
        act(plan, [*beginning, *(one for leg in legs for one in (leg if isinstance(leg[0], tuple) else (leg,)))])

    check()


def sailed_twice(sea, examples, phases=tuple(Phase)):
    def act(plan, actions):
        first, second = (sea.voyages.traced(sea.voyages.Voyage(plan), actions) for _ in range(2))
        assert first == second, "law 9: a second run of the same voyage differs"

    drawn(sea, examples, act, phases)


def elsewhere(sea, stories, machine, *plants):
    """The digests of the stories in another process."""
    command = [sys.executable, str(sea.here / "replay.py"), *plants]
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        command, input=json.dumps(stories), capture_output=True, text=True, env={**keep, **machine}, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture
def stories(sea):
    """Random voyages, as JSON knows them."""
    found = []
    drawn(sea, 60, lambda plan, actions: found.append((plan, actions)), phases=(Phase.generate,))
    return found


def here(sea, stories):
    traces = [sea.voyages.traced(sea.voyages.Voyage(plan), actions) for plan, actions in stories]
    return [hashlib.sha256(trace.encode("utf-8")).hexdigest() for trace in traces]


def test_law_9_a_second_run_gives_the_same_trace(sea):
    assert sailed_twice(sea, 40) is None


@pytest.mark.parametrize("machine", MACHINES, ids=["far-east", "far-west"])
def test_law_9_another_machine_gives_the_same_trace(machine, sea, stories):
    assert elsewhere(sea, stories, machine) == here(sea, stories), "law 9"


def test_a_planted_fault_is_seen_in_a_second_run(sea, monkeypatch):
    sea.faults.chance_is_not_seeded(monkeypatch)
    with pytest.raises(AssertionError, match="law 9"):
        sailed_twice(sea, 5, phases=(Phase.generate,))


@pytest.mark.parametrize("fault", ["users_are_kept_in_a_set", "times_are_local"])
def test_a_planted_fault_is_seen_on_another_machine(fault, sea, stories):
    first, second = (elsewhere(sea, stories, machine, fault) for machine in MACHINES)
    assert first != second
