"""The pictures of the License dialog in the documentation: `pytest tests/web/*/pictures.py` takes them."""

from datetime import UTC, datetime


def test_a_license_at_sea_and_one_whose_database_has_another_name(camera, make_ship, open_dialog):
    ship = make_ship(seats=5)
    ship.given["database"] = "survey"
    ship.clock.now = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    ship.authenticate()
    ship.sail(days=18)
    ship.pull_the_cable()
    dialog = open_dialog(ship, **camera.options)
    beside = {"user": "bert", "workstation": "chart room"}
    with ship.open() as one, ship.open(**beside) as other, one.launch(), other.launch():
        dialog.stands("Grace", "12 days left")
        dialog.page.click("#code-make")
        dialog.page.locator(".code-text").wait_for()
        assert camera.take(dialog.page, "license").stat().st_size
    ship.given["server"] = "db1.fleet.example"
    dialog.page.reload()
    dialog.stands("Invalid-Binding")
    assert camera.take(dialog.page, "license-binding").stat().st_size
