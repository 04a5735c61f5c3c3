"""Two policies over the same trips: what is counted is what telling each trip under both comes to."""

from pathlib import Path

import attrs
import polars as pl
import pytest

from nexuslic.errors import InputError
from nexuslic.lab import counting, drawn, source
from nexuslic.lab.comparing import TELLING, Comparison, compare
from nexuslic.lab.listed import Listed, tell
from nexuslic.lab.model import model_called
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.told import story_of
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import WhichBinding, WhichClock
from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

EXAMPLE = Path(__file__).parents[2] / "nexuslic" / "lab" / "fleet" / "example.csv"
MODEL = attrs.evolve(
    model_called("north-sea"), restore=0.005, rename=0.005, clock_back=0.005, workstation_clock_back=0.005, contact=0.1
)
MANY = 120
PAIRS = {
    "grace": (LabPolicy(grace=30), LabPolicy("shorter", grace=21)),
    "binding": (LabPolicy(), LabPolicy("identity", rules=Policy(binding=WhichBinding.IDENTITY))),
    "clock": (LabPolicy(grace=21), LabPolicy("workstation", grace=21, rules=Policy(clock=WhichClock.WORKSTATION))),
    "extensions": (LabPolicy(), LabPolicy("none", extensions=False)),
}


def one_by_one(trips: list[Listed], pair: tuple[LabPolicy, LabPolicy]) -> list[tuple[int, int]]:
    days = [tell(trips, policy, policy.grace + 1).refused[:, policy.grace].tolist() for policy in pair]
    return list(zip(*days, strict=True))


def trips_of(kind: str, policy: LabPolicy) -> list[Listed]:
    if kind == "list":
        return list(source.fleet(EXAMPLE))
    return [drawn.listed_of(MODEL, policy, 9, number) for number in range(MANY)]


def compared(kind: str, pair: tuple[LabPolicy, LabPolicy]) -> Comparison:
    return compare(*pair, MODEL if kind == "model" else source.fleet(EXAMPLE), count=MANY, seed=9)


every_pair = pytest.mark.parametrize("pair", PAIRS.values(), ids=list(PAIRS))
either = pytest.mark.parametrize("kind", ["model", "list"])


@either
@every_pair
def test_counts_are_those_of_each_trip_under_both(kind: str, pair: tuple[LabPolicy, LabPolicy]):
    found = compared(kind, pair)
    sides = [one_by_one(trips_of(kind, policy), (policy, policy)) for policy in pair]
    days = [(one[0], other[0]) for one, other in zip(*sides, strict=True)]
    crews = [trip.crew for trip in trips_of(kind, pair[0])]
    assert found.trips == len(days)
    assert (found.both, found.neither) == (
        sum(one > 0 and other > 0 for one, other in days),
        sum(one == other == 0 for one, other in days),
    )
    assert (found.first, found.second) == (
        sum(one > 0 and other == 0 for one, other in days),
        sum(one == 0 and other > 0 for one, other in days),
    )
    assert found.refused == (sum(one for one, _ in days), sum(other for _, other in days))
    assert found.people == tuple(sum(crew * both[at] for crew, both in zip(crews, days, strict=True)) for at in (0, 1))
    order = sorted((-abs(one - other), number) for number, (one, other) in enumerate(days) if one != other)
    assert [one.days for one in found.telling] == [days[number] for _, number in order[:TELLING]]
    assert [one.name for one in found.telling] == [
        trips_of(kind, pair[0])[number].name for _, number in order[:TELLING]
    ]


@either
@every_pair
def test_lengths_add_up_to_the_whole(kind: str, pair: tuple[LabPolicy, LabPolicy]):
    found = compared(kind, pair)
    sums = found.by_length.select(pl.exclude("length").sum()).row(0)
    assert sums == (
        *(found.trips, found.both, found.first, found.second, found.neither),
        *found.refused,
    )
    assert found.by_length["length"].is_sorted()


@either
@every_pair
def test_the_stories_of_telling_trips_pass(kind: str, pair: tuple[LabPolicy, LabPolicy]):
    for one in compared(kind, pair).telling:
        for policy, trip, days in zip(pair, one.trips, one.days, strict=True):
            text = story_of(trip, policy.grace)
            result = run_case(read(text.encode(), one.name).cases[0], SimulatedStage)
            assert result.outcome is Outcome.PASSED and result.checked > 1
            assert (result.tally.refused > 0) == (days > 0)


def test_the_same_policy_twice_changes_nothing():
    found = compare(LabPolicy(), LabPolicy(), MODEL, count=MANY, seed=9)
    assert (found.first, found.second, found.telling) == (0, 0, ())
    assert found.refused[0] == found.refused[1] > 0


def test_policies_change_places():
    pair = PAIRS["grace"]
    one, other = (compare(*both, MODEL, count=MANY, seed=9) for both in (pair, pair[::-1]))
    assert (one.first, one.second, one.both) == (other.second, other.first, other.both)
    assert one.refused == other.refused[::-1]


def test_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch):
    whole, heard = compare(*PAIRS["binding"], MODEL, count=MANY, seed=9), []
    monkeypatch.setattr(counting, "CHUNK", 25)
    parts = compare(*PAIRS["binding"], MODEL, count=MANY, seed=9, progress=lambda done, of: heard.append((done, of)))
    assert heard == [(25, 120), (50, 120), (75, 120), (100, 120), (120, 120)]
    assert parts.by_length.equals(whole.by_length)
    names = [field.name for field in attrs.fields(Comparison) if field.name != "by_length"]
    assert [getattr(parts, name) for name in names] == [getattr(whole, name) for name in names]


def test_a_list_without_a_trip_is_refused():
    with pytest.raises(InputError, match="there is no trip"):
        compare(LabPolicy(), LabPolicy(), (), count=1, seed=1)
