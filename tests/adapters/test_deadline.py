"""What takes longer than its time is given up, and what does not is left alone."""

import socket
import threading
from datetime import timedelta

import pytest

from nexuslic.adapters import deadline
from nexuslic.adapters.deadline import Contact, within

LONG = timedelta(seconds=30)
SHORT = timedelta(seconds=0.05)


def test_what_is_ready_in_time_is_returned():
    assert within(LONG, lambda: 7) == 7


def test_what_fails_in_time_is_raised():
    with pytest.raises(ZeroDivisionError):
        within(LONG, lambda: 1 // 0)


def test_what_is_late_is_a_timeout():
    over = threading.Event()
    with pytest.raises(TimeoutError):
        within(SHORT, lambda: over.wait(30))
    over.set()


def test_a_name_that_is_late_was_not_found():
    over = threading.Event()

    def look_up():
        with deadline.current().looking_up():
            over.wait(30)

    with pytest.raises(socket.gaierror):
        within(SHORT, look_up)
    over.set()


def test_a_name_that_was_found_is_not_the_reason_for_being_late():
    over = threading.Event()

    def act():
        with deadline.current().looking_up():
            pass
        over.wait(30)

    with pytest.raises(TimeoutError):
        within(SHORT, act)
    over.set()


def test_a_name_that_was_not_found_is_looked_up_no_more():
    def act():
        contact = deadline.current()
        with pytest.raises(ZeroDivisionError), contact.looking_up():
            raise ZeroDivisionError
        return contact.naming

    assert within(LONG, act) is False


def test_time_that_is_left_becomes_less():
    def act():
        contact = deadline.current()
        first = contact.left()
        threading.Event().wait(0.01)
        return 0 < contact.left() < first <= 30

    assert within(LONG, act)


def test_where_no_time_is_left_nothing_goes_on():
    with pytest.raises(TimeoutError):
        Contact(ends=0.0).left()


def test_each_contact_has_a_time_of_its_own():
    assert within(LONG, deadline.current) is not within(LONG, deadline.current)


def test_outside_of_a_contact_there_is_none():
    with pytest.raises(LookupError):
        deadline.current()
