"""The frame of the screens: opened once, in one browser, and nothing goes elsewhere."""

import re
from contextlib import closing
from typing import Any

import httpx
import pytest

from nexuslic.errors import InputError
from nexuslic.web import assets, pages, serving


def test_the_first_browser_comes_in_and_sees_the_way_to_the_screens(serve: Any, open_tab: Any):
    served = serve()
    tab = open_tab(served)
    assert tab.page.get_by_role("heading", level=1).inner_text() == "What would you like to look at?"
    assert (tab.errors, tab.elsewhere) == ([], [])


def test_the_address_works_once(serve: Any):
    served = serve()
    answers = [httpx.get(served.entrance).status_code for _ in range(2)]
    assert answers == [303, 403]


def test_without_the_cookie_nothing_is_shown(serve: Any):
    assert httpx.get(served := serve().address).status_code == 403, served


def test_another_name_of_the_host_is_refused(serve: Any):
    served = serve()
    cookies = httpx.get(served.entrance).cookies
    answers = [
        httpx.get(served.address, cookies=cookies, headers={"host": host}).status_code
        for host in (served.address.removeprefix("http://"), "evil.example", "127.0.0.1")
    ]
    assert answers == [200, 403, 403]


def test_a_page_of_another_origin_changes_nothing(serve: Any):
    served = serve()
    cookies = httpx.get(served.entrance).cookies
    answers = [
        httpx.post(served.address, cookies=cookies, headers=headers).status_code
        for headers in ({}, {"origin": "http://evil.example"}, {"origin": served.address})
    ]
    assert answers == [403, 403, 405]


def test_one_browser_has_the_screens_of_two_runs_side_by_side(serve: Any):
    with httpx.Client(follow_redirects=True) as browser:
        served = [serve(), serve()]
        opened = [browser.get(one.entrance).status_code for one in served]
        assert (opened, [browser.get(one.address).status_code for one in served]) == ([200, 200], [200, 200])


@pytest.mark.parametrize(
    "path", ["/", "/license", "/voyage", "/lab", f"{assets.below(pages.STATIC)}/frame.css", "/nowhere"]
)
def test_no_answer_allows_script_within_a_page_or_anything_from_elsewhere(serve: Any, path: str):
    served = serve()
    cookies = httpx.get(served.entrance).cookies
    answer = httpx.get(served.address + path, cookies=cookies)
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in answer.text and not re.search(r"<[^>]*\son[a-z]+=", answer.text)


def test_no_page_is_kept_and_what_pages_load_is(serve: Any):
    served = serve()
    cookies = httpx.get(served.entrance).cookies
    kept = {
        path: httpx.get(served.address + path, cookies=cookies).headers.get_list("cache-control")
        for path in ("/", "/voyage", "/nowhere", "/static/nothing.js", f"{assets.below(pages.STATIC)}/frame.js")
    }
    assert list(kept.values()) == [["no-store"]] * 4 + [["max-age=31536000, immutable"]]


def test_a_page_that_is_not_there_says_so(serve: Any):
    served = serve()
    answer = httpx.get(f"{served.address}/nowhere", cookies=httpx.get(served.entrance).cookies)
    assert (answer.status_code, "There is no such page." in answer.text) == (404, True)


def test_a_port_that_is_taken_is_said():
    with closing(serving.bound(0)) as taken, pytest.raises(InputError, match="cannot be listened on"):
        serving.bound(taken.getsockname()[1])


def test_the_usual_port_is_taken_where_nobody_has_it(monkeypatch: pytest.MonkeyPatch):
    with closing(serving.bound(0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setattr(serving, "PORT", port)
    with closing(serving.usual()) as first, closing(serving.usual()) as second:
        assert first.getsockname()[1] == port != second.getsockname()[1]
