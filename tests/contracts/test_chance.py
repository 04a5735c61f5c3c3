"""The contract of Chance (nexuslic/ports.py)."""

import pytest


@pytest.mark.parametrize("count", [1, 8, 12, 16, 32, 64])
def test_as_many_bytes_as_were_asked_for(chance, count):
    taken = chance.take(count)
    assert (type(taken), len(taken)) == (bytes, count)


def test_no_two_nonces_are_the_same(chance):
    assert len({chance.take(16) for _ in range(500)}) == 500


def test_no_bit_stands_still(chance):
    taken = [int.from_bytes(chance.take(16), "big") for _ in range(200)]
    ever, always = 0, (1 << 128) - 1
    for number in taken:
        ever, always = ever | number, always & number
    assert (ever, always) == ((1 << 128) - 1, 0)
