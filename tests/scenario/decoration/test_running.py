"""Which faults a story catches, and which of its expectations none of them breaks."""

from pathlib import Path

import attrs
import pytest

from nexuslic.errors import InputError
from nexuslic.scenario.decoration import running
from nexuslic.scenario.decoration.faults import FAULTS
from nexuslic.scenario.decoration.running import mutate
from nexuslic.scenario.suite import Choices

STORY = """\
scenario: At the deadline
format: 1
why: Does it run?
starts: 2026-03-02 06:00 UTC
cases:
  - {case: a month, grace: 30}
  - {case: a week,  grace: 7}
world: {license: {grace: $grace}}
online: [{from: day 1, to: day 2}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {state: Authenticated, days_left: $grace}}
  - {at: day 3 07:30, launch: ws1, expect: {state: Grace, runs: yes}}
  - {at: end, expect: {launches: 1}}
ends: day 4
always: [{never: Expired}]
must_visit: [Grace]
"""


def some(*names: str):
    return tuple(fault for fault in FAULTS if fault.name in names)


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "one.scenario.yaml"
    path.write_text(STORY, "utf-8")
    return str(path)


def keys(report) -> list[tuple[int, str, str]]:
    return [(one.place.line, one.key, one.value) for one in report.decoration]


def test_an_expectation_is_counted_once_for_all_cases(story: str):
    found = [(one.key, one.value) for one in mutate([story], faults=()).expectations]
    assert found == [
        *[("state", "Authenticated"), ("days_left", "$grace"), ("state", "Grace"), ("runs", "yes"), ("launches", "1")],
        *[("always", "never: Expired"), ("must_visit", "Grace")],
    ]


def test_what_a_fault_breaks_in_any_case_is_no_decoration(story: str):
    report = mutate([story], faults=some("grace-always-30"))
    assert (11, "days_left", "$grace") not in keys(report)
    assert (12, "runs", "yes") in keys(report)


def test_what_no_fault_can_break_is_decoration(story: str):
    assert keys(mutate([story])) == [(13, "launches", "1"), (15, "always", "never: Expired")]


def test_a_fault_that_no_story_notices_is_missed(story: str):
    report = mutate([story], faults=some("seat-one-too-many", "grace-always-30"))
    assert [fault.name for fault in report.missed] == ["seat-one-too-many"]
    assert report.status == 1


def test_a_fault_that_makes_the_product_break_off_is_caught_by_a_crash(story: str):
    def broken(*given):
        raise RuntimeError("broken")

    fault = attrs.evolve(FAULTS[0], where="nexuslic.rules.decision:after_contact", instead=lambda real: broken)
    report = mutate([story], faults=(fault,))
    assert report.missed == ()
    assert report.crashed == (fault,)
    assert "RuntimeError: broken" in report.ran[0].crashes[0]


def test_where_a_fault_leaves_nothing_to_act_on_the_story_goes_on(tmp_path: Path):
    path = tmp_path / "damaged.scenario.yaml"
    path.write_text(
        STORY.split("  - {at: end")[0]
        + "  - {at: day 3 08:00, damage: record}\n  - {at: day 3 09:00, launch: ws1, expect: {reason: damaged}}\n",
        "utf-8",
    )
    report = mutate([str(path)], faults=some("authentication-not-stored"))
    assert report.ran[0].crashes == ()
    assert {spot[1] for spot in report.ran[0].broken} == {12, 14}


def test_all_is_well_where_every_fault_is_caught_and_every_expectation_breaks(tmp_path: Path):
    path = tmp_path / "one.scenario.yaml"
    path.write_text(STORY.replace("  - {at: end, expect: {launches: 1}}\n", "").replace("always:", "tags:"), "utf-8")
    path.write_text(path.read_text("utf-8").replace("[{never: Expired}]", "[offshore]"), "utf-8")
    report = mutate([str(path)], faults=some("grace-always-30", "no-reply-trusted", "authenticated-at-sea"))
    assert (report.missed, report.decoration, report.status) == ((), (), 0)


def test_what_only_blunt_faults_break_is_told_apart(story: str):
    report = mutate([story], faults=some("no-reply-trusted", "grace-always-30"))
    assert ("state", "Authenticated") in [(one.key, one.value) for one in report.bluntly]
    assert ("days_left", "$grace") not in [(one.key, one.value) for one in report.bluntly]


def test_a_story_that_fails_as_it_is_says_so_at_once(tmp_path: Path):
    path = tmp_path / "wrong.scenario.yaml"
    path.write_text(STORY.replace("runs: yes", "runs: no"), "utf-8")
    with pytest.raises(InputError, match=r"wrong\.scenario\.yaml:12:65: this does not hold as it is"):
        mutate([str(path)])


def test_a_choice_that_fits_no_story_says_so(story: str):
    with pytest.raises(InputError, match="no story and no case fits this choice"):
        mutate([story], choices=Choices(words="nothing of the kind"))


def test_only_the_chosen_cases_are_run(story: str):
    report = mutate([story], choices=Choices(case="a month"), faults=some("grace-always-30"))
    assert [fault.name for fault in report.missed] == ["grace-always-30"]


def test_a_process_of_its_own_comes_to_the_same(story: str):
    running._begin([story], Choices())
    assert [running._next(number) for number in range(0, len(FAULTS), 40)] == list(mutate([story]).ran)[::40]
