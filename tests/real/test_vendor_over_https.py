"""The vendor's commands as real processes, against a real license server over TLS."""

import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from nexuslic.adapters.vendor_https import LostReply, VendorHttps
from nexuslic.cli.vendor.link import Vendor
from nexuslic.testing.faults import WireFault
from nexuslic.testing.wire import WireProxy

LONG = 60


@attrs.frozen
class Office:
    """Somebody at the vendor's, with a token file for a license server at a URL."""

    url: str
    folder: Path
    token_file: Path

    def call(self, *args: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """One of the vendor's commands over HTTPS."""
        where = ("--server", self.url, "--token-file", str(self.token_file))
        return run(*args, *where, "--authority", str(self.folder / "authority.pem"), **variables)

    def told(self, *args: str) -> dict:
        """What a command tells a program."""
        done = self.call(*args, "--json")
        assert done.returncode == 0, done.stderr
        told: dict = json.loads(done.stdout)
        return told

    def with_token(self, scope: str) -> "Office":
        """The same with another token."""
        file = self.token_file.with_name(scope)
        done = run("tokens", "make", scope, "--scope", scope, "--output", str(file), "--folder", str(self.folder))
        assert done.returncode == 0, done.stderr
        return attrs.evolve(self, token_file=file)


def words(*args: str) -> list[str]:
    return [sys.executable, "-m", "nexuslic", "vendor", *args]


def environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEXUSLIC_")}
    return {**kept, "no_proxy": "*", "HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent", **variables}


def run(*args: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        words(*args), env=environment(**variables), input="", capture_output=True, text=True, timeout=LONG, check=False
    )


@pytest.fixture
def office(vendor: Path, start: Callable, tmp_path: Path) -> Office:
    running = start(vendor)
    return Office(f"https://localhost:{running.port}", vendor, tmp_path / "none").with_token("admin")


def test_a_key_lives_and_ends_over_https(office: Office):
    key = office.told("issue", "--organisation", "Northern Survey", "--seats", "12")["key"]
    assert office.told("extend", key, "14", "--until", "2030-04-30")["extension"]["days"] == 14
    assert office.told("change", key, "--seats", "5")["seats"] == 5
    assert office.told("suspend", key, "--yes")["standing"] == "suspended"
    assert office.told("reinstate", key)["standing"] == "unused"
    assert office.told("revoke", key, "--yes")["standing"] == "revoked"
    assert office.told("history", key)["items"] == []
    assert [one["key"] for one in office.told("list", "--search", "northern")["items"]] == [key]
    acts = [json.loads(line)["act"] for line in office.call("audit", "--key", key, "--json").stdout.splitlines()]
    assert acts == ["issue", "extend", "change", "suspend", "reinstate", "revoke"]


def test_a_list_is_imported_over_https(office: Office, tmp_path: Path):
    (tmp_path / "list.csv").write_text("organisation\n" + "".join(f"Customer {n}\n" for n in range(2_500)))
    done = office.call("import", str(tmp_path / "list.csv"), "--output", str(tmp_path / "keys.csv"))
    assert (done.returncode, done.stderr) == (0, f"issued 2500 licenses and wrote {tmp_path / 'keys.csv'}\n")
    assert len(office.told("list")["items"]) == 2_500


def test_the_folder_and_the_server_are_one_registry(office: Office):
    key = office.told("issue", "--organisation", "Northern Survey")["key"]
    done = run("suspend", key, "--yes", "--folder", str(office.folder))
    assert done.returncode == 0
    assert office.told("show", key)["standing"] == "suspended"


def test_support_may_not_do_what_an_administrator_may(office: Office):
    support = office.with_token("support")
    key = support.told("issue", "--organisation", "Northern Survey")["key"]
    done = support.call("revoke", key, "--yes")
    assert done.returncode == 1
    assert done.stderr == (
        f"error: the token in {support.token_file} does not allow this: use a token of scope admin\n"
    )


def test_a_token_that_was_revoked_opens_nothing(office: Office):
    gone = office.with_token("support")
    token = gone.token_file.read_text().split("_")[1]
    office.told("tokens", "revoke", token)
    done = gone.call("list")
    assert done.returncode == 1
    assert f"does not take the token in {gone.token_file}: it is mistyped, expired or revoked" in done.stderr
    assert gone.token_file.read_text().strip() not in done.stderr


def test_variables_say_where_the_server_is(office: Office):
    done = run(
        "list",
        NEXUSLIC_SERVER=office.url,
        NEXUSLIC_TOKEN=office.token_file.read_text(),
        NEXUSLIC_AUTHORITY=str(office.folder / "authority.pem"),
    )
    assert (done.returncode, done.stderr) == (0, "no license fits\n")


def test_a_configuration_file_says_where_the_server_is(office: Office, tmp_path: Path):
    file = tmp_path / "vendor.toml"
    file.write_text(
        f'server = "{office.url}"\ntoken_file = "{office.token_file.name}"\nauthority = "vendor/authority.pem"\n'
    )
    assert run("list", "--config", str(file)).returncode == 0


def test_a_server_that_nobody_vouches_for_is_not_asked(office: Office):
    done = run("list", "--server", office.url, "--token-file", str(office.token_file))
    assert done.returncode == 1
    assert f"error: {office.url}: the certificate is not by a trusted authority" in done.stderr


def test_a_server_that_is_gone_is_one_sentence(vendor: Path, start: Callable, tmp_path: Path):
    running = start(vendor)
    office = Office(f"https://localhost:{running.port}", vendor, tmp_path / "none").with_token("admin")
    running.stop()
    done = office.call("list")
    assert done.returncode == 1
    assert done.stderr == (
        f"error: {office.url}: nothing accepts connections there: check host and port, and that the server runs\n"
    )


def test_following_the_trail_ends_clean_with_ctrl_c(office: Office):
    where = ("--server", office.url, "--token-file", str(office.token_file))
    follow = subprocess.Popen(
        words("audit", "--follow", "--json", *where, "--authority", str(office.folder / "authority.pem")),
        env=environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert follow.stdout is not None
        acts = [json.loads(follow.stdout.readline())["act"] for _ in range(2)]
        office.told("issue", "--organisation", "Northern Survey")
        acts.append(json.loads(follow.stdout.readline())["act"])
        follow.send_signal(signal.SIGINT)
        out, err = follow.communicate(timeout=LONG)
    finally:
        follow.kill()
    assert (acts, out, err, follow.returncode) == (["token", "make-token", "issue"], "", "", 0)


@attrs.frozen
class Certificates:
    """The certificates in a server's folder, for what stands before it."""

    folder: Path

    def server_context(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "certificate.pem", self.folder / "certificate.key")
        return context

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "authority.pem"))


