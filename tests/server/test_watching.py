"""What whoever watches the server sees: logs without secrets, metrics that stay small, probes that tell the truth."""

import json
import re
from datetime import timedelta

import pytest

from nexuslic.rules.binding import Binding
from nexuslic.rules.license import LicenseKey, Version
from nexuslic.server.metrics import MOST_VERSIONS
from nexuslic.server.service import Limits
from nexuslic.trust import codes
from nexuslic.trust.wire import Pending

WRONG = LicenseKey.from_number(123456789012)
NONCE = "0123456789abcdef" * 2


def metrics(bench, name):
    """The values of one metric, by its labels."""
    text = bench.ask("GET", "/metrics", address="127.0.0.1").text
    found = re.findall(rf"^{name}(?:{{(.*)}})? ([0-9.e+-]+)$", text, re.MULTILINE)
    return {labels: float(value) for labels, value in found}


# -- logs -------------------------------------------------------------------------------------------------------------


def everything(bench):
    """All that a server does, and each secret that took part in it."""
    key, other = bench.issued(), bench.issued()
    made = bench.vendor("POST", "/v1/tokens", {"name": "ann"}, idempotency_key="idempotent-once").json()
    asked = codes.write_request(Pending(key, Binding("DB1", "nexus"), Version.parse("6.10"), NONCE), None)
    renewal = bench.vendor("POST", "/v1/codes", {"code": asked}).json()["code"]
    for act in ("suspend", "reinstate", "revoke", "history", "nonsense"):
        for told in (key, key.digits):
            bench.vendor("GET" if act == "history" else "POST", f"/v1/licenses/{told}/{act}")
    bench.vendor("PATCH", f"/v1/licenses/{other}", {"seats": 5})
    for query in (f"search={key}", f"search={key.digits}", f"after={key.digits}", f"limit={key.digits}"):
        bench.vendor("GET", f"/v1/licenses?{query}")
    bench.vendor("GET", f"/v1/audit?key={key}")
    bench.vendor("GET", f"/{key}/{made['token']}", authorization=f"Bearer {made['token']}x")
    bench.vendor("DELETE", f"/v1/tokens/{made['id']}")
    for one in (key, other, WRONG):
        bench.contact(one, nonce=NONCE, ask="confirm")
        bench.contact(one, nonce=NONCE)
        bench.run(bench.sent(f"{one} {one.digits}".encode()))
    return [key, other, WRONG], [made["token"], made["token"].split("_")[2], bench.token(), asked, renewal, NONCE]


def test_no_key_token_code_or_nonce_gets_into_the_log(open_bench, registry_url):
    bench = open_bench(registry_url, limits=Limits(by_address=2, alarm_at=2))
    keys, secrets = everything(bench)
    log = bench.log.getvalue()
    assert log.count("\n") > 20 and '"guessing"' in log and '"status": 4' in log
    written = [secret for secret in secrets if secret in log or secret.replace(" ", "") in log]
    assert written == []
    assert not any(key.digits in log.replace("-", "") for key in keys)


def test_no_key_token_code_or_nonce_gets_into_the_metrics(bench):
    keys, secrets = everything(bench)
    text = bench.ask("GET", "/metrics", address="127.0.0.1").text
    assert not any(secret in text for secret in (*secrets, *(key.digits for key in keys), *map(str, keys)))


def test_each_line_of_the_log_is_json_with_the_server_s_time(bench):
    bench.issued()
    bench.ask("GET", "/nowhere")
    lines = [json.loads(line) for line in bench.log.getvalue().splitlines()]
    assert [(line["at"], line["route"], line["status"]) for line in lines] == [
        ("2026-03-02T08:30:00+00:00", "/v1/licenses", 201),
        ("2026-03-02T08:30:00+00:00", "(none)", 404),
    ]


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_a_probe_that_succeeds_is_not_logged(bench, path):
    bench.ask("GET", path)
    assert bench.log.getvalue() == ""


# -- metrics ----------------------------------------------------------------------------------------------------------


