"""Keys rotate while ships are at sea: an application that was shipped with the old keys follows, and loses nothing."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic import client as app
from nexuslic.errors import Damaged
from nexuslic.issuing import grant, rotation
from nexuslic.issuing.rotation import HeldKey
from nexuslic.issuing.signatory import Signatory
from nexuslic.rules.words import Cause, Reason, State
from nexuslic.simulation import damage
from nexuslic.simulation.chance import SeededChance
from nexuslic.simulation.tampering import signing_key
from nexuslic.simulation.vendor import bundle
from nexuslic.trust import base64url, jwe, sealing

LAWS = settings(max_examples=60, deadline=None, derandomize=True)


def container(blob):
    """A blob without what is announced before it."""
    return blob.rpartition(b"~")[2]


def announced(blob):
    return blob.count(b"~")


def opens(known, blob):
    try:
        return sealing.unseal_record(blob, known).value
    except Damaged:
        return None


def sealed_with(ship, blob):
    """The place of the vendor's key that seals a blob, oldest first."""
    for place, key in enumerate(ship.world.vendor.keyring.sealing_keys):
        try:
            jwe.read(container(blob), key.key)
        except Damaged:
            continue
        return place
    return None


def signer(ship):
    """The id of the key that signed the record's certificate."""
    head = ship.record.proof.rpartition("~")[2].partition(".")[0]
    return ship.world.vendor.ships().keys.find(head.encode("ascii")).id


def rotated(ship):
    """Both keys rotate, and the first signing key is retired a day later."""
    vendor = ship.world.vendor
    vendor.rotate_signing()
    vendor.rotate_sealing()
    ship.sail(days=1)
    vendor.retire_signing("vendor-1")


def in_touch(ship, *names):
    """A launch with contact on each of these workstations."""
    ship.online(*names)
    decisions = [ship.launch(name) for name in names]
    ship.offline(*names)
    return decisions


@pytest.fixture
def long_ship(make_ship):
    """A ship with 90 days of grace that was authenticated at the quay and is offline since."""
    ship = make_ship(grace_days=90).online()
    ship.authenticate()
    return ship.offline()


# -- seventy days at sea ------------------------------------------------------------------------------------------


def test_after_70_days_at_sea_over_a_rotation_and_a_retirement_contact_is_made(long_ship):
    rotated(long_ship)
    long_ship.sail(days=69)
    [decision] = in_touch(long_ship, "ws1")
    assert (decision.state, decision.runs, decision.cause) == (State.AUTHENTICATED, True, None)


def test_the_record_goes_on_over_the_rotation(long_ship):
    before = long_ship.record
    rotated(long_ship)
    long_ship.sail(days=69)
    in_touch(long_ship, "ws1")
    assert long_ship.record.id == before.id
    assert long_ship.record.certificate.granted_at == long_ship.world.true.now


def test_nothing_changes_aboard_before_the_next_contact(long_ship):
    long_ship.launch()
    rotated(long_ship)
    long_ship.sail(days=60)
    assert long_ship.launch().state is State.GRACE
    assert announced(long_ship.blob) == 0
    assert sealed_with(long_ship, long_ship.blob) == 0


