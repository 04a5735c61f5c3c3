"""Granting and denying (rules: Contact, Authentication, Grace)."""

import json
from datetime import timedelta

import attrs
import pytest

from nexuslic.errors import UntrustedReply
from nexuslic.issuing import grant, support
from nexuslic.rules.license import Certificate, Extension, LicenseKey, Version
from nexuslic.rules.words import DENIALS, Reason
from nexuslic.simulation.vendor import bundle, first_signatory
from nexuslic.trust import signing, wire
from nexuslic.trust.wire import Denial, Malformed

SECOND = timedelta(seconds=1)
OLD = {
    Reason.REVOKED: lambda vendor: support.revoke(vendor.registry, vendor.key),
    Reason.SUSPENDED: lambda vendor: support.suspend(vendor.registry, vendor.key),
    Reason.TERM: lambda vendor: vendor.change(ends=vendor.now - SECOND),
    Reason.SUPERSEDED: lambda vendor: vendor.decide(binding=vendor.there),
    Reason.VERSION: lambda vendor: vendor.change(minimum_version=Version.parse("7.0")),
}
"""What makes the license server deny a confirmation from here, for each reason but `unknown`."""


def test_a_grant_repeats_the_request_and_carries_the_terms(vendor):
    given = vendor.decide(nonce="ab" * 16)
    assert given == Certificate(vendor.key, vendor.terms, vendor.here, vendor.now, "ab" * 16, 0)


def test_a_grant_is_made_at_whole_seconds(vendor):
    vendor.now += timedelta(microseconds=999_999)
    assert vendor.decide().granted_at == vendor.now.replace(microsecond=0)


def test_a_key_that_was_never_issued_is_unknown(vendor):
    assert vendor.reason(key=LicenseKey.from_number(1)) is Reason.UNKNOWN


@pytest.mark.parametrize("reason", OLD, ids=str)
def test_each_reason_denies_a_confirmation(vendor, reason):
    vendor.decide()
    OLD[reason](vendor)
    assert vendor.reason("confirm") is reason


@pytest.mark.parametrize("first", range(1, len(DENIALS)))
def test_of_several_reasons_the_first_is_told(vendor, first):
    vendor.decide()
    for reason in reversed(DENIALS[first:]):
        if reason is Reason.SUPERSEDED:
            vendor.change(minimum_version=Version.parse("6.2"))
        OLD[reason](vendor)
    vendor.change(minimum_version=Version.parse("7.0"))
    assert vendor.reason("confirm") is DENIALS[first]


def test_a_confirmation_without_any_authentication_is_superseded(vendor):
    assert vendor.reason("confirm") is Reason.SUPERSEDED


def test_an_authentication_is_never_superseded(vendor):
    vendor.decide()
    assert vendor.reason(binding=vendor.there) is None


def test_a_denial_answers_this_request(vendor):
    support.suspend(vendor.registry, vendor.key)
    given = vendor.decide(nonce="ab" * 16)
    assert (given.binding, given.nonce, given.denied_at) == (vendor.here, "ab" * 16, vendor.now)


def test_the_end_of_term_itself_is_still_granted(vendor):
    vendor.change(ends=vendor.now)
    assert vendor.reason() is None
    vendor.now += SECOND
    assert vendor.reason() is Reason.TERM


def test_the_minimum_version_itself_is_granted(vendor):
    vendor.change(minimum_version=Version.parse("6.10"))
    assert vendor.reason(version="6.10") is None
    assert vendor.reason(version="6.9") is Reason.VERSION


# -- the history of bindings --------------------------------------------------------------------------------------


def test_an_authentication_makes_its_binding_the_newest(vendor):
    vendor.decide()
    vendor.now += SECOND
    vendor.decide(binding=vendor.there)
    assert [line.binding for line in vendor.issued.history] == [vendor.here, vendor.there]
    assert [line.since for line in vendor.issued.history] == [vendor.now - SECOND, vendor.now]


