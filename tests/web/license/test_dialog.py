"""The License dialog where something is wrong, where two act at once, and for whoever reads it in another way."""

import re
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from nexuslic.rules.words import LicenseType
from nexuslic.trust import bundles

GRAVE = {"serious", "critical"}


@pytest.fixture
def licensed(ship):
    """A ship whose key was entered."""
    ship.authenticate()
    return ship


def test_the_key_is_helped_while_it_is_typed_and_nothing_is_sent(ship, open_dialog):
    dialog = open_dialog(ship)
    field, sent = dialog.page.locator("#key"), []
    dialog.stands("Unlicensed")
    dialog.page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    said = {}
    for typed in ("400638", "400638133393", "4006381333935", "4006381333930", "40063813339301", "4oo6"):
        field.fill("")
        field.press_sequentially(typed)
        said[field.input_value()] = dialog.page.locator("#key-help").inner_text()
    assert said == {
        "4006-38": "6 of 13 digits",
        "4006-3813-3393": "12 of 13 digits: one digit is missing",
        "4006-3813-33935": "The check digit would be 0: look again, one digit is wrong or two are swapped",
        "4006-3813-33930": "The check digit fits",
        "4006-3813-339301": "14 digits: a key has 13",
        "4oo6": "A key has digits only.",
    }
    assert (sent, field.get_attribute("aria-invalid")) == ([], "true")


def test_a_mistyped_key_stays_where_it_was_typed_and_is_told_there(ship, open_dialog):
    dialog = open_dialog(ship)
    assert "its check digit does not fit" in dialog.request("4006381333935")
    field = dialog.page.locator("#key")
    assert (field.input_value(), field.get_attribute("aria-invalid")) == ("4006-3813-33935", "true")
    expect(dialog.page.locator("#key")).to_be_focused()
    assert ship.server.asked == []
    assert "4006" not in dialog.page.url


def test_a_double_click_asks_once(licensed, open_dialog):
    dialog = open_dialog(licensed)
    before = len(licensed.server.asked)
    dialog.page.dblclick("#launch")
    dialog.shows("#launch-said", "It runs")
    dialog.page.fill("#key", licensed.key.digits)
    dialog.page.locator("#request button.first").dblclick()
    dialog.shows("#key-said", "The license was granted")
    assert len(licensed.server.asked) == before + 2


def test_a_button_that_is_pressed_again_before_its_answer_asks_once(licensed, open_dialog):
    dialog = open_dialog(licensed)
    held = []
    dialog.page.route("**/license/launch", lambda route: held.append(route))
    dialog.page.focus("#launch")
    for _ in range(3):
        dialog.page.keyboard.press("Enter")
    two_frames = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
    dialog.page.evaluate(two_frames)
    held[0].continue_()
    assert "It runs" in dialog.shows("#launch-said", "It runs")
    dialog.page.evaluate(two_frames)
    assert len(held) == 1


def test_the_second_click_of_a_slow_double_click_is_none(licensed, open_dialog):
    dialog = open_dialog(licensed)
    posted = []
    dialog.page.on("request", lambda one: posted.append(one.url) if one.method == "POST" else None)
    assert "The license was granted" in dialog.request(str(licensed.key))
    dialog.page.mouse.down(click_count=2)
    dialog.page.mouse.up(click_count=2)
    dialog.launch()
    assert [url.rpartition("/")[2] for url in posted] == ["request", "launch"]
    assert "The license was granted" in dialog.shows("#key-said", "license")


def test_a_seat_beside_is_seen_and_released_once_though_two_tabs_ask(licensed, open_dialog):
    dialog = open_dialog(licensed)
    page, other = dialog.page, dialog.page.context.new_page()
    with licensed.open(user="bert", workstation="chart room").launch() as decision:
        assert decision.runs
        other.goto(page.url)
        for tab in (page, other):
            tab.get_by_role("button", name="Release the seat of bert at chart room").click()
            tab.get_by_text("Release the seat of bert at chart room?").wait_for()
        page.get_by_role("button", name="Release", exact=True).click()
        dialog.shows("#people-said", "The seat of bert at chart room is free.")
        other.get_by_role("button", name="Release", exact=True).click()
        other.get_by_text("That seat is free already").wait_for()
        dialog.shows("#people", "Nobody holds a seat now.")
        expect(page.locator("#people-title")).to_be_focused()


