"""Bad input of the policy lab: one clear error, with row and column where there is one, and nothing half written."""

import os
from pathlib import Path
from typing import Any

import pytest

from nexuslic.lab.cluster.counter import Cluster
from tests.cli.conftest import Policy

HEAD = "vessel,departure,return,zone,contacts\n"
COMMANDS = {
    "sweep": ("sweep",),
    "find": ("find", "--refused-trips", "<= 1%"),
    "compare": ("compare", "a.yaml", "b.yaml"),
    "report": ("report", "--out", "new.html"),
}
LISTS = {
    "return before departure": ("A,2026-03-20,2026-03-02,UTC,\n", 'row 2, column "return"', "before the departure"),
    "overlapping": (
        "A,2026-03-02,2026-03-20,UTC,\nA,2026-03-15,2026-03-30,UTC,\n",
        'row 3, column "departure"',
        "before it is back from the trip of row 2",
    ),
    "unknown zone": ("A,2026-03-02,2026-03-20,Europe/Lundon,\n", 'row 2, column "zone"', "Europe/London"),
    "a contact outside": ("A,2026-03-02,2026-03-20,UTC,day 40\n", 'row 2, column "contacts"', "outside"),
    "no date": ("A,soon,2026-03-20,UTC,\n", 'row 2, column "departure"', "soon"),
    "no trip": ("", "", "there is no trip in it"),
}


def refused(done: Any) -> str:
    """What was said, of a command that refused its input in one error."""
    assert (done.status, done.out) == (2, "")
    assert "Traceback" not in done.err and "broke" not in done.err
    assert done.err.count("rror: ") == 1
    return str(done.err)


def untouched() -> bool:
    """Whether nothing new stands in the folder."""
    return {path.name for path in Path().iterdir()} <= {"a.yaml", "b.yaml", "trips.csv", "bad.csv"}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
@pytest.mark.parametrize(("rows", "where", "what"), LISTS.values(), ids=list(LISTS))
def test_a_list_is_refused_by_row_and_column(
    policy: Policy, command: tuple[str, ...], rows: str, where: str, what: str
):
    Path("bad.csv").write_text(HEAD + rows, "utf-8")
    said = refused(policy(*command, "bad.csv"))
    assert "bad.csv" in said and where in said and what in said
    assert untouched()


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("vessel,departure\nA,2026-03-02\n", "return"),
        ("departure,retrun\n2026-03-02,2026-03-20\n", "return"),
        ("departure,return,contcts\n2026-03-02,2026-03-20,day 3\n", "contacts"),
    ],
    ids=["missing", "misspelt", "nearly"],
)
def test_a_column_that_is_missing_or_misspelt_has_its_nearest_name(
    policy: Policy, command: tuple[str, ...], head: str, said: str
):
    Path("bad.csv").write_text(head, "utf-8")
    assert said in refused(policy(*command, "bad.csv"))
    assert untouched()


ASKED = {
    "neither list nor model": ((), "name either a list of trips or --model: the built-in models are deep-sea, "),
    "both": (("trips.csv", "--model", "north-sea"), "name either a list of trips or --model"),
    "no such file": (("none.csv",), "none.csv: there is no such file, and no such model"),
    "no such model": (("--model", "north-see"), "there is no model `north-see`: "),
    "no trips": (("--model", "north-sea", "--trips", "0"), "--trips 0: there has to be at least one"),
    "fewer than none": (("--model", "north-sea", "--trips", "-5"), "--trips -5: there has to be at least one"),
    "no number": (("--model", "north-sea", "--trips", "many"), "'many' is not a valid integer"),
    "a list is told as it is": (("trips.csv", "--trips", "9"), "--set and --trips go with a model"),
    "a list has no numbers": (("trips.csv", "--set", "crew=3"), "--set and --trips go with a model"),
    "no such number": (("--model", "north-sea", "--set", "contakt=1"), "`contakt` is no key here"),
    "no chance": (("--model", "north-sea", "--set", "contact=often"), "`often` is no chance"),
    "no seed": (("--model", "north-sea", "--seed", "-1"), "--seed -1: a seed is 0 to "),
    "no picture of a file": (("rules.txt",), "rules.txt: there is no such file"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
@pytest.mark.parametrize(("args", "said"), ASKED.values(), ids=list(ASKED))
def test_what_cannot_be_asked_is_refused(policy: Policy, command: tuple[str, ...], args: tuple[str, ...], said: str):
    assert said in refused(policy(*command, *args))
    assert untouched()


@pytest.mark.parametrize("command", [COMMANDS["sweep"], COMMANDS["report"]], ids=["sweep", "report"])
@pytest.mark.parametrize(
    ("graces", "said"),
    [
        ("40..3", "grace 40..3: this range runs backwards: write 3..40"),
        ("0..3651", "grace 0..3651: a grace has 0 to 3650 days"),
        ("some", "`some` is no range of days: write 0..90"),
        ("-3..5", "`-3..5` is no range of days"),
        ("3-5", "`3-5` is no range of days"),
        ("0..", "`0..` is no range of days"),
    ],
)
def test_a_range_of_grace_that_is_none_is_refused(policy: Policy, command: tuple[str, ...], graces: str, said: str):
    assert said in refused(policy(*command, "trips.csv", "--grace", graces))
    assert untouched()


@pytest.mark.parametrize("command", ["sweep", "find", "report"])
@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "p.yaml: it cannot be read: No such file"), ("grase: 3\n", "`grase` is no key here"), ("", "p.yaml")],
)
def test_a_policy_that_is_none_is_refused(policy: Policy, command: str, text: str | None, said: str, tmp_path: Path):
    if text is not None:
        (tmp_path / "p.yaml").write_text(text, "utf-8")
    assert said in refused(policy(*COMMANDS[command], "trips.csv", "--policy", "p.yaml"))
    assert not Path("new.html").exists()


