"""The audit trail: a line for everything that was done, chained, append-only, and followed without a gap."""

import contextlib
import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import SQLAlchemyError

from nexuslic.server import audit, migrate
from nexuslic.server.audit import BrokenChain, Line
from nexuslic.server.database import Database, RegistryUnavailable
from nexuslic.server.tables import audit as table

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def lines(count):
    return [
        Line(AT + timedelta(seconds=n), f"who {n}", "192.0.2.1", "act", None if n % 2 else "4006381333931", {"n": n})
        for n in range(count)
    ]


# -- what is written --------------------------------------------------------------------------------------------------


def told(line):
    return line.who, line.origin, line.act, line.key, json.loads(line.detail)


def test_a_grant_and_a_denial_each_have_a_line(both):
    key = both.issued()
    both.contact(key, address="192.0.2.7")
    both.vendor("POST", f"/v1/licenses/{key}/suspend")
    both.clock.now += timedelta(hours=1)
    both.contact(key, ask="confirm", address="2001:db8::1")
    granted, denied = [told(line) for line in both.trail() if line.who == "client"]
    detail = {"ask": "authenticate", "binding": "DB1/nexus", "version": "6.10", "nonce": granted[4]["nonce"]}
    assert granted == ("client", "192.0.2.7", "grant", key.digits, detail)
    assert denied[:4] == ("client", "2001:db8::1", "denial", key.digits)
    assert denied[4] == {**detail, "ask": "confirm", "reason": "suspended", "nonce": denied[4]["nonce"]}
    assert both.trail()[-1].at == both.clock.now


