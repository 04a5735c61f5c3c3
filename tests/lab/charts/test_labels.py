"""Labels stand at the ends of their curves, and none over another."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nexuslic.lab.charts.labels import some_of, spread

ENDS = st.lists(st.floats(0, 1), min_size=1, max_size=7)


@given(ENDS)
def test_no_label_stands_over_another(ends):
    places = sorted(spread(ends, 0.06, 0, 1))
    assert all(two - one >= 0.06 - 1e-9 for one, two in pairwise(places))


@given(ENDS)
def test_labels_that_fit_stay_inside(ends):
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in spread(ends, 0.06, 0, 1))


@given(ENDS)
def test_labels_keep_the_order_of_their_curves(ends):
    places = spread(ends, 0.06, 0, 1)
    assert all(places[a] > places[b] for a, x in enumerate(ends) for b, y in enumerate(ends) if x > y)


def test_labels_far_apart_stand_at_their_ends():
    assert spread([0.1, 0.9, 0.5], 0.06, 0, 1) == [0.1, 0.9, 0.5]


@given(st.sets(st.integers(0, 365), min_size=1), st.integers(2, 13), st.data())
def test_of_many_numbers_some_are_shown_and_the_one_looked_at_always(numbers, most, data):
    always = data.draw(st.sampled_from(sorted(numbers)))
    shown = some_of(list(numbers), always, most)
    assert always in shown and len(shown) <= most and set(shown) <= numbers and shown == sorted(shown)


def test_few_numbers_are_all_shown():
    assert some_of([3, 1, 2, 2], None, 7) == [1, 2, 3]
