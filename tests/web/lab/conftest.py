"""The policy lab as it is opened: the screens served, and its page in a tab."""

from collections.abc import Callable
from typing import Any

import pytest

SOME = "20000"
"""So many trips are drawn in these tests."""

Lab = Callable[..., Any]


@pytest.fixture
def lab(serve: Any, open_tab: Any) -> Lab:
    """Open the lab in a tab; the page waits no longer than a slow machine needs."""

    def open_it(**options: Any) -> Any:
        tab = open_tab(serve(), "/lab", **options)
        tab.page.set_default_timeout(240_000)
        return tab

    return open_it


@pytest.fixture
def swept(lab: Lab) -> Lab:
    """Open the lab, and sweep some trips of the model that is chosen at first."""

    def sweep(**options: Any) -> Any:
        tab = lab(**options)
        tab.page.fill("#f-count", SOME)
        tab.page.click("#run")
        tab.page.wait_for_selector("#heat svg")
        tab.page.wait_for_selector("#by-grace svg")
        return tab

    return sweep
