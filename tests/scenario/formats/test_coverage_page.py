"""The page of coverage is self-contained, accessible, and says what is missing and what cannot be."""

import re

import pytest

from nexuslic.scenario import coverage
from nexuslic.scenario.coverage import NEVER, VERBS
from nexuslic.scenario.formats import coverage_page

REACHABLE = coverage.reachable()


@pytest.fixture
def some(records):
    return coverage_page.write(coverage.of([records.one(cells=dict.fromkeys(REACHABLE[:200], 12))]))


def test_it_is_whole(some, unbalanced):
    assert unbalanced(some) == []


def test_a_page_that_is_not_whole_is_seen(some, unbalanced):
    assert unbalanced(some.replace("</tr>", "", 1))


def test_it_needs_nothing_from_elsewhere_and_no_script(some):
    assert not re.search(r"<script|<link|<img|https?://|@import|url\(| on\w+=", some)
    assert "default-src 'none'; style-src 'unsafe-inline'" in some


def test_every_verb_has_a_table_with_headed_rows_and_columns(some):
    assert [f'<h2 id="{verb}">' in some for verb in VERBS] == [True] * len(VERBS)
    assert some.count('<th scope="row">') > 28
    assert some.count("<caption") == len(VERBS)


def test_a_cell_names_the_lines_that_visit_it(some):
    assert some.count("<code>a/b.scenario.yaml:12</code>") == 200


def test_a_missing_cell_is_said_in_words(some):
    assert some.count(">missing</td>") == 6
    assert "200/206" in some


def test_what_cannot_happen_leads_to_its_reason(some):
    linked = set(re.findall(r'href="#never-(\d+)"', some))
    assert linked <= set(re.findall(r'id="never-(\d+)"', some))
    assert some.count('<li id="never-') == len(NEVER)
