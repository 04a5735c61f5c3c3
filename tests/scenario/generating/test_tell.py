"""Generated stories: the same for the same seed, legal, short, and through everything that there is."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from nexuslic.errors import NexuslicError
from nexuslic.rules.decision import Decision
from nexuslic.rules.words import State
from nexuslic.scenario import running, schema, suite
from nexuslic.scenario.calendar import duration
from nexuslic.scenario.generating import specify, tell
from nexuslic.scenario.generating.observe import observe
from nexuslic.scenario.generating.tell import Told
from nexuslic.scenario.generating.tree import Tree, at, paths
from nexuslic.scenario.generating.visits import ALL
from nexuslic.scenario.judge import breaks
from nexuslic.scenario.run import Happening, Outcome
from nexuslic.scenario.source import parse
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.story import Always

CALL = (
    "from nexuslic.scenario.generating.tell import stories; print(''.join(s.text for s in stories('7', 100)), end='')"
)


def words(one: Told) -> list[str]:
    """Keys and values of a story that say which variety of a verb it tells."""
    found = []
    for path in paths({key: one.tree.get(key, []) for key in ("world", "online", "faults", "every", "steps")}):
        found.append(".".join(name for name in path if isinstance(name, str)))
        value = at(one.tree, path) if path[0] in one.tree else []
        found += [f"{found[-1]}={value}"] if isinstance(value, str) else []
    return found


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_same_seed_gives_the_same_bytes_whatever_the_order_of_hashes(root: Path, seed: str):
    env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", CALL], cwd=root, env=env, capture_output=True, check=True)
    here = "".join(one.text for one in tell.stories("7", 100)).encode("utf-8")
    assert hashlib.sha256(done.stdout.replace(b"\r\n", b"\n")).digest() == hashlib.sha256(here).digest()


def test_a_story_depends_on_its_seed_and_number_alone(told: list[Told]):
    assert tell.story("harbour", 150).text == told[149].text
    assert tell.story("harbour ", 150).text != told[149].text


def test_no_two_stories_are_the_same(told: list[Told]):
    assert len({one.text.split("\n", 1)[1] for one in told}) == len(told)


def test_every_story_holds(told: list[Told], tmp_path: Path):
    for one in told:
        path = tmp_path / f"{one.name}.scenario.yaml"
        path.write_text(one.text, encoding="utf-8", newline="\n")
        report = running.run_file(str(path), suite.Choices(), SimulatedStage)
        assert report.outcome is Outcome.PASSED, report.error or report.texts


def test_every_story_claims_something_of_the_whole_of_it(told: list[Told]):
    assert all(one.tree.get("always") or one.tree.get("must_visit") for one in told)


def test_many_stories_have_an_always_line_and_many_must_visit_something(told: list[Told]):
    assert sum("always" in one.tree for one in told) > 80 and sum("must_visit" in one.tree for one in told) > 120


def test_an_always_line_could_break(told: list[Told]):
    """Something is decided in the time and in the state that it speaks of."""
    lines = [(one, line) for one in told for line in one.result.case.always]
    assert [(one.name, line.text) for one, line in lines if not any(_speaks_of(line, h) for h in _trace(one))] == []


def _trace(one: Told) -> list[Happening]:
    return [line for line in observe(one.tree).result.trace if line.decision is not None]


def _speaks_of(line: Always, happening: Happening) -> bool:
    """Whether something could be decided here that breaks the line."""
    launched = happening.verb in schema.LAUNCHING
    state = line.state or State.GRACE
    worst = {"runs": True, "refused": False}.get(line.never, True)
    decision = Decision(state if line.never in ("runs", "refused") else State(line.never), worst)
    there = line.state is None or happening.decision.state is line.state
    return there and breaks(line, decision, happening.at, launched=launched)


@pytest.mark.parametrize("kind", ALL)
def test_two_hundred_stories_come_through_everything(told: list[Told], kind: str):
    seen = frozenset().union(*(one.visits.seen[kind] for one in told))
    assert set(ALL[kind]) - seen == set()


VARIETIES = [
    *(f"steps.renew_by_code.code={code}" for code in ("used", "mistyped", "foreign", "older")),
    *(f"steps.restore.{key}" for key in ("onto", "name", "taken", "workstations")),
    *(f"steps.rename.{key}" for key in ("server", "database")),
    *(f"steps.set_clock.of={of}" for of in ("database", "license server")),
    *("steps.set_clock.to", "steps.set_clock.by", "steps.authenticate.key", "steps.launch.user", "steps.open.for"),
    *("steps.damage=record", "steps.damage.record=truncated", "steps.damage.record=forged"),
    *(f"steps.{verb}={what}" for verb in ("stop", "start") for what in ("license server", "database")),
    *(f"steps.change.license.{term}" for term in ("type", "seats", "grace", "ends", "extension", "minimum_version")),
    *("online.workstations", "faults.workstations", "faults.database", "every.launch", "steps.expect.dropped"),
    *(f"world.policy.{key}" for key in ("warn_from", "clock_tolerance", "setback_charge", "seat_timeout")),
    *("world.policy.clock=workstation", "world.policy.binding=identity", "world.license_server.clock"),
    *("world.license.type=named", "world.license.type=concurrent", "world.license.ends", "world.license.extension"),
]


def test_two_hundred_stories_tell_every_variety_of_the_verbs(told: list[Told]):
    seen = {word for one in told for word in words(one)}
    assert [word for word in VARIETIES if word not in seen] == []


def test_clocks_of_workstations_and_of_servers_by_name_are_set_too(told: list[Told]):
    seen = set()
    for one in told:
        clocks = [step["set_clock"]["of"] for step in one.tree["steps"] if "set_clock" in step]
        seen |= {"workstation" for of in clocks if of in one.tree["world"]["workstations"]}
        seen |= {"server" for of in clocks if of.isupper()}
    assert seen == {"workstation", "server"}


def test_every_operating_system_is_there(told: list[Told]):
    plans = [plan for one in told for plan in one.tree["world"]["workstations"].values()]
    assert {plan["os"] for plan in plans} == {"windows-7", "windows-10", "windows-11", "linux"}


def test_two_causes_are_in_the_way_at_once(told: list[Told]):
    assert sum(_overlap(one) for one in told) >= 5


def _overlap(one: Told) -> bool:
    calendar = one.result.case.calendar
    spans = [
        (calendar.moment(fault["from"]).at, calendar.moment(fault["to"]).at, fault["cause"])
        for fault in one.tree.get("faults", ())
        if "cause" in fault
    ]
    return any(a[0] < b[1] and b[0] < a[1] and a[2] != b[2] for a in spans for b in spans)


def test_clocks_change_in_some_stories(told: list[Told]):
    calendars = [one.result.case.calendar for one in told]
    days = [calendar.day(calendar.ends) for calendar in calendars]
    assert sum(any(map(c.changes, range(2, last + 1))) for c, last in zip(calendars, days, strict=True)) >= 20


def test_most_stories_are_short_and_some_are_long(told: list[Told]):
    counts = Counter(len(one.tree["steps"]) for one in told)
    assert sum(count for steps, count in counts.items() if 3 <= steps <= 12) > 120
    assert max(counts) <= 40 and any(one.result.tally.launches > 30 for one in told)


def test_most_stories_are_authenticated_early(told: list[Told]):
    early = [one for one in told if any(v in step for step in one.tree["steps"][:2] for v in ("authenticate",))]
    assert len(early) > 150


def test_launches_are_not_refused_all_the_time(told: list[Told]):
    launches = sum(one.result.tally.launches for one in told)
    assert launches * 0.25 < sum(one.result.tally.refused for one in told) < launches * 0.6


def test_sessions_end_within_days(told: list[Told]):
    lengths = [one.tree["steps"][n]["open"]["for"] for one in told for n in _opening_for(one.tree)]
    assert lengths and max(map(duration, lengths)) <= timedelta(days=3)


def _opening_for(tree: Tree) -> list[int]:
    return [n for n, step in enumerate(tree["steps"]) if isinstance(step.get("open"), dict) and "for" in step["open"]]


def test_few_sessions_are_left_open(told: list[Told]):
    left = 0
    for one in told:
        done = Counter()
        for step in one.tree["steps"]:
            who = step.get("open")
            if isinstance(who, str):
                done[who] += 1
            done[step.get("close", step.get("crash"))] -= 1
        left += any(count > 0 for count in done.values())
    assert left < 20


def test_no_line_is_longer_than_a_person_likes(told: list[Told]):
    lines = [line for one in told for line in one.text.splitlines() if not line.startswith("scenario:")]
    assert [line for line in lines if len(line) > 110 and "warns: [" not in line] == []


def test_the_file_says_where_it_comes_from(told: list[Told]):
    assert told[4].text.startswith("# nexuslic generate --seed harbour, story 5\nscenario: ")


def test_a_step_that_cannot_stand_where_it_does_is_left_out():
    story = "scenario: a\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 UTC\nsteps:\n"
    story += "  - {at: day 1 07:00, launch: ws1}\n  - {at: day 1 08:00, damage: record}\n"
    story += "  - {at: day 1 09:00, launch: ws9}\n  - {at: day 2, launch: ws1}\n"
    tree = tell_tree(story)
    fit, observed = tell.fitting(tree)
    assert [step["at"] for step in fit["steps"]] == ["day 1 07:00", "day 2"] and observed.result.tally.launches == 2


def tell_tree(text: str) -> Tree:
    from nexuslic.scenario.generating.tree import plain

    return plain(parse(text.encode("utf-8"), "story"))


def test_a_story_that_cannot_be_made_legal_is_our_mistake():
    lines = [{"at": "day 1", "damage": "record"}] * 60
    tree = {
        "scenario": "a",
        "format": "1",
        "why": "b",
        "starts": "2026-03-02 06:00 UTC",
        "ends": "day 2",
        "steps": lines,
    }
    with pytest.raises(NexuslicError, match="cannot be made legal"):
        tell.fitting(tree)


def test_what_does_not_hold_is_never_written(told: list[Told]):
    wrong = {**told[0].tree, "must_visit": [], "always": [{"never": "Authenticated"}, {"never": "Unlicensed"}]}
    with pytest.raises(NexuslicError, match="does not hold"):
        specify.verified(wrong)


def test_the_answers_of_a_story_are_those_of_its_run(told: list[Told]):
    observed = observe(told[0].tree)
    assert observed.result.tally == told[0].result.tally and observed.result.visited == told[0].result.visited