def test_grants_and_denials_are_counted_by_what_was_asked_and_why(bench):
    key = bench.issued()
    bench.contact(key)
    bench.contact(key, ask="confirm")
    bench.contact(WRONG)
    bench.vendor("POST", f"/v1/licenses/{key}/suspend")
    bench.contact(key, ask="confirm")
    assert metrics(bench, "nexuslic_grants_total") == {'ask="authenticate"': 1, 'ask="confirm"': 1}
    denials = {'ask="authenticate",reason="unknown"': 1, 'ask="confirm",reason="suspended"': 1}
    assert metrics(bench, "nexuslic_denials_total") == denials
    assert metrics(bench, "nexuslic_contact_seconds_count") == {"": 4}


def test_contacts_are_counted_by_version_and_a_million_versions_are_others(open_bench, sqlite_registry):
    bench = open_bench(sqlite_registry, limits=Limits(by_address=1000))
    for n in range(MOST_VERSIONS + 10):
        bench.contact(WRONG, version=f"7.{n + 1}")
    counted = metrics(bench, "nexuslic_contacts_total")
    assert len(counted) == MOST_VERSIONS + 1 and counted['version="other"'] == 10


def test_refused_guesses_are_counted(open_bench, sqlite_registry):
    bench = open_bench(sqlite_registry, limits=Limits(by_address=1))
    for _ in range(3):
        bench.contact(WRONG)
    assert metrics(bench, "nexuslic_guesses_total") == {"": 2}


def test_requests_are_counted_by_route_and_status_and_not_by_path(bench):
    for n in range(9):
        bench.ask("GET", f"/nowhere/{n}")
        bench.vendor("GET", f"/v1/licenses/{n}")
    counted = metrics(bench, "nexuslic_http_requests_total")
    assert counted['route="(none)",status="404"'] == counted['route="/v1/licenses/{key}",status="400"'] == 9


def test_two_applications_in_one_process_count_for_themselves(open_bench, sqlite_registry):
    one, other = (open_bench(sqlite_registry) for _ in range(2))
    one.contact(WRONG)
    assert metrics(one, "nexuslic_denials_total") and metrics(other, "nexuslic_denials_total") == {}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_metrics_are_shown_to_this_machine(bench, address):
    answer = bench.ask("GET", "/metrics", address=address)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; version=")


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "localhost", ""])
def test_metrics_are_shown_to_nobody_else_without_a_token(bench, address):
    assert bench.ask("GET", "/metrics", address=address).status_code == 401


@pytest.mark.parametrize("scope", ["support", "admin"])
def test_metrics_are_shown_to_whoever_has_a_token(bench, scope):
    assert bench.vendor("GET", "/metrics", scope=scope).status_code == 200


# -- probes -----------------------------------------------------------------------------------------------------------


def test_a_server_with_its_registry_is_alive_and_ready(both):
    answers = [both.ask("GET", path) for path in ("/health", "/ready")]
    assert [(one.status_code, one.json()) for one in answers] == [(200, {"status": "ok"})] * 2


def test_a_server_without_its_registry_is_alive_and_not_ready(bench):
    file = bench.database.file
    file.rename(file.with_name("gone"))
    assert bench.ask("GET", "/health").status_code == 200
    not_ready = bench.ask("GET", "/ready")
    assert (not_ready.status_code, not_ready.headers["retry-after"]) == (503, "60")
    assert not_ready.headers["content-type"] == "application/problem+json"
    assert bench.ask("GET", "/metrics", address="127.0.0.1").status_code == 200
    file.with_name("gone").rename(file)
    assert bench.ask("GET", "/ready").status_code == 200


def test_time_that_a_contact_took_is_measured(bench):
    bench.contact(bench.issued())
    assert metrics(bench, "nexuslic_contact_seconds_sum")[""] > 0


def test_what_is_asked_at_another_hour_is_logged_with_that_hour(bench):
    bench.clock.now += timedelta(hours=1)
    bench.ask("GET", "/nowhere")
    assert json.loads(bench.log.getvalue())["at"] == "2026-03-02T09:30:00+00:00"
