"""The addresses of the lab where a browser asks for what is not there."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from nexuslic.web.lab import giving, texts


@pytest.fixture
def browser(serve: Any) -> Iterator[httpx.Client]:
    """One that came in by the door."""
    served = serve()
    headers = {"origin": served.address, "hx-request": "true"}
    with httpx.Client(base_url=served.address, headers=headers, timeout=120) as client:
        client.cookies = httpx.get(served.entrance).cookies
        yield client


def tab_of(browser: httpx.Client) -> str:
    return browser.get("/lab").text.partition('hx-post="/lab/')[2].partition("/")[0]


@pytest.mark.parametrize("path", ["/lab/other/look?grace=1", "/lab/other/progress/1", "/lab/other/examples?grace=1"])
def test_a_page_of_an_earlier_run_is_told_to_load_again(browser: httpx.Client, path: str):
    assert texts.STALE in browser.get(path).text


@pytest.mark.parametrize("path", ["look?grace=1", "curves?grace=1", "story/1?grace=1", "telling/0/0", "cheat/0"])
def test_what_was_never_asked_has_no_answer(browser: httpx.Client, path: str):
    assert texts.NO_LONGER in browser.get(f"/lab/{tab_of(browser)}/{path}").text


def test_a_body_that_is_too_large_is_said_in_a_sentence(browser: httpx.Client):
    files = {"file": ("fleet.csv", b"x" * 33_600_000)}
    answer = browser.post(f"/lab/{tab_of(browser)}/file", files=files)
    assert (answer.status_code, texts.TOO_LARGE.format(giving.MOST_MB) in answer.text) == (413, True)


def test_no_file_is_said_at_its_field(browser: httpx.Client):
    answer = browser.post(f"/lab/{tab_of(browser)}/file", files={"other": ("a", b"b")})
    assert texts.NO_FILE in answer.text and 'aria-invalid="true"' in answer.text


def test_each_page_has_a_bench_of_its_own(browser: httpx.Client):
    assert tab_of(browser) != tab_of(browser)
