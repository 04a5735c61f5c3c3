"""Each rule is shown a bad sample first, at its place, and then a good one that is near it."""

from pathlib import Path

import pytest

from nexuslic.errors import InputError
from nexuslic.scenario import suite
from nexuslic.scenario.linting import NOTHING_TO_IGNORE, RULES, Finding, Subject, codes_of, findings
from nexuslic.scenario.read import read
from nexuslic.scenario.source import parse

ALL = {rule.code for rule in (*RULES, NOTHING_TO_IGNORE)}
START = "scenario: {title}\nformat: 1\nwhy: b?\nstarts: 2026-03-02 06:00 UTC\nends: day 40\nonline: [{{from: day 1}}]\n"
DOES = "steps:\n  - {at: day 1 07:30, authenticate: ws1, expect: {state: Authenticated}}\n"


def subject(text: str, file: str = "a") -> Subject:
    data = text.encode("utf-8")
    return Subject(read(data, file), parse(data, file))


def look(*bodies: str, codes: set[str] = ALL) -> list[Finding]:
    """What is found in stories of these bodies, which begin in line 7."""
    every = [subject(START.format(title=f"story {n}") + body, "abc"[n]) for n, body in enumerate(bodies)]
    return findings(every, codes)


def told(*bodies: str) -> list[str]:
    return [f"{one.place} {one.code}" for one in look(*bodies)]


