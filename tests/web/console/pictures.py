"""The pictures of the vendor console in the documentation: `pytest tests/web/*/pictures.py` takes them."""

from datetime import UTC, datetime
from functools import partial

import pytest

from nexuslic.application.opening import open as open_license
from nexuslic.trust.keys import Bundle, KeySet, SealingKey, SigningKey

CUSTOMERS = {"Northern Survey": 5, "Baltic Wind Services": 2, "Fjord Hydrography": 12, "Gulf Inspection": 1}


@pytest.fixture
def page(shown, chromium, camera):
    """Anna's tab, who is signed in since 12 January 2026."""
    shown.vendor.clock.now = day(1, 12)
    context = chromium.new_context(ignore_https_errors=True, locale="en-GB", **camera.options)
    page = context.new_page()
    page.goto(f"{shown.address}/console")
    page.get_by_label("Token", exact=True).fill(shown.vendor.token("admin", "anna"))
    press(page, "Sign in")
    page.wait_for_url("**/console/licenses")
    yield page
    context.close()


def day(month, of_month):
    return datetime(2026, month, of_month, 9, 30, tzinfo=UTC)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def told(page):
    page.locator("#told").wait_for()


def issue(shown, page, organisation, seats):
    """Anna issues a license, and its customer requests it; its number."""
    page.goto(f"{shown.address}/console/issue")
    page.get_by_label("Organisation", exact=True).fill(organisation)
    page.get_by_label("How many", exact=True).fill(str(seats))
    press(page, "Issue the license")
    told(page)
    number = int(page.url.rsplit("/", 1)[1])
    shown.contact(page, number, "DB1")
    return number


def test_a_license_and_the_list_it_stands_in(shown, page, camera):
    clock, open_ = shown.vendor.clock, partial(page.goto, timeout=10_000)
    numbers = {name: issue(shown, page, name, seats) for name, seats in CUSTOMERS.items()}
    clock.now = day(1, 20)
    open_(f"{shown.address}/console/licenses/{numbers['Gulf Inspection']}")
    press(page, "Suspend")
    told(page)
    northern = numbers["Northern Survey"]
    open_(f"{shown.address}/console/licenses/{northern}")
    page.get_by_label("Extra days", exact=True).fill("14")
    page.get_by_label("For grants until", exact=True).fill("2026-04-30")
    press(page, "Extend")
    told(page)
    for month, of_month, server in ((2, 4, "DB1"), (2, 20, "SPARE-SQL"), (3, 12, "DB1")):
        clock.now = day(month, of_month)
        shown.contact(page, northern, server)
    clock.now = day(3, 30)
    open_(f"{shown.address}/console/licenses/{northern}")
    assert camera.take(page, "console-license").stat().st_size
    open_(f"{shown.address}/console/licenses")
    assert camera.take(page, "console-licenses").stat().st_size


def test_a_request_code_and_its_answer(shown, page, camera, tmp_path):
    number = issue(shown, page, "Northern Survey", 5)
    keys = KeySet((SigningKey("signing-1", bytes(32)).trusted(),))
    bundle = Bundle("Survey", "https://license.example.com", keys, (SealingKey("sealing-1", bytes(32)),))
    (tmp_path / "survey.db").touch()
    named = {"server": "DB1", "database": "survey", "state": tmp_path}
    with open_license(bundle, f"sqlite:///{tmp_path / 'survey.db'}", **named) as client:
        code = client.request_code(str(shown.vendor.key(number)))
    page.goto(f"{shown.address}/console/code")
    page.get_by_label("Request code", exact=True).fill(code)
    press(page, "Answer it")
    page.locator(".groups").wait_for()
    assert camera.take(page, "console-code").stat().st_size
