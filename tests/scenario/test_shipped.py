"""The shipped stories: all hold, and all could fail."""

from pathlib import Path

import pytest

from nexuslic.scenario import coverage, running, schema
from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import Choices

FILES = sorted((Path(__file__).resolve().parents[2] / "scenarios").rglob("*.scenario.yaml"))


def test_there_are_stories():
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_story_holds(path: Path):
    report = running.run_file(str(path), Choices(), SimulatedStage)
    assert report.outcome is Outcome.PASSED, report.error or report.texts


def test_together_they_visit_every_row_cause_reason_and_combination():
    reports = [running.run_file(str(path), Choices(), SimulatedStage) for path in FILES]
    covered = coverage.of(record for report in reports for record in report.records)
    missing = {part.name: part.missing for part in covered.parts}
    assert missing == {"rows": (), "causes": (), "reasons": (), "combinations": ()}


_OTHER = {"yes": "no", "no": "yes", "none": "17", "software": "dongle", "dongle": "software"}
_INSTEAD = {
    "state": ("Unlicensed", "Expired"),
    "reason": ("seats", "version"),
    "cause": ("dns", "proxy"),
    "warns": ("no such warning", "none"),
    "message_says": ("no such message", "none"),
    "binding": ("ELSEWHERE/other", "none"),
    "dropped": ("nobody at all", "none"),
    "deadline": ("day 1 00:00", "none"),
    "last_good_launch": ("1999-01-01 00:00", "none"),
}


def _changed(key: str, text: str) -> str:
    if key in _INSTEAD:
        first, second = _INSTEAD[key]
        return second if text == first else first
    if text.isdigit():
        return str(int(text) + 1)
    return _OTHER[text] if key in ("runs", "stored", "protection") else "4711"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_shipped_expectation_can_fail(path: Path):
    story = read(path.read_bytes(), path.name)
    calm = []
    for case in story.cases:
        for entry in case.agenda:
            for check in entry.checks:
                kind = schema.EXPECTATIONS[check.key].kind
                calm += [] if _goes_red(case, entry, check, kind) else [f"{check.place} {check.key}"]
        if len(story.cases) > 20:
            break
    assert not calm


def _goes_red(case, entry, check, kind) -> bool:
    import attrs

    from nexuslic.scenario.kinds import Context
    from nexuslic.scenario.source import Text

    node = Text(_changed(check.key, check.text), check.place)
    value = kind.read(node, Context(case.calendar, users=None, workstations=tuple(case.world.get("workstations", ()))))
    other = attrs.evolve(check, value=value)
    agenda = tuple(
        attrs.evolve(one, checks=tuple(other if c is check else c for c in one.checks)) if one is entry else one
        for one in case.agenda
    )
    return run_case(attrs.evolve(case, agenda=agenda), SimulatedStage).outcome is not Outcome.PASSED
