"""A policy as a file: what it may say, what it says by itself, and where it is wrong."""

from datetime import timedelta
from pathlib import Path

import pytest

from nexuslic.errors import InputError
from nexuslic.lab.policies import LabPolicy, changed, parsed, read_policy, span, written
from nexuslic.lab.results import policy_text
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import WhichBinding, WhichClock
from nexuslic.scenario.calendar import duration

HEAD = "policy: Mine\nformat: 1\n"
ALL = """grace: 21
extensions: no
warn_from: 5
clock_tolerance: 1d 12h
setback_charge: 7h 30m
seat_timeout: 5m
contact_timeout: 9s
clock: workstation
binding: identity
"""


def read(lines: str = "", head: str = HEAD) -> LabPolicy:
    return parsed(f"{head}{lines}".encode(), "mine.yaml")


def test_a_title_alone_is_the_documented_policy():
    assert read() == LabPolicy("Mine") == LabPolicy("Mine", 30, True, Policy())


def test_every_knob_is_read():
    rules = Policy(
        warn_from=5,
        clock_tolerance=timedelta(hours=36),
        setback_charge=timedelta(hours=7, minutes=30),
        seat_timeout=timedelta(minutes=5),
        contact_timeout=timedelta(seconds=9),
        clock=WhichClock.WORKSTATION,
        binding=WhichBinding.IDENTITY,
    )
    assert read(ALL) == LabPolicy("Mine", 21, False, rules)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("grase: 30", "mine.yaml:3:1: `grase` is no key here"),
        ("grace:", "mine.yaml:3:1: `grace` has no value"),
        ("grace: -1", "mine.yaml:3:8: "),
        ("grace: 36501", "mine.yaml:3:8: "),
        ("grace: a month", "mine.yaml:3:8: "),
        ("extensions: perhaps", "mine.yaml:3:13: "),
        ("clock: mine", "mine.yaml:3:8: "),
        ("binding: name", "mine.yaml:3:10: "),
        ("clock_tolerance: long", "mine.yaml:3:18: "),
        ("grace: 1\ngrace: 2", "mine.yaml:4:1: "),
    ],
)
def test_what_is_wrong_is_said_with_its_place(lines: str, said: str):
    with pytest.raises(InputError) as caught:
        read(f"{lines}\n")
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("format: 1\n", "`policy` is missing"),
        ("policy: Mine\n", "`format` is missing"),
        ("policy: Mine\nformat: 7\n", "mine.yaml:2:9: "),
        ("policy: {\n", "mine.yaml:"),
        ("", "mine.yaml"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(head: str, said: str):
    with pytest.raises(InputError, match=said):
        read("", head)


def test_a_file_that_is_not_there_or_a_folder_is_said_so(tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.yaml: it cannot be read: No such file"):
        read_policy(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="it cannot be read"):
        read_policy(tmp_path)


def test_a_file_is_read(tmp_path: Path):
    path = tmp_path / "p.yaml"
    path.write_text(HEAD + ALL, "utf-8")
    assert read_policy(path) == read(ALL)


def test_what_differs_from_the_documented_rules_is_told_as_stories_write_it():
    rules = read(ALL).rules
    assert changed(Policy()) == {} and written(Policy()) == []
    assert changed(rules) == {
        "warn_from": "5",
        "clock_tolerance": "1d 12h",
        "setback_charge": "7h 30m",
        "seat_timeout": "5m",
        "contact_timeout": "9s",
        "clock": "workstation",
        "binding": "identity",
    }
    assert written(Policy(binding=WhichBinding.IDENTITY)) == ["  policy: {binding: identity}"]


@pytest.mark.parametrize("policy", [LabPolicy(), read(ALL), LabPolicy("the captain's: 9", 0, False)])
def test_a_policy_that_is_written_reads_back_as_the_same(policy: LabPolicy):
    assert parsed(policy_text(policy).encode(), "written") == policy


@pytest.mark.parametrize("text", ["3d", "1d 12h", "7h 30m", "59s", "400d 1h 1m 1s"])
def test_a_span_is_written_as_it_is_read(text: str):
    assert span(duration(text)) == text


def test_no_time_is_written_too():
    assert span(timedelta(0)) == "0m" and duration("0m") == timedelta(0)
