"""What can happen is what the rules do: all of it is enumerated here, from records, names, clocks and contacts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product

import attrs
import pytest

from nexuslic.rules import decision
from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import Launch, Ready, Verdict
from nexuslic.rules.license import Certificate, License, LicenseKey, Version
from nexuslic.rules.license_time import Ledger, Mark, Reading
from nexuslic.rules.machine import TABLE, Row
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import Contact, Denied, Granted, NoContact, Record
from nexuslic.rules.words import DENIALS, Cause, Event, LicenseType, Reason, State
from nexuslic.scenario import coverage, schema
from nexuslic.scenario.coverage import NEVER, Cell

PRODUCT, REACHABLE = coverage.product(), coverage.reachable()
GRANT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
DAY = timedelta(days=1)
HERE, ELSEWHERE = Binding("DB1", "nexus"), Binding("DB2", "nexus")
STANDINGS = (
    *((state, None) for state in (State.AUTHENTICATED, State.GRACE, State.EXPIRED)),
    *((State.EXPIRED, reason) for reason in (Reason.SUSPENDED, Reason.TERM)),
    (State.INVALID_BINDING, Reason.SUPERSEDED),
)
"""What a record can hold: its state, and what the license server last refused."""


def certificate(ends: datetime | None = None) -> Certificate:
    terms = License("Survey", LicenseType.CONCURRENT, 5, 30, Version((6, 2)), ends)
    return Certificate(LicenseKey.from_number(200_800_142_311), terms, HERE, GRANT, "a nonce", 0)


def every_record() -> Iterator[Record | None]:
    yield None
    for (state, refused), ends in product(STANDINGS, (None, GRANT + 10 * DAY)):
        yield Record("record-1", certificate(ends), "a proof", state, refused, Ledger(GRANT, GRANT), None)


def every_launch() -> Iterator[Launch]:
    marks = (None, *(Mark("record-1", GRANT, GRANT, wrong, "a nonce") for wrong in (False, True)))
    walls = (GRANT + DAY, GRANT + 20 * DAY, GRANT + 40 * DAY)
    every = product(every_record(), (False, True), (HERE, ELSEWHERE), walls, marks)
    for record, damaged, binding, wall, mark in every:
        yield Launch(record, damaged, binding, Version((6, 10)), Reading(wall, timedelta(0)), mark, Policy())


def every_contact() -> Iterator[Contact]:
    yield Granted(attrs.evolve(certificate(), granted_at=GRANT + DAY), "a new proof")
    yield from map(Denied, DENIALS)
    yield from map(NoContact, Cause)


def by_launching() -> Iterator[tuple[tuple[Row, ...], Cause | None]]:
    for launch in every_launch():
        step = decision.before_contact(launch)
        verdicts = [step] if isinstance(step, Verdict) else after(step)
        for verdict in verdicts:
            yield verdict.path, verdict.cause


def after(ready: Ready) -> list[Verdict]:
    return [decision.after_contact(ready, contact) for contact in every_contact()]


def by_entering() -> Iterator[tuple[tuple[Row, ...], Cause | None]]:
    """By a key or by a code: granted, denied, or without contact."""
    for launch in every_launch():
        answer = decision.authenticated(launch, Granted(certificate(), "a proof"), "record-2")[2]
        yield answer.path, answer.cause
        for reason, cause in ((Reason.REVOKED, None), (None, Cause.DNS)):
            refused = decision.not_authenticated(launch, reason, cause)
            yield refused.path, refused.cause


def happening() -> set[Cell]:
    found: set[Cell] = set()
    for verbs, ways in ((("launch", "open"), by_launching), (("authenticate", "renew_by_code"), by_entering)):
        for (path, cause), verb in product(set(ways()), verbs):
            found.update(coverage.cells_of(path, cause, verb))
    return found


def test_what_the_rules_do_is_what_can_be_reached():
    assert happening() == set(REACHABLE)


def test_every_combination_is_either_reachable_or_has_a_reason_why_not():
    assert len(PRODUCT) == len(TABLE) * (1 + len(Cause)) * len(coverage.VERBS) == 1120
    without = [cell for cell in PRODUCT if cell not in REACHABLE and not any(never.covers(cell) for never in NEVER)]
    assert without == []
    assert len(REACHABLE) == len(set(REACHABLE)) == 206


@pytest.mark.parametrize("never", NEVER, ids=lambda never: never.why)
def test_every_reason_excludes_something_that_no_other_one_does(never):
    others = [other for other in NEVER if other is not never]
    alone = [cell for cell in PRODUCT if never.covers(cell) and not any(one.covers(cell) for one in others)]
    assert alone


def test_a_reason_that_is_left_out_is_seen(monkeypatch):
    open_to = [cell for cell in PRODUCT if not any(never.covers(cell) for never in NEVER[1:])]
    assert set(open_to) != happening()


def test_the_verbs_are_those_that_decide():
    assert set(coverage.VERBS) == set(schema.DECIDING)


@pytest.mark.parametrize("event", [Event.LOSE_CONTACT, Event.END])
def test_a_cause_belongs_to_the_row_that_no_contact_led_to(event):
    first = next(row for row in TABLE if row.event is Event.MATCH)
    second = next(row for row in TABLE if row.event is event)
    cells = coverage.cells_of((first, second), Cause.DNS, "launch")
    assert [cell.cause for cell in cells] == [None, Cause.DNS]


def visited(records, *cells: Cell, file: str = "a.scenario.yaml", **fields):
    return records.one(file=file, cells=dict.fromkeys(cells, 7), **fields)


def test_fractions_are_exact(records):
    covered = coverage.of([visited(records, *REACHABLE[:3], causes=frozenset({Cause.DNS}))])
    rows = len({cell.row for cell in REACHABLE[:3]})
    assert [str(part) for part in covered.parts] == [
        f"rows {rows}/28",
        "causes 1/9",
        "reasons 0/13",
        "combinations 3/206",
    ]


def test_what_is_missing_is_named(records):
    covered = coverage.of([visited(records, *REACHABLE[1:])])
    assert covered.parts[-1].missing == (str(REACHABLE[0]),)


def test_a_combination_knows_the_lines_that_visit_it(records):
    cell = REACHABLE[0]
    covered = coverage.of([visited(records, cell), visited(records, cell), visited(records, cell, file="b")])
    assert covered.places[cell] == ("a.scenario.yaml:7", "b:7")


@pytest.mark.parametrize(
    ("percent", "short"), [("100", True), ("99.5", False), ("99.514563106", False), ("99.6", True)]
)
def test_a_share_is_compared_without_rounding(records, percent, short):
    covered = coverage.of([visited(records, *REACHABLE[1:])])  # 205 of 206 are 99.5145... per cent
    part = covered.parts[-1]
    assert (part in covered.short_of(Fraction(percent))) is short


def test_nothing_visited_is_nothing_covered():
    assert [part.visited for part in coverage.of([]).parts] == [0, 0, 0, 0]
