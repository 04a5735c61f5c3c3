"""Base64url has one spelling for each value."""

import itertools
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.trust import base64url


@given(st.binary(max_size=100))
def test_what_is_written_is_read(data: bytes):
    assert base64url.decode(base64url.encode(data)) == data


def test_every_other_spelling_is_refused():
    """All short texts of letters, of what plain base64 adds, and of what is no letter at all."""
    read = []
    for length in range(6):
        for letters in itertools.product(b"-_+/=AQg8~\n", repeat=length):
            text = bytes(letters)
            with suppress(ValueError):
                read.append((base64url.encode(base64url.decode(text)), text))
    assert len(read) > 1000
    assert [text for again, text in read if again != text] == []


@pytest.mark.parametrize("text", [b"AA==", b"AAA=", b"++AA", b"//AA", b"A A", b"AB", b"AAB", b"A"])
def test_padding_plain_letters_and_loose_bits_are_refused(text: bytes):
    with pytest.raises(ValueError):
        base64url.decode(text)
