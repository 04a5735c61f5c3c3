"""The page of the numbers and the table in the code say the same."""

from types import SimpleNamespace

import pytest

from nexuslic.lab.sources import SOURCES, Source

KEYS = (
    *("lengths", "rota", "contact", "crew_change", "code", "restore", "rename"),
    *("clock_back", "clock_by", "windows_7", "extension", "workstations", "crew"),
)


def row(one: Source) -> str:
    source = f"[{one.source}]({one.link})" if one.link else one.source
    return f"| `{one.key}` | {one.what} | {one.value} | {source} |"


def test_every_number_of_the_models_has_a_source_or_says_that_it_has_none():
    assert tuple(SOURCES) == KEYS
    assert all(one.assumed != bool(one.link) for one in SOURCES.values())


def test_the_page_has_the_table_of_the_code(documents: SimpleNamespace):
    page = (documents.docs / "explanation" / "numbers.md").read_text("utf-8")
    shown = [line for line in page.splitlines() if line.startswith("| `")]
    assert shown == [row(one) for one in SOURCES.values()]


@pytest.mark.parametrize("one", [one for one in SOURCES.values() if one.link], ids=lambda one: one.key)
def test_what_is_quoted_is_linked_in_the_text_as_well(one: Source, documents: SimpleNamespace):
    page = (documents.docs / "explanation" / "numbers.md").read_text("utf-8")
    assert page.count(f"({one.link})") >= 2
