"""A port that listens, refuses, and leaves nothing behind."""

import socket
import threading

import pytest

from nexuslic.testing.loopback import HOST, Listener


def ask(port):
    with socket.create_connection((HOST, port), timeout=30) as there:
        return there.recv(100)


def silent(connection):
    connection.read()


def test_it_serves_each_connection():
    with Listener(lambda connection: connection.send(b"hello")) as listener:
        assert [ask(listener.port) for _ in range(3)] == [b"hello"] * 3
        assert listener.accepted == 3


def test_it_refuses_and_listens_again_on_the_same_port():
    with Listener(lambda connection: connection.send(b"hello")) as listener:
        for _ in range(3):
            listener.refuse()
            with pytest.raises(ConnectionRefusedError):
                ask(listener.port)
            listener.accept()
            assert ask(listener.port) == b"hello"


def test_refusing_twice_and_accepting_twice_change_nothing():
    with Listener(lambda connection: connection.send(b"hello")) as listener:
        listener.accept()
        listener.refuse()
        listener.refuse()
        listener.accept()
        assert ask(listener.port) == b"hello"


def test_a_connection_that_waits_when_it_ends_was_accepted_all_the_same():
    """So a count of nobody means nobody."""
    with Listener(silent) as listener:
        there = [socket.create_connection((HOST, listener.port), timeout=30) for _ in range(9)]
    assert listener.accepted == 9
    for one in there:
        one.close()


def test_the_end_does_not_wait_for_who_says_nothing():
    with Listener(silent) as listener, socket.create_connection((HOST, listener.port), timeout=30) as there:
        while not listener.accepted:
            threading.Event().wait(0.001)
        listener.close()
        assert there.recv(1) == b""
    assert f"loopback {listener.port}" not in {thread.name for thread in threading.enumerate()}


def test_a_reset_is_one():
    with Listener(lambda connection: connection.reset()) as listener, pytest.raises(ConnectionResetError):
        ask(listener.port)


def test_a_peer_that_goes_is_no_error():
    with Listener(lambda connection: connection.send(bytes(1 << 24))) as listener:
        socket.create_connection((HOST, listener.port), timeout=30).close()
        while not listener.accepted:
            threading.Event().wait(0.001)
    assert listener.accepted == 1


def test_a_mistake_in_serving_is_raised_at_the_end():
    with pytest.raises(ZeroDivisionError), Listener(lambda connection: 1 // 0) as listener:
        ask(listener.port)
