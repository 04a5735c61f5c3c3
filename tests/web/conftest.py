"""The screens as one serves them: a real server in a thread, and a real browser that may talk to nobody else."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from nexuslic.web import serving
from nexuslic.web.app import Desk, build
from nexuslic.web.screens import SCREENS


@attrs.frozen
class Served:
    """Screens that are served: the address that works once, and the one of their pages."""

    entrance: str

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return self.entrance.partition("/open")[0]


@attrs.define
class Tab:
    """A tab of a browser, and all that went wrong in it: errors on its console, requests to elsewhere."""

    page: Any
    errors: list[str] = attrs.Factory(list)
    elsewhere: list[str] = attrs.Factory(list)


Serve = Callable[..., Served]
Open = Callable[..., Tab]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve the screens over a desk; they end with the test."""
    running: list[tuple[Any, threading.Thread]] = []

    def start(desk: Desk | None = None) -> Served:
        addresses: list[str] = []
        up = threading.Event()

        def ready(address: str) -> None:
            addresses.append(address)
            up.set()

        server = serving.server_of(build(SCREENS, desk or Desk()), serving.bound(0), ready)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        assert up.wait(30)
        running.append((server, thread))
        return Served(addresses[0])

    yield start
    for server, thread in running:
        server.end()
        thread.join(30)


@pytest.fixture
def open_tab(chromium: Any) -> Iterator[Open]:
    """Open served screens in a browser that counts every request to elsewhere and every error."""
    contexts: list[Any] = []

    def open_(served: Served, path: str = "/", **options: Any) -> Tab:
        context = chromium.new_context(**{"locale": "en-GB", **options})
        contexts.append(context)
        tab = Tab(context.new_page())
        tab.page.on("console", lambda said: tab.errors.append(said.text) if said.type == "error" else None)
        tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
        tab.page.on("request", lambda sent: _note(tab, served, sent.url))
        tab.page.goto(served.entrance)
        if path != "/":
            tab.page.goto(served.address + path)
        return tab

    yield open_
    for context in contexts:
        context.close()


def _note(tab: Tab, served: Served, url: str) -> None:
    if not url.startswith((served.address, "data:", "blob:")):
        tab.elsewhere.append(url)


LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in ("wide", "narrow")]
"""How a screen is looked at in the documentation."""
_SIZES = {"wide": (1280, 1500), "narrow": (390, 1700)}


@attrs.frozen
class Camera:
    """Takes the pictures of the documentation, which lie in `folder`, in one look."""

    folder: Path
    scheme: str
    width: str

    @property
    def options(self) -> dict[str, Any]:
        """How a tab has to be opened for it."""
        wide, high = _SIZES[self.width]
        return {"color_scheme": self.scheme, "viewport": {"width": wide, "height": high}, "reduced_motion": "reduce"}

    def take(self, page: Any, name: str, *, longer: int = 0) -> Path:
        """A picture of what a person sees at first of a page, and no more than there is; `longer` is for a long one."""
        wide, high = _SIZES[self.width]
        page.set_viewport_size({"width": wide, "height": high + longer})
        high += longer
        there = page.evaluate("Math.ceil(document.querySelector('main').getBoundingClientRect().bottom + 24)")
        page.evaluate("scrollTo(0, 0)")
        path = self.folder / f"{name}-{self.scheme}-{self.width}.png"
        page.screenshot(path=path, clip={"x": 0, "y": 0, "width": wide, "height": min(high, there)})
        return path


@pytest.fixture(params=LOOKS, ids=[" ".join(look) for look in LOOKS])
def camera(request: Any, root: Path) -> Camera:
    """A camera for each look."""
    return Camera(root / "docs" / "screens", *request.param)
