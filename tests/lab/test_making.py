"""A report's content: its numbers are the sweep's, its words say what it rests on."""

import re
from pathlib import Path

import attrs
import pytest

from nexuslic.lab import counting, source
from nexuslic.lab.counting import Job, silent
from nexuslic.lab.listed import tell
from nexuslic.lab.model import TripModel, built_in, model_called
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.report import page
from nexuslic.lab.report.content import Content
from nexuslic.lab.report.making import Wish, assumptions, make
from nexuslic.lab.sweeping import Sweep, sweep
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import WhichBinding
from nexuslic.scenario.read import read
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "nexuslic" / "lab" / "fleet" / "example.csv"
MODEL = attrs.evolve(model_called("platform"), contact=0.1, restore=0.002)
POLICY = LabPolicy("shorter", grace=14, extensions=False, rules=Policy(binding=WhichBinding.IDENTITY))
MANY = 1500


def wished(trips: object, words: str, policy: LabPolicy = POLICY, graces: tuple[int, int] = (0, 40)) -> Content:
    return make(Wish(trips, words, policy, graces, MANY, 5, "the command"), counting.here, silent)  # type: ignore[arg-type]


def swept(trips: object, graces: tuple[int, int] = (0, 40)) -> Sweep:
    return sweep(trips, policy=POLICY, graces=graces, count=MANY, seed=5, full=True)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def of_model() -> Content:
    """A report on trips of a model."""
    return wished(MODEL, "model platform")


@pytest.fixture(scope="module")
def of_list() -> Content:
    """A report on the example's trips."""
    return wished(source.fleet(EXAMPLE), "example.csv")


@pytest.fixture(scope="module")
def of_stories() -> Content:
    """A report on shipped stories, some of which only the simulation tells."""
    return wished(source.stories(ROOT / "scenarios" / "seats"), "scenarios/seats", graces=(0, 2))


SOURCES = {"of_model": MODEL, "of_list": source.fleet(EXAMPLE)}


@pytest.mark.parametrize("name", SOURCES)
def test_the_tables_are_those_of_the_sweep(name: str, request: pytest.FixtureRequest):
    content, answer = request.getfixturevalue(name), swept(SOURCES[name])
    assert content.trips == answer.trips
    assert content.by_grace.equals(answer.by_grace())
    assert content.by_length.equals(answer.by_length())
    assert content.left.equals(answer.left())
    assert content.survival.equals(answer.survival([7, 14, 21, 30]))


@pytest.mark.parametrize("name", SOURCES)
def test_the_page_shows_the_numbers_of_the_sweep(name: str, request: pytest.FixtureRequest):
    content, answer = request.getfixturevalue(name), swept(SOURCES[name])
    text = page(content)
    row = answer.by_grace().row(14, named=True)
    assert f"{row['trips_touched']:,} of {row['trips']:,} trips" in content.answer.replace("\u00a0", " ")
    assert content.answer in text
    assert f"{row['days_refused']:,}" in text
    assert len(text.encode()) < 600_000 and "<script" not in text


def test_a_hotspot_of_a_model_is_counted_for_each_day(of_model: Content):
    table = of_model.hotspot
    assert table["day"].to_list() == [0, *range(2, 36)]
    for day in (0, 8, 35):
        tally = Job(MODEL, POLICY, 5, 15, hotspot=day).count(0, MANY)
        row = table.filter(day=day).row(0, named=True)
        assert (row["trips_touched"], row["days_refused"]) == (tally.touched[:, 14].sum(), tally.refused[:, 14].sum())
        assert row["share_touched"] == row["trips_touched"] / MANY


def test_a_hotspot_of_a_list_is_told_for_each_day(of_list: Content):
    trips = source.fleet(EXAMPLE)
    for day in (2, 20, 70):
        refused = tell([one.with_contact(day) for one in trips], POLICY, 15).refused[:, 14]
        row = of_list.hotspot.filter(day=day).row(0, named=True)
        assert (row["trips"], row["trips_touched"], row["days_refused"]) == (12, (refused > 0).sum(), refused.sum())


@pytest.mark.parametrize("name", SOURCES)
def test_the_worst_trips_are_told_with_stories_that_pass(name: str, request: pytest.FixtureRequest):
    content, answer = request.getfixturevalue(name), swept(SOURCES[name])
    days = [int(days) for days, _ in answer.tally.worst[:5]]
    assert len(content.worst) == 5
    for one, refused in zip(content.worst, days, strict=True):
        result = run_case(read(one.story.encode(), one.title).cases[0], SimulatedStage)
        assert result.outcome is Outcome.PASSED and result.tally.refused >= refused
        assert len(one.strip) == result.case.calendar.day(result.case.ends)
        assert one.sentence[0].isdigit() and one.sentence.endswith(".")


def test_the_worst_trips_of_a_model_have_their_numbers(of_model: Content):
    numbers = [int(number) for _, number in swept(MODEL).tally.worst[:5]]
    assert [one.title for one in of_model.worst] == [f"Trip {number} of seed 5" for number in numbers]


def test_the_policy_stands_there_with_its_knobs(of_model: Content):
    assert of_model.policy == (
        ("title", "shorter"),
        ("grace", "14\u00a0days"),
        ("extensions", "never"),
        ("binding", "identity"),
        ("all other rules", "as documented, but for what stands above"),
    )
    assert of_model.grace == 14
    assert of_model.command == "the command"


def test_the_policys_own_grace_is_always_among_those_that_are_shown():
    content = wished(MODEL, "model", graces=(20, 25))
    assert content.by_grace["grace"].to_list() == list(range(14, 26))


def test_stories_are_reported_with_how_many_were_simulated(of_stories: Content):
    assert of_stories.hotspot.is_empty()
    rows = {one.name: one.value for one in of_stories.assumptions}
    assert int(rows["told by the simulation"]) == of_stories.trips
    assert re.search("<html", page(of_stories))


def test_of_a_list_it_is_said_which_one(of_list: Content):
    assert of_list.sampled == "those of example.csv, each told as it is written"
    assert [(one.name, one.value) for one in of_list.assumptions] == [("the trips", "12")]


def test_cheats_are_those_of_the_policy(of_model: Content):
    assert {one.days for one in of_model.cheats} >= {14}


# -- assumptions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", built_in())
def test_each_number_of_a_built_in_model_has_its_source(name: str):
    rows = assumptions(model_called(name))
    assert rows and all(one.source != "given by whoever asked" for one in rows)
    assert len({one.name for one in rows}) == len(rows)


def test_a_number_that_was_changed_is_given_by_whoever_asked():
    rows = {one.name: one.source for one in assumptions(MODEL)}
    assert list(rows.values()).count("given by whoever asked") == 2


def test_a_model_of_ones_own_has_no_other_source():
    rows = assumptions(TripModel("my own", ((9, 1.0),), contact=0.1))
    assert {one.source for one in rows} == {"given by whoever asked"}
