"""Two server processes on one registry: both answer, no act is done twice, and neither remembers a license."""

import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, LicenseKey, Version
from nexuslic.rules.words import Reason
from nexuslic.server import audit, tokens
from nexuslic.server.site import Site
from nexuslic.server.tokens import Scope
from nexuslic.trust import bundles, signing, wire
from nexuslic.trust.wire import Ask, Request

TERMS = {"organisation": "Example Survey"}


class Pair:
    """Two processes, asked over TLS one after the other or both at once."""

    def __init__(self, start, folder):
        self.site = Site.at(folder, None)
        self.bundle = bundles.read((folder / "bundle.json").read_bytes())
        with self.registry() as connection:
            now = SystemClock().read().wall
            token = tokens.create(connection, SystemChance(), now, "ann", Scope.ADMIN, None)[1]
        self.http = [start(folder, "--listen", "127.0.0.1:0").http(token) for _ in range(2)]

    @contextmanager
    def registry(self):
        database = self.site.database()
        with database.write() as connection:
            yield connection
        database.close()

    def trail(self):
        """How many lines the audit trail has; it is verified on the way."""
        with self.registry() as connection:
            return audit.verify(connection).seq

    def contact(self, which, key, ask=Ask.AUTHENTICATE, nonce=None):
        nonce = nonce or SystemChance().take(16).hex()
        request = Request(ask, LicenseKey.parse(key), Binding("DB1", "nexus"), Version.parse("6.10"), nonce)
        headers = {"content-type": "application/json"}
        answer = self.http[which].post("/v1/contact", content=wire.encode(request), headers=headers)
        assert answer.status_code == 200, answer.text
        return signing.verify(answer.content, nonce, request.binding, self.bundle.known).value[0]

    def close(self):
        for one in self.http:
            one.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def pair(request, start_for_module, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair") / "vendor"
    words = [sys.executable, "-m", "nexuslic", "server", "init", str(folder), "--product", "Survey"]
    if request.param == "postgresql":
        words += ["--database", request.getfixturevalue("module_postgresql_url")]
    subprocess.run([*words, "--name", "localhost"], check=True, capture_output=True)
    pair = Pair(start_for_module, folder)
    yield pair
    pair.close()


def both(pair, act):
    """What `act` gave for each process, at the same time."""
    found, together = {}, threading.Barrier(2)

    def run(which):
        together.wait()
        found[which] = act(which)

    threads = [threading.Thread(target=run, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[0], found[1]]


def issued(pair, which=0):
    return pair.http[which].post("/v1/licenses", json=TERMS).json()["key"]


def test_what_is_changed_through_one_is_seen_at_once_through_the_other(pair):
    key = issued(pair)
    assert isinstance(pair.contact(1, key), Certificate)
    for _ in range(3):
        pair.http[0].post(f"/v1/licenses/{key}/suspend")
        assert pair.contact(1, key, Ask.CONFIRM).reason is Reason.SUSPENDED
        pair.http[1].post(f"/v1/licenses/{key}/reinstate")
        assert isinstance(pair.contact(0, key, Ask.CONFIRM), Certificate)


def test_both_write_one_audit_trail(pair):
    before = pair.trail()
    answers = both(pair, lambda which: [issued(pair, which) for _ in range(10)])
    assert len({key for keys in answers for key in keys}) == 20
    assert pair.trail() == before + 20


def test_the_same_request_through_both_at_once_is_done_once(pair):
    before = pair.trail()
    headers = {"idempotency-key": "once"}
    answers = both(pair, lambda which: pair.http[which].post("/v1/licenses", json=TERMS, headers=headers))
    assert [one.status_code for one in answers] == [201, 201] and answers[0].content == answers[1].content
    assert pair.trail() == before + 1


def test_a_contact_that_comes_through_both_at_once_binds_once(pair):
    key, nonce = issued(pair), "0123456789abcdef" * 2
    granted = both(pair, lambda which: pair.contact(which, key, nonce=nonce))
    assert all(isinstance(one, Certificate) for one in granted)
    assert len(pair.http[1].get(f"/v1/licenses/{key}/history").json()["items"]) == 1


def test_a_token_that_is_ended_through_one_opens_nothing_through_the_other(pair):
    made = pair.http[0].post("/v1/tokens", json={"name": "bob"}).json()
    headers = {"authorization": f"Bearer {made['token']}"}
    assert pair.http[1].get("/v1/licenses", headers=headers).status_code == 200
    pair.http[0].delete(f"/v1/tokens/{made['id']}")
    assert pair.http[1].get("/v1/licenses", headers=headers).status_code == 401
