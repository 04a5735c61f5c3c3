"""What the simulation answers, step by step."""

from typing import Any

import pytest

from nexuslic.errors import SourceError
from nexuslic.scenario import schema
from nexuslic.scenario.generating.observe import IllegalStep, Observed, observe
from nexuslic.scenario.generating.tree import plain
from nexuslic.scenario.source import parse

HEAD = "scenario: a\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 UTC\nonline: [{from: day 1, to: day 2}]\n"
TWO = "world: {workstations: {a: {}, b: {}}}\n"


def seen(text: str) -> Observed:
    return observe(plain(parse((HEAD + text).encode("utf-8"), "story")))


def values(text: str, step: int, who: str | None = "ws1") -> dict[str, Any]:
    return seen(text).steps[step][who].values


def test_a_decision_answers_every_expectation():
    assert values("steps: [{at: day 1 07:30, authenticate: ws1}]", 0) == {
        "state": "Authenticated",
        "runs": "yes",
        "days_left": "30",
        "deadline": "day 31 07:30",
        "warns": "none",
        "message_says": "The license is confirmed.",
        "reason": "none",
        "cause": "none",
        "protection": "software",
        "stored": "yes",
        "binding": "DB1/nexus",
        "seats_in_use": "0",
        "dropped": "none",
        "last_good_launch": "none",
        "launches": "0",
        "refused_launches": "0",
    }


def test_a_verb_that_decides_nothing_answers_for_the_story():
    text = "steps: [{at: day 1 07:30, authenticate: ws1}, {at: day 2, rename: {database: other}}]"
    assert set(values(text, 1, None)) == set(schema.STORY_WIDE)


def test_a_step_without_a_verb_answers_by_what_recurs_in_its_minute():
    text = "every: [{at: daily 08:00, launch: ws1}]\nsteps:\n  - {at: day 1 07:30, authenticate: ws1}\n"
    text += "  - {at: day 3 08:00, expect: {runs: yes}}"
    assert values(text, 1)["state"] == "Grace"


def test_each_workstation_answers_for_itself():
    steps = f"{TWO}steps: [{{at: day 1 07:30, authenticate: a}}, {{at: day 1 08:30, open: a}}, "
    steps += "{at: day 1 09:30, launch: all}]"
    assert list(seen(steps).steps[2]) == ["a", "b"]


def test_where_several_acted_a_verb_that_decides_nothing_is_asked_nothing():
    """An answer would be one for each of them."""
    text = f"{TWO}steps: [{{at: day 1 07:30, open: a}}, {{at: day 1 07:30, open: b}}, {{at: day 1 07:30, close: a}}]"
    assert seen(text).steps[2] == {}


def test_two_warnings_are_two():
    text = "steps: [{at: day 1 07:30, authenticate: ws1}, {at: day 8, launch: ws1}, "
    text += "{at: day 9, set_clock: {of: database, by: -3d}}, {at: day 9 08:00, launch: ws1}]"
    warns = values(text, 3)["warns"]
    assert len(warns) == 2 and warns[1].startswith("The clock was set back by")


def test_whom_a_smaller_number_dropped_is_a_list():
    text = "world: {license: {type: named, seats: 1}}\n"
    text += "steps: [{at: day 1 07:30, authenticate: ws1}, {at: day 1 08:00, assign: [x, y, z]}]"
    assert values(text, 1, None)["dropped"] == ["y", "z"]


def test_without_a_database_there_is_no_seat_and_no_binding_to_ask_for():
    text = "steps: [{at: day 1 07:30, authenticate: ws1}, {at: day 2, rename: {server: NEW}}, "
    text += "{at: day 3, connects_to: {workstation: ws1, server: DB1}}, {at: day 4, launch: ws1}]"
    asked = values(text, 3)
    assert asked["reason"] == "database" and "seats_in_use" not in asked and "binding" not in asked


def test_a_reply_that_nobody_asked_for_is_not_replaced():
    text = "steps: [{at: day 1 07:30, reply: {tamper: html}}, {at: day 1 07:30, reply: {tamper: huge}}, "
    text += "{at: day 1 08:00, authenticate: ws1}]"
    assert seen(text).tampers == ["html"]


def test_a_trouble_counts_once_it_kept_from_storing():
    text = "faults: [{from: day 1, to: day 2, database: full}, {from: day 3, to: day 4, database: locked}]\n"
    text += "steps: [{at: day 1 07:30, authenticate: ws1}, {at: day 5, launch: ws1}]"
    assert seen(text).troubles == {"full"}


@pytest.mark.parametrize(
    ("wrong", "number"),
    [("{at: day 2, damage: record}", 1), ("{at: day 2, launch: ws2}", 1), ("{at: day 1 06:30, launch: ws1}", 1)],
)
def test_a_step_that_cannot_stand_where_it_does_is_named(wrong: str, number: int):
    with pytest.raises(IllegalStep) as caught:
        seen(f"steps: [{{at: day 1 07:30, launch: ws1}}, {wrong}, {{at: day 3, launch: ws1}}]")
    assert caught.value.number == number


def test_what_is_wrong_elsewhere_is_no_steps_fault():
    with pytest.raises(SourceError, match="is no time zone"):
        observe({"scenario": "a", "format": "1", "why": "b", "starts": "2026-03-02 06:00 Nowhere", "steps": []})
