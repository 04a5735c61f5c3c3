"""`nexuslic policy report`: one page, which says how it is made again."""

import re
from html import unescape
from pathlib import Path

import pytest

from nexuslic.cli import main
from tests.cli.conftest import Policy

PLATFORM = ("--model", "platform", "--trips", 400, "--seed", 3)


def test_a_page_is_written_and_its_answer_is_said(policy: Policy):
    done = policy("report", "trips.csv", "--out", "r.html")
    lines, text = done.out.splitlines(), Path("r.html").read_text("utf-8")
    assert (done.status, done.err) == (0, "")
    assert lines[0].startswith("With 30 days of grace, 9 of 12 trips (75 %) have a refused day")
    assert lines[0] in text.replace("\u00a0", " ")
    assert re.fullmatch(r"wrote r\.html \([0-9]+ kB\)", lines[1])
    assert len(text.encode()) < 600_000 and "<script" not in text
    assert "default-src 'none'; style-src 'unsafe-inline'" in unescape(text)


def test_the_same_command_writes_the_same_bytes(policy: Policy):
    for name in ("one", "two"):
        Path(name).mkdir()
        assert policy("report", *PLATFORM, "--out", "r.html").status == 0
        Path("r.html").rename(f"{name}/r.html")
    assert Path("one/r.html").read_bytes() == Path("two/r.html").read_bytes()


def test_the_command_on_the_page_makes_the_page_again(policy: Policy):
    args = (*PLATFORM, "--set", "contact=20 %", "--policy", "a.yaml", "--grace", "10..40", "--out", "r.html")
    assert policy("report", *args).status == 0
    first = Path("r.html").read_bytes()
    said = re.search(r"nexuslic policy report [^<]*", unescape(first.decode("utf-8")))
    assert said is not None
    import shlex

    assert main(shlex.split(said[0])[1:]) == 0
    assert Path("r.html").read_bytes() == first


def test_stories_are_reported_too(policy: Policy, root: Path):
    done = policy("report", root / "scenarios" / "offshore" / "21-day-hitch.scenario.yaml", "--out", "r.html")
    assert (done.status, done.err) == (0, "")
    assert Path("r.html").exists()


def test_what_stood_there_stands_there_until_the_new_page_is_whole(policy: Policy, monkeypatch: pytest.MonkeyPatch):
    Path("r.html").write_text("before", "utf-8")

    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    done = policy("report", *PLATFORM, "--out", "r.html")
    assert (done.status, done.out) == (1, "")
    assert done.err == "error: --out r.html: it cannot be written: No space left on device\n"
    assert Path("r.html").read_text("utf-8") == "before"
    assert sorted(path.name for path in Path().iterdir()) == ["a.yaml", "b.yaml", "r.html", "trips.csv"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("trips.csv",), "Missing option '--out'"),
        (("trips.csv", "--out", "."), "--out .: this is a folder"),
        (("trips.csv", "--out", "none/r.html"), "--out none/r.html: it cannot be written: No such file"),
        (("trips.csv", "--out", "r.html", "--grace", "40..3"), "this range runs backwards: write 3..40"),
        (("none.csv", "--out", "r.html"), "none.csv: there is no such file"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(policy: Policy, args: tuple[str, ...], said: str):
    done = policy("report", *args)
    assert (done.status, done.out) == (2, "")
    assert said in done.err and "Traceback" not in done.err
    assert sorted(path.name for path in Path().iterdir()) == ["a.yaml", "b.yaml", "trips.csv"]
