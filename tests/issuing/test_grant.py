"""Granting and denying (rules: Contact, Authentication, Grace)."""

from datetime import timedelta

import attrs
import pytest

from nexuslic.errors import UntrustedReply
from nexuslic.issuing import grant, support
from nexuslic.rules.license import Certificate, Extension, LicenseKey, Version
from nexuslic.rules.words import DENIALS, Reason
from nexuslic.simulation.vendor import bundle, first_signatory
from nexuslic.trust import signing, wire

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