@pytest.mark.parametrize("command", ["sweep", "find", "compare"])
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--chart", "x.pdf"), "--chart x.pdf: a picture ends in .svg, .png or .html"),
        (("--chart", "none/x.svg"), "--chart none/x.svg: it cannot be written: No such file"),
        (("--json", "--csv"), "--json and --csv: choose one"),
    ],
)
def test_an_answer_that_cannot_be_written_is_refused_before_anything_runs(
    policy: Policy, command: str, args: tuple[str, ...], said: str
):
    assert said in refused(policy(*COMMANDS[command], "trips.csv", *args))
    assert untouched()


def test_two_answers_in_one_file_are_refused(policy: Policy):
    done = policy("sweep", "trips.csv", "--chart", "x.svg", "--parquet", "x.svg")
    assert "--chart and --parquet both name x.svg: name two files" in refused(done)
    assert untouched()


@pytest.mark.parametrize("args", [("--parquet", "x.parquet"), ("--chart", "x.svg")], ids=["parquet", "chart"])
def test_a_full_disk_leaves_what_stood_there(policy: Policy, args: tuple[str, str], monkeypatch: pytest.MonkeyPatch):
    Path(args[1]).write_bytes(b"before")

    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    done = policy("sweep", "trips.csv", *args)
    assert (done.status, done.out) == (1, "")
    assert done.err.count("error: ") == 1 and "it cannot be written: No space left on device" in done.err
    assert Path(args[1]).read_bytes() == b"before"
    assert not [path for path in Path().iterdir() if path.name.startswith(".")]


def test_a_folder_without_rights_is_refused(policy: Policy, monkeypatch: pytest.MonkeyPatch):
    Path("x.parquet").write_bytes(b"before")
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    said = refused(policy("sweep", "trips.csv", "--parquet", "x.parquet"))
    assert "--parquet x.parquet: it cannot be written: its rights forbid it" in said
    assert Path("x.parquet").read_bytes() == b"before"


@pytest.mark.parametrize("command", ["sweep", "find", "report"])
def test_a_scheduler_that_cannot_be_reached_is_said_so(policy: Policy, command: str, monkeypatch: pytest.MonkeyPatch):
    at = Cluster.at
    monkeypatch.setattr(Cluster, "at", lambda address: at(address, 0.2, 0.2))
    trips = ("--model", "north-sea", "--trips", "100", "--scheduler", "tcp://127.0.0.1:9")
    done = policy(*COMMANDS[command], *trips)
    assert (done.status, done.out) == (1, "")
    assert done.err.count("error: ") == 1 and "tcp://127.0.0.1:9" in done.err
    assert "Traceback" not in done.err and not Path("new.html").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--scheduler", "somewhere"), "--scheduler somewhere: this is no address of a scheduler"),
        (("--workers", "0"), "--workers 0"),
        (("--workers", "2", "--scheduler", "tcp://127.0.0.1:9"), "give one of the two"),
    ],
)
def test_workers_that_cannot_be_are_refused(policy: Policy, args: tuple[str, ...], said: str):
    assert said in refused(policy("sweep", "--model", "north-sea", "--trips", "100", *args))


def test_vessels_of_a_model_are_refused(policy: Policy):
    done = policy("sweep", "--model", "hotspots", "--by", "vessel")
    assert "--by vessel: a model has no vessels: give a list of trips" in refused(done)


def test_a_model_file_that_is_wrong_is_said_with_its_line(policy: Policy):
    Path("bad.csv").write_text("model: Mine\nformat: 1\nlengths: {45: 1}\ncontact: often\n", "utf-8")
    Path("bad.csv").rename("trips.yaml")
    assert "trips.yaml:4:10: `often` is no chance" in refused(policy("sweep", "trips.yaml"))