@attrs.frozen
class HealedAfterOneLoss:
    """A way whose first answer is lost behind the server, and no other."""

    way: VendorHttps
    proxy: WireProxy

    @property
    def place(self) -> str:
        return self.way.place

    def send(self, *args):
        try:
            return self.way.send(*args)
        except LostReply:
            self.proxy.fault = None
            raise


@pytest.fixture
def before(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[WireProxy]:
    """What stands before the server; it loses answers from now on."""
    monkeypatch.setenv("no_proxy", "*")
    port = int(office.url.rsplit(":", 1)[1])
    with WireProxy(("localhost", port), Certificates(office.folder)) as proxy:
        proxy.fault = WireFault.TRUNCATES
        yield proxy


def test_a_lost_answer_does_nothing_twice(office: Office, before: WireProxy):
    pem = (office.folder / "authority.pem").read_text()
    way = VendorHttps(before.address, office.token_file.read_text().strip(), pem)
    issued = Vendor(HealedAfterOneLoss(way, before)).request("POST", "/v1/licenses", {"organisation": "Survey"})
    assert before.seen.count(b"POST /v1/licenses") == 2
    assert [one["key"] for one in office.told("list")["items"]] == [issued["key"]]


def test_an_answer_that_stays_lost_is_said_and_done_once(office: Office, before: WireProxy):
    done = attrs.evolve(office, url=before.address).call("issue", "--organisation", "Survey")
    assert done.returncode == 1
    assert done.stderr == (
        f"error: {before.address}: the connection broke before the answer was here; "
        "it may have been done all the same: look before you do it again\n"
    )
    assert len(office.told("list")["items"]) == 1
