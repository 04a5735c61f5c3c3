"""Whoever is measured beside a story does the same trip and comes to the same answers, and the script still runs."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CASES = ["as today", "second hotspot, day 20"]


@pytest.fixture
def contenders(root: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module with all of them, which is a script's and no package's."""
    monkeypatch.syspath_prepend(str(root / "tests" / "benchmarks"))
    import story_contenders

    return story_contenders


@pytest.mark.parametrize("case", CASES)
def test_the_agenda_of_the_others_is_that_of_the_story(contenders: Any, case: str):
    launched = [step.day for step in contenders.agenda(contenders.CASES[case]) if not contenders.of_internet(step)]
    assert launched == [day for day, _, _ in contenders.our_answers(case)]


def test_the_trip_goes_through_grace_to_its_end(contenders: Any):
    answers = contenders.our_answers("as today")
    assert (answers[0], answers[30], answers[-1]) == ((1, "Authenticated", 30), (31, "Grace", 1), (45, "Expired", None))


def test_a_hotspot_starts_grace_again(contenders: Any):
    assert contenders.our_answers("second hotspot, day 20")[-1] == (45, "Grace", 6)


@pytest.mark.parametrize("lean", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_the_statechart_answers_as_nexuslic_does(contenders: Any, case: str, lean: bool):
    steps = contenders.agenda(contenders.CASES[case])
    answers = contenders.sismic_answers(contenders.statechart(), steps, lean=lean)
    assert answers == contenders.our_answers(case)


@pytest.mark.parametrize("machine", ["OneRule", "RuleForEach"])
@pytest.mark.parametrize("case", CASES)
def test_the_state_machine_does_one_trip_and_answers_as_nexuslic_does(contenders: Any, case: str, machine: str):
    steps = contenders.agenda(contenders.CASES[case])
    assert contenders.hypothesis_answers(getattr(contenders, machine), steps) == [contenders.our_answers(case)]


@pytest.mark.parametrize("case", CASES)
def test_a_search_does_many_whole_trips(contenders: Any, case: str):
    steps = contenders.agenda(contenders.CASES[case])
    trips = contenders.hypothesis_answers(contenders.DrawingRule, steps, 10)
    assert len(trips) >= 10
    assert all(trip == contenders.our_answers(case) for trip in trips)


@pytest.mark.parametrize(
    "name, figure",
    [
        ("contenders", r"a second +ratio +[0-9.]+ "),
        ("cores", r"ratio [0-9.]+ "),
        ("real", r"on both +[0-9.]+ s "),
    ],
)
def test_a_benchmark_of_stories_prints_its_figures(root: Path, name: str, figure: str):
    script = str(root / "tests" / "benchmarks" / "story_benchmarks.py")
    done = subprocess.run([sys.executable, script, name, "--quick"], stdout=subprocess.PIPE, check=True, text=True)
    assert re.search(figure, done.stdout)
