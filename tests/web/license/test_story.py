"""A license aboard, as it is seen in the License dialog: from the empty database to named users that are trimmed."""

import pytest

from nexuslic.rules.words import LicenseType


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_life_of_a_license_is_seen_and_led_in_the_dialog(request, engine, make_ship, open_dialog):
    ship = make_ship(request.getfixturevalue("postgresql_url") if engine == "postgresql" else "")
    dialog = open_dialog(ship)
    assert "no license yet" in dialog.stands("Unlicensed")
    assert "The license was granted" in dialog.request(str(ship.key))
    assert "Example Survey" in dialog.shows("#retrieved", "DB1", "Concurrent", "30 days", "Authenticated")
    assert "of 30" in dialog.stands("Authenticated", "30 days left")
    assert "The license is confirmed." in dialog.launch()

    ship.pull_the_cable()
    ship.sail(days=18)
    assert "Only 12 days left in grace period" in dialog.launch()
    assert "of 30" in dialog.stands("Grace", "12 days left")
    assert dialog.check()["tcp"] == "bad"

    assert "The license was granted" in dialog.renew(ship.answer)
    assert "of 30" in dialog.stands("Authenticated", "30 days left")

    ship.given["server"] = "db1.fleet.example"
    dialog.stands("Invalid-Binding")
    both = dialog.shows("#binding", "DB1", "db1.fleet.example", "differs")
    assert "connect with the recorded spelling, server DB1" in both
    assert dialog.check()["binding"] == "bad"
    ship.given["server"] = "DB1"
    dialog.stands("Authenticated")
    ship.given["server"] = "db1.fleet.example"
    dialog.stands("Invalid-Binding")
    assert "The license was granted" in dialog.renew(ship.answer)
    dialog.stands("Authenticated")
    assert dialog.page.locator("#binding").count() == 0
    assert (dialog.tab.errors, dialog.tab.elsewhere) == ([], [])


def test_a_database_server_that_is_stopped_and_started_loses_nothing(
    postgresql_url, postgresql_outage, make_ship, open_dialog
):
    ship = make_ship(postgresql_url)
    ship.authenticate()
    dialog = open_dialog(ship)
    dialog.stands("Authenticated")
    with postgresql_outage():
        dialog.look_again()
        dialog.shows("#away", "The database does not answer")
        assert "of 30" in dialog.shows("#standing", "30 days left")
    dialog.look_again()
    dialog.page.wait_for_selector("#away .away", state="detached")
    assert "The license is confirmed." in dialog.launch()


def test_named_users_are_assigned_and_trimmed_before_the_eyes_of_who_assigns_them(make_ship, open_dialog):
    ship = make_ship(type=LicenseType.NAMED, seats=2)
    ship.authenticate()
    dialog = open_dialog(ship)
    page = dialog.page
    for user in ("anna", "<script>document.title = 'run'</script>"):
        page.fill("#user", user)
        page.click("#assign-do")
        dialog.shows("#people table", user)
        assert page.input_value("#user") == ""
    page.fill("#user", "cora")
    page.click("#assign-do")
    assert dialog.shows("#user-said", "No license for: cora") and page.input_value("#user") == "cora"
    assert page.title() == "License · nexuslic" and page.locator("#people script").count() == 0
    ship.change(seats=1)
    page.fill("#user", "")
    page.click("#assign-do")
    dialog.shows("#user-said", "Write the name of a user.")
    assert "no license any more for <script>" in dialog.launch()
    assert page.locator("#user-said").inner_text() == ""
    dialog.shows("#people", "1 of 1 assigned")
    assert page.locator("#people tbody tr").count() == 1
    page.get_by_role("button", name="Take back the license of anna").click()
    page.get_by_role("button", name="Leave it").click()
    assert page.locator("#people tbody tr").count() == 1
    page.get_by_role("button", name="Take back the license of anna").click()
    page.get_by_role("button", name="Take back", exact=True).click()
    dialog.shows("#people-said", "anna has no license any more")
    dialog.shows("#people", "Nobody is assigned yet")
    assert (dialog.tab.errors, dialog.tab.elsewhere) == ([], [])
