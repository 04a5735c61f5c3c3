"""The pictures of the voyage planner in the documentation: `pytest tests/web/*/pictures.py` takes them."""

from playwright.sync_api import expect

PLAN = "?days=60&crew=2&contact=9&restore=20&contact=20+16:00&clock=14+-3d&day=51&a=days%3D60%26grace%3D45"


def test_a_trip_that_is_not_covered_beside_another_plan(camera, serve, open_tab):
    tab = open_tab(serve(), f"/voyage{PLAN}", **camera.options)
    expect(tab.page.locator("#cures")).not_to_have_attribute("aria-busy", "true", timeout=60_000)
    expect(tab.page.locator("#rest")).not_to_be_empty()
    assert camera.take(tab.page, "voyage").stat().st_size
