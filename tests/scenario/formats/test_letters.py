"""Characters that a place cannot hold are written as their numbers."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.scenario.formats import letters

ANY = st.text(st.characters(exclude_categories=[]))


@given(ANY)
def test_every_text_can_stand_in_xml(text):
    root = ElementTree.fromstring(f"<a>{letters.html(text)}</a>")
    assert root is not None


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x1b[31m", "a\\x1b[31m"), ("\0", "\\x00"), ("\ud800", "\\ud800"), ("\uffff", "\\uffff"), ("é 😀", "é 😀")],
)
def test_what_xml_cannot_hold_is_a_number(text, shown):
    assert letters.for_xml(text) == shown


@given(ANY)
def test_a_visible_text_is_one_line_without_controls(text):
    shown = letters.visible(text)
    assert len(shown.splitlines()) <= 1
    assert not any(letter < " " or "\x7f" <= letter <= "\x9f" for letter in shown)
    assert shown.encode("utf-8").decode("utf-8") == shown


def test_markup_is_text():
    assert letters.html("<b a='x'>&\"") == "&lt;b a=&#39;x&#39;&gt;&amp;&quot;"
