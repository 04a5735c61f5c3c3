"""One story, two worlds: `nexuslic run --on` as a command, also where an adapter, a stage or a URL is wrong."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SHORT = "scenarios/windows-7/cured-on-the-pc.scenario.yaml"
CAUSES = "scenarios/replies/every-cause.scenario.yaml"
LEDGER = "scenarios/clocks/a-year-ahead.scenario.yaml"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder for temporary files, whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="two-") as folder:
        yield Path(folder)


@pytest.fixture
def run(root: Path, room: Path) -> Run:
    """`nexuslic run`, with temporary files in a folder of the test's own; `package` is where nexuslic lies."""

    def ran(*words: str, package: Path = root, **more: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "PYTHONPATH": str(package), "TMPDIR": str(room), **more}
        command = [sys.executable, "-m", "nexuslic", "run", *words]
        return subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, timeout=300)

    return ran


@pytest.fixture
def broken(root: Path, tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of nexuslic in which one text of one module is another."""

    def made(module: str, text: str, instead: str) -> Path:
        top = tmp_path / "broken"
        shutil.copytree(root / "nexuslic", top / "nexuslic", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(root / "scenarios", top / "scenarios")
        file = top / "nexuslic" / module
        before = file.read_text("utf-8")
        assert text in before
        file.write_text(before.replace(text, instead), "utf-8")
        return top

    return made


def left(room: Path) -> list[str]:
    return sorted(one.name for one in room.iterdir() if one.name.startswith(("nexuslic", "postgresql", "pymp")))


@pytest.mark.parametrize("stage", ["sqlite", "postgresql"])
def test_a_story_does_the_same_on_a_real_stage_and_what_it_cannot_do_is_told(run: Run, room: Path, stage: str):
    done = run(SHORT, "--on", f"simulation,{stage}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not on this stage (case `SSL 3.0 alone`): SSL 3.0 is the only version in common" in done.stdout
    assert "1 case not on this stage; 3 runs compared: 0 differences" in done.stdout
    assert left(room) == []


def test_a_cause_that_is_mapped_to_another_is_a_difference(run: Run, broken: Callable[..., Path]):
    package = broken("adapters/late_https.py", "NoContact(Cause.DNS if", "NoContact(Cause.REFUSED if")
    done = run(CAUSES, "--on", "simulation,sqlite", "--case", "dns", package=package)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[1].startswith(f"FAIL  Every way in which contact can fail  [dns]   {CAUSES}:36:13")
    assert [line.split() for line in lines[5:7]] == [["|", "simulation", "dns"], ["|", "sqlite", "refused"]]


def test_a_ledger_that_is_not_stored_is_a_difference(run: Run, broken: Callable[..., Path]):
    store = '            unit.connection.execute(_STORE, {"sealed": blob})\n'
    package = broken("adapters/sql_stores.py", store, f"            if unit.row.sealed is None:\n    {store}")
    done = run(LEDGER, "--on", "simulation,sqlite", "--json", package=package)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["differences"] == 1
    failures = [one for story in told["stories"] for case in story["cases"] for one in case["failures"]]
    assert failures[0]["place"].startswith(f"{LEDGER}:")
    assert failures[0]["wanted"].endswith("on simulation")
    assert failures[0]["was"].endswith("on sqlite")


def test_processes_of_a_pool_have_stages_of_their_own(run: Run, room: Path):
    done = run(SHORT, "--on", "simulation,sqlite", "-j", "2")
    assert done.returncode == 0
    assert "8 cases, 77 expectations: 0 failed, 1 case not on this stage; 3 runs compared: 0 differences" in done.stdout
    assert left(room) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--on", "simulaton"], "--on: `simulaton` is no stage: did you mean simulation?"),
        (["--on", "moon"], "--on: `moon` is no stage: write simulation, sqlite, postgresql, or several with commas"),
        (["--on", "sqlite,sqlite"], "--on: `sqlite` stands there twice: name each stage once"),
        (["--on", "postgresql", "--postgresql", "here"], "--postgresql: this is no URL of a PostgreSQL server"),
    ],
)
def test_a_wrong_stage_is_refused_before_anything_runs(run: Run, words: list[str], said: str):
    done = run(SHORT, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {said}")


def test_a_server_that_does_not_answer_is_told_once_and_nothing_more_is_run(run: Run, room: Path):
    url = "postgresql://127.0.0.1:1/postgres"
    done = run("scenarios/hasp", "--on", "simulation,postgresql", "--postgresql", url)
    assert done.returncode == 3
    assert done.stderr.count("error: ") == 1
    assert "PostgreSQL at 127.0.0.1:1 cannot be used" in done.stderr
    assert "the stage postgresql broke" in done.stderr
    assert left(room) == []


def test_a_stage_that_is_not_installed_says_what_to_install(run: Run, broken: Callable[..., Path]):
    package = broken("scenario/stage_real.py", "import attrs\n", "import attrs\nimport no_such_package\n")
    done = run(SHORT, "--on", "sqlite", package=package)
    assert done.returncode == 3
    assert "the stage sqlite is not here (No module named 'no_such_package')" in done.stderr
    assert "pip install 'nexuslic[stages]'" in done.stderr


def test_a_folder_for_temporary_files_that_is_missing_is_told(run: Run, room: Path):
    done = run(SHORT, "--on", "sqlite", TMPDIR=str(room / "missing"), TEMP="/missing", TMP="/missing")
    assert done.returncode in (0, 3)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("stage", ["sqlite", "postgresql"])
def test_ctrl_c_leaves_no_process_and_no_file(root: Path, room: Path, stage: str):
    environment = {**os.environ, "PYTHONPATH": str(root), "TMPDIR": str(room)}
    command = [sys.executable, "-m", "nexuslic", "run", "scenarios", "--on", stage, "--jsonl"]
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert left(room) == []
    assert not [line for line in _processes() if str(room) in line]


def _processes() -> list[str]:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()
