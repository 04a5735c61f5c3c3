"""What support does to a key (rules: Support at a distance)."""

from datetime import timedelta

import attrs
import pytest

from nexuslic.errors import CodeRefused, WorldError
from nexuslic.issuing import support
from nexuslic.rules.license import Extension, LicenseKey, Version
from nexuslic.rules.words import Reason
from nexuslic.simulation.vendor import bundle, first_signatory
from nexuslic.trust import codes
from nexuslic.trust.wire import Pending

CHANGES = {
    "extend": lambda registry, key: support.extend(registry, key, Extension(1, registry)),
    "suspend": support.suspend,
    "reinstate": support.reinstate,
    "revoke": support.revoke,
    "change": lambda registry, key: support.change(registry, key, lambda kept: kept),
}


def ask(vendor, terms=None):
    """A request code, and what it waits for."""
    pending = Pending(vendor.key, vendor.here, Version.parse("6.10"), "cd" * 16)
    return codes.write_request(pending, terms), pending


def answer(vendor, code):
    return support.answer_code(code, vendor.registry, first_signatory(), vendor.now)


@pytest.mark.parametrize("name", CHANGES)
def test_a_key_that_is_not_there_cannot_be_changed(vendor, name):
    with pytest.raises(WorldError, match="no such license key"):
        CHANGES[name](vendor.registry, LicenseKey.from_number(1))


def test_a_suspended_key_is_refused_until_it_is_reinstated(vendor):
    assert support.suspend(vendor.registry, vendor.key).suspended
    assert vendor.reason() is Reason.SUSPENDED
    assert not support.reinstate(vendor.registry, vendor.key).suspended
    assert vendor.reason() is None


def test_reinstating_does_not_bring_a_revoked_key_back(vendor):
    support.revoke(vendor.registry, vendor.key)
    support.reinstate(vendor.registry, vendor.key)
    assert vendor.reason() is Reason.REVOKED


def test_a_new_extension_replaces_the_old_one(vendor):
    support.extend(vendor.registry, vendor.key, Extension(20, vendor.now + timedelta(days=7)))
    support.extend(vendor.registry, vendor.key, Extension(3, vendor.now))
    assert vendor.decide().extra_days == 3


def test_changed_terms_are_in_the_grants_to_come(vendor):
    before = vendor.decide()
    vendor.change(seats=2, grace_days=7)
    assert (before.license.seats, vendor.decide().license) == (5, attrs.evolve(vendor.terms, seats=2, grace_days=7))


def test_a_change_leaves_the_history_and_the_extension(vendor):
    vendor.decide()
    support.extend(vendor.registry, vendor.key, Extension(20, vendor.now))
    before = vendor.issued
    vendor.change(seats=2)
    assert attrs.evolve(vendor.issued, license=vendor.terms) == before


@pytest.mark.parametrize("known", [True, False])
def test_a_request_code_is_answered_with_a_grant_for_it(vendor, known):
    terms = vendor.terms if known else None
    code, pending = ask(vendor, terms)
    certificate, _ = codes.read_answer(answer(vendor, code), pending, terms, bundle().known).value
    assert certificate == attrs.evolve(vendor.decide(), nonce="cd" * 16)


def test_answering_a_code_binds_the_key_as_an_authentication_does(vendor):
    vendor.decide(binding=vendor.there)
    answer(vendor, ask(vendor)[0])
    assert vendor.issued.binding == vendor.here


def test_a_denied_code_names_the_reason_and_binds_nothing(vendor):
    support.suspend(vendor.registry, vendor.key)
    with pytest.raises(support.DeniedCode) as denied:
        answer(vendor, ask(vendor)[0])
    assert (denied.value.reason, vendor.issued.history) == (Reason.SUSPENDED, ())


@pytest.mark.parametrize("code", ["", "not a code!", "0" * 15, "A"])
def test_what_is_no_request_code_is_refused(vendor, code):
    with pytest.raises(CodeRefused):
        answer(vendor, code)
