"""The frame of the screens: opened once, in one browser, and nothing goes elsewhere."""

from typing import Any

import httpx


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