def test_asking_twice_does_nothing_twice(vendor):
    vendor.decide()
    before = vendor.issued
    vendor.now += SECOND
    vendor.decide()
    assert vendor.issued == before


def test_going_back_to_an_old_binding_is_a_new_line(vendor):
    for binding in (vendor.here, vendor.there, vendor.here):
        vendor.decide(binding=binding)
    assert [line.binding for line in vendor.issued.history] == [vendor.here, vendor.there, vendor.here]


def test_case_and_space_make_no_new_line(vendor):
    vendor.decide()
    vendor.decide(binding=attrs.evolve(vendor.here, server=" db1 "))
    assert len(vendor.issued.history) == 1


def test_a_confirmation_writes_no_history(vendor):
    vendor.decide()
    before = vendor.issued
    vendor.decide("confirm", binding=vendor.there)
    vendor.decide("confirm")
    assert vendor.issued == before


def test_a_denied_authentication_binds_nothing(vendor):
    support.suspend(vendor.registry, vendor.key)
    vendor.decide()
    assert vendor.issued.history == ()


# -- extensions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "extra"), [(-SECOND, 20), (0 * SECOND, 20), (SECOND, 0)])
def test_an_extension_is_handed_out_up_to_its_last_instant_included(vendor, late, extra):
    support.extend(vendor.registry, vendor.key, Extension(20, vendor.now))
    vendor.now += late
    assert vendor.decide().extra_days == extra


def test_a_confirmation_carries_it_too(vendor):
    vendor.decide()
    support.extend(vendor.registry, vendor.key, Extension(20, vendor.now))
    assert vendor.decide("confirm").extra_days == 20


# -- the signed answer --------------------------------------------------------------------------------------------


def test_an_answer_is_signed_over_the_request(vendor):
    raw = wire.encode(vendor.request(nonce="ab" * 16))
    reply = grant.answer(raw, vendor.registry, first_signatory(), vendor.now)
    value, _ = signing.verify(reply, "ab" * 16, vendor.here, bundle().known).value
    assert value == vendor.decide(nonce="ab" * 16)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"<html>", b'{"format":1}', b"\xff" * 100])
def test_what_is_no_request_is_not_answered(vendor, raw):
    with pytest.raises(UntrustedReply):
        grant.answer(raw, vendor.registry, first_signatory(), vendor.now)
    assert vendor.issued.history == ()


def test_a_request_that_comes_once_more_does_not_take_the_key_back(vendor):
    vendor.decide(binding=vendor.here, nonce="ab" * 16)
    vendor.decide(binding=vendor.there)
    assert isinstance(vendor.decide(binding=vendor.here, nonce="ab" * 16), Certificate)
    assert [bound.binding for bound in vendor.issued.history] == [vendor.here, vendor.there]


def test_a_binding_has_proved_itself_once_the_key_was_bound_there(vendor):
    vendor.decide(binding=vendor.here)
    vendor.decide(binding=vendor.there)
    assert vendor.issued.proved(vendor.here)
    assert not vendor.issued.proved(attrs.evolve(vendor.here, database="other"))


# -- keys that are none, and discretion ---------------------------------------------------------------------------


def raw_with_key(vendor, key, **members):
    body = json.loads(wire.encode(vendor.request(nonce="ab" * 16)))
    body["request"] = {**body["request"], "key": key, **members}
    return json.dumps(body).encode("utf-8")


def answered(vendor, raw, **more):
    reply = grant.answer(raw, vendor.registry, first_signatory(), vendor.now, **more)
    return signing.verify(reply, "ab" * 16, vendor.here, bundle().known).value[0]


@pytest.mark.parametrize("key", ["", "1", "4006381333931", "400638133393a", "x" * 1000, "\u00e4"])
def test_a_key_that_is_none_is_unknown(vendor, key):
    given = answered(vendor, raw_with_key(vendor, key))
    assert given == Denial(Reason.UNKNOWN, vendor.here, "ab" * 16, vendor.now)


