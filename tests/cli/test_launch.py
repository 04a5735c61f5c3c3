"""`nexuslic launch`: real processes over a real database, at sea."""

import fcntl
import json
import os
import pty
import shlex
import signal
import sqlite3
import subprocess
import sys
import termios
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import attrs
import pytest

import nexuslic
from nexuslic.cli import main
from nexuslic.issuing import grant
from nexuslic.issuing.registry import Issued
from nexuslic.rules.license import License, LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.simulation.registry import MemoryRegistry
from nexuslic.simulation.vendor import bundle, first_signatory
from nexuslic.trust import bundles

KEY = LicenseKey.from_number(400638133393)
TERMS = License("Example Survey", LicenseType.CONCURRENT, 1, 30, Version.parse("6.2"), None)
AT_SEA = attrs.evolve(bundle(), address="https://license.invalid")


class Vendor:
    """A license server in this process."""

    def __init__(self):
        self.registry = MemoryRegistry()
        self.registry.add(Issued(KEY, TERMS, None))

    def exchange(self, request):
        return grant.answer(request, self.registry, first_signatory(), datetime.now(UTC).replace(microsecond=0))


class Ship:
    """A computer at sea whose database was licensed at the quay."""

    def __init__(self, folder):
        self.folder, self.url = folder, f"sqlite:///{folder / 'survey.db'}"
        sqlite3.connect(folder / "survey.db").close()
        (folder / "bundle.json").write_bytes(bundles.write(AT_SEA))
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
            "NEXUSLIC_STATE": str(folder / "state"),
            "NEXUSLIC_DATABASE": self.url,
            "NEXUSLIC_BUNDLE": str(folder / "bundle.json"),
        }

    def licensed(self):
        with nexuslic.open(AT_SEA, self.url, state=self.folder / "quay", connectivity=Vendor()) as license:
            assert license.authenticate(KEY.digits).stored
        return self

    def seats(self):
        with nexuslic.open(AT_SEA, self.url, state=self.folder / "quay") as license:
            return license.seats()

    def start(self, *words, **more):
        command = [sys.executable, "-m", "nexuslic", "launch", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        return subprocess.Popen(command, env=self.environment, text=True, **{**pipes, **more})

    def launch(self, *words):
        process = self.start(*words)
        out, err = process.communicate(timeout=60)
        return out, err, process.returncode


@pytest.fixture
def ship(tmp_path):
    return Ship(tmp_path).licensed()


def python(code):
    return "--", sys.executable, "-c", code


def test_the_status_and_the_output_of_the_program_are_passed_on(ship):
    out, err, status = ship.launch(*python("import sys; print('runs'); print('oops', file=sys.stderr); sys.exit(5)"))
    assert (out, status) == ("runs\n", 5)
    assert err.startswith("Only 30 days left in grace period.") and err.endswith("oops\n")


def test_the_program_gets_its_arguments_untouched(ship):
    out, _, _ = ship.launch(*python("import sys; print(sys.argv[1:])"), "--json", "", "a b", "--", "-h")
    assert out == "['--json', '', 'a b', '--', '-h']\n"


def test_the_program_reads_standard_input(ship):
    process = ship.start(*python("print(input())"), stdin=subprocess.PIPE)
    assert process.communicate("typed\n", timeout=60)[0] == "typed\n"


def test_a_seat_is_held_while_the_program_runs(ship):
    process = ship.start("--user", "ann", *python("print('runs', flush=True); input()"), stdin=subprocess.PIPE)
    assert process.stdout.readline() == "runs\n"
    assert [seat.user for seat in ship.seats()] == ["ann"]
    out, err, status = ship.launch("--user", "bob", *python("print('runs too')"))
    assert (out, status) == ("", 77) and "All licenses are in use." in err and "In use by ann at " in err
    process.communicate("\n", timeout=60)
    assert (process.returncode, ship.seats()) == (0, ())


def test_a_refusal_starts_nothing_and_says_why(tmp_path):
    out, err, status = Ship(tmp_path).launch(*python("print('runs')"))
    assert (out, status) == ("", 77)
    assert err.startswith("error: This database has no license yet.") and err.count("\n") == 1


def test_a_refusal_as_json_is_one_line_on_standard_output(tmp_path):
    out, err, status = Ship(tmp_path).launch("--json", *python("print('runs')"))
    told = json.loads(out)
    assert (told["runs"], told["reason"], told["state"], status, err) == (False, "unlicensed", "Unlicensed", 77, "")
    assert out.count("\n") == 1


def test_a_launch_that_runs_leaves_standard_output_to_the_program(ship):
    out, err, status = ship.launch("--json", *python("print('runs')"))
    told = json.loads(err)
    assert (out, status, told["state"], told["days_left"]) == ("runs\n", 0, "Grace", 30)
    assert told["warnings"] == ["Only 30 days left in grace period"]


REPORTING = """
import signal, sys
waited = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT", "SIGUSR1")]
signal.pthread_sigmask(signal.SIG_BLOCK, waited)
print("ready", flush=True)
print("got", signal.Signals(signal.sigwait(waited)).name, flush=True)
sys.exit(9)
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGUSR1"])
def test_a_signal_is_passed_to_the_program_and_the_seat_given_back(ship, name):
    process = ship.start(*python(REPORTING), start_new_session=True)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(getattr(signal, name))
    assert process.communicate(timeout=60)[0] == f"got {name}\n"
    assert (process.returncode, ship.seats()) == (9, ())


COUNTING = """
import signal
waited = [signal.SIGINT, signal.SIGTERM]
signal.pthread_sigmask(signal.SIG_BLOCK, waited)
print("ready", flush=True)
while (number := signal.sigwait(waited)) == signal.SIGINT:
    print("got one", flush=True)
"""


@pytest.fixture
def terminal():
    """A terminal's two ends; who starts with `take` has it as its own."""
    master, slave = pty.openpty()
    take = {"start_new_session": True, "preexec_fn": lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0)}
    yield SimpleNamespace(master=master, slave=slave, take=take)
    os.close(master)
    os.close(slave)


