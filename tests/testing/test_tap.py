"""A tap passes on what it hears, and keeps it."""

import socket

import pytest

from nexuslic.testing.loopback import Listener
from nexuslic.testing.tap import Tap


def backwards(connection):
    while data := connection.read():
        connection.send(data[::-1])


@pytest.fixture
def tap():
    with Listener(backwards) as there, Tap(lambda: socket.create_connection(("127.0.0.1", there.port))) as tap:
        yield tap


def said(tap, words):
    with socket.create_connection(("127.0.0.1", tap.port)) as client:
        client.sendall(words)
        return client.recv(65536)


def test_what_is_sent_arrives_and_the_answer_comes_back(tap):
    assert said(tap, b"ahoy") == b"yoha"


def test_it_keeps_both_ways_and_counts(tap):
    said(tap, b"ahoy")
    said(tap, b"ship")
    assert (tap.sent, tap.answered, tap.accepted) == (b"ahoyship", b"yohapihs", 2)
