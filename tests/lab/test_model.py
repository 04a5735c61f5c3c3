"""A trip model: read from its file whole, or refused at its place; changed by its numbers; written as it is read."""

from datetime import timedelta
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.errors import InputError
from nexuslic.lab import amounts
from nexuslic.lab.model import (
    MOST_DAYS,
    TripModel,
    built_in,
    in_words,
    model_called,
    parsed,
    read_model,
    shown,
    text_of_model,
    with_numbers,
    written,
)

HEAD = "model: Mine\nformat: 1\nlengths: {45: 1}\n"


def read(lines: str = "", head: str = HEAD) -> TripModel:
    return parsed(f"{head}{lines}\n".encode(), "mine.yaml")


def refused(lines: str, head: str = HEAD) -> str:
    with pytest.raises(InputError) as caught:
        read(lines, head)
    return str(caught.value)


# -- reading ------------------------------------------------------------------------------------------------------


def test_what_a_file_leaves_out_does_not_happen():
    model = read()
    assert model == TripModel("Mine", ((45, 1.0),))
    assert model.memoryless and model.days == 45


def test_every_number_is_read():
    model = read(
        "contact: 3 %\ncrew_change: 28\ncrew_change_contact: 0.5\ncode: 1 in 500\nrestore: 0.001\nrename: 0.002\n"
        "clock_back: 0.003\nworkstation_clock_back: 0.004\nclock_by: {2h: 3, 1d 12h: 1}\nwindows_7: 5%\n"
        "extension: 10 %\nextension_days: 14\nworkstations: 3\ncrew: 31",
        "model: Mine\nformat: 1\nlengths: {56: 2, 45: 0.5}\n",
    )
    assert model == TripModel(
        "Mine",
        ((56, 2.0), (45, 0.5)),
        *(0.03, 28, 0.5, 0.002, 0.001, 0.002, 0.003, 0.004),
        ((timedelta(hours=2), 3.0), (timedelta(hours=36), 1.0)),
        *(0.05, 0.1, 14, 3, 31),
    )
    assert model.days == 56 and not model.memoryless


@pytest.mark.parametrize(
    ("text", "chance"),
    [
        *(("0", 0.0), ("1", 1.0), ("0.02", 0.02), ("2 %", 0.02), ("2%", 0.02), ("1 in 50", 0.02), ("100 %", 1.0)),
        *(("1e-3", 0.001), ("0.5 %", 0.005), ("1 in 2000", 0.0005), ("1 in 1.5", 1 / 1.5), ("1 in 1", 1.0)),
    ],
)
def test_a_chance_has_several_spellings(text: str, chance: float):
    assert read(f"contact: {text}").contact == pytest.approx(chance)
    assert with_numbers(TripModel("x", ((9, 1.0),)), (f"contact={text}",)).contact == pytest.approx(chance)


@pytest.mark.parametrize("text", ["often", "-0.1", "2 in 50", "1 in", "0,02", ".5", "nan", "inf", "1/50"])
def test_what_is_no_chance_is_refused(text: str):
    assert refused(f"contact: {text}").startswith(f"mine.yaml:4:10: `{text}` is no chance")


@pytest.mark.parametrize("text", ["1.01", "101 %", "1 in 0", "1 in 0.5", "2"])
def test_nothing_is_more_than_certain(text: str):
    assert f"mine.yaml:4:10: `{text}` is more than certain" in refused(f"contact: {text}")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("contct: 0.1", "mine.yaml:4:1: `contct` is no key here"),
        ("contact:", "mine.yaml:4:1: `contact` has no value"),
        ("contact: [0.1]", "mine.yaml:4:10: expected a chance"),
        ("crew_change: -1", "mine.yaml:4:14: "),
        ("crew_change: 367", "mine.yaml:4:14: "),
        ("crew: 0", "mine.yaml:4:7: "),
        ("workstations: 51", "mine.yaml:4:15: "),
        ("workstations: some", "mine.yaml:4:15: "),
        ("clock_by: 3d", "mine.yaml:4:11: expected spans with weights"),
        ("clock_by: {}", "mine.yaml:4:11: expected spans with weights"),
        ("clock_by: {often: 1}", "mine.yaml:4:12: `often` is no duration"),
        ("clock_by: {3d: no}", "mine.yaml:4:16: `no` is no weight"),
        ("clock_by: {3d: 0}", "mine.yaml:4:16: `0` is no weight"),
        ("clock_by: {3d: nan}", "mine.yaml:4:16: `nan` is no weight"),
        ("clock_by: {3d: -1}", "mine.yaml:4:16: `-1` is no weight"),
        ("restore: 0.6\nrename: 0.5", "mine.yaml: restore, rename, clock_back and workstation_clock_back together"),
        ("contact: 0.1\ncontact: 0.2", "mine.yaml:5:1: "),
    ],
)
def test_what_is_wrong_is_said_with_its_place(lines: str, said: str):
    assert refused(lines).startswith(said)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("format: 1\nlengths: {45: 1}", "`model` is missing"),
        ("model: Mine\nlengths: {45: 1}", "`format` is missing"),
        ("model: Mine\nformat: 1", "`lengths` is missing"),
        ("model: Mine\nformat: 2\nlengths: {45: 1}", "mine.yaml:2:9: "),
        ("model: Mine\nformat: 1\nlengths: {0: 1}", "mine.yaml:3:11: "),
        (f"model: Mine\nformat: 1\nlengths: {{{MOST_DAYS + 1}: 1}}", "mine.yaml:3:11: "),
        ("model: Mine\nformat: 1\nlengths: 45", "mine.yaml:3:10: expected lengths with weights"),
        ("model: Mine\nformat: 1\nlengths: {45: many}", "mine.yaml:3:15: `many` is no weight"),
        ("model: [", "mine.yaml:"),
        ("", "mine.yaml"),
    ],
)
def test_a_file_that_is_no_model_is_refused(head: str, said: str):
    assert said in refused("", head)


