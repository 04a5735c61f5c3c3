"""A Trusted value comes from verify() or unseal() only."""

import pytest

from nexuslic.trust import signing
from nexuslic.trust.trusted import Trusted


@pytest.mark.parametrize("maker", [None, object(), True, "maker"])
def test_no_trusted_value_can_be_made_from_outside(maker: object):
    with pytest.raises(TypeError, match="only verify"):
        Trusted("anything", maker)


def test_no_trusted_value_can_be_made_without_a_maker():
    with pytest.raises(TypeError):
        Trusted("anything")


def test_a_trusted_value_takes_no_other_attribute(bench):
    trusted = signing.verify_stored(bench.proof, bench.keys)
    with pytest.raises(AttributeError):
        trusted.note = "more"


def test_verifying_gives_a_trusted_value(bench):
    assert isinstance(signing.verify(bench.reply, bench.nonce, bench.binding, bench.known), Trusted)
