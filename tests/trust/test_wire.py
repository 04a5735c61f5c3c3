"""Values to bytes and back: canonical one way, exact the other."""

import json
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.errors import UntrustedReply
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, License, LicenseKey, Version
from nexuslic.rules.license_time import Ledger, Mark
from nexuslic.rules.record import Record
from nexuslic.rules.words import DENIALS, LicenseType, Reason, State
from nexuslic.trust import wire
from nexuslic.trust.wire import MAX_BYTES, Ask, Denial, Pending, Request

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
SECONDS = st.datetimes(datetime(2020, 1, 1), datetime(2150, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
INSTANT = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
KEY = st.integers(0, 10**12 - 1).map(LicenseKey.from_number)
VERSION = st.lists(st.integers(0, 999_999), min_size=1, max_size=4).map(lambda n: Version.parse(".".join(map(str, n))))
COUNT = st.integers(0, 100_000)
NONCE = st.binary(min_size=16, max_size=16).map(bytes.hex)
BINDING = st.builds(Binding, TEXT, TEXT, TEXT)
LICENSE = st.builds(License, TEXT, st.sampled_from(LicenseType), COUNT, COUNT, VERSION, st.none() | SECONDS)
CERTIFICATE = st.builds(Certificate, KEY, LICENSE, BINDING, SECONDS, NONCE, COUNT)
VALUES = {
    Certificate: CERTIFICATE,
    Denial: st.builds(Denial, st.sampled_from(DENIALS), BINDING, NONCE, SECONDS),
    Request: st.builds(Request, st.sampled_from(Ask), KEY, BINDING, VERSION, NONCE),
    Pending: st.builds(Pending, KEY, BINDING, VERSION, NONCE),
    Mark: st.builds(Mark, TEXT, SECONDS, INSTANT, st.booleans()),
    Record: st.builds(
        Record,
        TEXT,
        CERTIFICATE,
        TEXT,
        st.sampled_from(State),
        st.none() | st.sampled_from(DENIALS),
        st.builds(Ledger, INSTANT, INSTANT),
        st.none() | INSTANT,
    ),
}
LAWS = settings(max_examples=60, deadline=None, derandomize=True)


def changed(bench: SimpleNamespace, old: str, new: str) -> bytes:
    text = wire.encode(bench.certificate).decode("ascii")
    assert text.count(old) == 1
    return text.replace(old, new).encode("utf-8")


@LAWS
@given(CERTIFICATE)
def test_a_certificate_comes_back_and_gives_the_same_bytes_again(certificate: Certificate):
    data = wire.encode(certificate)
    back = wire.decode(data, Certificate)
    assert back == certificate
    assert wire.encode(back) == data


@pytest.mark.parametrize("kind", VALUES)
def test_every_kind_of_value_comes_back_as_the_same_bytes(kind: type):
    @settings(LAWS, max_examples=25)
    @given(VALUES[kind])
    def law(value: object) -> None:
        data = wire.encode(value)
        back = wire.decode(data, kind)
        assert back == value and type(back) is kind
        assert wire.encode(back) == data

    law()
    assert kind in VALUES


@LAWS
@given(CERTIFICATE)
def test_bytes_are_ascii_without_spaces_and_with_sorted_keys(certificate: Certificate):
    data = wire.encode(certificate)
    body = json.loads(data)
    assert data == json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
    assert body["format"] == 1


@LAWS
@given(CERTIFICATE, CERTIFICATE)
def test_two_certificates_have_the_same_bytes_only_if_they_are_equal(one: Certificate, other: Certificate):
    assert (wire.encode(one) == wire.encode(other)) is (one == other)


def test_times_that_are_equal_in_other_zones_are_refused(bench: SimpleNamespace):
    cet = timezone(timedelta(hours=1))
    elsewhere = attrs.evolve(bench.certificate, granted_at=bench.granted.astimezone(cet))
    with pytest.raises(UntrustedReply):
        wire.decode(wire.encode(elsewhere), Certificate)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"seats":5', '"seats":true'),
        ('"seats":5', '"seats":5.9'),
        ('"seats":5', '"seats":5.0'),
        ('"seats":5', '"seats":"5"'),
        ('"seats":5', '"seats":null'),
        ('"seats":5', '"seats":NaN'),
        ('"seats":5', '"seats":Infinity'),
        ('"seats":5', '"seats":-Infinity'),
        ('"seats":5', '"seats":1e2'),
        ('"extra_days":0', '"extra_days":false'),
        ('"extra_days":0', '"extra_days":0,"more":1'),
        ('"extra_days":0,', ""),
        ('"organisation":"Northsea Survey"', '"organisation":1'),
        ('"organisation":"Northsea Survey"', '"organisation":["Northsea Survey"]'),
        ('"type":"concurrent"', '"type":"CONCURRENT"'),
        ('"type":"concurrent"', '"type":null'),
        ('"minimum_version":"6.2"', '"minimum_version":6.2'),
        ('"minimum_version":"6.2"', '"minimum_version":"6.x"'),
        ('"minimum_version":"6.2"', '"minimum_version":"6.2","more":1'),
        ('"server":"NORTHSEA-SQL"', '"server":"NORTHSEA-SQL","port":1'),
        ('"key":"1234567890124"', '"key":1234567890124'),
        ('"key":"1234567890124"', '"key":"1234567890125"'),
        ('"key":"1234567890124"', '"key":"1234-5678-90124"'),
        ("2026-03-02T07:30:00+00:00", "2026-03-02T07:30:00"),
        ("2026-03-02T07:30:00+00:00", "2026-03-02T07:30:00+01:00"),
        ("2026-03-02T07:30:00+00:00", "2026-03-02"),
        ("2026-03-02T07:30:00+00:00", "yesterday"),
        ('"2026-03-02T07:30:00+00:00"', "1772436600"),
        ('"ends":null', '"ends":0'),
        ('"ends":null', '"ends":""'),
        ('"format":1', '"format":true'),
        ('"format":1', '"format":1.0'),
        ('"format":1', '"format":"1"'),
        ('"format":1', '"format":2'),
        ('"format":1', '"format":NaN'),
        ('"format":1', '"format":Infinity'),
        ('"format":1', '"format":1,"more":1'),
        (',"format":1', ""),
        ('"certificate"', '"denial"'),
        ('"certificate"', '"Certificate"'),
    ],
)
def test_what_is_not_exactly_a_certificate_is_refused(bench: SimpleNamespace, old: str, new: str):
    with pytest.raises(UntrustedReply):
        wire.decode(changed(bench, old, new), Certificate)


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"1", b'"text"', b"{", b"\xff\xfe", b"<html>", b"[" * 60_000])
def test_what_is_no_json_object_is_not_understood(data: bytes):
    with pytest.raises(UntrustedReply, match="not understood"):
        wire.decode(data, Certificate)


