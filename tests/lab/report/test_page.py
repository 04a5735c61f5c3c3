"""The report is one page that needs nothing from elsewhere, holds every number, and takes every text as text."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import attrs
import pytest

from nexuslic.lab.report import Assumption, Cheat, ToldTrip, page

MOST_BYTES = 600_000


class Outline(HTMLParser):
    """The tags of a page: what stands in them, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module")
def made(content) -> str:
    return page(content)


def test_the_largest_report_is_small_enough_to_be_mailed(largest):
    assert len(page(largest).encode()) < MOST_BYTES


def test_it_runs_nothing_and_loads_nothing(made):
    tags = {tag for tag, _ in Outline(made).tags}
    assert not tags & {"script", "link", "img", "image", "iframe", "object", "embed", "form", "use"}
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'\"" in made and "url(" not in made


def test_its_parts_come_in_their_order(made):
    heads = re.findall(r'<h2 id="(\w+)">', made)
    assert heads == ["numbers", "lengths", "running", "left", "hotspot", "worst", "cheats", "rests", "again"]


def test_headings_never_leave_out_a_level(made):
    levels = [int(tag[1]) for tag, _ in Outline(made).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))


def test_the_contents_lead_to_every_part(made):
    names = {f"#{name}" for name in re.findall(r'<h2 id="(\w+)">', made)}
    assert {link["href"] for link in Outline(made).of("a") if str(link["href"]).startswith("#")} == names | {"#main"}


def test_the_answer_comes_first(made, content):
    assert made.index(content.answer) < made.index("<nav")


def test_every_picture_says_what_it_shows(made):
    pictures = Outline(made).of("svg")
    assert len(pictures) == 14 and all(one.get("role") == "img" and one.get("aria-label") for one in pictures)


def test_no_name_stands_twice(made):
    names = [attributes["id"] for _, attributes in Outline(made).tags if "id" in attributes]
    assert len(names) == len(set(names))


def test_every_figure_has_its_caption_and_its_table(made):
    figures = re.findall(r"<figure>.*?</figcaption></figure>\n<details>.*?<table", made, re.DOTALL)
    assert len(figures) == made.count("<figure>") == 4


def test_every_grace_stands_in_the_numbers(made, content):
    table = made[made.index("The same for every grace") : made.index("</table>")]
    assert re.findall(r'<tr><th scope="row">(\d+)</th>', table) == [str(grace) for grace in content.by_grace["grace"]]


def test_every_length_stands_under_the_map_with_the_grace_that_is_looked_at(made, content):
    table = made[made.index("<caption>Refused days per trip, in numbers") : made.index('id="running"')]
    rows = re.findall(r'<tr><th scope="row">(\d+)</th>', table)
    assert rows == [str(length) for length in sorted(set(content.by_length["length"]))] and ">grace 30</th>" in table


def test_big_numbers_are_those_of_the_grace_that_is_looked_at(made, content):
    row = content.by_grace.filter(grace=30).to_dicts()[0]
    assert f"<dd>day {row['first_refused_day']}</dd>" in made


def test_a_policy_that_touches_no_trip_can_be_told(make_content):
    told = page(make_content((14, 21), range(31), worst=(), cheats=(), assumptions=(), policy=()))
    assert "<dd>never</dd>" in told and "No trip lost a day." in told and "No cheat was tried." in told


def test_without_a_hotspot_it_says_that_none_was_tried(content):
    assert "No hotspot was tried." in page(attrs.evolve(content, hotspot=content.hotspot.clear()))


def test_one_grace_can_be_told(make_content):
    assert "With 30\u00a0days of grace" in page(make_content((45,), range(30, 31)))


EVIL = '<script>alert("1")</script>\'&'


def test_every_text_stays_text(content):
    told = page(
        attrs.evolve(
            content,
            title=EVIL,
            answer=EVIL,
            sampled=EVIL,
            command=EVIL,
            policy=((EVIL, EVIL),),
            assumptions=(Assumption(EVIL, EVIL, EVIL, f"https://example.org/{EVIL}"), Assumption(EVIL, EVIL, EVIL)),
            worst=(ToldTrip(EVIL, EVIL, EVIL, EVIL),),
            cheats=(Cheat(EVIL, 1, EVIL),),
        )
    )
    tags = Outline(told).tags
    assert not any(tag == "script" for tag, _ in tags)
    assert "alert" not in {name for _, attributes in tags for name in attributes}
    assert told.count("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;") >= 20


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//example.org", "page.html"])
def test_only_the_web_is_linked_to(content, link):
    told = page(attrs.evolve(content, assumptions=(Assumption("Rota", "28 days", "Somebody", link),)))
    assert not any(one["href"] == link for one in Outline(told).of("a")) and f"Somebody {link}" in told


def test_a_cheat_without_end_is_said_to_be(made):
    assert "<td>without end</td>" in made


def test_it_says_how_to_run_it_again(made, content):
    assert f"<code>{content.command}</code>" in made
