"""What a story expects can be filled in anew."""

from pathlib import Path

import pytest

from nexuslic.errors import InputError, SourceError
from nexuslic.scenario.generating.failing import ways
from nexuslic.scenario.generating.respecify import refilled, respecify
from nexuslic.scenario.generating.tell import Told
from nexuslic.scenario.generating.tree import Tree, plain, trees
from nexuslic.scenario.source import parse

HEAD = "scenario: a\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 UTC\nonline: [{from: day 1, to: day 2}]\n"


def again(text: str) -> Tree:
    done = respecify(HEAD + text)
    assert ways(done) == ()
    return plain(parse(done.encode("utf-8"), "story"))


def never(tree: Tree) -> bool:
    return any(step["at"].startswith("never") for step in tree.get("steps", ()))


def test_a_shipped_story_stays_as_it_is_written(root: Path):
    for path in sorted((root / "scenarios").rglob("*.scenario.yaml")):
        for name, tree in trees(path.read_text("utf-8"), path.name):
            assert never(tree) or refilled(tree) == tree, f"{path.name} {name}"


def test_a_generated_story_stays_as_it_is_written(told: list[Told]):
    for one in told[:60]:
        assert respecify(respecify(one.text)) == respecify(one.text)
        assert plain(parse(respecify(one.text).encode(), "a")) == plain(parse(one.text.encode(), "a"))


def test_what_does_not_hold_gets_the_simulations_answer():
    expect = "{state: Grace, days_left: 4, runs: yes, cause: dns}"
    text = f"steps: [{{at: day 1 07:30, authenticate: ws1, expect: {expect}}}]"
    assert again(text)["steps"][0]["expect"] == {
        "state": "Authenticated",
        "days_left": "30",
        "runs": "yes",
        "cause": "none",
    }


def test_each_workstation_gets_its_own_where_they_differ():
    text = "world: {workstations: {a: {}, b: {application: 6.1}}}\nsteps:\n  - {at: day 1 07:30, authenticate: a}\n"
    text += "  - {at: day 1 08:30, launch: all, expect: {runs: yes, stored: yes}}"
    assert again(text)["steps"][1]["expect"] == {
        "a": {"runs": "yes", "stored": "yes"},
        "b": {"runs": "no", "stored": "no"},
    }


def test_only_the_wrong_one_of_several_workstations_is_filled_in():
    text = "world: {workstations: {a: {}, b: {}}}\nsteps:\n  - {at: day 1 07:30, authenticate: a}\n"
    text += "  - {at: day 1 08:30, launch: all, expect: {a: {state: Grace}, b: {state: Authenticated, warns: none}}}"
    expect = again(text)["steps"][1]["expect"]
    assert expect == {"a": {"state": "Authenticated"}, "b": {"state": "Authenticated", "warns": "none"}}


def test_what_a_daily_launch_came_to_is_filled_in():
    text = "every: [{at: daily 08:00, launch: ws1}]\nsteps:\n  - {at: day 1 07:30, authenticate: ws1}\n"
    text += "  - {at: day 3 08:00, expect: {state: Expired, days_left: 7}}"
    assert again(text)["steps"][1]["expect"] == {"state": "Grace", "days_left": "28"}


def test_a_claim_that_does_not_hold_goes():
    text = "steps: [{at: day 1 07:30, authenticate: ws1}]\nmust_visit: [Grace, Authenticated]\n"
    text += "always: [{never: Expired}, {never: Authenticated, after: day 1}]"
    tree = again(text)
    assert tree["must_visit"] == ["Authenticated"] and tree["always"] == [{"never": "Expired"}]


def test_where_nothing_is_left_to_check_the_visited_states_are_claimed():
    tree = again("steps: [{at: day 1 07:30, authenticate: ws1}]\nmust_visit: Grace")
    assert tree["must_visit"] == ["Authenticated"]


def test_a_run_that_visits_nothing_claims_what_never_is():
    tree = again(
        "world: {workstations: {ws1: {nethasp: present}}}\nsteps: [{at: day 1 07:30, launch: ws1}]\nmust_visit: Grace"
    )
    assert tree["always"] == [{"never": "refused"}]


def test_one_of_several_cases_is_chosen():
    text = "cases: [{case: long, grace: 30, left: 1}, {case: short, grace: 7, left: 1}]\n"
    text += "world: {license: {grace: $grace}}\n"
    text += "steps: [{at: day 1 07:30, authenticate: ws1, expect: {days_left: $left}}]"
    left = [plain(parse(respecify(HEAD + text, case).encode(), "a"))["steps"][0]["expect"] for case in ("", "short")]
    assert left == [{"days_left": "30"}, {"days_left": "7"}]


def test_a_story_that_cannot_be_read_is_an_error_at_its_place():
    with pytest.raises(SourceError, match=":6:35: there is no workstation `ws9`"):
        respecify(HEAD + "steps: [{at: day 1 07:30, launch: ws9}]\nmust_visit: Grace")


def test_a_case_that_is_not_there_is_an_error():
    with pytest.raises(InputError, match="no case `none`"):
        respecify(HEAD + "steps: [{at: day 1 07:30, launch: ws1, expect: {runs: no}}]", "none")