def test_what_is_typed_and_where_one_is_stay_as_they_are_while_the_screen_refreshes(make_ship, open_dialog):
    ship = make_ship(type=LicenseType.NAMED, seats=5)
    ship.authenticate()
    dialog = open_dialog(ship)
    dialog.page.click("#assign-do")
    dialog.shows("#user-said", "Write the name of a user.")
    dialog.page.locator("#user").press_sequentially("co")
    with ship.open() as license:
        license.users.assign("anna")
    dialog.look_again()
    dialog.shows("#people table", "anna")
    dialog.page.keyboard.type("ra")
    assert dialog.page.input_value("#user") == "cora"
    assert "Write the name" in dialog.page.locator("#user-said").inner_text()


def test_a_database_that_goes_away_leaves_what_was_seen_and_comes_back(licensed, open_dialog):
    dialog = open_dialog(licensed)
    dialog.stands("Authenticated")
    there, away = licensed.folder / "survey.db", licensed.folder / "away.db"
    there.rename(away)
    dialog.look_again()
    dialog.shows("#away", "The database does not answer", "The license is unharmed")
    assert "Authenticated" in dialog.shows("#standing", "Authenticated")
    assert "cannot be reached" in dialog.launch()
    away.rename(there)
    dialog.look_again()
    dialog.page.wait_for_selector("#away .away", state="detached")
    assert "30" in dialog.stands("Authenticated", "days left")


def test_a_screen_opened_while_the_database_is_away_shows_the_license_once_it_is_back(licensed, open_dialog):
    (licensed.folder / "survey.db").rename(licensed.folder / "away.db")
    dialog = open_dialog(licensed)
    dialog.shows("#away", "The database does not answer")
    assert dialog.page.locator("#standing").count() == 0
    (licensed.folder / "away.db").rename(licensed.folder / "survey.db")
    assert "30" in dialog.stands("Authenticated", "days left")


def test_a_damaged_record_says_so_and_the_key_cures_it(licensed, open_dialog):
    with sqlite3.connect(licensed.folder / "survey.db") as base:
        base.execute("UPDATE nexuslic_record SET sealed = 'damaged'")
    base.close()
    dialog = open_dialog(licensed)
    assert "record in this database is damaged" in dialog.stands("Unlicensed")
    assert "The license was granted" in dialog.request(str(licensed.key))
    dialog.stands("Authenticated")


def test_a_code_for_a_database_without_a_license_is_made_from_the_typed_key(ship, open_dialog):
    dialog = open_dialog(ship)
    page = dialog.page
    page.click("#code-make")
    dialog.shows("#code-out", "this database holds no license")
    page.fill("#key", "4006381333935")
    page.click("#code-with-key")
    dialog.shows("#key-said", "its check digit does not fit")
    page.fill("#key", str(ship.key))
    page.click("#code-with-key")
    code = page.locator(".code-text").inner_text()
    assert page.locator("#code-out svg.qr").count() == 1
    page.fill("#answer", str(ship.key))
    page.get_by_role("button", name="Accept the answer").click()
    said = dialog.shows("#answer-said", "this is a license key and no code")
    assert ship.key.digits not in re.sub(r"\D", "", said)
    page.fill("#answer", ship.answer(code))
    page.get_by_role("button", name="Accept the answer").click()
    dialog.shows("#answer-said", "The license was granted")
    dialog.stands("Authenticated")
    assert (page.input_value("#answer"), page.input_value("#key"), page.locator(".code-text").count()) == ("", "", 0)


def test_the_check_list_fills_step_by_step(licensed, open_dialog):
    dialog = open_dialog(licensed)
    levels = dialog.check()
    assert set(levels.values()) == {"good"} and list(levels)[:3] == ["folder", "bundle", "database"]
    assert "A launch would run." in dialog.shows("#checks", "Checked at")


