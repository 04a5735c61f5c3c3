"""Whether an expectation holds: every key right, and every key wrong."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from nexuslic.rules.decision import DONGLE, NO_DATABASE, Decision
from nexuslic.rules.words import Cause, Protection, Reason, State
from nexuslic.scenario import schema
from nexuslic.scenario.calendar import Calendar
from nexuslic.scenario.judge import Subject, Tally, actual, breaks
from nexuslic.scenario.kinds import Context
from nexuslic.scenario.source import Fields, parse
from nexuslic.scenario.story import Always, Check

CALENDAR = Calendar.beginning("2026-03-02 06:00 Europe/London")
DEADLINE = datetime(2026, 4, 1, 7, 30, tzinfo=UTC)
GRACE = Decision(
    State.GRACE,
    True,
    cause=Cause.OFFLINE,
    days_left=12,
    deadline=DEADLINE,
    warnings=("Only 12 days left in grace period", "The clock was set back by 3 d 0 h"),
    stored=True,
)
REFUSED = Decision(State.EXPIRED, False, Reason.EXPIRED, Cause.DNS, deadline=DEADLINE)


@attrs.frozen
class Stage:
    """A stage where two seats are taken and one binding is recorded."""

    seats: int = 2
    recorded: str | None = "NORTHSEA-SQL/survey"

    def seats_in_use(self, who: str | None) -> int:
        return self.seats

    def binding(self, who: str | None) -> str | None:
        return self.recorded


def judged(
    line: str,
    decision: Decision | None = GRACE,
    tally: Tally | None = None,
    dropped: tuple[str, ...] = (),
    stage: Stage | None = None,
) -> tuple[bool, str]:
    """What the judge says to one line of an expectation, as a story writes it."""
    root = parse(f"expect: {{{line}}}".encode(), "file").get("expect")
    assert isinstance(root, Fields)
    ((key, value),) = root.entries
    wanted = schema.EXPECTATIONS[key.text].kind.read(value, Context(CALENDAR))
    subject = Subject(decision, None, dropped, tally or Tally(), stage or Stage(), CALENDAR)
    return actual(Check(key.text, wanted, "", None, value.place), subject)


RIGHT = [
    "state: Grace",
    "runs: yes",
    "days_left: 12",
    "deadline: day 31 08:30",
    "deadline: 2026-04-01 08:30",
    "warns: 12 days",
    "warns: ONLY 12 DAYS LEFT",
    "warns: [12 days, set back]",
    "message_says: grace",
    "reason: none",
    "cause: offline",
    "protection: software",
    "stored: yes",
    "binding: NORTHSEA-SQL/survey",
    "binding: ' northsea-sql/SURVEY'",
    "seats_in_use: 2",
    "dropped: none",
    "last_good_launch: none",
    "launches: 0",
    "refused_launches: 0",
]
WRONG = [
    ("state: Expired", "Grace"),
    ("state: none", "Grace"),
    ("runs: no", "yes"),
    ("days_left: 11", "12"),
    ("days_left: none", "12"),
    ("deadline: day 31 08:31", "day 31 08:30"),
    ("deadline: none", "day 31 08:30"),
    ("warns: 13 days", "Only 12 days left in grace period; The clock was set back by 3 d 0 h"),
    (
        "warns: [12 days, 13 days]",
        "Only 12 days left in grace period; The clock was set back by 3 d 0 h (missing: 13 days)",
    ),
    ("warns: none", "Only 12 days left in grace period; The clock was set back by 3 d 0 h"),
    ("reason: expired", "none"),
    ("cause: none", "offline"),
    ("cause: dns", "offline"),
    ("protection: dongle", "software"),
    ("stored: no", "yes"),
    ("binding: OTHER/survey", "NORTHSEA-SQL/survey"),
    ("binding: NORTHSEA-SQL/other", "NORTHSEA-SQL/survey"),
    ("binding: NORTHSEA-SQL", "NORTHSEA-SQL/survey"),
    ("binding: none", "NORTHSEA-SQL/survey"),
    ("seats_in_use: 1", "2"),
    ("dropped: anna", "none"),
    ("last_good_launch: day 1", "none"),
    ("launches: 1", "0"),
    ("refused_launches: 1", "0"),
]


@pytest.mark.parametrize("line", RIGHT)
def test_what_is_so_holds(line: str):
    assert judged(line)[0] is True


@pytest.mark.parametrize(("line", "was"), WRONG)
def test_what_is_not_so_does_not_hold_and_says_what_was(line: str, was: str):
    assert judged(line) == (False, was)


def test_a_message_that_says_something_else_does_not_hold_and_is_shown():
    holds, was = judged("message_says: [12 days, no such words]")
    assert not holds
    assert "12 days" in was


def test_every_key_of_the_language_is_judged_right_and_wrong():
    assert {line.split(":")[0] for line in RIGHT} == set(schema.EXPECTATIONS)
    assert {line.split(":")[0] for line, _ in WRONG} == set(schema.EXPECTATIONS) - {"message_says"}


@pytest.mark.parametrize(
    "line",
    ["state: Expired", "runs: no", "days_left: none", "warns: none", "reason: expired", "cause: dns", "stored: no"],
)
def test_a_refusal_is_judged_like_a_launch_that_ran(line: str):
    assert judged(line, REFUSED)[0] is True


@pytest.mark.parametrize("line", ["state: none", "runs: no", "reason: database", "days_left: none", "deadline: none"])
def test_a_database_that_cannot_be_read_has_no_state(line: str):
    assert judged(line, NO_DATABASE)[0] is True


@pytest.mark.parametrize("line", ["state: none", "runs: yes", "protection: dongle", "reason: none", "stored: no"])
def test_a_dongle_has_no_state_and_runs(line: str):
    assert DONGLE.protection is Protection.DONGLE
    assert judged(line, DONGLE)[0] is True


@pytest.mark.parametrize("key", sorted(set(schema.EXPECTATIONS) - set(schema.STORY_WIDE)))
def test_where_nothing_happened_nothing_holds(key: str):
    line = next(line for line in RIGHT if line.startswith(f"{key}:"))
    assert judged(line, None) == (False, "nothing")


@pytest.mark.parametrize("line", ["warns: none", "reason: none", "cause: none", "state: none"])
def test_none_does_not_hold_where_nothing_happened_either(line: str):
    assert judged(line, None) == (False, "nothing")


def test_a_warning_is_looked_for_only_where_there_is_one():
    assert judged("warns: [12 days]", REFUSED) == (False, "none")


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("dropped: [anna, bob]", True),
        ("dropped: [bob, anna]", True),
        ("dropped: [' BOB', Anna]", True),
        ("dropped: anna", False),
        ("dropped: [anna, bob, carl]", False),
        ("dropped: none", False),
    ],
)
def test_who_was_dropped_is_compared_as_users_are(line: str, holds: bool):
    assert judged(line, dropped=("anna", "bob")) == (holds, "anna, bob")


def test_no_record_has_no_binding():
    assert judged("binding: none", stage=Stage(recorded=None)) == (True, "none")
    assert judged("binding: A/b", stage=Stage(recorded=None)) == (False, "none")


@pytest.mark.parametrize(
    ("line", "holds", "was"),
    [
        ("last_good_launch: day 2", True, "day 2"),
        ("last_good_launch: 2026-03-03", True, "day 2"),
        ("last_good_launch: day 3", False, "day 2"),
        ("last_good_launch: day 2 06:00", True, "day 2 06:00"),
        ("last_good_launch: day 2 06:01", False, "day 2 06:00"),
        ("last_good_launch: day 2 00:00", False, "day 2 06:00"),
        ("last_good_launch: none", False, "day 2 06:00"),
    ],
)
def test_the_last_good_launch_is_a_day_or_a_time(line: str, holds: bool, was: str):
    tally = Tally(3, 1, datetime(2026, 3, 3, 6, tzinfo=UTC))
    assert judged(line, tally=tally) == (holds, was)


def test_launches_and_refusals_are_counted_with_the_last_that_ran():
    tally = Tally()
    first = datetime(2026, 3, 2, 6, tzinfo=UTC)
    for days, decision in enumerate((GRACE, REFUSED, DONGLE, NO_DATABASE)):
        tally.count(decision, first + timedelta(days=days))
    assert (tally.launches, tally.refused, tally.last_good) == (4, 2, first + timedelta(days=2))


NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("never", "grace", "refused", "no_database"),
    [
        ("Grace", True, False, False),
        ("Expired", False, True, False),
        ("Authenticated", False, False, False),
        ("runs", True, False, False),
        ("refused", False, True, True),
    ],
)
def test_never_is_a_state_or_refused_or_runs(never: str, grace: bool, refused: bool, no_database: bool):
    always = Always(never, None, None, None, "", parse(b"a: 1", "file").place)
    assert [breaks(always, decision, NOON, launched=True) for decision in (GRACE, REFUSED, NO_DATABASE)] == [
        grace,
        refused,
        no_database,
    ]


@pytest.mark.parametrize(
    ("before", "after", "broken"),
    [(0, None, False), (1, None, True), (None, 0, True), (None, 1, False), (1, 0, True), (-1, 0, False), (1, 1, False)],
)
def test_before_excludes_its_instant_and_after_includes_it(before: int | None, after: int | None, broken: bool):
    edges = [None if edge is None else NOON + timedelta(minutes=edge) for edge in (before, after)]
    always = Always("runs", *edges, None, "", parse(b"a: 1", "file").place)
    assert breaks(always, GRACE, NOON, launched=True) is broken


@pytest.mark.parametrize(("state", "broken"), [(State.GRACE, True), (State.EXPIRED, False), (None, True)])
def test_while_looks_in_one_state_only(state: State | None, broken: bool):
    always = Always("runs", None, None, state, "", parse(b"a: 1", "file").place)
    assert breaks(always, GRACE, NOON, launched=True) is broken
