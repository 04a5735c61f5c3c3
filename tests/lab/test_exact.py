"""The exact answer: every pattern of contacts tried, drawn trips beside it, and models that it is not for."""

from datetime import timedelta
from itertools import product

import attrs
import numpy as np
import pytest

from nexuslic.errors import InputError
from nexuslic.lab.counting import Job
from nexuslic.lab.exact import Exact, exact
from nexuslic.lab.model import TripModel
from nexuslic.lab.policies import LabPolicy

Z = 3.8906
"""Half of the interval that holds 9,999 of 10,000, in standard deviations."""
SHORT = TripModel(
    "short",
    ((1, 1.0), (2, 2.0), (6, 1.0), (9, 3.0), (11, 1.0)),
    contact=0.2,
    crew_change=4,
    crew_change_contact=0.3,
    code=0.05,
    windows_7=0.25,
    crew=3,
)
MODELS = {
    "everything without memory": SHORT,
    "contacts": TripModel("contacts", ((12, 1.0),), contact=0.3),
    "no contact": TripModel("none", ((5, 1.0), (9, 1.0))),
    "always contact": TripModel("always", ((9, 1.0),), contact=1.0),
    "codes aboard Windows 7": TripModel("old", ((10, 1.0),), contact=0.9, code=0.2, windows_7=1.0),
}


def granted(model: TripModel, day: int, *, old: bool) -> float:
    """The chance of a grant on a day, from the model's words."""
    none = 1 - model.code
    if not old:
        none *= 1 - model.contact
        if model.crew_change and day % model.crew_change == 0:
            none *= 1 - model.crew_change_contact
    return 1 - none


def every_pattern(model: TripModel, days: int, grace: int) -> tuple[dict[int, float], float]:
    """By trying all patterns of grants: the chance of each first refused day (0: none), and the refused days."""
    first: dict[int, float] = {}
    expected = 0.0
    for old, share in ((False, 1 - model.windows_7), (True, model.windows_7)):
        for pattern in product((False, True), repeat=days - 1):
            grants = [1, *(day for day, has in zip(range(2, days + 1), pattern, strict=True) if has)]
            chances = [granted(model, day, old=old) for day in range(2, days + 1)]
            weight = share
            for has, chance in zip(pattern, chances, strict=True):
                weight *= chance if has else 1 - chance
            refused = [day for day in range(2, days + 1) if day - max(at for at in grants if at < day) > grace]
            first[min(refused, default=0)] = first.get(min(refused, default=0), 0.0) + weight
            expected += weight * len(refused)
    return first, expected


@pytest.mark.parametrize("name", MODELS)
def test_the_exact_answer_is_that_of_every_pattern_of_contacts(name: str):
    found = exact(MODELS[name], (0, 13))
    for place, days in enumerate(found.lengths):
        for grace in range(14):
            first, refused = every_pattern(MODELS[name], days, grace)
            chances = found.first[place, grace]
            assert chances == pytest.approx([first.get(day, 0.0) for day in range(len(chances))], abs=1e-8)
            assert found.refused[place, grace] == pytest.approx(refused, abs=1e-7)


LONG = {
    "hotspots": TripModel("hotspots", ((45, 1.0),), contact=0.03),
    "two words": attrs.evolve(SHORT, lengths=((70, 1.0), (140, 2.0)), contact=0.03, crew_change=28),
}


@pytest.mark.parametrize("name", LONG)
def test_drawn_trips_come_to_the_exact_answer_within_their_interval(name: str):
    many, graces = 20_000, 60
    found, job = exact(LONG[name], (0, graces - 1)), Job(LONG[name], LabPolicy(), 3, graces, True)
    drawn, table = job.count(0, many), found.by_grace()
    for grace in range(graces):
        share = table["share_touched"][grace]
        assert abs(drawn.touched[:, grace].sum() / many - share) <= Z * (share * (1 - share) / many) ** 0.5 + 1e-9
    for grace in (7, 14, 21, 30, 45):
        each = attrs.evolve(job, policy=LabPolicy(grace=grace)).each(0, many)[0]
        assert abs(each.mean() - table["days_refused_per_trip"][grace]) <= Z * each.std() / many**0.5 + 1e-9


def test_shares_of_the_lengths_are_their_weights():
    found = exact(SHORT, (0, 3))
    assert found.lengths == (1, 2, 6, 9, 11)
    assert found.shares == pytest.approx([0.125, 0.25, 0.125, 0.375, 0.125])


def answer() -> Exact:
    return exact(SHORT, (2, 5))


def test_a_row_for_each_grace_that_was_asked_for():
    table = answer().by_grace()
    assert table["grace"].to_list() == [2, 3, 4, 5]
    assert table.columns == [
        *("grace", "share_touched", "days_refused_per_trip", "first_refused_day", "people_days_lost_per_trip"),
    ]
    lost = table["people_days_lost_per_trip"].to_numpy()
    assert lost == pytest.approx(3 * table["days_refused_per_trip"].to_numpy())
    assert table["first_refused_day"].to_list() == [4, 5, 6, 7]


def test_lengths_weigh_up_to_the_whole():
    table, shares = answer().by_length(), answer().shares
    touched = table["share_touched"].to_numpy().reshape(5, 4)
    assert shares @ touched == pytest.approx(answer().by_grace()["share_touched"].to_numpy())
    assert table["length"].unique().sort().to_list() == [1, 2, 6, 9, 11]
    assert table.filter(length=1)["first_refused_day"].to_list() == [None] * 4


def test_survival_ends_at_the_trips_that_are_never_refused():
    curves = answer().survival((2, 4))
    ends = curves.filter(day=11)["share"].to_list()
    touched = answer().by_grace().filter(answer().by_grace()["grace"].is_in([2, 4]))["share_touched"].to_list()
    assert ends == pytest.approx([1 - share for share in touched])
    assert (np.diff(curves.filter(grace=2)["share"].to_numpy()) <= 1e-12).all()
    assert curves.filter(day=1)["share"].to_list() == [1.0, 1.0]


@pytest.mark.parametrize("number", ["restore", "rename", "clock_back", "workstation_clock_back", "extension"])
def test_a_model_with_memory_has_no_exact_answer(number: str):
    model = attrs.evolve(SHORT, **{number: 0.001}, clock_by=((timedelta(days=3), 1.0),))
    with pytest.raises(InputError, match=r"short: .* draw trips instead \(--trips\)"):
        exact(model, (0, 30))
