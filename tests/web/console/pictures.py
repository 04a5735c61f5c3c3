"""The pictures of the vendor console in the documentation: `pytest tests/web/*/pictures.py` takes them."""

import pytest

from nexuslic.application.opening import open as open_license
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import LicenseKey, Version
from nexuslic.trust import wire
from nexuslic.trust.wire import Ask, Request

CUSTOMERS = ("Northern Survey", "Baltic Wind Services", "Example Survey", "Fjord Hydrography", "Gulf Inspection")


@pytest.fixture(scope="module")
def token(live):
    """Anna's, who is an administrator."""
    return live.token("admin", "anna")


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def contact(live, page, number, database):
    """A client requests this license for a database of its own."""
    key = LicenseKey.parse(live.key(number))
    asked = Request(Ask.AUTHENTICATE, key, Binding("DB1", database), Version.parse("6.10"), bytes(16).hex())
    sent = page.request.post(
        f"{live.address}/v1/contact", data=wire.encode(asked), headers={"content-type": "application/json"}
    )
    assert sent.ok, sent.text()


def test_a_license_and_the_list_it_stands_in(camera, live, token, chromium, tmp_path):
    context = chromium.new_context(ignore_https_errors=True, locale="en-GB", **camera.options)
    page = context.new_page()
    page.goto(f"{live.address}/console")
    page.get_by_label("Token", exact=True).fill(token)
    press(page, "Sign in")
    for customer in CUSTOMERS:
        page.goto(f"{live.address}/console/issue")
        page.get_by_label("Organisation", exact=True).fill(customer)
        press(page, "Issue the license")
        number = int(page.url.rsplit("/", 1)[1])
        contact(live, page, number, "survey")
    contact(live, page, number, "survey-2")
    contact(live, page, number, "survey")
    page.reload()
    assert camera.take(page, "console-license").stat().st_size
    page.goto(f"{live.address}/console/licenses")
    assert camera.take(page, "console-licenses").stat().st_size
    (tmp_path / "survey.db").touch()
    with open_license(live.folder / "bundle.json", f"sqlite:///{tmp_path / 'survey.db'}", state=tmp_path) as client:
        code = client.request_code(live.key(number))
    page.goto(f"{live.address}/console/code")
    page.get_by_label("Request code", exact=True).fill(code)
    press(page, "Answer it")
    assert camera.take(page, "console-code").stat().st_size
    context.close()
