"""Corners of the language that a story may stand in: what a verb leaves alone, and what outlives what."""

import json
from importlib import resources

import pytest

from nexuslic.errors import InputError
from nexuslic.scenario.read import read
from nexuslic.scenario.run import CaseResult, Outcome, run_case
from nexuslic.scenario.schema import json_schema
from nexuslic.scenario.stage_simulated import SimulatedStage

HEAD = "scenario: A corner\nformat: 1\nwhy: Does it hold?\nstarts: 2026-03-02 06:00 UTC\n"


def run(text: str) -> list[CaseResult]:
    story = read((HEAD + text).encode("utf-8"), "story")
    return [run_case(case, SimulatedStage) for case in story.cases]


def holds(text: str) -> bool:
    return all(result.outcome is Outcome.PASSED for result in run(text))


def test_a_foreign_code_leaves_the_keys_binding_on_the_server_alone():
    assert holds("""
online: [{from: day 1 07:00, to: day 1 08:00}, {from: day 3}]
steps:
  - {at: day 1 07:30, authenticate: ws1}
  - {at: day 2 07:30, renew_by_code: {workstation: ws1, code: foreign}, expect: {runs: no, stored: no}}
  - {at: day 3 07:30, launch: ws1, expect: {state: Authenticated, runs: yes}}
""")


def test_a_full_disk_stays_with_its_database_when_the_story_moves_on():
    assert holds("""
online: [{from: day 1}]
faults: [{from: day 2, to: day 4, database: full}]
ends: day 5
steps:
  - {at: day 1 07:30, authenticate: ws1}
  - {at: day 2 07:30, launch: ws1, expect: {stored: no}}
  - {at: day 3 07:30, restore: {onto: SPARE}}
  - {at: day 3 08:30, authenticate: ws1, expect: {stored: yes}}
  - {at: day 4 08:30, launch: ws1, expect: {stored: yes}}
""")


def test_never_drops_the_end_of_a_term_an_extension_and_an_always_line():
    assert holds("""
cases:
  - {case: open end, ends: never, until: never, before: never, left: 30}
  - {case: a term, ends: day 11 07:30, until: day 2, before: day 2, left: 10}
  - {case: an extension, ends: never, until: day 2, before: day 2, left: 40}
world: {license: {ends: $ends, extension: {days: 10, until: $until}}}
online: [{from: day 1}]
always: [{never: Grace, before: $before}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {days_left: $left}}
""")


def test_a_workstation_may_be_named_with_nothing_said_of_it():
    assert holds("""
world:
  workstations:
    bridge:
    office:
online: [{from: day 1}]
steps:
  - {at: day 1 07:30, authenticate: bridge}
  - {at: day 1 08:30, launch: all, expect: {runs: yes}}
""")


def test_the_end_is_the_last_step_where_nothing_else_says_so():
    assert holds("""
online: [{from: day 1}]
steps:
  - {at: day 1 07:30, authenticate: ws1}
  - {at: day 2 07:30, launch: ws1}
  - {at: end, expect: {launches: 1, refused_launches: 0}}
""")


def test_a_concurrent_license_leaves_the_assigned_users_alone():
    assert holds("""
world: {license: {type: concurrent, seats: 1}, assigned: [anna, ben]}
online: [{from: day 1}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {dropped: none}}
  - {at: day 1 08:30, assign: carl, expect: {dropped: none}}
  - {at: day 1 09:30, change: {license: {type: named, seats: 2}}}
  - {at: day 1 10:30, launch: {workstation: ws1, user: ben}, expect: {runs: yes, dropped: carl}}
""")


def test_sessions_over_the_limit_go_on_for_as_long_as_they_like():
    assert holds("""
world: {license: {seats: 2}, workstations: {a: {}, b: {}, c: {}}}
online: [{from: day 1, to: day 2}]
steps:
  - {at: day 1 07:30, authenticate: a}
  - {at: day 1 08:00, open: a}
  - {at: day 1 08:00, open: b}
  - {at: day 1 09:00, change: {license: {seats: 1}}}
  - {at: day 1 09:30, launch: c, expect: {runs: no, reason: seats, message_says: [a, b]}}
  - {at: day 1 20:00, launch: c, expect: {runs: no, reason: seats, seats_in_use: 2}}
  - {at: day 1 21:00, close: a, expect: {seats_in_use: 1}}
  - {at: day 1 21:30, launch: c, expect: {runs: no, reason: seats}}
""")


