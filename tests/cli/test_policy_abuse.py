"""`nexuslic policy abuse`: what it says, what it writes, and what it refuses."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from nexuslic.cli import main
from nexuslic.cli.policy.abuse import abuse
from nexuslic.errors import InputError

Call = Callable[..., str]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command in an empty folder: what it printed."""
    monkeypatch.chdir(tmp_path)

    def called(*args: str) -> str:
        capsys.readouterr()
        assert abuse.main(list(args), standalone_mode=False, help_option_names=["-h", "--help"]) == 0
        return capsys.readouterr().out

    return called


def test_the_answer_begins_with_plain_words(call: Call):
    first = call().splitlines()[0]
    assert first == (
        "With 30 days of grace and 8 hours of work a day, "
        "a cheat who moves the clock runs at most 90 days after the last grant: three times the grace."
    )


def test_every_cheat_has_its_row(call: Call):
    rows = call("--grace", "7").splitlines()[3:]
    assert len(rows) == 8
    assert [row.split("  ")[0] for row in rows[:2]] == [
        "leaves everything alone",
        "sets the clock back within the tolerance each day",
    ]


def test_json_has_none_for_without_end(call: Call):
    told = json.loads(call("--hours", "24", "--json"))
    assert {one["days"] for one in told["cheats"]} == {30, None}
    assert (told["grace"], told["hours"]) == (30, 24)


def test_csv_has_a_line_for_each_cheat(call: Call):
    rows = list(csv.DictReader(io.StringIO(call("--csv"))))
    assert [row["days"] for row in rows] == ["30", "90", "90", "90", "", "", "", ""]


def test_the_policy_in_a_file_is_judged(call: Call, tmp_path: Path):
    (tmp_path / "strict.yaml").write_text("policy: strict\nformat: 1\ngrace: 10\nclock_tolerance: 1h\n")
    told = json.loads(call("strict.yaml", "--json"))
    assert [one["days"] for one in told["cheats"][:3]] == [10, 10, 30]


def test_the_stories_are_written_and_pass(call: Call, tmp_path: Path):
    assert "5 stories in shown: nexuslic run shown" in call("--grace", "5", "--save", "shown")
    assert main(["run", str(tmp_path / "shown")]) == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--hours", "0"), "1 to 24 hours"),
        (("--hours", "25"), "1 to 24 hours"),
        (("--grace", "-1"), "grace is 0 to"),
        (("--json", "--csv"), "exclude each other"),
        (("none.yaml",), "it cannot be read"),
        (("--save", "taken"), "this cannot be made a folder"),
    ],
)
def test_bad_input_is_one_clear_error(call: Call, tmp_path: Path, args: tuple[str, ...], said: str):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InputError, match=said):
        call(*args)


def test_hours_are_whole(call: Call):
    with pytest.raises(click.ClickException, match="not a valid integer"):
        call("--hours", "half")