@LAWS
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_and_nothing_else_is_raised(data: bytes):
    with pytest.raises(UntrustedReply):
        wire.decode(data, Certificate)


@LAWS
@given(st.data())
def test_the_bytes_of_one_kind_are_never_another(data: st.DataObject):
    kind = data.draw(st.sampled_from(sorted(VALUES, key=str)))
    other = data.draw(st.sampled_from(sorted(set(VALUES) - {kind}, key=str)))
    with pytest.raises(UntrustedReply):
        wire.decode(wire.encode(data.draw(VALUES[kind])), other)


def test_more_than_64_kib_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch, bench: SimpleNamespace):
    parsed = []
    load = json.loads
    monkeypatch.setattr(wire.json, "loads", lambda data: parsed.append(len(data)) or load(data))
    data = wire.encode(bench.certificate)
    with pytest.raises(UntrustedReply, match="64 KiB"):
        wire.decode(data + b" " * (MAX_BYTES + 1 - len(data)), Certificate)
    assert parsed == []


def test_64_kib_exactly_is_read(bench: SimpleNamespace):
    data = wire.encode(bench.certificate)
    assert wire.decode(data + b" " * (MAX_BYTES - len(data)), Certificate) == bench.certificate


@pytest.mark.parametrize("reason", sorted(set(Reason) - set(DENIALS), key=str))
def test_a_denial_has_one_of_the_reasons_of_the_rules(bench: SimpleNamespace, reason: Reason):
    with pytest.raises(UntrustedReply):
        Denial(reason, bench.binding, bench.nonce, bench.granted)


def test_a_denial_for_a_reason_of_the_workstation_is_refused(bench: SimpleNamespace):
    data = wire.encode(Denial(Reason.REVOKED, bench.binding, bench.nonce, bench.granted))
    with pytest.raises(UntrustedReply):
        wire.decode(data.replace(b'"revoked"', b'"seats"'), Denial)


def test_the_name_of_a_value_is_read_from_its_bytes(bench: SimpleNamespace):
    assert wire.name_of(wire.encode(bench.certificate)) == "certificate"
    assert wire.name_of(b'{"format":1}') == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"seats":5', '"seats":"SECRET"'),
        ('"seats":5', '"seats":5,"SECRET":"SECRET"'),
        ('"format":1', '"format":"SECRET"'),
        ('"format":1', '"SECRET":1'),
        ('"1234567890124"', '"SECRET"'),
        ('"6.2"', '"SECRET"'),
        ("2026-03-02T07:30:00+00:00", "SECRET"),
        ('{"certificate"', '{SECRET"certificate"'),
    ],
)
def test_no_content_travels_on_an_error(bench: SimpleNamespace, old: str, new: str):
    with pytest.raises(UntrustedReply) as caught:
        wire.decode(changed(bench, old, new), Certificate)
    assert "SECRET" not in str(caught.value)
    assert "SECRET" not in repr(caught.value.args)
