"""Annotations of GitHub Actions are escaped as its runner reads them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.scenario.formats import github
from nexuslic.scenario.results import CaseRecord
from nexuslic.scenario.run import Outcome


def test_a_failure_is_an_error_at_its_place(records):
    line = github.annotation(records.one(Outcome.FAILED))
    assert line.startswith("::error file=a/b.scenario.yaml,line=7,col=20,title=A title [a case]::FAIL  A title")


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.NOT_HERE])
def test_nobody_is_told_of_what_is_fine(records, outcome):
    assert github.annotation(records.one(outcome)) == ""


def unescaped(text: str) -> str:
    for code, letter in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, letter)
    return text


@given(st.text(), st.text())
def test_whatever_the_letters_it_is_one_command_that_reads_back(name, text):
    one = CaseRecord(f"f{name}", f"t{name}", "", "simulation", Outcome.FAILED, 3, 4, text)
    line = github.annotation(one)
    found = re.fullmatch(r"::error file=([^,]*),line=3,col=4,title=([^,:\r\n]*)::([^\r\n]*)", line)
    assert found is not None
    assert [unescaped(part) for part in found.groups()] == [one.file, one.title, text]
