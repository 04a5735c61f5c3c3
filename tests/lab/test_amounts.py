"""Numbers are told with no digit more than they can bear, and nearly all is never said to be all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.lab import amounts


def plain(text: str) -> str:
    return text.replace(amounts.SPACE, " ")


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "0"),
        (12_345, "12,345"),
        (999_999, "999,999"),
        (1_000_000, "1 million"),
        (1_234_567, "1.23 million"),
        (136_000_000, "136 million"),
        (10**10, "10 billion"),
        (10**12, "1 trillion"),
    ],
)
def test_a_count_is_a_figure_or_a_word(number, told):
    assert plain(amounts.count(number)) == told


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (0, "0 %"),
        (1e-9, "under 0.001 %"),
        (0.00042, "0.042 %"),
        (0.0234, "2.3 %"),
        (0.05, "5 %"),
        (0.234, "23 %"),
        (0.904, "90.4 %"),
        (0.9997, "99.97 %"),
        (0.99999999, "over 99.999 %"),
        (1, "100 %"),
    ],
)
def test_a_share_has_two_digits_that_count(part, told):
    assert plain(amounts.share(part)) == told


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_some_is_never_said_to_be_none_and_nearly_all_never_to_be_all(part):
    assert plain(amounts.share(part)) not in ("0 %", "100 %")


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0"), (0.0004, "under 0.001"), (0.42, "0.42"), (4.2, "4.2"), (9.96, "10"), (13.2, "13"), (1234.5, "1,234")],
)
def test_a_mean_has_two_digits_that_count(value, told):
    assert amounts.mean(value) == told


@pytest.mark.parametrize(
    ("number", "told"), [(1, "1 day"), (1.0, "1 day"), (0.42, "0.42 days"), (0, "0 days"), (1200, "1,200 days")]
)
def test_days_agree_with_their_number(number, told):
    assert plain(amounts.days(number)) == told


@pytest.mark.parametrize(
    ("numbers", "told"), [([30], "30"), ([3, 7, 9, 10, 11], "3, 7 and 9 to 11"), (list(range(15, 30)), "15 to 29")]
)
def test_neighbours_are_told_as_a_span(numbers, told):
    assert amounts.spans(numbers) == told