def test_a_dongle_is_said_to_protect(licensed, open_dialog):
    (licensed.folder / "NETHASP.ini").touch()
    licensed.given["application"] = licensed.folder
    dialog = open_dialog(licensed)
    assert "NETHASP.ini is in place" in dialog.stands("Dongle")
    assert "The dongle protects this workstation" in dialog.launch()
    assert dialog.check()["bundle"] == "not-reached"


def test_times_are_those_of_the_readers_clock_with_utc_beside(licensed, open_dialog):
    dialog = open_dialog(licensed, locale="nb-NO", timezone_id="America/St_Johns")
    at = licensed.clock.now + timedelta(days=30)
    here = at.astimezone(ZoneInfo("America/St_Johns"))
    dialog.shows("#deadline", f"{here:%H:%M}", f"{at:%H:%M} UTC")
    assert "Your time: America/St Johns" in dialog.shows("#live", "Your time")


def test_when_the_program_is_ended_the_page_says_so(licensed, serve, open_tab):
    served = serve(licensed.desk)
    tab = open_tab(served, "/license")
    tab.page.wait_for_selector("#standing")
    tab.page.route("**/license/standing", lambda route: route.abort())
    tab.page.evaluate("htmx.trigger(document.body, 'license-changed')")
    tab.page.locator("#said", has_text="does not answer any more").wait_for()
    assert "Authenticated" in tab.page.locator("#standing").inner_text()


def test_without_a_database_the_screen_says_how_to_name_one(serve, open_tab):
    tab = open_tab(serve(), "/license")
    assert "nexuslic web --database sqlite:///survey.db" in tab.page.locator("main").inner_text()
    assert (tab.errors, tab.elsewhere) == ([], [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_people_out(licensed, serve, open_tab, axe, scheme):
    licensed.pull_the_cable()
    licensed.sail(days=26)
    tab = open_tab(serve(licensed.desk), "/license", color_scheme=scheme, bypass_csp=True)
    page = tab.page
    page.add_script_tag(path=axe)
    with licensed.open(user="bert", workstation="chart room").launch():
        page.click("#launch")
        page.wait_for_selector("#launch-said .note")
        page.click("#code-make")
        page.wait_for_selector("#code-shown")
        page.click("#check-run")
        page.wait_for_selector("#checks-off")
        page.fill("#key", "4006381333935")
        page.get_by_role("button", name="Release the seat of bert at chart room").click()
        page.wait_for_selector("dialog[open]")
        found = _grave(page)
        page.keyboard.press("Escape")
        licensed.given["server"] = "db1.fleet.example"
        page.evaluate("htmx.trigger(document.body, 'license-changed')")
        page.wait_for_selector("#binding")
        for width in (320, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            found += _grave(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []


def _grave(page):
    found = page.evaluate("axe.run(document)")
    assert len(found["passes"]) > 15
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"] if one["impact"] in GRAVE]


def test_the_keyboard_alone_leads_through_a_release(licensed, open_dialog):
    dialog = open_dialog(licensed)
    page = dialog.page
    with licensed.open(user="bert", workstation="chart room").launch():
        dialog.look_again()
        dialog.shows("#people", "bert")
        page.locator("#people button").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open]")
        expect(page.get_by_role("button", name="Leave it")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        dialog.shows("#people-said", "is free")


def test_the_command_opens_the_dialog_of_a_database(licensed, open_tab, tmp_path):
    bundle = tmp_path / "bundle.json"
    bundle.write_bytes(bundles.write(licensed.bundle))
    (tmp_path / "NETHASP.ini").touch()
    words = ["web", "--no-browser", "--database", licensed.url, "--bundle", str(bundle), "--application", str(tmp_path)]
    running = subprocess.Popen([sys.executable, "-m", "nexuslic", *words], stdout=subprocess.PIPE, text=True)
    try:
        entrance = running.stdout.readline().removeprefix("open ").strip()
        tab = open_tab(SimpleNamespace(entrance=entrance, address=entrance.partition("/open")[0]), "/license")
        assert tab.page.locator("#state").inner_text() == "Dongle"
    finally:
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=30)
