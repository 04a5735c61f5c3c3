"""The voyage planner in a real browser: dragged, typed into, walked through with keys, saved, loaded, compared."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from nexuslic.cli import main

GRAVE = {"serious", "critical"}
BUSY = "?days=70&crew=3&contact=20&restore=10&code=45&clock=30+-3d&contact=90&day=11&a=days%3D45"

Plan = Callable[..., Any]


@pytest.fixture
def planner(serve: Any, open_tab: Any) -> Plan:
    """Opens the planner with a plan; the tab it is in."""

    def open_it(query: str = "", **options: Any) -> Any:
        return open_tab(serve(), f"/voyage{query}", **options)

    return open_it


@pytest.fixture
def page(planner: Plan) -> Iterator[Any]:
    """The planner as it opens, which has said nothing on its console and asked nobody else by the end of the test."""
    tab = planner()
    yield tab.page
    assert (tab.errors, tab.elsewhere) == ([], [])


def strip(page: Any) -> str:
    """The letters of the strip."""
    return "".join(page.locator("#strip .l").all_inner_texts())


def middle(locator: Any) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Any, sign: Any, day: int, steps: int = 8) -> None:
    page.mouse.move(*middle(sign))
    page.mouse.down()
    page.mouse.move(*middle(page.locator(f"#strip [data-day='{day}'].n, #strip li[data-day='{day}']")), steps=steps)
    page.mouse.up()


def test_as_it_opens_it_says_when_the_application_stops(page: Any):
    expect(page.locator("#sentence")).to_have_text(
        "Runs until day 31 08:30; refused on 14 of 45 days; one hotspot on day 15 or later saves the rest."
    )


def test_the_slider_of_the_length_is_dragged_to_45_days(planner: Plan):
    page = planner("?days=20").page
    expect(page.locator("#sentence")).to_contain_text("Runs on every day")
    slider = page.get_by_label("Trip length, as a slider")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 20 / 120, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.37, box["y"] + box["height"] / 2, steps=12)
    page.mouse.up()
    while (length := int(slider.input_value())) != 45:
        slider.press("ArrowRight" if length < 45 else "ArrowLeft")
    expect(page.locator("#sentence")).to_contain_text("Runs until day 31 08:30; refused on 14 of 45 days")
    assert strip(page) == "A" + "g" * 30 + "E" * 14


def test_a_sign_is_dragged_to_another_day(planner: Plan):
    page = planner("?contact=5").page
    drag(page, page.get_by_role("button", name="Contact, Day 5"), 16)
    expect(page.locator("#sentence")).to_contain_text("Runs on every day")
    expect(page).to_have_url(re.compile(r"\?day=16&contact=16$"))


def test_a_sign_is_dragged_with_a_finger(planner: Plan):
    page = planner("?contact=5", has_touch=True).page
    sign, day = page.get_by_role("button", name="Contact, Day 5"), page.locator("#strip li[data-day='16']")
    hand = page.context.new_cdp_session(page)
    (x, y), (to_x, to_y) = middle(sign), middle(day)
    touch = lambda kind, *at: hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [*at]})  # noqa: E731
    touch("touchStart", {"x": x, "y": y})
    for part in (0.3, 0.6, 1):
        touch("touchMove", {"x": x + (to_x - x) * part, "y": y + (to_y - y) * part})
    touch("touchEnd")
    expect(page.get_by_role("button", name="Contact, Day 16")).to_be_visible()
    expect(page.locator("#sentence")).to_contain_text("Runs on every day")


def test_escape_puts_a_sign_back_that_is_being_dragged(planner: Plan):
    page = planner("?contact=5").page
    page.mouse.move(*middle(page.get_by_role("button", name="Contact, Day 5")))
    page.mouse.down()
    page.mouse.move(*middle(page.locator("#strip li[data-day='16']")), steps=4)
    expect(page.locator("#sentence")).to_contain_text("Runs on every day")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.get_by_role("button", name="Contact, Day 5")).to_be_focused()
    expect(page.locator("#sentence")).to_contain_text("refused on 10 of 45 days")


def test_a_keyboard_alone_puts_a_contact_moves_it_and_removes_it(page: Any):
    page.get_by_label("Day", exact=True).fill("14")
    page.get_by_role("group", name="Put on this day").get_by_role("button", name="Contact").press("Enter")
    sign = page.get_by_role("button", name="Contact, Day 14")
    expect(sign).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Contact, Day 16")).to_be_focused()
    expect(page.locator("#spoken")).to_have_text(
        re.compile(r"^Contact moved to day 16\. Runs on every day; grace lasts until day 46 13:30\.$")
    )
    page.keyboard.press("Delete")
    expect(page.locator("#spoken")).to_have_text(
        "Contact removed from day 16. Runs until day 31 08:30; refused on 14 of 45 days."
    )
    assert (page.locator(".mark").count(), strip(page)[30:32]) == (0, "gE")


def test_a_sign_keeps_the_hand_on_it_while_it_is_moved_through_a_week(planner: Plan):
    page = planner("?contact=5").page
    page.get_by_role("button", name="Contact, Day 5").press("ArrowDown")
    expect(page.get_by_role("button", name="Contact, Day 12")).to_be_focused()


COUNTING = """() => {
    window.asked = { now: 0, most: 0, all: 0 };
    const sent = window.fetch;
    window.fetch = (address, how) => {
        asked.all += 1;
        asked.most = Math.max(asked.most, asked.now += 1);
        let open = true;
        const ended = () => { if (open) asked.now -= 1; open = false; };
        how.signal.addEventListener("abort", ended);
        const answer = sent(address, how);
        answer.then(ended, ended);
        return answer;
    };
}"""
"""Counts what a page has asked and was not answered yet, as the page itself sees it: the browser tells of it later."""


def test_a_fast_drag_never_has_two_requests_on_their_way(planner: Plan):
    page = planner("?days=70&crew=3&contact=5").page
    expect(page.locator("#cures")).not_to_have_attribute("aria-busy", "true")
    page.evaluate(COUNTING)
    slider = page.get_by_label("Grace period, as a slider")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 5, box["y"] + box["height"] / 2, steps=60)
    page.mouse.up()
    grace = slider.input_value()
    expect(page).to_have_url(re.compile(rf"grace={grace}&"))
    drag(page, page.get_by_role("button", name="Contact, Day 5"), 27, steps=60)
    expect(page).to_have_url(re.compile(r"contact=27"))
    asked = page.evaluate("asked")
    assert asked["all"] > 2 and asked["most"] == 1


def test_what_is_saved_passes_and_is_the_same_plan_when_it_is_loaded(planner: Plan, tmp_path: Path):
    page = planner(
        "?days=60&crew=2&extend=5&contact=20+08%3A00&restore=10&code=45&clock=30+05%3A00+-3d+ws2&rename=50"
    ).page
    before, told = strip(page), page.locator("#sentence span").first.inner_text()
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save as a story").click()
    saved = tmp_path / saving.value.suggested_filename
    saving.value.save_as(saved)
    assert main(["run", str(saved)]) == 0
    page.goto(page.url.split("?")[0])
    page.get_by_label("Load a story").set_input_files(saved)
    page.get_by_role("button", name="Load", exact=True).click()
    expect(page.get_by_role("button", name="Restore, Day 10")).to_be_visible()
    assert (strip(page), page.locator("#sentence span").first.inner_text()) == (before, told)


def test_a_story_that_it_cannot_show_is_refused_and_the_plan_stays(planner: Plan, root: Path):
    page = planner("?days=33").page
    page.get_by_label("Load a story").set_input_files(
        root / "scenarios" / "offshore" / "term-ends-at-sea.scenario.yaml"
    )
    page.get_by_role("button", name="Load", exact=True).click()
    field = page.get_by_label("Load a story")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#file-wrong")).to_contain_text("This story does more than the planner can show")
    expect(page.get_by_label("Trip length, days")).to_have_value("33")
    expect(page).to_have_url(re.compile(r"/voyage\?days=33$"))


def test_a_link_that_is_shared_opens_the_same_plan(planner: Plan):
    page = planner("?days=50", permissions=["clipboard-read", "clipboard-write"]).page
    page.get_by_label("Grace period, days").fill("33")
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#spoken")).to_contain_text("Restore put on day 1.")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"restore=2$"))
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#said")).to_contain_text("The link is copied")
    link, before = page.evaluate("navigator.clipboard.readText()"), strip(page)
    other = page.context.new_page()
    other.goto(link)
    expect(other.get_by_role("button", name="Restore, Day 2")).to_be_visible()
    assert (strip(other), other.get_by_label("Grace period, days").input_value()) == (before, "33")


def test_that_a_link_is_copied_stays_said_while_answers_come(planner: Plan):
    page = planner("?days=50", permissions=["clipboard-read", "clipboard-write"]).page
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#said")).to_contain_text("The link is copied")
    with page.expect_response("**/voyage/redraw*"):
        page.get_by_role("button", name="Next day").click()
    expect(page.locator("#spoken")).not_to_be_empty()
    expect(page.locator("#said")).to_contain_text("The link is copied")


def test_a_link_that_may_not_be_copied_is_shown(planner: Plan):
    page = planner("?days=50").page
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#said")).to_contain_text(re.compile(r"did not let .* http://127\.0\.0\.1:\d+/voyage\?days=50"))


def test_back_and_forward_go_through_the_plans(page: Any):
    length = page.get_by_label("Trip length, days")
    length.fill("20")
    expect(page).to_have_url(re.compile(r"days=20$"))
    length.fill("33")
    expect(page).to_have_url(re.compile(r"days=33$"))
    page.go_back()
    expect(length).to_have_value("20")
    expect(page.locator("#strip > li")).to_have_count(20)
    page.go_forward()
    expect(length).to_have_value("33")
    expect(page.locator("#sentence")).to_contain_text("refused on 2 of 33 days")


@pytest.mark.parametrize(
    "label, typed, told",
    [
        ("Trip length, days", "forty", "Write a whole number from 1 to 3650."),
        ("Grace period, days", "-1", "Write a whole number from 0 to 36500."),
        ("Workstations, launch", "<script>alert(1)</script>", "Write a whole number from 1 to 50."),
        ("Time zone", "Europe/Atlantis", "There is no such time zone: write one such as Europe/Oslo or UTC."),
        ("Time", "19:00", "The key is entered on day 1 at 07:30: start then, or before."),
    ],
)
def test_what_is_typed_wrong_stays_and_is_told_at_its_field(page: Any, label: str, typed: str, told: str):
    field = page.locator("#trip").get_by_label(label, exact=label == "Time").first
    field.fill(typed)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#{field.get_attribute('id')}-wrong")).to_have_text(told)
    assert field.input_value() == typed
    field.fill({"Time zone": "UTC", "Time": "07:00"}.get(label, "9"))
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_the_time_of_a_sign_that_is_wrong_is_told_beside_it(planner: Plan):
    page = planner("?contact=20&day=20").page
    page.get_by_label("At", exact=True).fill("noon")
    told = page.locator("#on-day .said-wrong")
    expect(told).to_contain_text("is no time")
    expect(page.get_by_label("At", exact=True)).to_have_value("noon")
    page.get_by_label("At", exact=True).fill("08:00")
    expect(told).to_be_hidden()


def test_a_clock_is_set_by_what_is_typed_on_the_workstation_that_is_chosen(planner: Plan):
    page = planner("?crew=2&day=10").page
    page.get_by_role("group", name="Put on this day").get_by_role("button", name="Clock set").click()
    page.get_by_label("By", exact=True).fill("+40d")
    page.get_by_label("Whose clock").select_option("ws2")
    expect(page).to_have_url(re.compile(r"clock=10\+%2B40d\+ws2$"))


def test_signs_after_the_end_are_left_out_and_come_back(planner: Plan):
    page = planner("?days=45&contact=30").page
    page.get_by_label("Trip length, days").fill("20")
    expect(page.locator("#beyond")).to_contain_text("After the end of the trip, and left out")
    expect(page.locator("#beyond .mark")).to_have_count(1)
    page.get_by_label("Trip length, days").fill("45")
    expect(page.locator("#strip [data-day='30'] .mark")).to_have_count(1)
    expect(page.locator("#beyond")).to_be_hidden()


def test_it_is_stepped_through_day_by_day_with_the_reason_beside_the_trace(planner: Plan):
    page = planner("?day=31").page
    decided = page.locator("#decided")
    expect(decided).to_contain_text("Day 31, 1 Apr 2026")
    expect(decided).to_contain_text("Grace, runs.")
    page.get_by_role("button", name="Next day").click()
    expect(decided).to_contain_text("Expired, refused.")
    expect(decided).to_contain_text("grace ended on day 31 at 08:30")
    expect(page.locator("#trace")).to_contain_text("06:00  launch bridge")
    page.get_by_role("button", name="Previous day").click()
    expect(decided).to_contain_text("Grace, runs.")


def test_two_plans_stand_side_by_side_with_what_differs(page: Any):
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#compared")).to_contain_text("Nothing differs yet")
    page.get_by_label("Grace period, days").fill("45")
    rows = page.locator("#compared tbody tr")
    expect(rows).to_have_text(
        [
            re.compile(r"Grace period\s*30\s*45"),
            re.compile(r"How long\s*Runs until day 31 08:30\s*Runs on every day"),
            re.compile(r"Refused days\s*14\s*0"),
            re.compile(r"Launches that run\s*30\s*44"),
        ]
    )
    page.get_by_role("button", name="Swap A and B").click()
    expect(page.get_by_label("Grace period, days")).to_have_value("30")
    expect(rows.first).to_have_text(re.compile(r"Grace period\s*45\s*30"))
    page.get_by_role("button", name="Compare no longer").click()
    expect(page.locator("#compare")).to_be_hidden()


def test_a_script_in_a_plan_stays_text(planner: Plan):
    script = "%3Cscript%3Ealert(1)%3C/script%3E"
    tab = planner(f"?days={script}&contact={script}&zone={script}&a={script}")
    expect(tab.page.get_by_label("Trip length, days")).to_have_value("<script>alert(1)</script>")
    assert (tab.page.locator("main script").count(), tab.errors) == (0, [])


def test_it_is_printed_without_its_fields(planner: Plan):
    page = planner(BUSY).page
    page.emulate_media(media="print")
    expect(page.locator("#trip")).to_be_hidden()
    expect(page.locator("#strip")).to_be_visible()


def test_when_the_program_ends_it_says_so(chromium: Any, open_tab: Any, serve: Any):
    tab = open_tab(serve(), "/voyage")
    tab.page.route("**/voyage/redraw*", lambda route: route.abort())
    tab.page.get_by_label("Grace period, days").fill("31")
    expect(tab.page.locator("#said")).to_contain_text("nexuslic itself does not answer any more")


@pytest.mark.parametrize(
    "language, dated", [("en-GB", "Day 31, 1 Apr 2026"), ("de-DE", "01.04.2026"), ("nb-NO", "1. apr. 2026")]
)
def test_dates_are_those_of_the_readers_language(planner: Plan, language: str, dated: str):
    expect(planner("?day=31", locale=language).page.locator("#decided h3")).to_contain_text(dated)


def test_axe_finds_nothing_that_keeps_people_out(planner: Plan, axe: Path):
    tab = planner(BUSY, bypass_csp=True, reduced_motion="reduce")
    expect(tab.page.locator("#cures")).not_to_have_attribute("aria-busy", "true")
    tab.page.add_script_tag(path=str(axe))
    found = {
        look: _trouble(tab.page, *look) for look in ((1440, "light"), (1440, "dark"), (320, "light"), (320, "dark"))
    }
    assert [*filter(None, found.values())] == []
    assert (tab.errors, tab.elsewhere) == ([], [])


def _trouble(page: Any, width: int, scheme: str) -> list[Any]:
    """What axe finds grave, and whether the page is wider than its window."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    found = [
        (one["id"], one["nodes"][0]["html"])
        for one in page.evaluate("axe.run()")["violations"]
        if one["impact"] in GRAVE
    ]
    return [*found, *(["too wide"] if page.evaluate("document.documentElement.scrollWidth") > width else [])]
