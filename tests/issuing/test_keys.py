"""New license keys (rules: Words)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from nexuslic.issuing import keys
from nexuslic.issuing.registry import Issued
from nexuslic.rules.license import Extension
from nexuslic.simulation.chance import SeededChance
from nexuslic.simulation.registry import MemoryRegistry

BODIES = 10**12


class Loaded:
    """Chance that was loaded: it draws these numbers."""

    def __init__(self, *numbers):
        self.numbers = list(numbers)

    def take(self, count):
        return self.numbers.pop(0).to_bytes(count, "big")


def test_an_issued_key_is_kept_with_its_terms(vendor):
    extension = Extension(20, vendor.now)
    issued = keys.issue(vendor.registry, SeededChance(b"seed"), vendor.terms, extension)
    assert issued == Issued(issued.key, vendor.terms, extension)
    assert vendor.registry.find(issued.key) == issued


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.binary(max_size=8))
def test_every_issued_key_has_a_good_check_digit(seed):
    vendor_terms = None
    issued = keys.issue(MemoryRegistry(), SeededChance(seed), vendor_terms)
    assert len(issued.key.digits) == 13
    assert mod_11_10.is_valid(issued.key.digits)


def test_the_same_chance_issues_the_same_key(vendor):
    first, second = (keys.issue(MemoryRegistry(), SeededChance(b"seed"), vendor.terms) for _ in range(2))
    assert first == second


def test_keys_of_one_registry_all_differ(vendor):
    chance = SeededChance(b"seed")
    assert len({keys.issue(vendor.registry, chance, vendor.terms).key for _ in range(50)}) == 50


def test_a_key_that_exists_already_is_drawn_again(vendor):
    taken = int(vendor.key.digits[:12])
    issued = keys.issue(vendor.registry, Loaded(taken, 7), vendor.terms)
    assert issued.key.digits.startswith("000000000007")
    assert vendor.issued == Issued(vendor.key, vendor.terms)


def test_a_draw_that_would_favour_some_keys_is_drawn_again(vendor):
    issued = keys.issue(vendor.registry, Loaded(2**64 - 1, (2**64 // BODIES) * BODIES, 7), vendor.terms)
    assert issued.key.digits.startswith("000000000007")


@pytest.mark.parametrize("number", [0, BODIES - 1, (2**64 // BODIES) * BODIES - 1])
def test_the_smallest_and_the_largest_draw_make_keys(vendor, number):
    issued = keys.issue(vendor.registry, Loaded(number), vendor.terms)
    assert int(issued.key.digits[:12]) == number % BODIES
