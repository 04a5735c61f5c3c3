"""The report in a real browser, as it is opened from a mail: a file, without a network."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from nexuslic.lab.charts.palette import DARK, LIGHT
from nexuslic.lab.report import page

GRAVE = {"serious", "critical"}
OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"
ACCENT = "getComputedStyle(document.querySelector('figure path[stroke-width=\"3\"]')).stroke"

SCROLLED = """new Promise(tell => {
    const box = document.querySelector('figure .scroll');
    const look = frames => box.scrollLeft > 0 || !frames ? tell(box.scrollLeft > 0)
        : requestAnimationFrame(() => look(frames - 1));
    look(600);
})"""
"""Whether the first chart has scrolled, within 600 frames."""


@pytest.fixture(scope="module")
def report(content, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page(content), "utf-8")
    return path


@pytest.fixture
def opened(chromium, report) -> Iterator[Any]:
    """Opens the report in a context of these options."""
    contexts = []

    def open_it(**options: Any) -> Any:
        contexts.append(chromium.new_context(offline=True, **options))
        shown = contexts[-1].new_page()
        shown.said, shown.asked = [], []
        shown.on("console", lambda message: shown.said.append(message.text))
        shown.on("pageerror", lambda error: shown.said.append(str(error)))
        shown.on("request", lambda request: shown.asked.append(request.url))
        shown.goto(report.as_uri())
        return shown

    yield open_it
    for context in contexts:
        context.close()


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"


def test_it_asks_for_nothing_but_itself(opened, report):
    shown = opened()
    shown.evaluate(OPEN)
    assert shown.asked == [report.as_uri()]


def test_it_says_nothing_on_the_console(opened):
    shown = opened()
    shown.evaluate(OPEN)
    assert shown.said == []


def test_a_script_in_it_would_not_run(opened):
    shown = opened()
    with pytest.raises(Exception, match=r"Content Security Policy|violates"):
        shown.add_script_tag(content="document.title = 'run'")
    assert shown.title() != "run"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_that_keeps_people_out(opened, axe, scheme, width):
    shown = opened(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800})
    shown.evaluate(OPEN)
    shown.add_script_tag(path=axe)
    found = shown.evaluate("axe.run(document)")
    grave = [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"] if one["impact"] in GRAVE]
    assert grave == [] and len(found["passes"]) > 20


@pytest.mark.parametrize("width", [320, 360, 1600])
def test_the_page_itself_never_scrolls_sideways(opened, width):
    shown = opened(viewport={"width": width, "height": 800})
    shown.evaluate(OPEN)
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("scheme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_charts_are_light_or_dark_as_the_reader_is(opened, scheme, palette):
    assert opened(color_scheme=scheme).evaluate(ACCENT) == rgb(palette.accent)


def test_on_paper_charts_are_light_also_for_a_reader_in_the_dark(opened):
    shown = opened(color_scheme="dark")
    shown.emulate_media(media="print", color_scheme="dark")
    assert shown.evaluate(ACCENT) == rgb(LIGHT.accent)


def test_the_first_key_leads_to_the_numbers(opened):
    shown = opened()
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.className") == "skip"
    shown.keyboard.press("Enter")
    assert shown.evaluate("document.activeElement.id") == "main"


def test_a_chart_wider_than_the_page_scrolls_by_keyboard(opened):
    shown = opened(viewport={"width": 360, "height": 800})
    shown.locator("figure .scroll").first.focus()
    shown.keyboard.press("ArrowRight")
    assert shown.evaluate(SCROLLED)


def test_it_prints_on_a4_with_its_answer(opened, content):
    printed = PdfReader(io.BytesIO(opened().pdf(prefer_css_page_size=True, print_background=True)))
    text = " ".join("".join(sheet.extract_text() for sheet in printed.pages).split())
    width, height = (float(size) for size in printed.pages[0].mediabox[2:])
    assert content.answer in text and content.command.split()[0] in text
    assert (round(width), round(height)) == (595, 842)


def test_on_paper_only_what_stands_open_is_printed(opened):
    shown = opened()
    shown.locator("summary", has_text="Days left, in numbers").click()
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(shown.pdf())).pages)
    assert "Days left, in numbers" in text and "One hotspot, in numbers" not in text
