"""The book: every story told, run, and bound to what is signed."""

import re

import attrs
import pytest

from nexuslic.errors import InputError
from nexuslic.scenario import suite
from nexuslic.scenario.book import making, page, text
from nexuslic.scenario.book.making import Book
from nexuslic.scenario.running import Runner
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import Choices, Shelf
from nexuslic.version import __version__


def make(*files: str) -> Book:
    shelf = Shelf()
    units = suite.plan(files, Choices(), ["simulation"], shelf)
    return making.make(units, Runner(shelf, Choices(), {"simulation": SimulatedStage}))


def test_every_story_has_its_title_question_strip_and_verdict_in_text(write):
    told = text.write(make(write(title="The first"), write("b", title="The second", two=9)))
    assert told.count("Does it hold?") == 2
    assert "one: holds\n  day 1    A.g\n" in told
    assert "two: does not hold\n" in told and "    FAIL  The second  [two]" in told


def test_a_story_has_a_place_to_sign_with_version_and_hash(write):
    book = make(write())
    told = text.write(book)
    assert f"nexuslic {__version__}\nSHA-256 of all stories: {book.digest}" in told
    assert f"SHA-256 of this story: {book.chapters[0].digest}" in told
    assert "Name ____" in told


def test_the_hash_is_of_the_lines_and_not_of_how_they_end(write, tmp_path):
    file = write()
    before = make(file).digest
    data = (tmp_path / "story.scenario.yaml").read_bytes()
    (tmp_path / "story.scenario.yaml").write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    assert make(file).digest == before
    assert re.fullmatch("[0-9a-f]{64}", before)


def test_the_hash_changes_with_any_letter(write):
    assert len({make(write(title=title)).digest for title in ("A", "B", "A ")}) == 3


def test_the_hash_of_all_is_of_each_in_its_order(write):
    one, two = write("one", title="One"), write("two", title="Two")
    assert make(one, two).digest != make(two, one).digest != make(one).digest


def test_the_page_is_whole(write, unbalanced):
    assert unbalanced(page.write(make(write(), write("b", two=9)))) == []


def test_the_page_needs_nothing_from_elsewhere_and_no_script(write):
    told = page.write(make(write()))
    assert not re.search(r"<script|<link|<img|@import|url\(| on\w+=", told)
    assert set(re.findall(r"https?://[^\"]+", told)) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'; style-src 'unsafe-inline'" in told


def test_the_page_breaks_for_each_story_and_knows_the_dark(write):
    told = page.write(make(write()))
    assert "break-before:page" in told and "prefers-color-scheme:dark" in told


def test_the_page_has_a_table_of_contents_by_folder_that_leads_to_each_story(write, tmp_path):
    told = page.write(make(write(), write("b", title="Another")))
    assert f"<li><b>{tmp_path.as_posix()}</b>" in told
    links = re.findall(r'href="#([^"]+)"', told)
    assert links == ["story-1", "story-2", "signed"]
    assert all(f'id="{link}"' in told for link in links)


def test_each_case_has_its_strip_as_a_picture(write):
    told = page.write(make(write()))
    assert told.count("<svg") == 2
    assert 'aria-label="A story, one: day 1 Authenticated, day 2 no launch, day 3 Grace"' in told


def test_a_title_is_no_markup(write):
    told = page.write(make(write(title="<b>bold</b> & more")))
    assert '<h2 id="story-1">&lt;b&gt;bold&lt;/b&gt; &amp; more</h2>' in told


def test_a_license_key_stays_unsaid(tmp_path):
    path = tmp_path / "a.scenario.yaml"
    path.write_text(
        "scenario: a\nformat: 1\nwhy: b\nstarts: 2026-03-02 06:00 UTC\nonline: [{from: day 1}]\n"
        "cases: [{case: x, key: 4006-3813-33930, says: fine}, {case: y, key: 1234, says: fine}]\n"
        "steps: [{at: day 2, authenticate: {workstation: ws1, key: $key}, note: $says, expect: {runs: no}}]\n"
    )
    book = make(str(path))
    assert "3813" not in page.write(book) + text.write(book)
    assert book.chapters[0].rows == (("x", "a license key", "fine"), ("y", "1234", "fine"))


def test_a_story_that_cannot_be_read_makes_no_book(write, tmp_path):
    (tmp_path / "wrong.scenario.yaml").write_text("scenario: a\n")
    with pytest.raises(InputError):
        make(write(), str(tmp_path / "wrong.scenario.yaml"))


def test_the_verdict_of_all_is_the_gravest(write):
    assert "does not hold</span>.</p>" in page.write(make(write(), write("b", two=9)))
    assert ">holds</span>.</p>" in page.write(make(write()))


def test_many_names_are_cut_to_three():
    assert text.cases(("a", "b", "c", "d")) == " [\u201ca\u201d, \u201cb\u201d, \u201cc\u201d and 1 more]"
    assert text.cases(()) == ""


def test_what_did_not_run_here_is_said(write, not_here):
    shelf = Shelf()
    units = suite.plan([write()], Choices(), ["simulation"], shelf)
    book = making.make(units, Runner(shelf, Choices(), {"simulation": not_here}))
    assert "not on this stage" in text.write(attrs.evolve(book, version="1"))
