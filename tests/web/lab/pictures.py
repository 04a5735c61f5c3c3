"""The pictures of the policy lab in the documentation: `pytest tests/web/*/pictures.py` takes them."""


def test_a_sweep_with_the_trips_of_one_number(camera, swept):
    tab = swept(**camera.options)
    tab.page.click("#show-trips")
    tab.page.wait_for_selector("#examples svg")
    assert camera.take(tab.page, "lab", longer=1100).stat().st_size
