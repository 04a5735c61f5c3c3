"""The vendor's keyring: keys are added and retired, and whoever trusts an old one can follow."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.errors import InputError, UntrustedReply
from nexuslic.issuing import rotation
from nexuslic.simulation.chance import SeededChance
from nexuslic.trust import announcing

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
DAY = timedelta(days=1)
LAWS = settings(max_examples=60, deadline=None, derandomize=True)


@pytest.fixture
def chance():
    return SeededChance(b"vendor")


@pytest.fixture
def first(chance):
    return rotation.begin(chance)


def known(keyring):
    return rotation.bundle(keyring, "product", "https://license.example").known


def follows(before, after):
    """What a client knows that was shipped `before` and got a reply `after`."""
    prefix = rotation.signatory(after).prefix
    return announcing.known_by(known(before), prefix)


def same(one, other):
    """Whether two clients trust and open the same."""
    return (set(one.keys.keys), one.sealing, one.number) == (set(other.keys.keys), other.sealing, other.number)


def test_a_new_vendor_has_a_key_of_each_kind_and_announces_nothing(first):
    assert (len(first.signing_keys), len(first.sealing_keys), first.announcements) == (1, 1, ())


def test_the_same_chance_makes_the_same_keyring(first):
    assert rotation.begin(SeededChance(b"vendor")) == first
    assert rotation.begin(SeededChance(b"another")) != first


def test_a_keyring_prints_no_secret(first):
    secrets = [first.signing_keys[0].private, first.sealing_keys[0].key]
    assert [secret for secret in secrets if repr(secret) in repr(first)] == []


def test_replies_are_signed_with_the_newest_key_and_codes_with_the_oldest(first, chance):
    signs = rotation.signatory(rotation.rotate_signing(first, chance, NOW))
    assert signs.coding == first.signing_keys[0].signing
    assert signs.signing not in (signs.coding, None)


def test_without_rotations_both_are_signed_with_the_same(first):
    signs = rotation.signatory(first)
    assert (signs.signing, signs.announcements, signs.prefix) == (signs.coding, (), "")


def test_a_retired_key_signs_neither(first, chance):
    second = rotation.rotate_signing(first, chance, NOW)
    signs = rotation.signatory(rotation.retire_signing(second, first.signing_keys[0].id, NOW))
    assert signs.signing == signs.coding == second.signing_keys[1].signing


def test_the_newest_key_can_be_retired_too(first, chance):
    second = rotation.rotate_signing(first, chance, NOW)
    signs = rotation.signatory(rotation.retire_signing(second, second.signing_keys[1].id, NOW))
    assert signs.signing == signs.coding == first.signing_keys[0].signing


@pytest.mark.parametrize("turn", [rotation.rotate_signing, rotation.rotate_sealing])
def test_a_rotation_announces_one_key(first, chance, turn):
    after = turn(first, chance, NOW)
    assert (len(after.announcements), after.number, after.announced_at) == (1, 1, NOW)
    assert same(follows(first, after), known(after))


def test_a_retirement_is_announced(first, chance):
    second = rotation.rotate_signing(first, chance, NOW)
    after = rotation.retire_signing(second, first.signing_keys[0].id, NOW + DAY)
    assert follows(first, after).keys.keys[0].retired == NOW + DAY


def test_announcements_are_made_at_whole_seconds(first, chance):
    after = rotation.rotate_signing(first, chance, NOW + timedelta(microseconds=999_999))
    assert after.announced_at == NOW


def test_a_clock_that_went_back_dates_no_announcement_before_another(first, chance):
    second = rotation.rotate_signing(first, chance, NOW)
    after = rotation.retire_signing(second, first.signing_keys[0].id, NOW - DAY)
    assert (after.announced_at, after.signing_keys[0].retired) == (NOW, NOW)


def test_the_last_key_is_never_retired(first, chance):
    with pytest.raises(InputError, match=r"the last signing key.*: rotate first"):
        rotation.retire_signing(first, first.signing_keys[0].id, NOW)
    second = rotation.rotate_signing(first, chance, NOW)
    third = rotation.retire_signing(second, first.signing_keys[0].id, NOW)
    with pytest.raises(InputError, match="the last signing key"):
        rotation.retire_signing(third, second.signing_keys[1].id, NOW)


def test_a_key_that_is_not_there_is_not_retired(first):
    with pytest.raises(InputError, match=f"no signing key 'x': name one of {first.signing_keys[0].id}"):
        rotation.retire_signing(first, "x", NOW)


def test_a_key_is_retired_once(first, chance):
    after = rotation.retire_signing(rotation.rotate_signing(first, chance, NOW), first.signing_keys[0].id, NOW)
    with pytest.raises(InputError, match="is retired since 2026-03-02"):
        rotation.retire_signing(after, first.signing_keys[0].id, NOW)


def test_a_sealing_key_that_is_not_announced_is_in_the_bundle_only(first, chance):
    after = rotation.rotate_sealing(first, chance, NOW, announced=False)
    assert after.announcements == ()
    assert known(after).sealing == after.sealing_keys != first.sealing_keys


def test_more_announcements_than_a_client_reads_are_not_made(first, chance):
    full = first
    for _ in range(announcing.MOST):
        full = rotation.rotate_sealing(full, chance, NOW)
    assert same(follows(first, full), known(full))
    with pytest.raises(InputError, match=r"32 announcements are made already.*ship a new bundle"):
        rotation.rotate_signing(full, chance, NOW)
    assert rotation.rotate_signing(rotation.forget(full, full.number), chance, NOW).number == 33


@pytest.mark.parametrize(("number", "left"), [(0, 3), (1, 2), (3, 0), (99, 0)])
def test_what_the_oldest_bundle_knows_can_be_forgotten(first, chance, number, left):
    full = first
    for _ in range(3):
        full = rotation.rotate_sealing(full, chance, NOW)
    assert rotation.forget(full, number).announcements == full.announcements[3 - left :]


def test_forgetting_twice_forgets_no_more(first, chance):
    full = first
    for _ in range(3):
        full = rotation.rotate_sealing(full, chance, NOW)
    once = rotation.forget(full, 1)
    assert rotation.forget(once, 1) == rotation.forget(once, 0) == once


def test_a_bundle_of_before_what_was_forgotten_does_not_follow(first, chance):
    full = rotation.rotate_sealing(rotation.rotate_sealing(first, chance, NOW), chance, NOW)
    with pytest.raises(UntrustedReply):
        follows(first, rotation.forget(full, 1))


TURNS = st.sampled_from(["signing", "sealing", "retire oldest", "retire newest", "unannounced"])


def turned(keyring, turn, chance, now):
    try:
        match turn:
            case "signing":
                return rotation.rotate_signing(keyring, chance, now)
            case "sealing":
                return rotation.rotate_sealing(keyring, chance, now)
            case "unannounced":
                return rotation.rotate_sealing(keyring, chance, now, announced=False)
            case _:
                oldest = turn == "retire oldest"
                return rotation.retire_signing(keyring, keyring.active[0 if oldest else -1].id, now)
    except InputError:
        return keyring


@LAWS
@given(turns=st.lists(TURNS, max_size=12), data=st.data())
def test_a_client_of_any_age_follows_any_rotations(turns, data):
    chance = SeededChance(b"law")
    history = [rotation.begin(chance)]
    for days, turn in enumerate(turns):
        history.append(turned(history[-1], turn, chance, NOW + days * DAY))
    before, after = data.draw(st.sampled_from(history)), history[-1]
    told, shipped = follows(before, after), known(after)
    assert set(told.keys.keys) == set(shipped.keys.keys)
    assert told.number == shipped.number
    assert set(told.sealing) <= set(shipped.sealing)
    assert "unannounced" in turns or told.sealing == shipped.sealing


@LAWS
@given(turns=st.lists(TURNS, max_size=8))
def test_a_keyring_comes_back_from_its_file_as_it_was(turns):
    chance = SeededChance(b"file")
    keyring = rotation.begin(chance)
    for turn in turns:
        keyring = turned(keyring, turn, chance, NOW)
    assert rotation.read(rotation.write(keyring)) == keyring


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b'{"format":1,"keyring":{}}'])
def test_what_is_no_keyring_is_refused(data):
    with pytest.raises(InputError, match="no keyring of a license server in format 1: restore its backup"):
        rotation.read(data)


@pytest.mark.parametrize(("old", "new"), [(b'"format":1', b'"format":2'), (b'"private":"', b'"private":"AA')])
def test_a_keyring_of_another_form_is_refused(first, old, new):
    with pytest.raises(InputError, match="no keyring of a license server"):
        rotation.read(rotation.write(first).replace(old, new))


@pytest.mark.parametrize("lack", [{"signing_keys": ()}, {"sealing_keys": ()}], ids=str)
def test_a_keyring_without_keys_is_refused(first, lack):
    with pytest.raises(InputError, match="lacks a key"):
        rotation.read(rotation.write(attrs.evolve(first, **lack)))


def test_a_keyring_that_was_edited_is_refused(first):
    with pytest.raises(InputError, match="was edited"):
        rotation.read(rotation.write(first) + b"\n")
