"""The contract of Registry (nexuslic/issuing/registry.py)."""

import pytest

from nexuslic.issuing.registry import Bound, Issued


def full(words):
    """A key with everything that can be kept of one."""
    history = (
        Bound(words.binding, words.now),
        Bound(words.evolve(words.binding, server="DB 2"), words.extension.until),
    )
    return Issued(words.key, words.terms, words.extension, True, True, history)


def test_a_key_that_was_never_issued_is_not_found(registry, words):
    assert registry.find(words.key) is None


def test_what_is_added_is_found_whole(registry, words):
    assert registry.add(full(words)) is True
    assert registry.find(words.key) == full(words)


def test_one_key_says_nothing_of_another(registry, words):
    registry.add(full(words))
    assert registry.find(words.other_key) is None


def test_a_key_is_added_once_and_what_is_kept_stays(registry, words):
    registry.add(full(words))
    assert registry.add(Issued(words.key, words.evolve(words.terms, seats=99))) is False
    assert registry.find(words.key) == full(words)


def test_a_change_is_kept_and_returned(registry, words):
    registry.add(Issued(words.key, words.terms))
    changed = registry.change(words.key, lambda kept: words.evolve(kept, suspended=True))
    assert changed == Issued(words.key, words.terms, suspended=True)
    assert registry.find(words.key) == changed


def test_a_change_sees_what_was_kept_before_it(registry, words):
    registry.add(Issued(words.key, words.terms))
    for seats in (6, 7):
        registry.change(
            words.key, lambda kept, seats=seats: words.evolve(kept, history=(*kept.history, bound(words, seats)))
        )
    assert [line.binding.database for line in registry.find(words.key).history] == ["nexus6", "nexus7"]


def bound(words, number):
    return Bound(words.evolve(words.binding, database=f"nexus{number}"), words.now)


def test_a_change_of_one_key_leaves_the_others(registry, words):
    registry.add(full(words))
    registry.add(Issued(words.other_key, words.terms))
    registry.change(words.other_key, lambda kept: words.evolve(kept, revoked=True))
    assert registry.find(words.key) == full(words)


def test_a_key_that_is_not_there_asks_no_change(registry, words):
    asked = []
    assert registry.change(words.key, lambda kept: asked.append(kept) or kept) is None
    assert asked == []


def test_a_change_that_fails_changes_nothing(registry, words):
    registry.add(full(words))

    def fails(kept):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        registry.change(words.key, fails)
    assert registry.find(words.key) == full(words)


def test_the_newest_binding_is_the_key_s(registry, words):
    registry.add(full(words))
    assert registry.find(words.key).binding == words.evolve(words.binding, server="DB 2")