def test_a_session_counts_on_when_the_key_is_entered_again():
    """The clock is set back by a day each day; only running time counts, across the new record."""
    assert holds("""
online: [{from: day 1, to: day 2}]
world: {workstations: {a: {}, b: {}}}
steps:
  - {at: day 1 07:30, authenticate: a}
  - {at: day 1 08:00, open: a}
  - {at: day 1 12:00, authenticate: b, expect: {days_left: 30}}
  - {at: day 3 12:00, set_clock: {of: database, by: -23h}}
  - {at: day 4 12:00, set_clock: {of: database, by: -23h}}
  - {at: day 5 12:00, launch: b, expect: {state: Grace, days_left: 26}}
""")


def test_localhost_means_nothing_where_no_server_runs():
    assert refused(
        "steps:\n  - {at: day 1 07:30, connects_to: {workstation: ws1, server: localhost}}\n", "names no server here"
    )


def refused(text: str, said: str) -> bool:
    with pytest.raises(InputError, match=said):
        run(text)
    return True


@pytest.mark.parametrize("how", ["used", "mistyped", "foreign", "older"])
def test_a_code_that_is_refused_elsewhere_does_not_supersede_the_good_record(how: str):
    assert holds(f"""
world: {{servers: {{DB1: {{names: [x]}}}}, workstations: {{a: , b: {{connects_to: x}}}}}}
online: [{{from: day 1}}]
steps:
  - {{at: day 1 07:30, authenticate: a}}
  - {{at: day 2 07:30, renew_by_code: {{workstation: b, code: {how}}}, expect: {{state: Invalid-Binding, runs: no}}}}
  - {{at: day 2 08:30, launch: a, expect: {{state: Authenticated, reason: none}}}}
""")


@pytest.mark.parametrize("tamper", ["forged", "replayed", "stale", "html", "truncated", "huge", "other-binding"])
def test_a_reply_that_was_replaced_changes_no_more_than_no_contact(tamper: str):
    assert holds(f"""
world: {{servers: {{DB1: {{names: [x]}}}}, workstations: {{a: , b: {{connects_to: x}}}}}}
online: [{{from: day 1}}]
steps:
  - {{at: day 1 07:30, authenticate: a}}
  - {{at: day 2 07:00, reply: {{tamper: {tamper}}}}}
  - {{at: day 2 07:30, authenticate: b, expect: {{state: Invalid-Binding, cause: untrusted-reply, runs: no}}}}
  - {{at: day 2 08:30, launch: a, expect: {{state: Authenticated, reason: none}}}}
""")


def test_start_starts_the_database_that_was_stopped():
    assert holds("""
world: {workstations: {a: , b: }}
online: [{from: day 1, to: day 2}]
steps:
  - {at: day 1 07:30, authenticate: a}
  - {at: day 5, stop: database}
  - {at: day 5 01:00, launch: a, expect: {state: none, reason: database, binding: none}}
  - {at: day 5 02:00, restore: {onto: SPARE, taken: day 4}}
  - {at: day 6, connects_to: {workstation: b, server: DB1}}
  - {at: day 6 01:00, start: database}
  - {at: day 6 02:00, launch: b, expect: {state: Grace, runs: yes, binding: DB1/nexus}}
""")


def test_after_a_partial_restore_the_story_stays_with_its_database():
    assert holds("""
world: {workstations: {a: , b: }}
online: [{from: day 1}]
steps:
  - {at: day 1 07:30, authenticate: a}
  - {at: day 2, restore: {onto: DB2, workstations: b}}
  - {at: day 2 01:00, damage: record}
  - {at: day 2 02:00, launch: b, expect: {state: Invalid-Binding}}
  - {at: day 2 03:00, launch: a, expect: {state: Unlicensed, reason: damaged}}
""")


def test_never_in_an_expectation_drops_that_expectation_alone():
    assert holds("""
online: [{from: day 1}]
steps:
  - {at: day 1 07:30, authenticate: ws1}
  - {at: day 2, launch: ws1, expect: {deadline: never, state: Authenticated}}
  - {at: day 3, launch: ws1, expect: {launches: 2}}
""")
    assert not holds("""
online: [{from: day 1}]
steps:
  - {at: day 2, launch: ws1, expect: {deadline: never, state: Authenticated}}
""")


def test_only_launches_are_refused():
    text = """
online: [{from: day 1 07:00, to: day 1 08:00}]
always: [{never: refused}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {runs: yes}}
  - {at: day 2, authenticate: ws1, expect: {runs: no}}
"""
    assert holds(text)
    assert run(text + "  - {at: day 40, launch: ws1}\n")[0].outcome is Outcome.ALWAYS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("faults: [{from: day 1, database: full, workstations: ws1}]\nends: day 3\n", "leave `workstations` out"),
        ("steps: [{at: day 2, launch: [ws1, ws1], expect: {runs: no}}]\n", "stands here twice"),
        ("world: {workstations: {database: }}\nends: day 2\n", "cannot be called `database`"),
        ("world: {servers: {A: {names: x}, B: {names: x}}}\nends: day 2\n", "a name of the server `A` already"),
        ("world: {servers: {DB2: }}\nsteps: [{at: day 2, rename: {server: DB2}}]\n", "another server is called DB2"),
        ("steps: [{at: day 2, launch: ws1, expect: {}}]\n", "this expects nothing"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, said: str):
    assert refused(text, said)


