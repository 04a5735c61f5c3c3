"""A license server as it runs: TLS, signals, slow clients, changed certificates, shared and taken ports."""

import resource
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.server import rotating
from nexuslic.server.site import Site

QUICK = "[connections]\nhandshake = 0.3\nrequest = 0.3\nidle = 0.3\nreload = 0.05\n"
RARELY = "[connections]\nreload = 3600\n"
HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
BEGUN = b"POST /v1/contact HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"
Start = Callable[..., Any]


def answer(connection: socket.socket) -> bytes:
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


def only(version: ssl.TLSVersion, context: ssl.SSLContext) -> ssl.SSLContext:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = version, version
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
def test_health_answers_over_tls_that_the_vendors_authority_vouches_for(
    vendor: Path, start: Start, version: ssl.TLSVersion
):
    server = start(vendor)
    with server.connected(only(version, server.trusting())) as connection:
        connection.sendall(HEALTH)
        assert answer(connection).startswith(b"HTTP/1.1 200 ")
        assert connection.version() == {"TLSv1_3": "TLSv1.3", "TLSv1_2": "TLSv1.2"}[version.name]


def test_tls_1_1_is_refused(vendor: Path, start: Start):
    server = start(vendor)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        server.connected(only(ssl.TLSVersion.TLSv1_1, server.trusting()))


def test_who_does_not_trust_the_authority_does_not_connect(vendor: Path, start: Start):
    with pytest.raises(ssl.SSLCertVerificationError):
        start(vendor).connected(ssl.create_default_context())


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_good_order(vendor: Path, start: Start, sign: signal.Signals):
    server = start(vendor)
    assert server.stop(sign) == 0
    assert server.process.stderr.read() == ""


def test_a_request_under_way_is_answered_before_it_stops(vendor: Path, start: Start):
    server = start(vendor)
    with server.connected() as connection:
        connection.sendall(BEGUN)
        server.process.send_signal(signal.SIGTERM)
        takes_no_more(server)
        connection.sendall(b"         ")
        assert answer(connection).startswith(b"HTTP/1.1 4")
    assert server.process.wait(30) == 0


def test_a_request_that_never_ends_does_not_keep_it_from_stopping(vendor: Path, start: Start):
    server = start(vendor, connections="[connections]\nstop = 0.3\nrequest = 3600\n")
    with server.connected() as connection:
        connection.sendall(BEGUN)
        server.stop()
        answer(connection)
    assert server.process.returncode == 0


def takes_no_more(server) -> None:
    while True:
        try:
            server.plain().close()
        except ConnectionError:
            return


@pytest.mark.parametrize(
    "sent", [b"", b"GET /hea", HEALTH[:-2], BEGUN, HEALTH.replace(b"close", b"keep-alive") + b"\r\n"]
)
def test_a_connection_that_does_not_say_its_request_in_time_is_closed(vendor: Path, start: Start, sent: bytes):
    server = start(vendor, connections=QUICK)
    with server.connected() as connection:
        connection.sendall(sent)
        answer(connection)
    with server.connected() as connection:
        connection.sendall(HEALTH)
        assert answer(connection).startswith(b"HTTP/1.1 200 ")


def test_a_handshake_that_does_not_go_on_is_closed(vendor: Path, start: Start):
    with start(vendor, connections=QUICK).plain() as connection:
        assert answer(connection) == b""


def test_where_all_places_are_taken_the_longest_idle_makes_room(vendor: Path, start: Start):
    server = start(vendor, connections="[connections]\nmost = 2\n")
    with server.connected() as first, server.connected() as second:
        second.sendall(HEALTH)
        assert (answer(second)[:13], answer(first)) == (b"HTTP/1.1 200 ", b"")


def test_it_takes_more_connections_than_files_that_the_system_begins_with(vendor: Path, start: Start):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    try:
        server = start(vendor)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    limits = (Path("/proc") / str(server.process.pid) / "limits").read_text()
    allowed = next(line.split()[3] for line in limits.splitlines() if line.startswith("Max open files"))
    assert int(allowed) == min(hard, 16_256)