@pytest.mark.parametrize("typed", [True, False], ids=["typed", "redirected"])
def test_ctrl_c_reaches_the_program_once(ship, terminal, typed):
    stdin = terminal.slave if typed else subprocess.DEVNULL
    process = ship.start(*python(COUNTING), stdin=stdin, **terminal.take)
    assert process.stdout.readline() == "ready\n"
    for _ in range(20):
        os.write(terminal.master, b"\x03")
        assert process.stdout.readline() == "got one\n"
    process.terminate()
    assert process.communicate(timeout=60)[0] == ""


def test_a_signal_that_was_ignored_before_stays_so_for_the_program(ship):
    """As under nohup."""
    shown = python("import signal; print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)")
    process = ship.start(*shown, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    assert process.communicate(timeout=60)[0] == "True\n"


def test_a_program_that_a_signal_ends_is_told_as_a_shell_does(ship):
    _, _, status = ship.launch(*python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    assert status == 128 + signal.SIGKILL


def test_a_launch_that_was_killed_gives_its_seat_to_the_next_one_of_its_workstation(ship):
    process = ship.start(*python("print('runs', flush=True); input()"), stdin=subprocess.PIPE)
    assert process.stdout.readline() == "runs\n"
    process.kill()
    process.wait()
    assert len(ship.seats()) == 1
    assert ship.launch(*python("print('runs')"))[0] == "runs\n"
    process.communicate("\n")


@pytest.mark.parametrize(("name", "status"), [("no-such-program", 127), ("./survey.db", 126)])
def test_a_program_that_cannot_be_started_takes_no_seat(ship, name, status, monkeypatch):
    monkeypatch.chdir(ship.folder)
    before = (ship.folder / "survey.db").read_bytes()
    out, err, found = ship.launch("--", name)
    assert (out, found, err.count("\n")) == ("", status, 1) and err.startswith(f"error: {name}: ")
    assert (ship.folder / "survey.db").read_bytes() == before


def test_a_program_of_another_format_is_told_as_one_that_cannot_be_executed(ship):
    program = ship.folder / "odd"
    program.write_bytes(b"\0\1\2\3")
    program.chmod(0o755)
    _, err, status = ship.launch("--", str(program))
    assert status == 126 and "exec format error" in err
    assert ship.seats() == ()


def test_the_dongle_beside_the_program_protects_it(tmp_path):
    ship = Ship(tmp_path)
    program = tmp_path / "survey"
    program.write_text("#!/bin/sh\necho runs\n")
    program.chmod(0o755)
    (tmp_path / "nethasp.ini").touch()
    assert ship.launch("--", str(program)) == ("runs\n", "", 0)


def test_the_application_s_folder_may_be_given(tmp_path):
    ship = Ship(tmp_path)
    (tmp_path / "NETHASP.INI").touch()
    assert ship.launch("--application", str(tmp_path), *python("print('runs')")) == ("runs\n", "", 0)


def test_a_child_keeps_what_came_before_it_was_there():
    from nexuslic.cli.child import Child, Interrupted

    child = Child()
    child.take(signal.SIGTERM, None)
    with pytest.raises(Interrupted):
        child.run([sys.executable, "-c", "print('never')"])
    assert child.process is None


def test_signals_are_as_before_once_the_program_has_ended():
    from nexuslic.cli.child import Child

    before = signal.getsignal(signal.SIGTERM)
    child = Child()
    with child.signalled():
        assert signal.getsignal(signal.SIGTERM) == child.take
        assert child.run([sys.executable, "-c", "pass"]) == 0
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_name_that_somebody_wrote_into_the_database_moves_no_cursor(ship):
    process = ship.start(*python("print('runs', flush=True); input()"), stdin=subprocess.PIPE)
    assert process.stdout.readline() == "runs\n"
    with sqlite3.connect(ship.folder / "survey.db") as raw:
        raw.execute("UPDATE nexuslic_seat SET user_name = ?", ("bob\x1b[2J\n",))
    raw.close()
    assert "bob?[2J  at" in ship.launch(*python("print('never')"))[1]
    process.communicate("\n", timeout=60)


@pytest.fixture
def unread():
    """A pipe whose reader is gone."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def test_a_warning_that_nobody_reads_keeps_no_program_from_starting(ship, unread):
    process = ship.start(*python("print('runs')"), stderr=unread)
    assert (process.communicate(timeout=60)[0], process.returncode) == ("runs\n", 0)


def test_a_refusal_that_nobody_reads_is_one_all_the_same(tmp_path, unread):
    process = Ship(tmp_path).start("--json", *python("print('runs')"), stdout=unread)
    assert (process.communicate(timeout=60)[1], process.returncode) == ("", 77)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("told", ["", "--json"])
def test_closed_streams_leave_the_status_to_the_program(ship, closed, told):
    words = shlex.join(
        [sys.executable, "-m", "nexuslic", "launch", *([told] if told else []), "--", "sh", "-c", "exit 5"]
    )
    assert subprocess.run(["sh", "-c", f"{words} {closed}"], env=ship.environment, timeout=60).returncode == 5


@pytest.fixture
def losing(ship, monkeypatch):
    """Renewals that come soon and find the seat given away."""
    monkeypatch.setattr("nexuslic.application.holding.SEAT_RENEWAL", timedelta(seconds=0.05))
    monkeypatch.setattr("nexuslic.client.renew_seat", lambda client, session: False)
    for name, value in ship.environment.items():
        monkeypatch.setenv(name, value)
    return ship


def test_a_session_that_lost_its_seat_ends_though_nobody_reads_why(losing, monkeypatch, unread):
    with open(os.dup(unread), "w", buffering=1) as gone:
        monkeypatch.setattr("sys.stderr", gone)
        assert main(["launch", *python("import signal; signal.pause()")]) == 128 + signal.SIGTERM


def test_a_session_that_lost_its_seat_asks_the_program_to_end(losing, capfd):
    assert main(["launch", *python("import signal; signal.pause()")]) == 128 + signal.SIGTERM
    assert "the seat of this session was given away" in capfd.readouterr().err
    assert losing.seats() == ()


def test_a_command_whose_standard_output_is_closed_ends_well(ship):
    words = [sys.executable, "-m", "nexuslic", "launch", "--", "true"]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *words], env=ship.environment, capture_output=True, text=True
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr and "broke" not in done.stderr