def test_the_new_keys_are_used_from_the_next_contact_on(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    assert (signer(long_ship), sealed_with(long_ship, long_ship.blob)) == (
        long_ship.world.vendor.signatory.signing.id,
        1,
    )
    assert sealed_with(long_ship, long_ship.ws().marks.load(long_ship.record.id)) == 1


def test_a_launch_at_sea_carries_on_what_was_announced(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    long_ship.sail(days=5)
    assert long_ship.launch().runs
    assert (announced(long_ship.blob), sealed_with(long_ship, long_ship.blob)) == (3, 1)


def test_a_session_carries_it_on_too(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    long_ship.open(until=long_ship.world.true.now + timedelta(hours=8))
    long_ship.sail(days=1)
    assert (announced(long_ship.blob), sealed_with(long_ship, long_ship.blob)) == (3, 1)
    assert sealed_with(long_ship, long_ship.ws().marks.load(long_ship.record.id)) == 1


def test_a_new_database_is_authenticated_by_an_application_with_the_old_bundle(new_ship):
    rotated(new_ship)
    new_ship.online()
    assert new_ship.authenticate().state is State.AUTHENTICATED
    assert (announced(new_ship.blob), sealed_with(new_ship, new_ship.blob)) == (3, 1)


# -- two workstations of one database -----------------------------------------------------------------------------


def test_a_workstation_without_contact_opens_what_another_has_sealed_with_the_new_key(long_ship):
    long_ship.launch("ws2")
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    decision = long_ship.launch("ws2")
    assert (decision.state, decision.runs, decision.cause) == (State.GRACE, True, Cause.OFFLINE)


def test_what_it_stores_is_opened_by_the_one_that_had_contact(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    long_ship.launch("ws2")
    assert sealed_with(long_ship, long_ship.blob) == 1
    assert long_ship.launch("ws1").runs


def test_an_application_with_a_new_bundle_opens_what_the_old_key_sealed(long_ship):
    rotated(long_ship)
    long_ship.ws("ws2").bundle = long_ship.world.vendor.ships()
    assert long_ship.launch("ws2").state is State.GRACE


def test_what_a_new_application_seals_at_sea_is_opened_by_an_old_one(long_ship):
    rotated(long_ship)
    long_ship.ws("ws2").bundle = long_ship.world.vendor.ships()
    long_ship.launch("ws2")
    assert (announced(long_ship.blob), sealed_with(long_ship, long_ship.blob)) == (3, 1)
    assert long_ship.launch("ws1").state is State.GRACE


def test_a_code_for_a_new_application_makes_a_record_that_an_old_one_opens(new_ship):
    new_ship.world.vendor.rotate_sealing()
    new_ship.ws("ws1").bundle = new_ship.world.vendor.ships()
    assert new_ship.renew_by_code("ws1").stored
    assert new_ship.launch("ws2").runs


def test_a_sealing_key_that_is_not_announced_is_for_new_applications_only(long_ship):
    long_ship.world.vendor.rotate_sealing(announced=False)
    long_ship.ws("ws2").bundle = long_ship.world.vendor.ships()
    assert long_ship.launch("ws2").runs
    assert sealed_with(long_ship, long_ship.blob) == 1
    assert long_ship.launch("ws1").reason is Reason.DAMAGED


def test_an_application_that_lacks_such_a_key_still_makes_contact_after_the_next_one(long_ship):
    vendor = long_ship.world.vendor
    vendor.rotate_sealing(announced=False)
    vendor.rotate_sealing()
    [decision] = in_touch(long_ship, "ws1")
    assert decision.state is State.AUTHENTICATED
    assert sealed_with(long_ship, long_ship.blob) == 0


# -- backups, marks, codes ----------------------------------------------------------------------------------------


def test_an_older_database_that_is_restored_still_opens(long_ship):
    backup = long_ship.base.contents
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    long_ship.world.restore(backup, None, None, ["ws1", "ws2"])
    assert [long_ship.launch(name).state for name in ("ws1", "ws2")] == [State.GRACE, State.GRACE]


def test_a_database_of_the_new_keys_is_restored_where_nobody_has_heard_of_them(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    backup = long_ship.base.contents
    long_ship.world.restore(backup, None, None, ["ws3"])
    assert long_ship.launch("ws3").state is State.GRACE


def test_a_mark_keeps_its_evidence_over_a_rotation(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    backup = long_ship.base.contents
    long_ship.sail(days=20)
    seen = long_ship.launch().days_left
    long_ship.world.restore(backup, None, None, ["ws1"])
    long_ship.set_clock(days=-19)
    assert long_ship.launch().days_left <= seen


def test_a_mark_of_before_the_rotation_is_still_read(long_ship):
    long_ship.sail(days=20)
    long_ship.launch()
    before = long_ship.mark()
    rotated(long_ship)
    long_ship.ws().bundle = long_ship.world.vendor.ships()
    assert long_ship.mark() == before
    long_ship.launch()
    assert long_ship.mark().license_time > before.license_time


def test_a_code_that_was_asked_for_before_a_rotation_is_answered_after_it(long_ship):
    code = app.request_code(long_ship.client())
    long_ship.world.vendor.rotate_signing()
    long_ship.world.vendor.rotate_sealing()
    assert app.renew_by_code(long_ship.client(), long_ship.answer(code)).stored


def test_a_request_is_sealed_with_what_the_record_knows(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    app.request_code(long_ship.client())
    blob = long_ship.ws().marks.load("request")
    assert (announced(blob), sealed_with(long_ship, blob)) == (3, 1)


def test_a_code_is_signed_with_the_oldest_key_that_is_not_retired(long_ship):
    long_ship.world.vendor.rotate_signing()
    assert long_ship.renew_by_code().stored
    assert signer(long_ship) == "vendor-1"


def test_after_the_retirement_a_code_needs_a_client_that_was_told(long_ship):
    rotated(long_ship)
    assert long_ship.renew_by_code().cause is Cause.UNTRUSTED_REPLY
    in_touch(long_ship, "ws1")
    assert long_ship.renew_by_code().stored


def test_a_code_at_sea_carries_on_what_was_announced(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    assert long_ship.renew_by_code("ws2").stored
    assert (announced(long_ship.blob), sealed_with(long_ship, long_ship.blob)) == (3, 1)
    assert long_ship.launch("ws3").runs


# -- who announces what they may not ------------------------------------------------------------------------------


class Says:
    """A license server whose replies somebody changes on the way."""

    def __init__(self, vendor, change):
        self.vendor, self.change = vendor, change

    def exchange(self, raw):
        return self.change(self.vendor.answer(raw))


def asking(ship, change):
    """A client whose replies are changed on the way."""
    client = ship.client()
    return attrs.evolve(client, ports=attrs.evolve(client.ports, connectivity=Says(ship.world.vendor, change)))


def forged(reply):
    """The first announcement is signed by somebody else."""
    first, _, rest = reply.partition(b"~")
    signed = first.rpartition(b".")[0]
    return signed + b"." + base64url.encode(signing_key("somebody").signer.sign(signed)) + b"~" + rest


SPOILT = {
    "forged": forged,
    "none": container,
    "reordered": lambda reply: b"~".join([*reply.split(b"~")[-2::-1], container(reply)]),
    "the first is missing": lambda reply: reply.partition(b"~")[2],
    "the second is missing": lambda reply: b"~".join(reply.split(b"~")[:1] + reply.split(b"~")[2:]),
    "an empty one": lambda reply: b"~" + reply,
    "one that is none": lambda reply: b"a.b.c~" + reply,
    "a grant": lambda reply: container(reply) + b"~" + reply,
}


@pytest.mark.parametrize("how", SPOILT)
def test_announcements_that_somebody_changed_are_no_contact(long_ship, how):
    rotated(long_ship)
    before = long_ship.record
    decision = app.launch(asking(long_ship, SPOILT[how])).decision
    assert (decision.state, decision.cause) == (State.GRACE, Cause.UNTRUSTED_REPLY)
    assert long_ship.record.certificate == before.certificate
    assert (announced(long_ship.blob), sealed_with(long_ship, long_ship.blob)) == (0, 0)


@pytest.mark.parametrize("how", SPOILT)
def test_after_such_a_reply_the_next_good_one_counts(long_ship, how):
    rotated(long_ship)
    app.launch(asking(long_ship, SPOILT[how]))
    [decision] = in_touch(long_ship, "ws1")
    assert decision.state is State.AUTHENTICATED


@LAWS
@given(data=st.data())
def test_no_choice_of_announcements_teaches_a_client_anything_wrong(make_ship, data):
    """Left out, repeated, exchanged: a client is at a place of the vendor's own chain, and never stuck."""
    ship = make_ship().online()
    ship.authenticate()
    for turn in data.draw(st.lists(st.sampled_from(["rotate_signing", "rotate_sealing"]), min_size=1, max_size=4)):
        getattr(ship.world.vendor, turn)()
    chain = [token.encode("ascii") for token in ship.world.vendor.keyring.announcements]
    chosen = data.draw(st.lists(st.sampled_from(chain), max_size=6))
    app.launch(asking(ship, lambda reply: b"~".join([*chosen, container(reply)])))
    assert ship.blob.split(b"~")[:-1] == chain[: announced(ship.blob)]
    assert ship.launch().state is State.AUTHENTICATED
    assert announced(ship.blob) == len(chain)


def test_what_was_announced_once_is_known_where_a_reply_leaves_it_out(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    decision = app.launch(asking(long_ship, container)).decision
    assert decision.state is State.AUTHENTICATED
    assert announced(long_ship.blob) == 3


def test_an_authentication_knows_what_the_record_was_told(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    assert app.authenticate(asking(long_ship, container), long_ship.key.digits).stored
    assert announced(long_ship.blob) == 3


def signed_by_the_retired_key(ship, *, announces):
    """A license server that somebody runs with the retired key."""
    vendor = ship.world.vendor
    key = signing_key("vendor-1")
    told = vendor.keyring.announcements if announces else ()

    class Stolen:
        def exchange(self, raw):
            return grant.answer(raw, vendor.registry, Signatory(key, key, told), ship.world.true.now)

    client = ship.client()
    return attrs.evolve(client, ports=attrs.evolve(client.ports, connectivity=Stolen()))


@pytest.mark.parametrize("announces", [True, False])
def test_what_a_retired_key_grants_later_is_refused(long_ship, announces):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    long_ship.sail(days=1)
    decision = app.launch(signed_by_the_retired_key(long_ship, announces=announces)).decision
    assert (decision.state, decision.cause) == (State.GRACE, Cause.UNTRUSTED_REPLY)


def test_a_retired_key_introduces_no_other_key(long_ship):
    vendor, before = long_ship.world.vendor, long_ship.world.true.now
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    thief = attrs.evolve(vendor.keyring, signing_keys=(HeldKey("vendor-1", signing_key("vendor-1").private),))
    stolen = rotation.signatory(rotation.rotate_signing(thief, SeededChance(b"thief"), before))
    decision = app.launch(asking(long_ship, lambda reply: stolen.prefix.encode() + container(reply))).decision
    assert (decision.state, decision.cause) == (State.GRACE, Cause.UNTRUSTED_REPLY)
    assert long_ship.blob.count(b"~") == len(vendor.keyring.announcements)


def test_a_denial_that_announces_keys_is_believed(long_ship):
    rotated(long_ship)
    long_ship.support("suspend")
    [decision] = in_touch(long_ship, "ws1")
    assert (decision.state, decision.reason) == (State.EXPIRED, Reason.SUSPENDED)


@pytest.mark.parametrize("how", ["bit", "truncated", "forged"])
def test_a_record_of_the_new_keys_is_damaged_as_any_other(long_ship, how):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    long_ship.damage(how)
    assert long_ship.launch().reason is Reason.DAMAGED


@LAWS
@given(data=st.data())
def test_a_byte_of_what_is_announced_before_a_record_makes_it_damaged(make_ship, data):
    ship = make_ship().online()
    ship.authenticate()
    rotated(ship)
    ship.launch()
    blob = ship.blob
    at = data.draw(st.integers(0, blob.rindex(b"~")))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != blob[at]))
    assert opens(bundle().known, blob[:at] + bytes([byte]) + blob[at + 1 :]) is None


# -- when announcements have done their part ----------------------------------------------------------------------


def test_an_application_that_knows_needs_no_announcement(long_ship):
    vendor = long_ship.world.vendor
    rotated(long_ship)
    vendor.forget(vendor.keyring.number)
    long_ship.ws("ws2").bundle = vendor.ships()
    decisions = in_touch(long_ship, "ws2")
    assert [decision.state for decision in decisions] == [State.AUTHENTICATED]
    assert (announced(long_ship.blob), sealed_with(long_ship, long_ship.blob)) == (0, 1)


def test_an_application_that_was_never_told_has_no_contact_any_more(long_ship):
    vendor = long_ship.world.vendor
    rotated(long_ship)
    vendor.forget(vendor.keyring.number)
    [decision] = in_touch(long_ship, "ws1")
    assert (decision.state, decision.cause) == (State.GRACE, Cause.UNTRUSTED_REPLY)


def test_a_database_that_was_told_goes_on_without_the_old_announcements(long_ship):
    vendor = long_ship.world.vendor
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    vendor.forget(vendor.keyring.number)
    vendor.rotate_signing()
    [decision] = in_touch(long_ship, "ws1")
    assert decision.state is State.AUTHENTICATED
    assert announced(long_ship.blob) == 4


def test_the_story_sees_through_what_is_announced(long_ship):
    rotated(long_ship)
    in_touch(long_ship, "ws1")
    assert damage.recorded_binding(long_ship.blob, bundle()) == "DB1/nexus"
