"""Announcements: a numbered chain, each by a key that was trusted before it."""

from datetime import timedelta
from types import SimpleNamespace

import attrs
import pytest

from nexuslic.errors import Damaged, UntrustedReply
from nexuslic.trust import announcing, jws, sealing, signing, wire
from nexuslic.trust.keys import SealingKey, SigningKey
from nexuslic.trust.wire import MAX_BYTES, Announcement, WrappedKey

NEW_SEAL = SealingKey("sealing-2", bytes(range(200, 232)))
DAY = timedelta(days=1)


@pytest.fixture
def say(bench: SimpleNamespace):
    """Sign an announcement: by which key, with which number, of which keys."""

    def said(number=1, by=None, signing_keys=(), sealing_keys=()):
        announcement = Announcement(number, bench.granted + number * DAY, tuple(signing_keys), tuple(sealing_keys))
        return announcing.announce(announcement, by or bench.key)

    return said


def learnt(known, *tokens):
    return announcing.learnt(known, "~".join(tokens).encode("ascii"))


def refused(known, *tokens):
    with pytest.raises(UntrustedReply) as caught:
        learnt(known, *tokens)
    return str(caught.value)


def wrapped(bench, new=NEW_SEAL, under=None):
    return announcing.wrap(new, under or bench.known.newest, bytes(12))


# -- what is learnt -----------------------------------------------------------------------------------------------


def test_a_new_signing_key_is_trusted_from_then_on(bench, say):
    known = learnt(bench.known, say(signing_keys=[bench.other.trusted()]))
    assert known.keys.keys == (bench.key.trusted(), bench.other.trusted())
    assert known.number == 1


def test_a_new_sealing_key_is_the_newest_and_the_old_one_stays(bench, say):
    known = learnt(bench.known, say(sealing_keys=[wrapped(bench)]))
    assert known.sealing == (*bench.known.sealing, NEW_SEAL)
    assert known.newest == NEW_SEAL


def test_a_new_key_announces_the_next_one(bench, say):
    third = SigningKey("2028", bytes(range(2, 34)))
    first = say(signing_keys=[bench.other.trusted()])
    second = say(2, by=bench.other, signing_keys=[third.trusted()])
    assert learnt(bench.known, first, second).keys.keys[-1] == third.trusted()


def test_all_that_was_learnt_is_carried_on(bench, say):
    first, second = say(signing_keys=[bench.other.trusted()]), say(2)
    known = learnt(learnt(bench.known, first), first, second)
    assert known.announcements == (first, second)
    assert known.prefix == f"{first}~{second}~"


def test_the_chain_goes_on_where_it_was_left(bench, say):
    known = learnt(bench.known, say(1))
    assert learnt(known, say(2)) == learnt(bench.known, say(1), say(2))


def test_what_is_known_says_nothing_new(bench, say):
    known = attrs.evolve(bench.known, number=1)
    assert learnt(known, say(1, signing_keys=[bench.other.trusted()])) == known


def test_a_known_announcement_of_a_key_that_is_retired_since_is_still_read(bench, say):
    keys = bench.trusting(bench.key.trusted(retired=bench.granted)).keys
    known = attrs.evolve(bench.known, keys=keys, number=1)
    assert learnt(known, say(1)) == known


@pytest.mark.parametrize(("first", "second"), [(None, 3), (3, None), (5, 3), (3, 5)])
def test_of_two_retirements_the_earliest_counts(bench, say, first, second):
    times = [None if days is None else bench.granted + days * DAY for days in (first, second)]
    known = bench.trusting(bench.key.trusted(), bench.other.trusted(times[0]))
    told = learnt(known, say(signing_keys=[bench.other.trusted(times[1])]))
    assert told.keys.keys[1].retired == bench.granted + 3 * DAY


