"""What the fields of the lab mean: trips, a policy, a count, or what is wrong at which of them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.lab.listed import Listed
from nexuslic.lab.model import model_called
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules.policy import Policy
from nexuslic.web.lab import choice, fields, texts, tools
from nexuslic.web.lab.bench import Kind
from nexuslic.web.lab.choice import YOURS, Given

FIRST = choice.beginning()
FLEET = Given("fleet.csv", (Listed("one", "Aurora", 7, 14), Listed("two", "", 1, 35)))


def test_at_first_the_documented_policy_is_asked_of_the_north_sea():
    asked, wrong = choice.question(FIRST, None)
    assert asked is not None and wrong == {}
    assert (asked.trips, asked.policy, asked.graces) == (model_called("north-sea"), LabPolicy(), (0, 90))
    assert asked.words == "model North Sea survey projects" and asked.number == 1_000_000


def test_a_number_that_is_changed_is_one_of_the_model_and_of_the_command():
    asked, _ = choice.question({**FIRST, "n.contact": "1 in 20", "count": "1,000"}, None)
    assert asked is not None and asked.trips.contact == 0.05
    assert asked.command == (
        "nexuslic policy report --model north-sea --set 'contact=1 in 20' --trips 1000 --seed 1 --grace 0..90 "
        "--out report.html"
    )


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("n.contact", "often", "`often` is no chance: write 0.02, 2 % or 1 in 50"),
        ("n.lengths", "{", ""),
        ("n.restore", "100 %", "together are more than certain"),
        ("p.grace", "-1", "0 to 3650"),
        ("p.clock", "sundial", "`sundial` is not known here"),
        ("p.clock_tolerance", "long", ""),
        ("p.grace", "30\nextensions: no", "0 to 3650"),
        ("count", "0", "from 1 to"),
        ("count", "many", "from 1 to"),
        ("seed", "x", "0 or more"),
        ("graces", "90..0", "0..90"),
        ("graces", "40..90", "the policy's grace is 30"),
        ("trips", "nowhere", "choose one"),
        ("trips", YOURS, "choose one"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field: str, typed: str, said: str):
    asked, wrong = choice.question({**FIRST, field: typed}, None)
    assert asked is None and list(wrong) == [field] and wrong[field] and said in wrong[field]


def test_all_that_is_wrong_is_said_at_once():
    _, wrong = choice.question({**FIRST, "n.contact": "x", "p.grace": "y", "seed": "z"}, None)
    assert set(wrong) == {"n.contact", "p.grace", "seed"}


def test_a_policy_is_named_by_what_differs():
    policy = LabPolicy("", 14, False, Policy(clock_tolerance=timedelta(hours=1)))
    assert choice.titled(policy).title == "grace 14, clock tolerance 1h, no extensions"


def test_a_list_has_neither_count_nor_seed():
    asked, wrong = choice.question({**FIRST, "trips": YOURS, "count": "nonsense"}, FLEET)
    assert asked is not None and wrong == {} and asked.number == 2 and not asked.exactly
    assert asked.command == "nexuslic policy report fleet.csv --grace 0..90 --out report.html"


def test_a_model_without_memory_needs_no_drawing_unless_somebody_says_how_many():
    first = {**FIRST, "trips": "hotspots", **choice.numbers_typed(model_called("hotspots"))}
    exactly = [choice.question({**first, "count": count}, None)[0] for count in ("", "100")]
    assert [asked is not None and asked.exactly for asked in exactly] == [True, False]


@given(st.integers(0, 10**18), st.sampled_from(["{:,}", "{}"]), st.sampled_from([",", ".", "\u00a0", "'", " "]))
def test_a_number_is_read_as_people_write_it(number: int, form: str, between: str):
    assert choice.whole(form.format(number).replace(",", between)) == number


@given(st.text())
def test_no_text_breaks_a_field(text: str):
    asked, wrong = choice.question(dict.fromkeys(FIRST, text), None)
    assert asked is None and wrong


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"most": "little"}, "most"),
        ({"most": "200 %"}, "most"),
        ({"most": "1 %", "target": "refused days"}, "most"),
        ({"target": "needless warnings"}, "knob"),
        ({"knob": "warn_from"}, "knob"),
        ({"within": "9..1"}, "within"),
    ],
)
def test_a_target_that_cannot_be_is_said_at_its_field(changed: dict[str, str], field: str):
    asked, wrong = choice.question(FIRST, None)
    assert asked is not None
    assert tools.work_of(Kind.FIND, asked, {**FIRST, **changed}, wrong) is None and list(wrong) == [field]


@pytest.mark.parametrize("hours", ["0", "25", "all", ""])
def test_a_day_of_work_has_1_to_24_hours(hours: str):
    asked, wrong = choice.question(FIRST, None)
    assert asked is not None
    assert tools.work_of(Kind.ABUSE, asked, {"hours": hours}, wrong) is None and wrong == {"hours": texts.HOURS_WRONG}


def test_each_number_of_a_model_stands_with_its_source():
    found = fields.values(FIRST, None, {})["numbers"]
    assert [one.name for one in found] == [f"n.{name}" for name in choice.NUMBERS]
    assert all(one.about and one.label for one in found)
    assert next(one for one in found if one.name == "n.contact").link.startswith("https://")