BAD = {
    "only a count of zero": (
        "L101",
        "1:1",
        "steps: [{at: day 1 07:30, authenticate: ws1}, {at: end, expect: {launches: 0, refused_launches: 0}}]\n",
    ),
    "a window after the last event": ("L102", "9:18", f"{DOES}always: [{{never: Expired, after: day 20}}]\n"),
    "a window before the first event": ("L102", "9:18", f"{DOES}always: [{{never: Expired, before: day 1 07:30}}]\n"),
    "refusals where nothing is launched": ("L102", "9:18", f"{DOES}always: [{{never: refused}}]\n"),
    "two states at once": ("L103", "9:18", f"{DOES}always: [{{never: Grace, while: Expired}}]\n"),
    "the same expectation twice": (
        "L104",
        "9:39",
        f"{DOES}  - {{at: day 1 07:30, expect: {{state: Authenticated}}}}\n",
    ),
    "a workstation that nothing happens on": (
        "L201",
        "9:31",
        f"{DOES}world: {{workstations: {{ws1: , lab: {{os: linux}}}}}}\n",
    ),
    "a server that nobody uses": ("L202", "9:19", f"{DOES}world: {{servers: {{SPARE: {{names: spare}}}}}}\n"),
    "a user who does nothing": ("L203", "9:22", f"{DOES}world: {{users: [ws1, anna]}}\n"),
    "two rows alike": (
        "L205",
        "9:38",
        "steps: [{at: day 1 07:30, authenticate: ws1, expect: {state: $s}}]\n"
        "# rows\ncases: [{case: a, s: Authenticated}, {case: b, s: Authenticated}]\n",
    ),
    "a window that nobody uses": ("L301", "9:10", f"{DOES}faults: [{{from: day 5, to: day 9, cause: dns}}]\n"),
    "a fault of a workstation that does not ask": (
        "L301",
        "11:5",
        f"{DOES}world: {{workstations: {{ws1: , lab: }}}}\nfaults:\n"
        "  - {from: day 1, to: day 2, cause: dns, workstations: lab}\n"
        "every: [{at: day 3 07:30, launch: lab}]\n",
    ),
    "a workstation that only has a fault": (
        "L201",
        "9:31",
        f"{DOES}world: {{workstations: {{ws1: , lab: }}}}\nfaults: [{{from: day 1, to: day 2, cause: dns}}]\n",
    ),
    "a trouble that nobody meets": ("L301", "9:10", f"{DOES}faults: [{{from: day 5, database: full}}]\n"),
    "the same step twice": ("L302", "9:37", f"{DOES}{DOES.splitlines()[1]}\n"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_story_is_found_at_its_place(name: str):
    code, place, body = BAD[name]
    assert told(body) == [f"a:{place} {code}"]


GOOD = {
    "a count that something could change": f"{DOES}  - {{at: end, expect: {{refused_launches: 0}}}}\n",
    "a window with an event": f"{DOES}always: [{{never: Expired, after: day 1 07:30}}]\n",
    "refusals where something is launched": f"{DOES}  - {{at: day 2, launch: ws1}}\nalways: [{{never: refused}}]\n",
    "what must not run": f"{DOES}always: [{{never: runs, while: Expired}}]\n",
    "the same expectation after a launch": (
        f"{DOES}  - {{at: day 1 07:30, launch: ws1, expect: {{state: Authenticated}}}}\n"
    ),
    "a workstation that runs the server": f"{DOES}world: {{workstations: {{ws1: , box: {{runs_server: yes}}}}}}\n",
    "a workstation that only `all` names": (
        f"{DOES}world: {{workstations: {{ws1: , lab: }}}}\nevery: [{{at: daily 09:00, launch: all}}]\n"
    ),
    "a server that is restored onto": (
        f"{DOES}  - {{at: day 2, restore: {{onto: SPARE}}}}\nworld: {{servers: {{SPARE: {{names: spare}}}}}}\n"
    ),
    "a server under another of its names": (
        f"{DOES}  - {{at: day 2, connects_to: {{workstation: ws1, server: spare}}}}\n"
        "world: {servers: {SPARE: {names: spare}}}\n"
    ),
    "a user who is assigned": f"{DOES}  - {{at: day 2, assign: Anna}}\nworld: {{users: [ws1, anna]}}\n",
    "rows with other values": (
        "steps: [{at: day 1 07:30, authenticate: ws1, expect: {days_left: $g}}]\nworld: {license: {grace: $g}}\n"
        "cases: [{case: a, g: 5}, {case: b, g: 6}]\n"
    ),
    "a fault that a launch meets": (
        f"{DOES}  - {{at: day 6, launch: ws1}}\nfaults: [{{from: day 5, to: day 9, cause: dns}}]\n"
    ),
    "a trouble that a session meets": (
        f"{DOES}  - {{at: day 2, open: ws1}}\nfaults: [{{from: day 5, to: day 9, database: full}}]\n"
    ),
    "two sessions of one minute": f"{DOES}  - {{at: day 2, open: ws1}}\n  - {{at: day 2, open: ws1}}\n",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_story_is_let_be(name: str):
    assert told(GOOD[name]) == []


def test_a_line_that_nothing_can_break_says_nothing_either():
    body = "steps: [{at: day 1 07:30, authenticate: ws1}]\nalways: [{never: Grace, while: Expired}]\n"
    assert told(body) == ["a:1:1 L101", "a:8:18 L103"]


def test_one_title_in_two_files_is_found_in_the_second():
    one, other = (subject(START.format(title=title) + DOES, file) for title, file in (("A b", "a"), ("a  B", "b")))
    assert [str(found.place) for found in findings([one, other], ALL)] == ["b:1:11"]


def test_a_why_that_asks_nothing_is_found():
    text = (START.format(title="a") + DOES).replace("why: b?", "why: because")
    assert [f"{one.place} {one.code}" for one in findings([subject(text)], ALL)] == ["a:3:6 L303"]


CASES = """\
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {state: Authenticated}}
  - {at: $when, launch: ws1}
faults: [{from: day 5, to: day 9, cause: dns}]
cases: [{case: a, when: day 6}, {case: b, when: never}]
"""


def test_what_one_case_needs_may_be_idle_in_another():
    assert told(CASES) == []
    assert told(CASES.replace("never", "day 7").replace("day 6", "never")) == []
    assert told(CASES.replace("when: day 6", "when: day 16")) == ["a:10:10 L301"]


def idle(note: str = "", above: str = "") -> str:
    lines = "".join(f"  {line}\n" for line in above.splitlines())
    return f"{DOES}faults:\n{lines}  - {{from: day 5, cause: dns}}{note}\n"


@pytest.mark.parametrize("code", ["L301", "idle-window", "L302, L301"])
def test_a_comment_waves_a_finding_through(code: str):
    assert told(idle()) == ["a:10:5 L301"]
    assert "a:10:5 L301" not in told(idle(f"  # nexuslic: ignore={code}"))


def test_a_comment_in_a_line_of_its_own_speaks_of_the_next():
    assert told(idle(above="# nexuslic: ignore=L301\n# it is there for the reader")) == []


@pytest.mark.parametrize("code", ["L302", "L999"])
def test_a_comment_that_waves_nothing_through_is_found(code: str):
    assert told(idle(f"  # nexuslic: ignore={code}")) == ["a:10:5 L301", "a:10:51 L001"]


def test_a_comment_about_a_rule_that_was_not_asked_is_let_be():
    assert look(idle("  # nexuslic: ignore=L301"), codes=ALL - {"L301"}) == []


def test_only_the_rules_that_were_asked_speak():
    assert look(idle(), codes=ALL - {"L301"}) == []


def test_findings_come_by_file_and_line():
    two = "world: {users: [ws1, anna]}\n"
    assert told(idle() + two, idle()) == ["a:10:5 L301", "a:11:22 L203", "b:10:5 L301"]


def test_a_rule_is_named_by_its_code_or_its_name():
    assert codes_of(["L301,same-rows", "L101"]) == {"L301", "L205", "L101"}
    with pytest.raises(InputError, match="there is no rule `idle-windows`: did you mean `idle-window`"):
        codes_of(["idle-windows"])


def test_codes_and_names_are_their_rules_own():
    every = [*RULES, NOTHING_TO_IGNORE]
    assert len({rule.code for rule in every}) == len({rule.name for rule in every}) == len(every)
    assert {code for code, _, _ in BAD.values()} | {"L204", "L303", "L001"} == {rule.code for rule in every}


@pytest.mark.parametrize("folder", ["scenarios", "nexuslic/scenario/templates"])
def test_the_shipped_stories_give_no_rule_anything_to_find(root: Path, folder: str):
    files = suite.find([str(root / folder)])
    there = [subject(Path(file).read_text("utf-8"), file) for file in files]
    assert [str(one) for one in findings(there, ALL)] == []