def peer(server) -> bytes:
    with server.connected() as connection:
        return connection.getpeercert(binary_form=True)


def test_a_renewed_certificate_is_taken_without_a_stop(vendor: Path, start: Start):
    server = start(vendor, connections=QUICK)
    before = peer(server)
    rotating.renew_certificate(Site.at(vendor, None), SystemClock())
    server.told('"certificate", "event": "loaded again"')
    assert peer(server) != before


def test_sighup_loads_at_once(vendor: Path, start: Start):
    server = start(vendor, connections=RARELY)
    before = peer(server)
    rotating.renew_certificate(Site.at(vendor, None), SystemClock())
    server.process.send_signal(signal.SIGHUP)
    server.told("loaded again")
    assert peer(server) != before


def test_a_broken_certificate_leaves_the_old_one_and_is_logged(vendor: Path, start: Start):
    server = start(vendor, connections=QUICK)
    before = peer(server)
    (vendor / "certificate.pem").write_bytes(b"no certificate")
    assert "certificate.pem holds no certificate in PEM" in server.told("not loaded, the old one stays")
    assert peer(server) == before


def test_a_rotated_key_is_taken_without_a_stop(vendor: Path, start: Start):
    server = start(vendor, connections=QUICK)
    rotating.rotate(Site.at(vendor, None), SystemClock(), SystemChance())
    assert server.told('"keyring"').endswith('"event": "loaded again", "level": "info"}\n')


def test_neither_a_key_nor_a_token_is_logged(vendor: Path, start: Start):
    server = start(vendor, "--log-level", "debug")
    asked = b"GET /v1/licenses/%s?key=%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
    asked += b"Connection: close\r\n\r\n"
    for request in (asked, asked.replace(b"HTTP/1.1", b"HTTP/9"), asked.replace(b"\r\nHost", b"\r\n Host")):
        with server.connected() as connection:
            connection.sendall(request % (b"1234567890123", b"1234567890123", b"nexuslic_0123_4567"))
            assert answer(connection)
    server.process.send_signal(signal.SIGTERM)
    log = server.process.stderr.read()
    assert log.count("\n") >= 3 and "1234567890123" not in log and "4567" not in log


def run(folder: Path, *args: str) -> subprocess.CompletedProcess:
    words = [sys.executable, "-m", "nexuslic", "server", "run", str(folder), *args]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)


def test_a_port_that_something_else_has_is_one_error(vendor: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(vendor, "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: something else listens on 127.0.0.1:") and done.stderr.count("\n") == 1


@pytest.fixture
def port() -> Iterator[int]:
    """A port that nobody listens on; the one who holds it lets others share."""
    with socket.socket() as holding:
        holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holding.bind(("127.0.0.1", 0))
        yield holding.getsockname()[1]


def test_processes_of_one_folder_share_a_port(vendor: Path, start: Start, port: int):
    first, second = (start(vendor, "--listen", f"127.0.0.1:{port}") for _ in range(2))
    assert first.stop() == 0
    with second.connected() as connection:
        connection.sendall(HEALTH)
        assert answer(connection).startswith(b"HTTP/1.1 200 ")


def test_a_server_of_another_folder_does_not_share(vendor: Path, start: Start, port: int, tmp_path: Path):
    start(vendor, "--listen", f"127.0.0.1:{port}")
    other = shutil.copytree(vendor, tmp_path / "other")
    done = run(other, "--listen", f"127.0.0.1:{port}")
    assert done.returncode == 1 and "something else listens" in done.stderr


def test_it_serves_from_postgresql(vendor: Path, start: Start, postgresql_url: str, tmp_path: Path):
    words = [sys.executable, "-m", "nexuslic", "server", "init", str(tmp_path / "pg"), "--product", "Survey"]
    subprocess.run([*words, "--name", "localhost", "--database", postgresql_url], check=True, capture_output=True)
    server = start(tmp_path / "pg", "--listen", "127.0.0.1:0")
    with server.connected() as connection:
        connection.sendall(HEALTH)
        assert answer(connection).startswith(b"HTTP/1.1 200 ")
    assert server.stop() == 0