def test_a_session_over_the_limit_counts_its_running_time_all_the_same():
    assert holds("""
world: {workstations: {a: , b: , c: }, license: {seats: 2, grace: 1}}
online: [{from: day 1 06:00, to: day 1 07:03}]
steps:
  - {at: day 1 07:00, authenticate: a}
  - {at: day 1 07:00, open: b}
  - {at: day 1 07:00, open: a}
  - {at: day 1 07:01, change: {license: {seats: 1}}}
  - {at: day 1 07:02, launch: c, expect: {runs: no}}
  - {at: day 1 07:03, set_clock: {of: database, by: -23h}}
  - {at: day 1 12:00, close: b}
  - {at: day 2 12:00, close: a}
  - {at: day 2 12:01, launch: c, expect: {state: Expired, runs: no}}
""")


def test_running_time_counts_from_the_very_grant_that_somebody_else_made():
    assert holds("""
world: {workstations: {a: , b: , c: }}
online: [{from: day 1 06:00, to: day 1 23:00}, {from: day 2 07:00, to: day 3 00:00, workstations: b}]
steps:
  - {at: day 1 08:00, authenticate: a}
  - {at: day 2 07:00, set_clock: {of: database, by: +10d}}
  - {at: day 2 08:00, open: a}
  - {at: day 2 09:01, launch: b, expect: {days_left: 30}}
  - {at: day 2 09:02, set_clock: {of: database, by: -23h}}
  - {at: day 3 05:01, close: a}
  - {at: day 3 12:01, launch: c, expect: {days_left: 29}}
""")


def test_the_last_good_launch_is_remembered_across_a_new_record():
    assert holds("""
world: {license: {grace: 2}}
online: [{from: day 1 06:00, to: day 1 08:00}]
steps:
  - {at: day 1 07:00, authenticate: ws1}
  - {at: day 2 07:00, launch: ws1}
  - {at: day 2 08:00, renew_by_code: ws1}
  - {at: day 4 08:01, launch: ws1, expect: {runs: no, message_says: [day 4 08:01, day 2 08:00, day 2 07:00]}}
""")


def test_a_key_that_a_case_doubles_is_refused():
    assert refused(
        "cases: [{case: a, x: ws1}]\nworld: {workstations: {ws1: {}, $x: {os: linux}}}\nends: day 2\n",
        "stands here twice",
    )


def test_a_clock_that_is_set_back_frees_a_crashed_seat_after_one_timeout_and_takes_none():
    assert holds("""
world: {license: {seats: 2}, workstations: {a: , b: , c: }}
online: [{from: day 2, to: day 3}]
steps:
  - {at: day 2 07:00, authenticate: a}
  - {at: day 2 07:00, open: a}
  - {at: day 2 07:00, open: b}
  - {at: day 2 08:00, crash: b}
  - {at: day 2 08:01, set_clock: {of: database, by: -20h}}
  - {at: day 2 08:05, launch: c, expect: {runs: no, reason: seats, seats_in_use: 2}}
  - {at: day 2 08:15, launch: c, expect: {runs: yes, seats_in_use: 1}}
""")


def test_a_clock_that_is_set_after_a_step_of_the_same_minute_waits_for_that_step():
    assert holds("""
online: [{from: day 1 07:00, to: day 1 08:00}]
every: [{at: day 4 07:30, launch: ws1}]
steps:
  - {at: day 1 07:30, authenticate: ws1}
  - {at: day 3 07:30, launch: ws1, expect: {days_left: 28}}
  - {at: day 3 07:30, set_clock: {of: database, by: +5d}}
  - {at: day 3 07:30, launch: ws1, expect: {days_left: 23}}
  - {at: day 4 07:30, set_clock: {of: database, by: +5d}}
  - {at: day 4 07:30, expect: {days_left: 17}}
""")


def test_the_shipped_schema_is_the_one_that_the_reader_makes():
    shipped = resources.files("nexuslic.scenario").joinpath("scenario.schema.json").read_text("utf-8")
    assert shipped == json.dumps(json_schema(), indent=1) + "\n", "write it anew: nexuslic schema > FILE"
