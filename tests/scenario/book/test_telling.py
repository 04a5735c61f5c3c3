"""A story as prose: in order of time, what recurs once, and what differs by case named."""

from datetime import UTC, datetime, timedelta

import pytest

from nexuslic.scenario import schema
from nexuslic.scenario.book import claims, doing
from nexuslic.scenario.book.telling import rhythm, tell
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.read import read
from nexuslic.scenario.suite import find, load

STORY = """scenario: A trip
format: 1
why: Does it hold?
starts: 2026-03-02 06:00 Europe/London
ends: day 9
cases: [{case: "short, as today", grace: 3}, {case: long, grace: 30}]
world: {license: {grace: $grace}}
online: [{from: day 1 07:00, to: day 1 08:00}]
every: [{at: daily 06:00, from: day 2, launch: ws1}]
steps:
  - {at: day 1 07:30, authenticate: ws1, expect: {state: Authenticated, days_left: $grace}}
  - {at: day 2 06:00, note: The mate looks at the warning.}
  - {at: day 3 12:00, crash: ws1, expect: {seats_in_use: 0}}
always: [{never: Expired, before: day 4 07:30}]
must_visit: [Authenticated, Grace]
"""


@pytest.fixture
def told():
    return tell(read(STORY.encode(), "trip"))


def test_it_goes_in_order_of_time(told):
    assert [event.when for event in told.events] == [
        "day 1 07:00",
        "day 1 07:30",
        "day 1 08:00",
        "day 2 06:00 to day 8 06:00",
        "day 2 06:00",
        "day 3 12:00",
    ]


def test_what_recurs_is_told_once(told):
    assert told.events[3].text == "Every day at 06:00: the application is launched at ws1."


def test_a_note_is_told(told):
    assert told.events[4].text == "The mate looks at the warning."


def test_what_differs_by_case_names_the_case_and_the_rest_names_none(told):
    (claim,) = told.events[1].claims
    assert [(line.text, line.cases) for line in claim.lines] == [
        ("the state is Authenticated", ()),
        ("3 days are left", ("short, as today",)),
        ("30 days are left", ("long",)),
    ]
    assert [line.cases for line in told.things] == [(), ("short, as today",), ("long",), (), ()]


def test_what_must_hold_throughout_is_told(told):
    assert [line.text for line in told.always] == [
        "The state is never Expired, before day 4 07:30.",
        "The story has to come through Authenticated and Grace.",
    ]


def test_every_verb_and_every_expectation_has_its_sentence():
    assert set(doing.VERBS) == set(schema.VERBS)
    assert set(claims.EXPECTATIONS) == set(schema.EXPECTATIONS)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("launch: all", "The application is launched at a and b."),
        ("launch: {workstation: a, user: anna}", "The application is launched at a as anna."),
        ("open: {workstation: a, for: 8h}", "The application is opened at a, for 8 hours."),
        ("open: a", "The application is opened at a, and stays open."),
        ("close: a", "The application is closed at a."),
        ("crash: a", "The application crashes at a."),
        ("authenticate: a", "At a the user enters the license key."),
        ("authenticate: {workstation: a, key: 4006-3813-33931}", "At a the user enters another license key."),
        ("renew_by_code: a", "At a the user enters a renewal code from support."),
        (
            "renew_by_code: {workstation: a, code: mistyped}",
            "At a the user enters a renewal code with a letter mistyped.",
        ),
        ("restore: {onto: DB2}", "A backup taken just now is restored onto DB2."),
        (
            "restore: {onto: DB2, taken: day 1 07:00, name: copy, workstations: [a]}",
            "A backup taken on day 1 07:00 is restored onto DB2 under the name copy, and only a goes there.",
        ),
        ("rename: {server: DB9}", "The server is renamed to DB9."),
        ("rename: {server: DB9, database: x}", "The server is renamed to DB9 and the database is renamed to x."),
        ("connects_to: {workstation: a, server: DB1}", "From now on a connects to DB1."),
        ("set_clock: {of: database, by: -3d}", "The clock of the database is moved back by 3 days."),
        ("set_clock: {of: a, by: +90m}", "The clock of a is moved forward by 1 hour 30 minutes."),
        ("set_clock: {of: a, to: day 5 08:00}", "The clock of a is set to day 5 08:00."),
        ("damage: record", "The license record is damaged: one bit of it is flipped."),
        ("extend: {days: 1, until: day 3}", "Support extends grace by 1 day, for grants up to day 3 00:00."),
        ("suspend: license", "The vendor suspends the license."),
        ("reinstate: license", "The vendor reinstates the license."),
        ("revoke: license", "The vendor revokes the license key."),
        ("change: {license: {seats: 1, grace: 3}}", "Support changes the license to 1 seat and 3 days of grace."),
        ("assign: [anna, ben]", "The customer assigns a license to anna and ben."),
        ("unassign: anna", "The customer takes the license from anna."),
        ("turn_on: {workstation: a, tls: [TLS 1.0]}", "On a TLS 1.0 is turned on."),
        ("turn_off: {workstation: a, tls: [TLS 1.0, SSL 3.0]}", "On a TLS 1.0 and SSL 3.0 are turned off."),
        (
            "nethasp: {workstation: a, is: renamed}",
            "On a NETHASP.ini is renamed, so that the license counts.",
        ),
        ("upgrade: {workstation: a, to: 6.10}", "On a version 6.10 of the application is installed."),
        ("stop: license server", "The license server is stopped."),
        ("start: database", "The database is started."),
        ("reply: {tamper: html}", "The next reply of the license server is replaced by a web page."),
    ],
)
def test_a_verb_is_a_sentence(step, sentence):
    text = (
        "scenario: a\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 UTC\nends: day 9\n"
        "world: {servers: {DB1: {}, DB2: {}}, workstations: {a: {}, b: {}}, users: [a, b, anna, ben]}\n"
        f"steps: [{{at: day 2, {step}}}]\nmust_visit: [Grace]\n"
    )
    happened = [event for event in tell(read(text.encode(), "a")).events if event.when == "day 2 00:00"]
    assert happened[0].text == sentence


HOURS = timedelta(hours=1)
START = datetime(2026, 3, 27, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instants", "said"),
    [
        ([START + 24 * HOURS * n for n in range(2)], "Every day at 06:00"),
        ([START, START + 24 * HOURS, START + 47 * HOURS, START + 71 * HOURS], "Every day at 06:00"),
        ([START + 6 * HOURS * n for n in range(5)], "Every 6 hours"),
        ([START, START + HOURS, START + 5 * HOURS], "3 times"),
    ],
)
def test_how_often_it_recurs_is_by_the_storys_own_clock(instants, said):
    calendar = Calendar.beginning("2026-03-27 06:00 Europe/London")
    assert rhythm(instants, calendar) == said


def test_every_shipped_story_can_be_told(root):
    stories = [load(file) for file in find([str(root / "scenarios")])]
    assert all(tell(story).events for story in stories)
    lines = [line.text for story in stories for line in tell(story).things]
    assert not [line for line in lines if "{" in line or "None" in line or "timedelta" in line]