def test_it_is_told_the_same_as_a_key_that_was_never_issued(vendor):
    never = LicenseKey.from_number(1).digits
    assert answered(vendor, raw_with_key(vendor, never)) == answered(vendor, raw_with_key(vendor, "0"))


@pytest.mark.parametrize("members", [{"key": 1}, {"key": None}, {"key": "1", "more": 1}, {"key": "1", "ask": "no"}])
def test_what_is_more_wrong_than_its_key_is_not_answered(vendor, members):
    with pytest.raises(UntrustedReply):
        answered(vendor, raw_with_key(vendor, **members))


def test_a_request_is_read_as_one(vendor):
    request = vendor.request()
    assert grant.read(wire.encode(request)) == request
    assert isinstance(grant.read(raw_with_key(vendor, "1")), Malformed)


def test_a_decided_value_is_signed_behind_what_is_announced(vendor):
    signs = attrs.evolve(first_signatory(), announcements=("a.b.c", "d.e.f"))
    token = signing.sign(vendor.decide(nonce="ab" * 16), signs.signing)
    assert grant.reply(vendor.decide(nonce="ab" * 16), signs) == f"a.b.c~d.e.f~{token}".encode()


HIDDEN = (Reason.REVOKED, Reason.SUSPENDED, Reason.TERM, Reason.VERSION)


@pytest.mark.parametrize("reason", HIDDEN, ids=str)
def test_a_discreet_server_tells_a_stranger_nothing(vendor, reason):
    vendor.decide()
    OLD[reason](vendor)
    asked = vendor.request(binding=vendor.there)
    assert grant.decide(asked, vendor.registry, vendor.now, discreet=True).reason is Reason.UNKNOWN
    assert grant.decide(asked, vendor.registry, vendor.now).reason is reason


@pytest.mark.parametrize("ask", ["authenticate", "confirm"])
@pytest.mark.parametrize("reason", HIDDEN, ids=str)
def test_a_discreet_server_tells_whoever_had_the_key_why(vendor, reason, ask):
    vendor.decide()
    OLD[reason](vendor)
    assert grant.decide(vendor.request(ask), vendor.registry, vendor.now, discreet=True).reason is reason


def test_a_discreet_server_tells_a_former_database_why(vendor):
    vendor.decide()
    vendor.decide(binding=vendor.there)
    support.suspend(vendor.registry, vendor.key)
    given = grant.decide(vendor.request(), vendor.registry, vendor.now, discreet=True)
    assert given.reason is Reason.SUSPENDED


@pytest.mark.parametrize("key", [None, LicenseKey.from_number(1)], ids=["a key", "no key"])
@pytest.mark.parametrize("ask, told", [("authenticate", Reason.UNKNOWN), ("confirm", Reason.SUPERSEDED)])
def test_a_discreet_server_denies_a_stranger_alike_whether_there_is_such_a_key_or_not(vendor, ask, told, key):
    vendor.decide()
    support.revoke(vendor.registry, vendor.key)
    asked = vendor.request(ask, binding=vendor.there, key=key)
    assert grant.decide(asked, vendor.registry, vendor.now, discreet=True).reason is told


def test_a_discreet_server_tells_a_former_database_that_it_is_superseded(vendor):
    vendor.decide()
    vendor.decide(binding=vendor.there)
    given = grant.decide(vendor.request("confirm"), vendor.registry, vendor.now, discreet=True)
    assert given.reason is Reason.SUPERSEDED


def test_a_discreet_server_grants_as_any_other(vendor):
    request = vendor.request()
    assert isinstance(grant.decide(request, vendor.registry, vendor.now, discreet=True), Certificate)
    assert vendor.issued.proved(vendor.here)


def test_an_answer_is_as_discreet_as_it_is_asked_to_be(vendor):
    support.suspend(vendor.registry, vendor.key)
    raw = raw_with_key(vendor, vendor.key.digits)
    assert answered(vendor, raw, discreet=True).reason is Reason.UNKNOWN
    assert answered(vendor, raw).reason is Reason.SUSPENDED
