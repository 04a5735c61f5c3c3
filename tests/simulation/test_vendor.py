"""The license server of a simulated world, and what someone does to its replies."""

import pytest

from nexuslic.errors import UntrustedReply
from nexuslic.rules.license import Certificate, Version
from nexuslic.simulation.network import Tamper
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.vendor import bundle
from nexuslic.trust import signing, wire
from nexuslic.trust.wire import Ask, Request


@pytest.fixture
def ask(world, crew):
    """Ask for a grant with a nonce: what comes back."""
    binding = world.client(crew("ws1")).connection.binding

    def asked(nonce="ab" * 16):
        raw = wire.encode(Request(Ask.AUTHENTICATE, KEY, binding, Version.parse("6.10"), nonce))
        return world.vendor.answer(raw), nonce, binding

    return asked


def believed(reply, nonce, binding):
    return signing.verify(reply, nonce, binding, bundle().known).value[0]


def test_an_untouched_reply_is_a_grant(ask):
    assert isinstance(believed(*ask()), Certificate)


@pytest.mark.parametrize("tamper", list(Tamper), ids=lambda tamper: tamper.value)
def test_no_tampered_reply_is_believed(world, ask, tamper):
    ask("cd" * 16)
    world.vendor.tampers.append(tamper)
    with pytest.raises(UntrustedReply):
        believed(*ask())


@pytest.mark.parametrize(
    "tamper", [Tamper.REPLAYED, Tamper.STALE, Tamper.OTHER_BINDING], ids=lambda tamper: tamper.value
)
def test_these_are_signed_by_the_vendor_and_still_not_believed(world, ask, tamper):
    ask("cd" * 16)
    world.vendor.tampers.append(tamper)
    reply, _, _ = ask()
    assert isinstance(signing.verify_stored(reply.decode("ascii"), bundle().keys).value, Certificate)


@pytest.mark.parametrize("tamper", list(Tamper), ids=lambda tamper: tamper.value)
def test_no_tampered_reply_is_believed_after_a_rotation(world, ask, tamper):
    world.vendor.rotate_signing()
    world.vendor.rotate_sealing()
    ask("cd" * 16)
    world.vendor.tampers.append(tamper)
    with pytest.raises(UntrustedReply):
        believed(*ask())


def test_after_a_rotation_a_grant_is_believed_by_whoever_knows_the_old_keys(world, ask):
    world.vendor.rotate_signing()
    world.vendor.retire_signing("vendor-1")
    assert isinstance(believed(*ask()), Certificate)


def test_only_the_next_reply_is_tampered_with(world, ask):
    world.vendor.tampers.append(Tamper.HTML)
    ask()
    assert isinstance(believed(*ask()), Certificate)


def test_a_replay_is_the_reply_before(world, ask):
    before, _, _ = ask("cd" * 16)
    world.vendor.tampers.append(Tamper.REPLAYED)
    assert ask()[0] == before