def test_what_a_key_signed_before_its_retirement_still_counts(bench, say):
    told = say(signing_keys=[bench.other.trusted(), bench.key.trusted(bench.granted)])
    value, _ = signing.verify(f"{told}~{bench.proof}".encode("ascii"), bench.nonce, bench.binding, bench.known).value
    assert value == bench.certificate


def test_a_reply_is_refused_that_its_own_announcement_retires(bench, say):
    told = say(signing_keys=[bench.other.trusted(), bench.key.trusted(bench.granted - DAY)])
    with pytest.raises(UntrustedReply, match="retired"):
        signing.verify(f"{told}~{bench.proof}".encode("ascii"), bench.nonce, bench.binding, bench.known)


def test_a_proof_carries_what_was_announced(bench, say):
    told = say(signing_keys=[bench.other.trusted()])
    reply = f"{told}~{signing.sign(bench.certificate, bench.other)}"
    proof = signing.verify(reply.encode("ascii"), bench.nonce, bench.binding, bench.known).value[1]
    assert proof == reply
    assert announcing.known_by(bench.known, proof) == learnt(bench.known, told)


def test_a_sealing_key_that_no_known_key_opens_is_left_out(bench, say):
    elsewhere = SealingKey("sealing-9", bytes(32))
    known = learnt(bench.known, say(sealing_keys=[wrapped(bench, under=elsewhere)]), say(2))
    assert (known.sealing, known.number) == (bench.known.sealing, 2)


def test_a_sealing_key_is_never_exchanged(bench, say):
    other = attrs.evolve(NEW_SEAL, key=bytes(32))
    known = learnt(bench.known, say(sealing_keys=[wrapped(bench)]), say(2, sealing_keys=[wrapped(bench, other)]))
    assert known.newest == NEW_SEAL


# -- what is refused ----------------------------------------------------------------------------------------------


def test_an_announcement_of_somebody_else_is_refused(bench, say):
    assert refused(bench.known, say(by=bench.other)) == "not signed by a trusted key"
    assert refused(bench.known, say(by=SigningKey("2026", bench.other.private))) == "not signed by a trusted key"


def test_a_key_that_is_retired_announces_nothing(bench, say):
    first = say(signing_keys=[bench.other.trusted(), bench.key.trusted(bench.granted + 99 * DAY)])
    assert refused(bench.known, first, say(2)) == "announced by a key that is retired"


def test_a_gap_in_the_numbers_is_refused(bench, say):
    assert refused(bench.known, say(2)) == "an announcement is missing"
    assert refused(bench.known, say(1), say(3)) == "an announcement is missing"


@pytest.mark.parametrize("order", [(1, 0), (1,), (0, 2, 1), (2, 1, 0)])
def test_announcements_in_another_order_are_refused(bench, say, order):
    told = [say(number) for number in (1, 2, 3)]
    assert refused(bench.known, *(told[place] for place in order)) == "an announcement is missing"


def test_an_id_keeps_its_key(bench, say):
    stranger = SigningKey("2026", bench.other.private)
    assert "taken" in refused(bench.known, say(signing_keys=[stranger.trusted()]))


