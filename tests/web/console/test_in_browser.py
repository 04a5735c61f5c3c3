"""The console in a real browser, on a real license server over TLS, and its codes in a real client."""

import re
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
from playwright.sync_api import expect

from nexuslic.adapters.clocks import SystemClock
from nexuslic.application.opening import open as open_license
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import LicenseKey, Version
from nexuslic.trust import wire
from nexuslic.trust.wire import Ask, Request

SCRIPT = "<script>document.title='broken'</script>"
CAMERA = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ['qr_code']; }
  async detect() { return [{ rawValue: 'READ BY THE CAMERA' }]; }
};
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement('canvas'), paper = canvas.getContext('2d');
  setInterval(() => paper.fillRect(0, 0, 9, 9), 20);
  window.stream = canvas.captureStream(); return window.stream;
};
"""
"""A camera that shows a code at once, and a browser that reads it: a headless one has neither."""


@attrs.define
class Tab:
    """A tab of somebody who is signed in, and all that went wrong in it."""

    page: Any
    errors: list[str] = attrs.Factory(list)
    elsewhere: list[str] = attrs.Factory(list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.page.url.split('/console')[0]}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def says(self, text: str) -> bool:
        """Whether its page says so, or the one that is on its way."""
        expect(self.page.locator("main")).to_contain_text(text)
        return True


Open = Callable[..., Tab]


@pytest.fixture(scope="module")
def people(live: Any) -> dict[str, str]:
    """The tokens of Ann, who is an administrator, and of Ben, who is not."""
    return {"Ann": live.token("admin", f"Ann{SCRIPT}"), "Ben": live.token("support", "Ben")}


@pytest.fixture
def signed_in(live: Any, people: dict[str, str], chromium: Any) -> Iterator[Open]:
    """Opens a tab of somebody who has signed in."""
    contexts: list[Any] = []

    def begin(who: str = "Ann", **options: Any) -> Tab:
        context = chromium.new_context(**{"ignore_https_errors": True, "locale": "en-GB", **options})
        contexts.append(context)
        tab = Tab(context.new_page())
        tab.page.on("console", lambda said: tab.errors.append(said.text) if said.type == "error" else None)
        tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
        tab.page.on(
            "request", lambda sent: tab.elsewhere.append(sent.url) if not sent.url.startswith(live.address) else 0
        )
        tab.page.goto(f"{live.address}/console")
        tab.fill("Token", people[who])
        tab.press("Sign in")
        tab.page.wait_for_url("**/console/licenses")
        return tab

    yield begin
    for context in contexts:
        context.close()


def number_of(tab: Tab) -> int:
    return int(tab.page.url.rsplit("/", 1)[1])


def issue(tab: Tab, organisation: str = "Northern Survey") -> int:
    tab.go("/console/issue")
    tab.fill("Organisation", organisation)
    tab.press("Issue the license")
    tab.page.wait_for_url(re.compile(r"licenses/\d+$"))
    return number_of(tab)


def test_a_license_is_issued_extended_and_ended_in_the_browser(signed_in: Open, live: Any):
    tab = signed_in()
    number = issue(tab, f"Northern Survey {SCRIPT}")
    assert tab.says(f"Northern Survey {SCRIPT}")
    expect(tab.page.locator("#told")).to_be_focused()
    key = live.key(number)
    tab.press("Show the key")
    tab.page.get_by_text(key).wait_for()
    expect(tab.page.locator("#show-key")).to_be_focused()
    until = (SystemClock().read().wall + timedelta(days=60)).date().isoformat()
    tab.fill("Extra days", "14")
    tab.fill("For grants until", until)
    tab.press("Extend")
    assert tab.says("14 days more, for grants until")
    tab.press("Suspend")
    assert tab.says("Suspended")
    tab.press("Reinstate")
    tab.page.locator("summary", has_text="Revoke").click()
    tab.fill("To be sure: the last four digits of the key", key[-4:])
    tab.press("Revoke")
    assert tab.says("Revoked") and tab.page.title() != "broken" and (tab.errors, tab.elsewhere) == ([], [])


def test_a_client_runs_with_the_answer_to_its_code(signed_in: Open, live: Any, tmp_path: Path):
    tab = signed_in("Ben")
    number = issue(tab)
    (tmp_path / "survey.db").touch()
    with open_license(live.folder / "bundle.json", f"sqlite:///{tmp_path / 'survey.db'}", state=tmp_path) as client:
        code = client.request_code(live.key(number))
        tab.go("/console/code")
        tab.fill("Request code", code[:-1] + ("0" if code[-1] != "0" else "1"))
        tab.press("Answer it")
        assert tab.says("is mistyped")
        tab.fill("Request code", code.lower().replace(" ", ""))
        tab.press("Answer it")
        assert tab.says("This grants 30 days of grace from now on.")
        decision = client.renew_by_code(tab.page.get_by_label("To copy").input_value())
    assert decision.runs and (tab.elsewhere) == []
    tab.page.get_by_role("link", name="Northern Survey").click()
    assert tab.says("Active") and tab.page.locator(".lane").count() == 1


def test_the_answer_is_a_qr_code_that_can_be_scanned(signed_in: Open, live: Any, tmp_path: Path):
    import zxingcpp
    from PIL import Image

    tab = signed_in("Ben", color_scheme="dark")
    number = issue(tab)
    (tmp_path / "survey.db").touch()
    with open_license(live.folder / "bundle.json", f"sqlite:///{tmp_path / 'survey.db'}", state=tmp_path) as client:
        code = client.request_code(live.key(number))
    tab.go("/console/code")
    tab.fill("Request code", code)
    tab.press("Answer it")
    tab.page.locator(".qr").screenshot(path=tmp_path / "qr.png")
    (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "qr.png"))
    assert found.text == tab.page.get_by_label("To copy").input_value()


def test_a_search_is_answered_while_it_is_typed_and_keeps_the_focus(signed_in: Open, live: Any):
    tab = signed_in("Ben")
    number = issue(tab, "Æther Soundings")
    tab.go("/console/licenses")
    tab.page.get_by_label("Search", exact=True).press_sequentially(live.key(number)[:9])
    tab.page.locator("#found tbody tr", has_text="Æther").wait_for()
    expect(tab.page.locator("#found tbody tr")).to_have_count(1)
    expect(tab.page.get_by_label("Search", exact=True)).to_be_focused()
    assert tab.errors == [] and live.key(number)[:4] not in tab.page.url


def test_a_search_works_without_script(signed_in: Open):
    tab = signed_in("Ben", java_script_enabled=False)
    issue(tab, "Quiet Waters")
    tab.go("/console/licenses")
    tab.fill("Search", "quiet")
    tab.press("Search")
    expect(tab.page.locator("#found tbody tr")).to_have_count(1)


def test_a_double_click_issues_one_license(signed_in: Open):
    tab = signed_in("Ben")
    tab.go("/console/issue")
    tab.fill("Organisation", "Only Once")
    tab.page.get_by_role("button", name="Issue the license").dblclick()
    tab.page.wait_for_url(re.compile(r"licenses/\d+$"))
    tab.go("/console/licenses")
    tab.fill("Search", "Only Once")
    tab.page.locator("#found tbody tr", has_text="Only Once").wait_for()
    tab.press("Search")
    expect(tab.page.locator("#found tbody tr")).to_have_count(1)
    assert tab.errors == []


def test_support_sees_no_button_that_its_token_does_not_allow(signed_in: Open):
    tab = signed_in("Ben")
    issue(tab)
    names = [tab.page.get_by_role("link", name=name).count() for name in ("Audit trail", "Keys guessed")]
    assert names == [0, 0] and tab.page.locator("summary").count() == 0


def test_the_camera_is_offered_only_where_the_browser_reads_codes(signed_in: Open):
    tab = signed_in("Ben")
    tab.go("/console/code")
    assert tab.page.locator("#camera").is_hidden()
    tab.page.add_init_script(CAMERA)
    tab.go("/console/code")
    tab.press("Scan it with the camera")
    expect(tab.page.get_by_label("Request code")).to_have_value("READ BY THE CAMERA")
    assert tab.page.locator("#view").is_hidden()
    assert tab.page.evaluate("window.stream.getTracks().every((track) => track.readyState === 'ended')")


def test_the_keyboard_alone_signs_in_and_issues(signed_in: Open):
    tab = signed_in("Ben")
    tab.page.keyboard.press("Tab")
    expect(tab.page.get_by_role("link", name="To the content")).to_be_focused()
    tab.go("/console/issue")
    tab.page.get_by_label("Organisation").focus()
    tab.page.keyboard.type("By Hand")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(re.compile(r"licenses/\d+$"))
    assert tab.says("By Hand")


def test_what_is_typed_wrong_has_the_focus(signed_in: Open):
    tab = signed_in("Ben")
    tab.go("/console/issue")
    tab.fill("Organisation", "Kept")
    tab.fill("How many", "many")
    tab.press("Issue the license")
    expect(tab.page.get_by_label("How many", exact=True)).to_be_focused()
    expect(tab.page.get_by_label("Organisation", exact=True)).to_have_value("Kept")


def test_a_signed_out_tab_says_so_within_its_page(signed_in: Open):
    tab = signed_in("Ben")
    number = issue(tab)
    other = tab.page.context.new_page()
    other.goto(tab.page.url)
    other.get_by_role("button", name="Sign out").click()
    other.get_by_label("Token", exact=True).wait_for()
    tab.press("Show the key")
    expect(tab.page.get_by_role("alert")).to_contain_text("You are signed out")
    assert number == number_of(tab)


# -- for everybody ----------------------------------------------------------------------------------------------------

SCREENS = {
    "sign-in": "/console/sign-in",
    "licenses": "/console/licenses",
    "issue": "/console/issue",
    "license": "/console/licenses/{number}",
    "code": "/console/code",
    "audit": "/console/audit",
    "guessed": "/console/guessed",
}
LOOKS = [("light", 1280), ("dark", 1280), ("light", 320), ("dark", 320)]


@pytest.fixture(scope="module")
def told(live: Any, people: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> int:
    """The number of a license with a history, on a server where somebody has tried wrong tokens."""
    trusting = ssl.create_default_context(cafile=str(live.folder / "authority.pem"))
    with httpx.Client(base_url=live.address, verify=trusting, trust_env=False) as client:
        headers = {"authorization": f"Bearer {people['Ann']}"}
        key = client.post("/v1/licenses", json={"organisation": "Looked At"}, headers=headers).json()["key"]
        for database in ("a", "b", "a", "c"):
            asked = Request(
                Ask.AUTHENTICATE, LicenseKey.parse(key), Binding("DB1", database), Version.parse("6.2"), "ab" * 16
            )
            client.post("/v1/contact", content=wire.encode(asked), headers={"content-type": "application/json"})
        lines = client.get("/v1/audit", params={"key": key}, headers=headers).json()["items"]
    return int(lines[0]["seq"])


@pytest.mark.parametrize("scheme, width", LOOKS)
def test_nothing_keeps_people_out(signed_in: Open, told: int, axe: Path, scheme: str, width: int):
    tab = signed_in("Ann", color_scheme=scheme, viewport={"width": width, "height": 800})
    found = {}
    for name, path in SCREENS.items():
        tab.go(path.format(number=told))
        for summary in tab.page.locator("summary").all():
            summary.click()
        tab.page.evaluate(axe.read_text("utf-8"))
        result = tab.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        grave = [
            (one["id"], one["nodes"][0]["html"])
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        wide = tab.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if grave or wide > 0:
            found[name] = (grave, wide)
    assert found == {} and (tab.errors, tab.elsewhere) == ([], [])


@pytest.mark.parametrize("path", ["/console/licenses", "/console/licenses/{number}", "/console/audit"])
def test_a_page_is_small(signed_in: Open, told: int, path: str):
    tab = signed_in("Ann")
    with tab.page.expect_response(lambda answer: answer.url.endswith(path.format(number=told))) as answered:
        tab.go(path.format(number=told))
    assert len(answered.value.body()) < 60_000
