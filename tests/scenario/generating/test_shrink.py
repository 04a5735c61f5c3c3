"""A failing story is made short, and fails in the same way."""

import attrs
import pytest

from nexuslic.errors import SourceError
from nexuslic.rules.words import State
from nexuslic.scenario.generating.chance import Dice
from nexuslic.scenario.generating.failing import fails_like, ways
from nexuslic.scenario.generating.plant import planted
from nexuslic.scenario.generating.respecify import respecify
from nexuslic.scenario.generating.shrink import shrink
from nexuslic.scenario.generating.tell import Told
from nexuslic.scenario.generating.tree import Tree, plain
from nexuslic.scenario.generating.writing import write
from nexuslic.scenario.read import read
from nexuslic.scenario.source import parse
from nexuslic.scenario.stage import Acted
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import Action


class GraceIsSilent(SimulatedStage):
    """A stage with a defect: after a restore onto another server, Grace does not warn."""

    moved = False

    def act(self, action: Action) -> Acted:
        self.moved |= action.verb == "restore"
        acted = super().act(action)
        if not self.moved:
            return acted
        silent = {
            who: attrs.evolve(one, warnings=()) if one.state is State.GRACE else one
            for who, one in acted.decisions.items()
        }
        return Acted(silent, acted.dropped)


def tree(text: str) -> Tree:
    return plain(parse(text.encode("utf-8"), "story"))


def faulty(told: Told) -> str:
    return write(planted(told.tree, Dice.thrown("harbour", told.number, "plant")))


def test_a_planted_fault_comes_to_a_handful_of_steps(told: list[Told]):
    for one in told[:25]:
        text = faulty(one)
        (way,) = ways(text)
        short = tree(shrink(text, fails_like(way)))
        tallies = way.what in ("launches", "refused_launches")
        assert len(short.get("steps", ())) <= (12 if tallies else 5), write(short)
        assert ways(write(short)) == (way,)


def test_a_short_story_cannot_be_made_shorter(told: list[Told]):
    for one in told[:10]:
        fails = fails_like(ways(faulty(one))[0])
        short = shrink(faulty(one), fails)
        assert shrink(short, fails) == short


def test_it_comes_to_the_same_each_time(told: list[Told]):
    text = faulty(told[3])
    fails = fails_like(ways(text)[0])
    assert shrink(text, fails) == shrink(text, fails)


def test_it_asks_no_more_often_than_it_may(told: list[Told]):
    text, asked = faulty(told[7]), []
    real = fails_like(ways(text)[0])

    def fails(one: str) -> bool:
        asked.append(one)
        return real(one)

    assert real(shrink(text, fails, most=9)) and len(asked) == 9


def test_it_never_asks_the_same_twice_and_only_what_can_be_read(told: list[Told]):
    text, asked = faulty(told[7]), []
    real = fails_like(ways(text)[0])

    def fails(one: str) -> bool:
        asked.append(one)
        return real(one)

    shrink(text, fails)
    assert len(asked) == len(set(asked)) > 10
    assert all(read(one.encode("utf-8"), "story").cases for one in asked)


def test_a_story_that_does_not_fail_stays_as_it_is(told: list[Told]):
    assert shrink(told[0].text, lambda text: False) == told[0].text


def test_a_text_that_is_no_story_is_an_error():
    with pytest.raises(SourceError):
        shrink("- not a story", lambda text: True)


STORY = """scenario: A long story
format: 1
why: Which of it matters?
starts: 2026-03-02 06:00 Europe/London
ends: day 60
world:
  license: {type: concurrent, seats: 4, grace: 30}
  policy: {seat_timeout: 30m}
  database: {server: HERE-SQL, name: nexus}
  workstations: {bridge: {os: linux}, lab: {os: windows-11}, office: {}}
online:
  - {from: day 1, to: day 2}
  - {from: day 40, to: day 41}
faults: [{from: day 5, to: day 6, cause: dns}]
every: [{at: daily 06:00, from: day 3, launch: [bridge, lab]}]
steps:
  - {at: day 1 07:30, authenticate: office, expect: {state: Authenticated}}
  - {at: day 12 08:00, launch: office, expect: {runs: yes}}
  - {at: day 20 08:00, set_clock: {of: database, by: +1h}}
  - {at: day 39 09:00, launch: office, expect: {EXPECT}}
  - {at: day 50 08:00, launch: all, expect: {bridge: {runs: yes}, lab: {runs: yes}}}
"""


def test_all_that_does_not_matter_goes():
    text = STORY.replace("EXPECT", "runs: yes, state: Expired")
    assert shrink(text, fails_like(ways(text)[0])) == SHORT


SHORT = """scenario: A long story
format: 1
why: Which of it matters?
starts: 2026-03-02 06:00 UTC
world:
  workstations:
    office: {}
steps:
  - at: day 1 09:00
    launch: office
    expect: {runs: yes}
"""


def test_days_on_which_nothing_matters_go():
    text = STORY.replace("EXPECT", "state: Grace")
    short = tree(shrink(text, fails_like(ways(text)[0])))
    assert len(short["steps"]) == 2 and "every" not in short
    assert short["steps"][1]["at"].startswith("day 31") or int(short["world"]["license"]["grace"]) < 30


def test_one_workstation_does_what_two_did():
    text = STORY.replace("EXPECT", "state: Grace").replace("authenticate: office", "authenticate: lab")
    assert len(tree(shrink(text, fails_like(ways(text)[0])))["world"]["workstations"]) == 1


def test_an_always_line_that_breaks_is_kept():
    text = STORY.replace("EXPECT", "runs: no") + "always: [{never: Expired, after: day 20}, {never: Unlicensed}]\n"
    short = tree(shrink(text, fails_like(ways(text)[0])))
    assert [line["never"] for line in short["always"]] == ["Expired"]
    assert not any("expect" in step for step in short.get("steps", ()))


def test_of_several_cases_the_failing_one_is_kept():
    text = "scenario: a\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 UTC\nonline: [{from: day 1}]\n"
    text += "cases: [{case: good, left: 30}, {case: bad, left: 29}]\n"
    text += "steps:\n  - {at: day 1 07:30, authenticate: ws1, expect: {days_left: $left}}\n"
    short = tree(shrink(text, fails_like(ways(text)[0])))
    assert "cases" not in short and short["steps"][0]["expect"] == {"days_left": "29"}


def test_a_defect_of_another_stage_is_found_and_made_short(told: list[Told]):
    """As the differential does it: what a story expects is made anew for what is left of it, and asked elsewhere."""
    text = next(one.text for one in told if ways(one.text, GraceIsSilent))
    way = ways(text, GraceIsSilent)[0]
    short = shrink(text, fails_like(way, GraceIsSilent), remake=respecify)
    assert ways(short) == () and way in ways(short, GraceIsSilent)
    verbs = [verb for step in tree(short)["steps"] for verb in step if verb not in ("at", "expect")]
    assert "restore" in verbs and len(verbs) <= 4


def test_what_cannot_be_made_anew_is_not_asked_about(told: list[Told]):
    asked = []

    def remake(text: str) -> str:
        raise SourceError("x:1:1", "no")

    assert shrink(told[0].text, lambda text: not asked.append(text), remake) == told[0].text and asked == []
