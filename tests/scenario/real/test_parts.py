"""The other parts of a real stage, each alone: the clock, the license server, the processes, the theatre."""

import os
import shutil
import signal
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nexuslic.rules.words import Cause
from nexuslic.scenario.real import theatre as module
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.real.computers import Computers
from nexuslic.scenario.real.license_server import RealLicenseServer
from nexuslic.scenario.real.postgresql_servers import OwnServers
from nexuslic.scenario.real.sqlite import SqliteEngine
from nexuslic.scenario.real.story_clock import ShownTime, StoryClock
from nexuslic.scenario.real.theatre import Theatre
from nexuslic.scenario.real.tls_versions import refuse_unspeakable
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.simulation.network import Tls

MOMENT = datetime(1999, 12, 31, 23, 59, 59, 123456, UTC)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize("moment", [MOMENT, datetime(1950, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)])
def test_another_process_reads_the_storys_time_to_the_microsecond(tmp_path: Path, moment: datetime):
    shown = ShownTime(tmp_path / "clock")
    clock = StoryClock.of(tmp_path / "clock")
    clock.started = True
    shown.show(moment)
    assert clock.read().wall == moment
    shown.close()


def test_a_clock_that_was_not_started_shows_the_systems_time(tmp_path: Path):
    shown = ShownTime(tmp_path / "clock")
    shown.show(MOMENT)
    assert StoryClock.of(tmp_path / "clock").read().wall - MOMENT > timedelta(days=365)
    shown.close()


@pytest.fixture
def vendor(tmp_path: Path):
    made = RealLicenseServer.made(tmp_path)
    yield made
    made.close()


def test_a_license_server_is_started_and_stopped(vendor: RealLicenseServer):
    vendor.start()
    process = vendor.process
    assert process is not None and vendor.port and process.poll() is None
    vendor.stop()
    assert (process.returncode, vendor.port) == (0, 0)


def test_a_license_server_that_ends_by_itself_breaks_the_stage(vendor: RealLicenseServer):
    vendor.start()
    vendor.check()
    assert vendor.process is not None
    vendor.process.kill()
    vendor.process.wait()
    with pytest.raises(StageBroke, match="the license server ended by itself"):
        vendor.check()


def test_a_license_server_ends_with_whoever_started_it(vendor: RealLicenseServer):
    vendor.start()
    assert vendor.process is not None and vendor.process.stdin is not None
    vendor.process.stdin.close()
    assert vendor.process.wait(30) == 0


def test_a_license_server_that_cannot_start_says_why(vendor: RealLicenseServer):
    vendor.site.folder.certificate.write_text("no certificate")
    with pytest.raises(StageBroke, match=r"the license server does not start: .*certificate"):
        vendor.start()


def test_an_application_that_ends_by_itself_breaks_the_stage():
    computers = Computers()
    computer = computers.take()
    os.kill(computer.process.pid, signal.SIGKILL)
    computer.process.join()
    with pytest.raises(StageBroke, match="the process of an application ended by itself"):
        computer.ask("launch")
    computers.close()


def test_a_bug_in_an_application_is_told_with_its_trace():
    computers = Computers()
    with pytest.raises(StageBroke, match=r"(?s)which is a bug in nexuslic.*TypeError"):
        computers.take().ask("launch")
    computers.close()


def test_a_process_that_was_given_back_is_taken_again_and_one_that_crashed_is_not():
    computers = Computers()
    first = computers.take()
    computers.give_back(first)
    assert computers.take() is first
    computers.kill(first)
    assert computers.take() is not first
    computers.close()


def test_a_closed_theatre_leaves_no_process_and_no_file():
    theatre = Theatre.open(SqliteEngine)
    theatre.begin(theatre.answer)
    application = theatre.computers.take()
    pids = [application.process.pid, theatre.vendor.process.pid]  # type: ignore[union-attr]
    theatre.close()
    assert all(map(gone, pids))
    assert not theatre.top.exists()


def test_too_little_room_is_told_before_anything_starts(monkeypatch: pytest.MonkeyPatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    with pytest.raises(StageBroke, match=r"has 1 MB free: a real stage needs 200; set TMPDIR"):
        Theatre.open(SqliteEngine)


def test_no_temporary_folder_is_told(monkeypatch: pytest.MonkeyPatch):
    def refused(prefix: str) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module.tempfile, "mkdtemp", refused)
    with pytest.raises(StageBroke, match="no room for temporary files"):
        Theatre.open(SqliteEngine)


OLD, NEW, SSL = Tls.TLS_1_0, Tls.TLS_1_2, Tls.SSL_3_0


@pytest.mark.parametrize(
    ("client", "server"),
    [
        ({OLD, SSL}, {OLD, SSL}),
        ({NEW}, {OLD}),
        (set(), {NEW}),
        ({SSL}, {NEW}),
        ({OLD, NEW}, {OLD}),
        ({OLD, NEW}, set()),
    ],
)
def test_what_openssl_speaks_is_spoken(client: set[Tls], server: set[Tls]):
    assert refuse_unspeakable(frozenset(client), frozenset(server), frozenset(), 1) is None


@pytest.mark.parametrize(
    ("client", "server", "words"),
    [({SSL}, {SSL, NEW}, "SSL 3.0 is the only version"), ({OLD, NEW}, {NEW}, "with a gap")],
)
def test_what_no_openssl_speaks_is_not_on_this_stage(client: set[Tls], server: set[Tls], words: str):
    with pytest.raises(NotOnThisStage, match=words):
        refuse_unspeakable(frozenset(client), frozenset(server), frozenset(), 1)


@pytest.mark.parametrize("cause", [Cause.OFFLINE, Cause.DNS, Cause.REFUSED, Cause.TIMEOUT])
def test_what_never_gets_as_far_as_tls_needs_no_version(cause: Cause):
    assert refuse_unspeakable(frozenset({SSL}), frozenset({SSL}), frozenset({cause}), 1) is None


def test_what_died_keeps_nothing_else_from_being_taken_down(monkeypatch: pytest.MonkeyPatch):
    theatre = Theatre.open(SqliteEngine)
    monkeypatch.setattr(type(theatre.vendor), "close", _dies)
    process, top = theatre.computers.take().process, theatre.top
    theatre.close()
    assert (process.is_alive(), top.exists()) == (False, False)


def _dies(vendor: object) -> None:
    raise ValueError("dead")


def test_a_folder_in_which_no_socket_can_be_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with pytest.raises(StageBroke, match="too long for the sockets of a real stage: set TMPDIR"):
        Theatre.open(SqliteEngine)
    assert list(folder.iterdir()) == []


def test_postgresql_in_a_folder_with_spaces_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "a b"))
    with pytest.raises(StageBroke, match="starts in no folder with spaces"):
        OwnServers().where(1)
