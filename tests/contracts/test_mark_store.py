"""The contract of MarkStore (nexuslic/ports.py)."""

import pytest

NAMES = ["request", "0123456789abcdef0123456789abcdef"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_kept_at_first(marks, name):
    assert marks.load(name) is None


@pytest.mark.parametrize("name", NAMES)
def test_what_is_saved_is_loaded_byte_for_byte(marks, name):
    marks.save(name, bytes(range(256)))
    assert marks.load(name) == bytes(range(256))


def test_a_save_replaces_what_was_there(marks):
    marks.save("request", b"a long mark that was there before")
    marks.save("request", b"new")
    assert marks.load("request") == b"new"


def test_every_name_has_a_mark_of_its_own(marks):
    marks.save(NAMES[0], b"one")
    marks.save(NAMES[1], b"two")
    marks.remove(NAMES[0])
    assert (marks.load(NAMES[0]), marks.load(NAMES[1])) == (None, b"two")


def test_forgetting_what_is_not_there_changes_nothing(marks):
    marks.save(NAMES[1], b"two")
    marks.remove(NAMES[0])
    assert (marks.load(NAMES[0]), marks.load(NAMES[1])) == (None, b"two")


def test_a_forgotten_mark_can_be_saved_again(marks):
    marks.save("request", b"old")
    marks.remove("request")
    marks.save("request", b"new")
    assert marks.load("request") == b"new"
