"""What may be asked next: what is in hand, a step on, two steps on, a step back."""

import pytest

from nexuslic.web.voyage.guesses import following
from nexuslic.web.voyage.plan import Plan


@pytest.mark.parametrize(
    "query, hand, step, field, wanted",
    [
        ("grace=30", "grace", "1", "grace", [31, 32, 29]),
        ("grace=1", "grace", "-1", "grace", [0, 2]),
        ("days=2", "days", "-1", "days", [1, 3]),
        ("", "date", "1", "start", [f"2026-03-{day} 06:00 Europe/London" for day in ("03", "04", "01")]),
        (
            "contact=5&contact=9+08:00",
            "contact.1",
            "1",
            "contacts",
            [("day 5", f"day {day} 08:00") for day in (10, 11, 8)],
        ),
        ("contact=2", "contact.0", "-1", "contacts", [("day 1",), ("day 3",)]),
        ("", "", "1", "days", []),
        ("", "grace", "", "grace", []),
        ("", "zone", "1", "start", []),
        ("", "contact.0", "1", "contacts", []),
        ("grace=ten", "grace", "1", "grace", []),
    ],
)
def test_what_follows(query: str, hand: str, step: str, field: str, wanted: list[object]):
    assert [getattr(trip, field) for trip in following(Plan.of_query(query), hand, step)] == wanted
