"""Odd but legal stories come to the same on every stage: what the simulation shows is seen on real parts too."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nexuslic.scenario.differential import first_difference
from nexuslic.scenario.read import read
from nexuslic.scenario.real.postgresql import PostgresqlEngine
from nexuslic.scenario.real.theatre import Theatre
from nexuslic.scenario.run import CaseResult, Outcome, run_case
from nexuslic.scenario.stage import Stage
from nexuslic.scenario.stage_real import RealStage
from nexuslic.scenario.stage_simulated import SimulatedStage

HEAD = "scenario: Odd\nformat: 1\nwhy: Is it the same?\nstarts: 2031-05-01 06:00 UTC\nends: day 9 00:00\n"
ALWAYS = "always: [{never: Expired, before: day 1 06:00}]\n"
ONLINE = "online: [{from: day 1 06:00}]\n"
TWO = "world: {workstations: {ws1: {}, ws2: {}}}\n"


def steps(*lines: str) -> str:
    return "steps:\n" + "".join(f"  - {{at: {line}}}\n" for line in lines)


def troubles(first: str, second: str) -> str:
    return (
        f"{ONLINE}{TWO}faults:\n  - {{from: day 1 07:10, to: day 1 09:00, database: {first}}}\n"
        f"  - {{from: day 1 07:20, to: day 1 08:00, database: {second}}}\n"
    ) + steps(
        "day 1 07:00, authenticate: ws1",
        "day 1 07:30, launch: ws2",
        "day 1 07:40, restore: {onto: DB2, workstations: [ws2]}",
        "day 1 07:41, launch: all",
        "day 1 08:10, launch: ws1",
        "day 1 09:10, launch: all",
    )


def tls(accepts: str, offers: str) -> str:
    world = f"world: {{license_server: {{accepts: [{accepts}]}}, workstations: {{ws1: {{offers: [{offers}]}}}}}}\n"
    return ONLINE + world + steps("day 1 07:00, authenticate: ws1", "day 1 07:01, launch: ws1")


def named(name: str) -> str:
    return f"{ONLINE}world: {{database: {{server: '{name}', name: '{name}'}}}}\n" + steps(
        "day 1 07:00, authenticate: ws1",
        f"day 1 07:10, restore: {{onto: 'on {name}'}}",
        "day 1 07:11, launch: ws1",
        "day 1 07:12, rename: {database: 'a b'}",
        "day 1 07:13, authenticate: ws1",
    )


def unchanged_users(trouble: str) -> str:
    world = "world: {license: {type: named, seats: 1}, users: [ws1, b], assigned: [ws1]}\n"
    fault = f"faults: [{{from: day 1 08:00, to: day 1 09:00, database: {trouble}}}]\n"
    return f"{ONLINE}{world}{fault}" + steps(
        "day 1 07:00, authenticate: ws1", "day 1 08:10, assign: [b]", "day 1 09:10, assign: [b]"
    )


STOPPED_UNDER_A_LOCK = f"{ONLINE}faults: [{{from: day 1 07:30, to: day 1 09:00, database: locked}}]\n" + steps(
    "day 1 07:00, authenticate: ws1",
    "day 1 07:40, stop: database",
    "day 1 07:45, launch: ws1",
    "day 1 07:50, start: database",
    "day 1 07:55, launch: ws1",
    "day 1 09:10, launch: ws1",
)
NOBODY_CONNECTS = f"{ONLINE}world: {{servers: {{DB2: {{}}}}}}\n" + steps(
    "day 1 07:00, authenticate: ws1",
    "day 1 07:01, connects_to: {workstation: ws1, server: DB2}",
    "day 1 07:02, launch: ws1",
)
NOTHING_LEFT_TO_DAMAGE = ONLINE + steps(
    "day 1 07:00, authenticate: ws1",
    *(f"day 1 07:{minute}, damage: truncated" for minute in range(10, 26)),
    "day 1 08:00, damage: flipped",
    "day 1 08:01, launch: ws1",
)
A_TIMEOUT_BEFORE_ANY_TLS = (
    f"{ONLINE}world: {{workstations: {{ws1: {{}}, old: {{os: windows-7, application: nexus-6.2}}}}}}\n"
    "faults: [{from: day 2 00:00, to: day 3 00:00, cause: timeout}]\n"
) + steps("day 1 07:00, authenticate: ws1", "day 2 07:00, launch: all", "day 3 07:00, launch: all")

STORIES = {
    "full, then locked": troubles("full", "locked"),
    "locked, then full": troubles("locked", "full"),
    "read-only, then full": troubles("read-only", "full"),
    "locked, then read-only": troubles("locked", "read-only"),
    "locked twice": troubles("locked", "locked"),
    "stopped under a lock": STOPPED_UNDER_A_LOCK,
    "nobody connects": NOBODY_CONNECTS,
    "nothing left to damage": NOTHING_LEFT_TO_DAMAGE,
    "a timeout before any TLS": A_TIMEOUT_BEFORE_ANY_TLS,
    "a gap in what is offered": tls("TLS 1.0", "TLS 1.0, TLS 1.2"),
    "a gap in what is accepted": tls("TLS 1.0, TLS 1.2", "TLS 1.1, TLS 1.2"),
    "no user changes while full": unchanged_users("full"),
    "no user changes while read-only": unchanged_users("read-only"),
    "a name with spaces": named("north sea"),
    "a name that a server has": named("postgres"),
}
ON_POSTGRESQL = [
    "full, then locked",
    "read-only, then full",
    "locked, then read-only",
    "stopped under a lock",
    "no user changes while full",
    "a name with spaces",
    "a name that a server has",
]
NOT_REAL = {
    "SSL 3.0": (tls("SSL 3.0", "SSL 3.0"), "SSL 3.0 is the only version in common"),
    "above a gap": (tls("TLS 1.2", "TLS 1.0, TLS 1.2"), "with a gap between them"),
    "a downgrade": (tls("TLS 1.0, TLS 1.2", "TLS 1.0, TLS 1.1"), "takes for a forced downgrade"),
    "a user that does not print": (
        f'{ONLINE}world: {{users: ["a\\tb"]}}\n' + steps('day 1 07:00, launch: {workstation: ws1, user: "a\\tb"}'),
        "all of which print",
    ),
    "a database that does not print": (
        f'{ONLINE}world: {{database: {{name: "a\\nb"}}}}\n' + steps("day 1 07:00, launch: ws1"),
        "all of which print",
    ),
    "a SQLite file without a number": (
        f"{ONLINE}world: {{policy: {{binding: identity}}}}\n"
        + steps("day 1 07:00, authenticate: ws1", "day 1 08:00, restore: {taken: day 1 06:00}"),
        "this backup is from before them",
    ),
}


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Theatre]:
    opened = Theatre.open(lambda top: PostgresqlEngine())
    yield opened
    opened.close()


def played(lines: str, make: Callable[[], Stage]) -> CaseResult:
    (case,) = read(f"{HEAD}{lines}{ALWAYS}".encode(), "story").cases
    return run_case(case, make, observing=True)


def agree(lines: str, theatre: Theatre) -> bool:
    seen, really = played(lines, SimulatedStage), played(lines, lambda: RealStage(theatre))
    assert (seen.outcome, really.outcome, really.not_here) == (Outcome.PASSED, Outcome.PASSED, "")
    return first_difference(seen.observed, really.observed) is None


@pytest.mark.parametrize("name", STORIES)
def test_an_odd_story_is_the_same_on_sqlite(theatre: Theatre, name: str):
    assert agree(STORIES[name], theatre)


@pytest.mark.parametrize("name", ON_POSTGRESQL)
def test_an_odd_story_is_the_same_on_postgresql(postgresql: Theatre, name: str):
    assert agree(STORIES[name], postgresql)


@pytest.mark.parametrize(("lines", "why"), NOT_REAL.values(), ids=NOT_REAL)
def test_what_cannot_really_be_done_says_why(theatre: Theatre, lines: str, why: str):
    result = played(lines, lambda: RealStage(theatre))
    assert result.outcome is Outcome.NOT_HERE
    assert why in result.not_here


def test_a_run_on_postgresql_ends_without_a_word_more(tmp_path: Path):
    story = tmp_path / "a.scenario.yaml"
    story.write_text(f"{HEAD}{named('north sea')}{ALWAYS}")
    words = [sys.executable, "-m", "nexuslic", "run", str(story), "--on", "postgresql"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