def test_a_misspelt_number_has_its_nearest_name():
    assert "contact" in refused("contakt: 0.1").split("\n", 1)[1]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path):
    path = tmp_path / "none.yaml"
    with pytest.raises(InputError, match=r"none\.yaml: it cannot be read: No such file"):
        read_model(path)
    with pytest.raises(InputError, match=r"none\.yaml: it cannot be read"):
        model_called(str(path))


# -- those that come with nexuslic --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", built_in())
def test_a_built_in_model_reads_and_is_found_as_a_file_too(name: str, tmp_path: Path):
    path = tmp_path / f"{name}.yaml"
    path.write_text(text_of_model(name), "utf-8")
    assert model_called(name) == model_called(str(path)) == read_model(path)


def test_the_built_in_models_have_names_and_titles_of_their_own():
    assert built_in() == ("deep-sea", "hotspots", "north-sea", "platform")
    assert len({model_called(name).title for name in built_in()}) == 4


def test_a_misspelt_model_has_its_nearest_name():
    with pytest.raises(InputError, match=r"there is no model `north-see`: .*north-sea.* ends in \.yaml"):
        model_called("north-see")


# -- changing numbers ---------------------------------------------------------------------------------------------


def test_numbers_are_changed_one_by_one():
    model = with_numbers(model_called("hotspots"), ("contact=5 %", "crew = 12", "lengths={28: 1, 35: 2}"))
    assert (model.contact, model.crew, model.lengths) == (0.05, 12, ((28, 1.0), (35, 2.0)))
    assert model.title == model_called("hotspots").title


def test_the_last_of_two_changes_stands():
    assert with_numbers(model_called("hotspots"), ("contact=0.1", "contact=0.2")).contact == 0.2
    assert with_numbers(model_called("hotspots"), ("model=Other",)).title == "Other"


def test_without_changes_a_model_is_what_it_is():
    assert with_numbers(model_called("hotspots"), ()) is not None
    assert with_numbers(model_called("hotspots"), ()) == model_called("hotspots")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("contact", "--set contact: write a number of the model and its value, such as contact=0.05"),
        ("contact=often", "--set contact=often:1:10: `often` is no chance"),
        ("contakt=0.1", "--set contakt=0.1:1:1: `contakt` is no key here"),
        ("contact=", "--set contact=:1:1: `contact` has no value"),
        ("restore=0.999", ""),
        ("=3", "--set =3"),
    ],
)
def test_a_change_that_is_none_is_refused(text: str, said: str):
    settings = (text, "rename=0.5") if text.startswith("restore") else (text,)
    with pytest.raises(InputError) as caught:
        with_numbers(model_called("hotspots"), settings)
    assert str(caught.value).startswith(said or "--set: restore, rename")


# -- writing ------------------------------------------------------------------------------------------------------

CHANCES = st.floats(0, 0.25, allow_nan=False, allow_subnormal=False).map(lambda value: round(value, 9))
WEIGHTS = st.integers(1, 99).map(float)
MODELS = st.builds(
    TripModel,
    title=st.text("abc '\"#:{}-é", min_size=1, max_size=12).map(lambda text: f"M{text}".strip()),
    lengths=st.dictionaries(st.integers(1, MOST_DAYS), WEIGHTS, min_size=1, max_size=4).map(lambda d: tuple(d.items())),
    contact=CHANCES,
    crew_change=st.integers(0, 60),
    crew_change_contact=CHANCES,
    code=CHANCES,
    restore=CHANCES,
    rename=CHANCES,
    clock_back=CHANCES,
    workstation_clock_back=CHANCES,
    clock_by=st.dictionaries(
        st.integers(1, 10**8).map(lambda seconds: timedelta(seconds=seconds)), WEIGHTS, min_size=1, max_size=3
    ).map(lambda d: tuple(d.items())),
    windows_7=CHANCES,
    extension=CHANCES,
    extension_days=st.integers(0, 400),
    workstations=st.integers(1, 50),
    crew=st.integers(1, 10_000),
)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(MODELS)
def test_what_is_written_reads_back_as_the_same(model: TripModel):
    assert parsed(written(model).encode(), "written") == model


@pytest.mark.parametrize("name", built_in())
def test_a_built_in_model_is_written_as_it_is_read(name: str):
    assert parsed(written(model_called(name)).encode(), "written") == model_called(name)
    assert set(shown(model_called(name))) == {field.name for field in attrs.fields(TripModel)} - {"title"}


def test_numbers_are_told_in_words_and_those_that_say_nothing_are_left_out():
    told = in_words(model_called("hotspots"))
    assert told["contact"] == f"3{amounts.SPACE}%"
    assert told["lengths"] == f"45{amounts.SPACE}days (100{amounts.SPACE}%)"
    assert not {"clock_by", "extension_days", "crew_change", "workstation_clock_back"} & set(told)
    told = in_words(model_called("north-sea"))
    assert told["crew_change"] == f"28{amounts.SPACE}days"
    assert f"3d (30{amounts.SPACE}%)" in told["clock_by"]
