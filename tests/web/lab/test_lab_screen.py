"""The policy lab in a real browser: from a number that is changed to a trip and its story, over the commands' calls."""

import io
from contextlib import redirect_stdout
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import expect

from nexuslic.cli import main
from nexuslic.lab.policies import LabPolicy
from nexuslic.lab.results import policy_text
from nexuslic.scenario.run import Outcome, run_case
from nexuslic.scenario.stage_simulated import SimulatedStage
from nexuslic.scenario.suite import load
from nexuslic.web.lab import giving, texts

SOME = "20000"
GRAVE = {"serious", "critical"}
IMAGE = "<img src=x onerror=document.title='run'>"
SCRIPT = "<script>document.title='run'</script>"


def said(*words: str) -> str:
    """What a command prints."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert main(words) == 0
    return " ".join(printed.getvalue().split())


def text_of(page: Any, place: str) -> str:
    return " ".join(page.locator(place).inner_text().split())


def passes(path: Path) -> bool:
    return all(run_case(case, SimulatedStage).outcome is Outcome.PASSED for case in load(path).cases)


def saved(page: Any, link: Any, folder: Path) -> Path:
    with page.expect_download() as loaded:
        link.click()
    path = folder / loaded.value.suggested_filename
    loaded.value.save_as(path)
    return path


def ask(page: Any, kind: str, shown: str = ".answer") -> None:
    page.click(f"#run-{kind}")
    page.wait_for_selector(f"#area-{kind} {shown}")


def give(page: Any, name: str, data: bytes) -> None:
    page.set_input_files("#f-file", {"name": name, "mimeType": "application/octet-stream", "buffer": data})


def example_list() -> bytes:
    return resources.files("nexuslic.lab.fleet").joinpath("example.csv").read_bytes()


def test_a_number_is_changed_and_leads_to_a_trip_whose_story_passes(lab: Any, tmp_path: Path):
    tab = lab(accept_downloads=True)
    page = tab.page
    page.locator("details.numbers summary").click()
    page.fill("#f-n-contact", "5 %")
    page.fill("#f-count", SOME)
    page.click("#run")
    page.wait_for_selector("#heat svg")
    command = said("policy", "sweep", "--model", "north-sea", "--set", "contact=5 %", "--trips", SOME)
    assert text_of(page, "#looked .answer") in command
    page.wait_for_selector("#by-grace svg")
    page.locator("#heat svg").click(position={"x": 200, "y": 100})
    page.wait_for_selector("#examples .trips")
    length, grace = page.input_value("#look-length"), page.input_value("#look-grace")
    assert text_of(page, "#examples h3") == f"Trips of {length} days at {grace} days of grace"
    assert page.locator("#examples .strip svg").count() == 6
    story = saved(page, page.locator("#examples .story").first, tmp_path)
    assert passes(story) and f"grace: {grace}" in story.read_text("utf-8")
    assert (tab.errors, tab.elsewhere) == ([], [])


def test_the_grace_that_is_looked_at_is_moved_by_keys_and_redrawn(swept: Any):
    page = swept().page
    page.focus("#look-grace")
    drawn = page.locator("#heat").get_attribute("data-drawn")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#heat")).not_to_have_attribute("data-drawn", drawn)
    command = said("policy", "sweep", "--model", "north-sea", "--trips", SOME, "--grace", "31")
    assert text_of(page, "#looked .answer") in command
    assert "grace 31" in page.locator("#heat svg").inner_html()
    expect(page.locator("#look-grace")).to_be_focused()
    expect(page.locator("#by-grace svg")).to_contain_text("grace 31")
    page.select_option("#look-measure", "touched")
    expect(page.locator("#heat svg")).to_contain_text("share of trips with a refused day")
    page.locator("#looked-table button.link").first.click()
    page.wait_for_selector("#examples .trips")
    assert text_of(page, "#examples h3") == "Trips of 45 days at 31 days of grace"


def test_finding_comparing_and_cheating_say_what_the_commands_say(lab: Any, tmp_path: Path):
    tab = lab(accept_downloads=True)
    page = tab.page
    page.fill("#f-count", SOME)
    page.fill("#f-most", "20 %")
    ask(page, "find")
    drawn = ("--model", "north-sea", "--trips", SOME)
    assert text_of(page, "#area-find .answer") in said("policy", "find", *drawn, "--refused-trips", "<= 20%")
    ask(page, "compare")
    names = []
    for policy in (LabPolicy(), LabPolicy("grace 45", 45)):
        names.append(tmp_path / f"{policy.grace}.yaml")
        names[-1].write_text(policy_text(policy), "utf-8")
    assert text_of(page, "#area-compare .answer") in said("policy", "compare", *map(str, names), *drawn)
    stories = page.locator("#area-compare .story")
    assert stories.count() == 10 and passes(saved(page, stories.nth(1), tmp_path))
    ask(page, "abuse")
    assert text_of(page, "#area-abuse .answer") in said("policy", "abuse")
    assert passes(saved(page, page.locator("#area-abuse .story").nth(1), tmp_path))
    assert (tab.errors, tab.elsewhere) == ([], [])


def test_a_model_without_memory_is_answered_exactly(lab: Any):
    page = lab().page
    page.select_option("#f-trips", "hotspots")
    expect(page.locator("#f-n-crew-change")).to_have_value("0")
    page.click("#run")
    page.wait_for_selector("#by-grace svg")
    command = said("policy", "sweep", "--model", "hotspots")
    assert text_of(page, "#looked .answer") in command and "This is exact" in text_of(page, "#looked")
    page.click("#show-trips")
    page.wait_for_selector("#examples .trips")
    assert page.locator("#examples .strip svg").count() == 6


def test_what_is_typed_wrong_stays_and_is_said_at_its_field(lab: Any):
    page = lab().page
    page.locator("details.numbers summary").click()
    page.fill("#f-n-contact", "often")
    page.fill("#f-p-clock-tolerance", SCRIPT)
    page.click("#run")
    page.wait_for_selector("#f-n-contact[aria-invalid=true]")
    told = page.locator("#f-n-contact").get_attribute("aria-describedby").split()[0]
    assert page.input_value("#f-n-contact") == "often"
    assert "write 0.02, 2 % or 1 in 50" in page.locator(f"#{told}").inner_text()
    assert page.input_value("#f-p-clock-tolerance") == SCRIPT and page.title().startswith(texts.TITLE)
    expect(page.locator("#f-n-contact")).to_be_focused()
    page.fill("#f-n-contact", "0.05")
    assert page.locator("#f-n-contact").get_attribute("aria-invalid") is None


def test_long_work_tells_how_far_it_is_and_is_cancelled(lab: Any):
    page = lab().page
    page.fill("#f-count", "10000000000")
    page.click("#run")
    page.wait_for_selector("#area-sweep progress[value]")
    page.fill("#f-p-grace", "31")
    expect(page.locator("#area-sweep .far")).to_contain_text("left")
    page.locator("#area-sweep").get_by_role("button", name=texts.CANCEL).click()
    page.wait_for_selector("#area-sweep .note")
    assert text_of(page, "#area-sweep") == texts.CANCELLED and page.input_value("#f-p-grace") == "31"


def test_a_second_question_replaces_the_first(lab: Any):
    page = lab().page
    page.fill("#f-count", "10000000000")
    page.click("#run")
    page.wait_for_selector("#area-sweep .far")
    ask(page, "abuse")
    page.wait_for_selector("#area-sweep .note")
    assert text_of(page, "#area-sweep") == texts.REPLACED


def test_a_list_is_given_told_whole_and_kept_when_the_next_file_is_none(lab: Any, tmp_path: Path):
    tab = lab(accept_downloads=True)
    page = tab.page
    give(page, "fleet.csv", example_list())
    page.wait_for_selector(".took")
    assert text_of(page, ".took") == "fleet.csv: 12 trips of 14 to 70 days."
    for name, data in (
        ("picture.png", b"\x89PNG\0\0"),
        ("nothing.csv", b""),
        ("half.parquet", b"PAR1xxxx"),
        (f"{IMAGE}.csv", b"a,b\n1,2\n"),
        ("model.yaml", b"model: x\nformat: 1\n"),
    ):
        give(page, name, data)
        expect(page.locator("#f-file-wrong")).to_contain_text(name)
        assert texts.KEPT in page.locator("#f-file-wrong").inner_text()
    page.click("#run")
    page.wait_for_selector("#by-grace svg")
    path = tmp_path / "fleet.csv"
    path.write_bytes(example_list())
    assert text_of(page, "#looked .answer") in said("policy", "sweep", str(path))
    page.locator("#looked-table button.link").last.click()
    page.wait_for_selector("#examples .trips")
    assert passes(saved(page, page.locator("#examples .story").first, tmp_path))
    assert tab.errors == [] and page.title().startswith(texts.TITLE)


def test_a_parquet_list_a_model_and_a_story_are_taken_too(lab: Any):
    page = lab().page
    table = pl.DataFrame({"departure": ["2026-01-05"], "return": ["2026-03-05"]})
    stored = io.BytesIO()
    table.write_parquet(stored)
    give(page, "one.parquet", stored.getvalue())
    expect(page.locator(".took")).to_have_text("one.parquet: 1 trip of 60 days.")
    give(page, "mine.yaml", f'model: "{IMAGE}"\nformat: 1\nlengths: {{40: 1}}\ncontact: 2 %\n'.encode())
    expect(page.locator(".took")).to_contain_text(IMAGE)
    page.click("#run")
    expect(page.locator("#looked")).to_contain_text(f"This is exact: the model {IMAGE} has no memory")
    assert page.title().startswith(texts.TITLE)
    story = Path(__file__).resolve().parents[3] / "scenarios/offshore/45-day-north-sea-trip.scenario.yaml"
    give(page, "trip.yaml", story.read_bytes())
    expect(page.locator(".took")).to_contain_text("trip.yaml")
    page.click("#run")
    expect(page.locator("#area-sweep")).not_to_contain_text(IMAGE)
    page.wait_for_selector("#by-grace svg")
    page.click("#show-trips")
    page.wait_for_selector("#examples .trips")
    assert texts.STORY_IS in page.locator("#examples").inner_text()


def test_a_file_that_is_too_large_is_not_even_sent(lab: Any):
    tab = lab()
    sent: list[str] = []
    tab.page.on("request", lambda one: sent.append(one.method))
    tab.page.evaluate(
        """most => {
            const input = document.querySelector('#f-file'), kept = new DataTransfer();
            kept.items.add(new File([new Uint8Array(most + 1)], 'fleet.csv'));
            input.files = kept.files;
            input.dispatchEvent(new Event('change', {bubbles: true}));
        }""",
        giving.MOST_MB * 1_000_000,
    )
    assert tab.page.locator("#f-file-wrong").inner_text() == texts.TOO_LARGE.format(giving.MOST_MB)
    assert "POST" not in sent and tab.page.input_value("#f-trips") == "north-sea"


def test_the_report_downloads_and_opens(lab: Any, tmp_path: Path, chromium: Any):
    tab = lab(accept_downloads=True)
    page = tab.page
    page.fill("#f-count", "2000")
    ask(page, "report", "#report-link")
    path = saved(page, page.locator("#report-link"), tmp_path)
    context = chromium.new_context(offline=True)
    opened = context.new_page()
    opened.goto(path.as_uri())
    assert opened.locator("h1").inner_text() == "North Sea survey projects: what 30\u00a0days of grace do"
    assert "--trips 2000" in opened.locator("pre code").last.inner_text()
    context.close()


def test_axe_finds_nothing_grave_and_the_page_stays_small(swept: Any, axe: Path):
    tab = swept(bypass_csp=True)
    page = tab.page
    sizes = page.evaluate("performance.getEntries().map(one => one.decodedBodySize || 0)")
    assert 800_000 < sum(sizes) < 1_000_000
    page.click("#show-trips")
    page.wait_for_selector("#examples .trips")
    page.locator("details.numbers summary").click()
    page.add_script_tag(path=axe)
    for scheme, width, rules in (("light", 320, None), ("dark", 1280, ["color-contrast"])):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        found = page.evaluate("rules => axe.run(rules ? {runOnly: rules} : {})", rules)
        grave = [(one["id"], one["nodes"][0]["html"][:160]) for one in found["violations"] if one["impact"] in GRAVE]
        assert grave == [] and page.evaluate("document.documentElement.scrollWidth") <= width
    assert (tab.errors, tab.elsewhere) == ([], [])


@pytest.mark.parametrize(("locale", "number"), [("de-DE", "20.000"), ("nb-NO", "20\u00a0000")])
def test_numbers_are_written_as_the_reader_writes_them(lab: Any, locale: str, number: str):
    page = lab(locale=locale).page
    page.fill("#f-count", number)
    page.click("#run")
    page.wait_for_selector("#by-grace svg")
    assert "%" in text_of(page, "#looked-table") and "," in text_of(page, "#looked-table tbody tr:first-child")
    assert "20,000" in text_of(page, "#looked .answer")