@pytest.mark.parametrize("sealed", ["", "a.b.c", "ä", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..A.A.A"])
def test_a_sealing_key_that_cannot_be_opened_is_refused(bench, say, sealed):
    told = say(sealing_keys=[WrappedKey("sealing-2", "sealing-1", sealed)])
    assert refused(bench.known, told) == "a sealing key that is announced cannot be opened"


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_sealing_key_of_another_length_is_refused(bench, say, size):
    sealed = announcing.jwe.write(bytes(size), bench.known.newest.key, bytes(12)).decode("ascii")
    told = say(sealing_keys=[WrappedKey("sealing-2", "sealing-1", sealed)])
    assert refused(bench.known, told) == "a sealing key that is announced cannot be opened"


@pytest.mark.parametrize("data", [b"", b"~", b"a.b.c", b"\xff", b"a~b", b"~" * 100])
def test_what_is_no_announcement_is_refused(bench, data):
    with pytest.raises(UntrustedReply):
        announcing.learnt(bench.known, data)
    with pytest.raises(UntrustedReply):
        announcing.told(bench.known, data + b"~" + bench.reply)


def test_a_grant_is_no_announcement(bench):
    assert refused(bench.known, bench.proof) == "no announcement in format 1"


def test_an_announcement_is_no_grant(bench, say):
    with pytest.raises(UntrustedReply):
        signing.verify(say().encode("ascii"), bench.nonce, bench.binding, bench.known)


def test_no_more_than_32_are_read(bench, say):
    told = [say(number) for number in range(1, 34)]
    assert learnt(bench.known, *told[:32]).number == 32
    assert refused(bench.known, *told) == "too much is announced"


def test_no_more_than_32_are_carried_on(bench, say):
    told = [say(number) for number in range(1, 34)]
    known = learnt(bench.known, *told[:32])
    assert refused(known, told[32]) == "too much is announced"


def test_no_more_than_64_kib_are_read(bench, say, monkeypatch):
    read = []
    monkeypatch.setattr(jws, "read", lambda *args: read.append(args))
    with pytest.raises(UntrustedReply, match="too much"):
        announcing.learnt(bench.known, b"a" * MAX_BYTES)
    assert read == []


def test_no_content_travels_on_the_error(bench, say):
    told = say(3, signing_keys=[attrs.evolve(bench.other, id="SECRET").trusted()])
    assert "SECRET" not in refused(bench.known, told)


# -- before a seal ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "unseal"), [("mark", sealing.unseal_mark), ("pending", sealing.unseal_pending)])
def test_what_is_sealed_with_a_new_key_is_opened_by_whoever_knows_the_old_one(bench, say, name, unseal):
    value = getattr(bench, name)
    known = learnt(bench.known, say(sealing_keys=[wrapped(bench)]))
    assert unseal(sealing.seal(value, known, bench.iv), bench.known).value == value


def test_a_record_comes_back_with_what_was_announced(bench, say):
    known = learnt(bench.known, say(sealing_keys=[wrapped(bench)]))
    record = sealing.unseal_record(sealing.seal(bench.record, known, bench.iv), bench.known).value
    assert record == attrs.evolve(bench.record, proof=known.prefix + bench.proof)


def test_what_is_announced_stands_outside_of_the_seal_once(bench, say):
    known = learnt(bench.known, say(sealing_keys=[wrapped(bench)]))
    blob = sealing.seal(attrs.evolve(bench.record, proof=known.prefix + bench.proof), known, bench.iv)
    inside = announcing.jwe.read(blob.rpartition(b"~")[2], NEW_SEAL.key)
    assert wire.decode(inside, wire.SealedRecord).proof == bench.proof


@pytest.mark.parametrize("unseal", [sealing.unseal_mark, sealing.unseal_pending, sealing.unseal_record])
def test_a_seal_behind_what_cannot_be_trusted_is_damaged(bench, say, unseal):
    blob = sealing.seal(bench.mark, bench.known, bench.iv)
    for told in (say(2), say(by=bench.other), "", "a.b.c"):
        with pytest.raises(Damaged):
            unseal(told.encode("ascii") + b"~" + blob, bench.known)


def test_of_several_sealing_keys_each_opens(bench):
    known = attrs.evolve(bench.known, sealing=(*bench.known.sealing, NEW_SEAL, SealingKey("3", bytes(32))))
    for key in known.sealing:
        blob = sealing.seal(bench.mark, attrs.evolve(known, sealing=(key,)), bench.iv)
        assert sealing.unseal_mark(blob, known).value == bench.mark


def test_without_announcements_the_bytes_are_those_of_the_container(bench):
    blob = sealing.seal(bench.mark, bench.known, bench.iv)
    assert blob == announcing.jwe.write(wire.encode(bench.mark), bench.sealing_key, bench.iv)
