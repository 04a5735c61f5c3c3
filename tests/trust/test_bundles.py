"""The vendor bundle as a file."""

import json

import attrs
import pytest

from nexuslic.errors import InputError
from nexuslic.issuing import rotation
from nexuslic.simulation.chance import SeededChance
from nexuslic.trust import bundles
from nexuslic.trust.keys import KeySet

ADDRESS = "https://license.example"
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.fixture
def keyring(bench):
    """Keys that were rotated and of which one is retired."""
    chance = SeededChance(b"bundles")
    keyring = rotation.rotate_signing(rotation.begin(chance), chance, bench.granted)
    keyring = rotation.rotate_sealing(keyring, chance, bench.granted)
    return rotation.retire_signing(keyring, keyring.signing_keys[0].id, bench.granted)


@pytest.fixture
def bundle(keyring):
    return rotation.bundle(keyring, "product", ADDRESS, PEM)


def changed(bundle, **members):
    """The file with other members; None leaves one out."""
    body = json.loads(bundles.write(bundle))
    merged = {**body["bundle"], **members}
    body["bundle"] = {name: value for name, value in merged.items() if value is not None}
    return json.dumps(body).encode("ascii")


def test_a_bundle_comes_back_as_it_was(bundle):
    assert bundles.read(bundles.write(bundle)) == bundle


def test_a_bundle_without_an_authority_means_the_operating_systems(bundle):
    assert bundles.read(bundles.write(attrs.evolve(bundle, authority=""))).authority == ""


def test_a_bundle_holds_no_private_key(bundle, keyring):
    written = bundles.write(bundle)
    private = json.loads(rotation.write(keyring))["keyring"]["signing_keys"]
    assert [key["private"] for key in private if key["private"].encode("ascii") in written] == []


def test_the_sealing_keys_are_never_printed(bundle):
    assert [key for key in bundle.sealing_keys if repr(key.key) in repr(bundle)] == []


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b"[]", b'{"format":1}', b'{"bundle":{},"format":1}'])
def test_what_is_no_bundle_is_refused_with_a_cure(data):
    with pytest.raises(InputError, match="no vendor bundle in format 1: use the file that the vendor ships"):
        bundles.read(data)


@pytest.mark.parametrize(
    "members",
    [
        {"more": 1},
        {"address": None},
        {"address": 1},
        {"keys": {}},
        {"keys": ""},
        {"sealing_keys": [{"id": "1", "key": "AAAA"}]},
        {"keys": [{"id": "1", "public": "AAAA", "retired": None}]},
        {"keys": [{"id": "1", "public": "ä", "retired": None}]},
        {"number": True},
        {"announcements": "a.b.c"},
    ],
    ids=str,
)
def test_a_member_of_another_form_is_refused(bundle, members):
    with pytest.raises(InputError, match="no vendor bundle"):
        bundles.read(changed(bundle, **members))


def test_another_format_is_refused(bundle):
    with pytest.raises(InputError, match="format 1"):
        bundles.read(bundles.write(bundle).replace(b'"format":1', b'"format":2'))


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"product": ""}, "names no product"),
        ({"address": ""}, "no address"),
        ({"keys": []}, "holds no signing key"),
        ({"sealing_keys": []}, "holds no sealing key"),
        ({"announcements": ["a.b.c"]}, "do not belong to its keys"),
        ({"announcements": ["\u00e4"]}, "do not belong to its keys"),
        ({"number": -1}, "do not belong to its keys"),
        ({"number": 1}, "do not belong to its keys"),
        ({"number": -1, "announcements": []}, "do not belong to its keys"),
    ],
    ids=str,
)
def test_a_bundle_that_no_client_could_use_says_why(bundle, members, says):
    with pytest.raises(InputError, match=f"cannot be used: .*{says}.*; use the file"):
        bundles.read(changed(bundle, **members))


def test_two_keys_of_one_id_are_refused(bundle):
    twice = attrs.evolve(bundle, keys=KeySet(bundle.keys.keys * 2))
    with pytest.raises(InputError, match="two signing keys of one id"):
        bundles.read(bundles.write(twice))
    twice = attrs.evolve(bundle, sealing_keys=bundle.sealing_keys * 2)
    with pytest.raises(InputError, match="two sealing keys of one id"):
        bundles.read(bundles.write(twice))


def test_the_announcements_of_another_vendor_are_refused(bundle, bench):
    chance = SeededChance(b"another vendor")
    foreign = rotation.rotate_signing(rotation.begin(chance), chance, bench.granted)
    with pytest.raises(InputError, match="do not belong"):
        bundles.read(bundles.write(attrs.evolve(bundle, announcements=foreign.announcements)))


def test_a_bundle_knows_all_that_it_announces(bundle):
    known = bundle.known
    assert (known.number, len(known.announcements), known.newest) == (3, 3, bundle.sealing_keys[-1])
