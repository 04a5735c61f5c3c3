"""The commands, as a person calls them: real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = "scenarios/offshore/45-day-north-sea-trip.scenario.yaml"
SHORT = "scenarios/windows-7/modern-application.scenario.yaml"


def call(*args: str, cwd: Path, env: dict[str, str] | None = None, given: bytes = b"") -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "nexuslic", *args],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", **(env or {})},
        input=given,
        capture_output=True,
        check=False,
    )


def broken(root: Path, folder: Path, old: str, new: str) -> str:
    text = (root / STORY).read_text("utf-8")
    assert old in text
    path = folder / "broken.scenario.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return str(path)


def test_a_wrong_value_exits_1_with_a_report_of_at_most_15_lines(root: Path, tmp_path: Path):
    done = call("run", broken(root, tmp_path, "refused: 14", "refused: 13"), cwd=root)
    report = done.stdout.decode().split("\n1 story,")[0]
    assert done.returncode == 1
    assert len(report.splitlines()) <= 15
    assert "^" in report and "was 14" in report and "again nexuslic run" in report


def test_a_misspelt_key_exits_2_with_at_most_3_lines(root: Path, tmp_path: Path):
    done = call("run", broken(root, tmp_path, "days_left", "days_lft"), cwd=root)
    assert done.returncode == 2
    assert len(done.stderr.decode().splitlines()) <= 3
    assert "did you mean `days_left`?" in done.stderr.decode()


def test_a_broken_always_line_exits_4(root: Path, tmp_path: Path):
    done = call("run", broken(root, tmp_path, "before: day 31 07:30", "before: day 45"), cwd=root)
    assert done.returncode == 4


def test_checking_nothing_exits_5(root: Path, tmp_path: Path):
    path = tmp_path / "empty.scenario.yaml"
    path.write_text(
        "scenario: a\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 UTC\nsteps:\n  - {at: day 2, launch: ws1}\n"
    )
    assert call("run", str(path), cwd=root).returncode == 5
    assert call("run", "scenarios", "-k", "no such words", cwd=root).returncode == 5


def test_the_same_json_for_any_hash_seed_zone_locale_and_number_of_processes(root: Path):
    first = call("run", "scenarios", "--json", cwd=root, env={"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"})
    other = {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
    second = call("run", "scenarios", "--json", "-j", "2", cwd=root, env=other)
    assert first.returncode == 0
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["outcome"] == "passed"


def test_a_voyage_says_the_last_good_launch_and_what_covers_the_rest(root: Path, tmp_path: Path):
    saved = tmp_path / "t.scenario.yaml"
    done = call("voyage", "--days", "45", "--json", "--save", str(saved), cwd=root)
    answer = json.loads(done.stdout)
    assert answer["last_good_launch"] == "day 31 06:00"
    assert answer["refused_days"] == list(range(32, 46))
    once = {"first": 15, "last": 31}
    assert answer["covered_by"] == {"grace": 44, "extension": 14, "hotspot": once, "code": once}
    assert call("run", str(saved), cwd=root).returncode == 0


def test_must_run_exits_1_where_a_day_is_refused(root: Path):
    assert call("voyage", "--days", "45", "--must-run", cwd=root).returncode == 1
    assert call("voyage", "--days", "28", "--must-run", cwd=root).returncode == 0


@pytest.mark.parametrize(
    "args",
    [
        ("voyage", "--days", "0"),
        ("voyage", "--days", "9999999"),
        ("voyage", "--contact", "day 50"),
        ("voyage", "--start", "2026-03-02 06:00 Nowhere"),
        ("voyage", "--set-clock", "nonsense"),
        ("run", "no-such-file"),
        ("run", "docs"),
        ("explain", "graice"),
        ("vogage",),
        ("run", "--no-such-option"),
        ("machine", "--dot", "--json"),
        ("new", "README.md"),
    ],
)
def test_bad_input_exits_2_with_one_clear_error(root: Path, args: tuple[str, ...]):
    done = call(*args, cwd=root)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert done.stderr.strip()


def test_standard_input_is_a_story_too(root: Path):
    assert call("run", "-", cwd=root, given=(root / STORY).read_bytes()).returncode == 0


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00\x01", b"", b"- a\n", b"a: {b\n", b"\xef\xbb\xbf- x"])
def test_what_is_no_story_is_refused(root: Path, data: bytes):
    done = call("run", "-", cwd=root, given=data)
    assert done.returncode == 2
    assert b"<stdin>:" in done.stderr and b"Traceback" not in done.stderr


def test_carriage_returns_and_a_byte_order_mark_are_read(root: Path):
    data = b"\xef\xbb\xbf" + (root / STORY).read_bytes().replace(b"\n", b"\r\n")
    assert call("run", "-", cwd=root, given=data).returncode == 0


@pytest.mark.parametrize("like", ["voyage", "restore", "windows-7", "clock", "named-users", "seats", "renewal-code"])
def test_a_new_story_passes_and_is_not_overwritten(root: Path, tmp_path: Path, like: str):
    path = str(tmp_path / "new.scenario.yaml")
    assert call("new", path, "--like", like, cwd=root).returncode == 0
    assert call("run", path, cwd=root).returncode == 0
    assert call("new", path, cwd=root).returncode == 2


def test_the_machine_has_an_edge_for_each_row(root: Path):
    rows = json.loads(call("machine", "--json", cwd=root).stdout)
    mermaid = call("machine", "--mermaid", cwd=root).stdout.decode()
    assert mermaid.count("-->") == len(rows) + 1


def test_help_and_version_import_nothing_heavy(root: Path):
    code = (
        "import sys; from nexuslic.cli import main; main(['--help']); "
        "print('cryptography' in sys.modules, 'yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "False False"


def test_mutate_says_what_no_story_catches_and_what_no_fault_breaks(root: Path):
    done = call("run", SHORT, "--mutate", cwd=root)
    said = done.stdout.decode()
    assert done.returncode == 1
    assert "MISSED  seat-one-too-many: One session more than there are seats is let in." in said
    assert "faults caught" in said and "expectations can be broken" in said


def test_mutate_comes_to_the_same_in_several_processes(root: Path):
    one, two = (call("run", SHORT, "--mutate", "--json", "-j", jobs, cwd=root) for jobs in ("1", "2"))
    assert one.stdout == two.stdout
    assert json.loads(one.stdout)["faults"]["planted"] > 60


def test_mutate_reads_standard_input_once(root: Path):
    done = call("run", "-", "--mutate", "-j", "2", cwd=root, given=(root / SHORT).read_bytes())
    assert done.returncode == 1
    assert b"expectations can be broken" in done.stdout


@pytest.mark.parametrize("option", [["--until", "day 2"], ["--trace"], ["--fail-fast"], ["--coverage"]])
def test_mutate_runs_whole_stories(option: list[str], root: Path):
    done = call("run", SHORT, "--mutate", *option, cwd=root)
    assert done.returncode == 2
    assert (
        f"--mutate runs whole stories in the simulation, and tells for itself: leave out {option[0]}"
        in done.stderr.decode()
    )


def test_mutate_refuses_a_story_that_fails_as_it_is(root: Path, tmp_path: Path):
    done = call("run", broken(root, tmp_path, "refused: 14", "refused: 13"), "--mutate", cwd=root)
    assert done.returncode == 2
    assert b"this does not hold as it is" in done.stderr
    assert len(done.stderr.splitlines()) == 2