ACTS = {
    "extend": ({"days": 3, "until": "2026-05-01T00:00:00Z"}, "extension"),
    "suspend": (None, None),
    "reinstate": (None, None),
    "revoke": (None, None),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_a_key_has_a_line_that_says_who_did_what_from_where(both, act):
    key, (body, changed) = both.issued(), ACTS[act]
    both.vendor("POST", f"/v1/licenses/{key}/{act}", body)
    detail = {} if changed is None else {changed: body, "before": {changed: None}}
    assert told(both.trail()[-1]) == ("admin", "192.0.2.1", act, key.digits, detail)


def test_a_change_says_what_was_before(both):
    key = both.issued(seats=3, organisation="Before")
    both.vendor("PATCH", f"/v1/licenses/{key}", {"seats": 5, "ends": "2027-01-01T00:00:00Z"})
    detail = {"seats": 5, "ends": "2027-01-01T00:00:00Z", "before": {"seats": 3, "ends": None}}
    assert told(both.trail()[-1]) == ("admin", "192.0.2.1", "change", key.digits, detail)


def test_a_new_extension_says_which_one_it_took_the_place_of(both):
    first, second = ({"days": days, "until": "2026-05-01T00:00:00Z"} for days in (3, 4))
    key = both.issued(extension=first)
    both.vendor("POST", f"/v1/licenses/{key}/extend", second)
    assert json.loads(both.trail()[-1].detail) == {"extension": second, "before": {"extension": first}}


def test_each_key_of_a_list_has_a_line(both):
    made = both.vendor("POST", "/v1/licenses/import", {"licenses": [{"organisation": f"{n}"} for n in range(3)]})
    keys = [one["key"].replace("-", "") for one in made.json()["items"]]
    assert [(line.act, line.key) for line in both.trail()] == [("issue", key) for key in keys]


def test_a_token_that_is_made_or_ended_has_a_line_without_its_secret(both):
    made = both.vendor("POST", "/v1/tokens", {"name": "ann"}).json()
    both.vendor("DELETE", f"/v1/tokens/{made['id']}")
    assert [told(line)[2:] for line in both.trail()] == [
        ("make-token", None, {"token": made["id"], "name": "ann", "scope": "support"}),
        ("revoke-token", None, {"token": made["id"], "name": "ann"}),
    ]


def test_what_was_refused_or_only_looked_at_has_no_line(both):
    key = both.issued()
    before = len(both.trail())
    both.vendor("GET", f"/v1/licenses/{key}")
    both.vendor("PATCH", f"/v1/licenses/{key}", {"seats": -1})
    both.vendor("POST", f"/v1/licenses/{key}/revoke", scope="support")
    both.run(both.sent(b"hello"))
    assert len(both.trail()) == before


def test_lines_are_numbered_from_one_without_a_gap(both):
    both.vendor("POST", "/v1/licenses/import", {"licenses": [{"organisation": "A"}] * 20})
    assert [line.seq for line in both.trail()] == list(range(1, 21))


# -- the chain --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forged(tmp_path_factory):
    """A trail of six lines that somebody who took its triggers away can change; each use begins anew."""
    file = tmp_path_factory.mktemp("audit") / "registry.sqlite"
    file.touch()
    database = Database.at(f"sqlite:///{file}")
    migrate.upgrade(database)
    with database.write() as connection:
        audit.append(connection, lines(6))
        for act in ("update", "delete", "replace"):
            connection.execute(text(f"DROP TRIGGER audit_no_{act}"))

    @contextlib.contextmanager
    def opened():
        with database.writer.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()

    yield opened
    database.close()


OTHER = {
    "at": st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    "who": st.text(st.characters(codec="utf-8"), max_size=9),
    "origin": st.text(st.characters(codec="utf-8"), max_size=9),
    "act": st.text(st.characters(codec="utf-8"), max_size=9),
    "key": st.none() | st.text("0123456789", min_size=13, max_size=13),
    "detail": st.text(st.characters(codec="utf-8"), max_size=9),
    "hash": st.text("0123456789abcdef", min_size=64, max_size=64),
}
PLENTY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_a_chain_that_nobody_touched_leads_to_its_head(forged):
    with forged() as connection:
        assert audit.verify(connection) == audit.head(connection)
        assert audit.verify(connection, 3) == audit.head(connection)


@PLENTY
@given(data=st.data(), seq=st.integers(1, 6), column=st.sampled_from(sorted(OTHER)))
def test_a_changed_line_is_found(forged, data, seq, column):
    with forged() as connection:
        was = connection.execute(table.select().where(table.c.seq == seq)).one()._asdict()[column]
        value = data.draw(OTHER[column].filter(lambda other: other != was))
        connection.execute(update(table).where(table.c.seq == seq).values({column: value}))
        with pytest.raises(BrokenChain, match=rf"line {seq} of the audit trail is not as it was written"):
            audit.verify(connection)


@PLENTY
@given(gone=st.sets(st.integers(1, 5), min_size=1))
def test_a_line_that_was_removed_is_found(forged, gone):
    with forged() as connection:
        connection.execute(delete(table).where(table.c.seq.in_(gone)))
        with pytest.raises(BrokenChain, match=f"has no line {min(gone)}: restore a backup"):
            audit.verify(connection)


@PLENTY
@given(gone=st.integers(1, 5))
def test_a_line_that_was_removed_with_its_number_is_found(forged, gone):
    with forged() as connection:
        connection.execute(delete(table).where(table.c.seq == gone))
        for seq in range(gone + 1, 7):
            connection.execute(update(table).where(table.c.seq == seq).values(seq=seq - 1))
        with pytest.raises(BrokenChain, match=f"line {gone} "):
            audit.verify(connection)


@PLENTY
@given(at=st.integers(1, 6), like=st.integers(1, 6))
def test_a_line_that_was_put_in_is_found(forged, at, like):
    with forged() as connection:
        row = connection.execute(table.select().where(table.c.seq == like)).one()._asdict()
        for seq in range(6, at - 1, -1):
            connection.execute(update(table).where(table.c.seq == seq).values(seq=seq + 1))
        connection.execute(insert(table).values({**row, "seq": at}))
        with pytest.raises(BrokenChain, match=r"line \d "):
            audit.verify(connection)


@PLENTY
@given(order=st.permutations(range(1, 7)).filter(lambda order: order != sorted(order)))
def test_lines_in_another_order_are_found(forged, order):
    with forged() as connection:
        for seq in range(1, 7):
            connection.execute(update(table).where(table.c.seq == seq).values(seq=100 + order[seq - 1]))
        for seq in range(1, 7):
            connection.execute(update(table).where(table.c.seq == 100 + seq).values(seq=seq))
        with pytest.raises(BrokenChain):
            audit.verify(connection)


def test_the_head_shows_that_the_last_lines_were_cut_off(forged):
    with forged() as connection:
        before = audit.head(connection)
        connection.execute(delete(table).where(table.c.seq > 4))
        assert audit.verify(connection) != before
        with pytest.raises(BrokenChain, match="has no line 6"):
            audit.verify(connection, before.seq)


@pytest.fixture
def written(empty):
    """A registry on each engine with three lines."""
    migrate.upgrade(empty)
    with empty.write() as connection:
        audit.append(connection, lines(3))
    return empty


CHANGES = {
    "update": "UPDATE audit SET who = 'x' WHERE seq = 2",
    "delete": "DELETE FROM audit WHERE seq = 3",
    "delete all": "DELETE FROM audit",
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_a_line(written, change):
    with pytest.raises((RegistryUnavailable, SQLAlchemyError), match="never changed or removed"), written.write() as tx:
        tx.execute(text(CHANGES[change]))
    with written.read() as connection:
        assert audit.verify(connection).seq == 3


def test_no_line_is_put_in_the_place_of_another(written):
    with written.write() as connection:
        row = connection.execute(table.select().where(table.c.seq == 1)).one()._asdict()
    replace = "INSERT OR REPLACE" if written.file else "INSERT"
    values = ", ".join(f":{name}" for name in row)
    with pytest.raises((RegistryUnavailable, SQLAlchemyError)), written.write() as connection:
        told = {**row, "at": "2026-03-02 08:30:00.000000", "who": "x"}
        connection.execute(text(f"{replace} INTO audit ({', '.join(row)}) VALUES ({values})"), told)
    with written.read() as connection:
        assert audit.verify(connection).seq == 3


def test_no_lines_are_nothing(written):
    with written.write() as connection:
        audit.append(connection, [])
        assert audit.head(connection).seq == 3


def test_a_clock_that_is_set_back_leaves_the_chain_whole(both):
    key = both.issued()
    both.clock.now -= timedelta(days=400)
    granted = both.contact(key)
    assert granted.granted_at == both.clock.now and len(both.trail()) == 2


# -- following --------------------------------------------------------------------------------------------------------


def follow(bench, writing, limit=7):
    """Lines as somebody sees them who asks again and again behind the last one, while there are any or will be."""
    seen, after, more = [], 0, True
    while more:
        goes_on = any(one.is_alive() for one in writing)
        page = bench.vendor("GET", f"/v1/audit?after={after}&limit={limit}").json()
        seen += [line["seq"] for line in page["items"]]
        after, more = page["next"], goes_on or bool(page["items"])
    return seen


def test_whoever_follows_sees_every_line_once_while_two_servers_write(open_bench, registry_url):
    reader = open_bench(registry_url)
    writers = [open_bench(registry_url, keys=reader.keys) for _ in range(2)]
    told = f"Bearer {reader.token()}"

    def write(bench):
        for _ in range(15):
            body = {"licenses": [{"organisation": "A"}] * 2}
            answer = bench.vendor("POST", "/v1/licenses/import", body, authorization=told)
            assert answer.status_code == 201, answer.text

    threads = [threading.Thread(target=write, args=(bench,)) for bench in writers]
    for thread in threads:
        thread.start()
    seen = follow(reader, threads)
    assert seen == list(range(1, 61)) and len(reader.trail()) == 60


def test_behind_the_last_line_there_is_nothing_yet(both):
    both.issued()
    assert both.vendor("GET", "/v1/audit?after=1").json() == {"items": [], "next": 1}


def test_the_lines_of_one_key_are_found(both):
    first, second = both.issued(), both.issued()
    both.contact(first)
    told = both.vendor("GET", f"/v1/audit?key={first}").json()
    assert [(line["act"], line["key"]) for line in told["items"]] == [("issue", str(first)), ("grant", str(first))]
    assert both.vendor("GET", f"/v1/audit?key={second.digits}").json()["items"][0]["key"] == str(second)


def test_a_line_is_shown_as_it_is_kept(both):
    both.issued()
    shown, kept = both.vendor("GET", "/v1/audit").json()["items"][0], both.trail()[0]
    assert (shown["hash"], shown["who"], shown["detail"]) == (kept.hash, kept.who, json.loads(kept.detail))
