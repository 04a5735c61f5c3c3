"""How quick the screens are, measured in a real browser on this computer.

`python tests/benchmarks/web_benchmarks.py [paint|voyage ...] [--quick]` prints the machine, and one line a figure with
what is wanted of it. A screen is added to SCREENS, and what is particular to it to FIGURES. Nothing here is a test of
speed; a test runs it quickly to see that it still works.
"""

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import attrs
from playwright.sync_api import Browser, Page, sync_playwright
from story_benchmarks import load, machine

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.application.opening import open as open_license
from nexuslic.issuing.registry import Issued
from nexuslic.issuing.signatory import Signatory
from nexuslic.issuing.support import answer_code
from nexuslic.rules.license import License, LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.server import making, settings, tokens
from nexuslic.server.site import Site
from nexuslic.server.tokens import Scope
from nexuslic.simulation.registry import MemoryRegistry
from nexuslic.trust.keys import Bundle, KeySet, SealingKey, SigningKey
from nexuslic.web import serving
from nexuslic.web.app import Desk, build
from nexuslic.web.screens import SCREENS as ROUTERS

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge")
PAINT, REDRAW, LATEST = 120, 25, 60
"""Milliseconds that are wanted: to the first paint, to a redrawn strip at the median, and at p99."""


@attrs.frozen
class Screen:
    """A screen: its name, its address, and how many bytes its page may weigh."""

    name: str
    address: str
    weight: int = 60_000


SCREENS = (
    Screen("the way to the screens", "/"),
    Screen("License dialog", "/license"),
    Screen("voyage planner", "/voyage"),
    Screen("policy lab", "/lab", 1_000_000),
)
CONSOLE = (
    Screen("console: licenses", "/console/licenses"),
    Screen("console: issue", "/console/issue"),
    Screen("console: audit trail", "/console/audit"),
)


@contextmanager
def licensed() -> Iterator[Desk]:
    """A desk over a database whose license was granted by a renewal code: nobody has to be reached."""
    signing, key = SigningKey("signing-1", bytes(range(32))), LicenseKey.from_number(400638133393)
    bundle = Bundle(
        "Survey", "https://localhost:9", KeySet((signing.trusted(),)), (SealingKey("sealing-1", bytes(32)),)
    )
    registry = MemoryRegistry()
    terms = License("Example Survey", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)
    registry.add(Issued(key, terms))
    with TemporaryDirectory() as folder:
        (Path(folder) / "survey.db").touch()
        url, state = f"sqlite:///{folder}/survey.db", Path(folder) / "state"
        desk = Desk(lambda: open_license(bundle, url, version="6.10", state=state, user="anna", workstation="bridge"))
        assert desk.license is not None
        with desk.license() as license:
            code = license.request_code(key.digits)
            answer = answer_code(code, registry, Signatory.of(signing), SystemClock().read().wall)
            assert license.renew_by_code(answer).runs
        yield desk


@contextmanager
def console() -> Iterator[tuple[str, str]]:
    """A license server's process that speaks TLS: its address, and an administrator's token."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "vendor"
        making.make(place, settings.chosen("Survey", ["localhost"], "127.0.0.1:0"), None, SystemClock(), SystemChance())
        database = Site.at(place, None).database()
        with database.write() as connection:
            now = SystemClock().read().wall
            token = tokens.create(connection, SystemChance(), now, "anna", Scope.ADMIN, None)[1]
        database.close()
        words = [sys.executable, "-m", "nexuslic", "server", "run", str(place)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            port = process.stdout.readline().strip().rsplit(":", 1)[1]
            yield f"https://localhost:{port}", token
            process.terminate()


@contextmanager
def served(desk: Desk | None = None) -> Iterator[str]:
    """The screens on a port of this computer; the address that works once."""
    addresses: list[str] = []
    up = threading.Event()
    ready = lambda address: (addresses.append(address), up.set())  # noqa: E731
    server = serving.server_of(build(ROUTERS, desk or Desk()), serving.bound(0), ready)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    up.wait(30)
    try:
        yield addresses[0]
    finally:
        server.end()
        thread.join(30)


@contextmanager
def opened(browser: Browser, desk: Desk | None = None) -> Iterator[tuple[Page, str]]:
    """A tab that was let in, and the address of the screens."""
    with served(desk) as entrance:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        page = context.new_page()
        page.goto(entrance)
        yield page, entrance.partition("/open")[0]
        context.close()


# -- of every screen --------------------------------------------------------------------------------------------------

PAINTED = """() => new Promise(tell => new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (one.name === "first-contentful-paint") tell(one.startTime);
}).observe({type: "paint", buffered: true}))"""
WEIGHED = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(one => one.initiatorType !== "fetch").reduce((sum, one) => sum + one.encodedBodySize, 0)"""


def paint(browser: Browser, quick: bool) -> list[str]:
    """The first paint of every screen, with nothing kept in the browser, and what its page weighs."""
    lines = []
    with licensed() as desk:
        for screen in SCREENS:
            with opened(browser, desk) as (page, address):
                lines.append(painted(page, address, screen, quick))
    with console() as (address, token):
        context = browser.new_context(ignore_https_errors=True, locale="en-GB")
        page = context.new_page()
        page.goto(f"{address}/console")
        page.get_by_label("Token", exact=True).fill(token)
        page.get_by_role("button", name="Sign in").click()
        lines += [painted(page, address, screen, quick) for screen in CONSOLE]
        context.close()
    return ["every screen", *lines]


def painted(page: Page, address: str, screen: Screen, quick: bool) -> str:
    """How soon one screen is painted, and what it weighs."""
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    taken = []
    for _ in range(2 if quick else 20):
        page.goto(address + screen.address)
        taken.append(page.evaluate(PAINTED))
    weight = page.evaluate(WEIGHED)
    return (
        f"  {screen.name:<28} first paint {median(taken):6.1f} ms (wanted < {PAINT}), "
        f"page {weight / 1000:5.1f} kB (wanted < {screen.weight / 1000:.0f})"
    )


# -- the voyage planner -----------------------------------------------------------------------------------------------

TRIP = "/voyage?days=70&crew=3&contact=20&contact=45"
WATCH = """() => {
    window.took = [];
    let since = 0;
    document.addEventListener("keydown", event => { since = event.timeStamp; }, true);
    new PerformanceObserver(list => list.getEntriesByName("redraw").forEach(one => {
        const from = since, swapped = one.startTime + one.duration - from;
        requestAnimationFrame(() => {
            const painted = new MessageChannel();
            painted.port1.onmessage = () => window.took.push([swapped, performance.now() - from]);
            painted.port2.postMessage(0);
        });
    })).observe({type: "measure"});
}"""
"""From each key press to the strip in the page, laid out next, and to the frame after it, painted."""
WAIT = "async many => { while (window.took.length < many) await new Promise(done => setTimeout(done, 5)); }"
REST = "async time => { await new Promise(done => setTimeout(done, time)); }"

ANEW = "grace, by twelve"
Pressed = tuple[str, str, tuple[str, ...]]
HANDS: tuple[Pressed, ...] = (
    ("grace, slider", "[data-for=grace]", ("ArrowRight",)),
    ("trip length, slider", "[data-for=days]", ("ArrowRight",)),
    ("extension, slider", "[data-for=extend]", ("ArrowRight",)),
    ("a contact, moved", ".mark", ("ArrowRight",)),
    ("grace, to and fro", "[data-for=grace]", ("ArrowRight", "ArrowRight", "ArrowLeft")),
    (ANEW, "[data-for=grace]", (*["PageUp"] * 7, *["PageDown"] * 9)),
)
"""What is held, and the keys that are pressed over and over; by twelve, nothing was run ahead or before."""


def voyage(browser: Browser, quick: bool) -> list[str]:
    """From key press to redrawn strip, for a 70-day trip of three workstations with two contacts."""
    lines, every = [], []
    presses = 4 if quick else 40
    for pause in (33, 150):
        for name, hand, keys in HANDS:
            took = pressed(browser, hand, keys, min(presses, len(keys)) if name == ANEW else presses, pause)
            every += took
            lines.append(f"  {name:<22} a key each {pause:3d} ms  {figures(took)}")
    return [
        f"redraw: from key press to the strip in the page, and to the frame that shows it; {TRIP}",
        *lines,
        f"  {'all':<22} {'':18}  {figures(every)}  (wanted: median < {REDRAW}, p99 < {LATEST})",
    ]


def pressed(browser: Browser, hand: str, keys: tuple[str, ...], presses: int, pause: int) -> list[list[float]]:
    """What each of so many key presses took: to the strip, and to the frame."""
    with opened(browser) as (page, address):
        page.goto(address + TRIP)
        page.locator(hand).first.focus()
        page.evaluate(REST, 1000)
        page.evaluate(WATCH)
        for number in range(presses):
            page.keyboard.press(keys[number % len(keys)])
            page.evaluate(WAIT, number + 1)
            page.evaluate(REST, pause)
        took: list[list[float]] = page.evaluate("window.took")
    return took


def figures(took: list[list[float]]) -> str:
    """Medians and p99 in ms."""
    told = []
    for place, name in enumerate(("strip", "frame")):
        values = [one[place] for one in took]
        told.append(f"{name} median {median(values):5.1f}, p99 {quantiles(values, n=100, method='inclusive')[98]:5.1f}")
    return "   ".join(told) + " ms"


FIGURES: dict[str, Callable[[Browser, bool], list[str]]] = {"paint": paint, "voyage": voyage}


def main(arguments: list[str]) -> None:
    """Print what is asked for, or all."""
    quick = "--quick" in arguments
    wanted = [name for name in arguments if name in FIGURES] or list(FIGURES)
    print(machine(), flush=True)
    with sync_playwright() as playwright:
        installed = next(filter(None, map(shutil.which, BROWSERS)), playwright.chromium.executable_path)
        if not Path(installed).exists():
            sys.exit("no Chromium is here: apt-get install chromium, or playwright install chromium")
        browser = playwright.chromium.launch(executable_path=installed)
        print(f"Chromium {browser.version}, headless", flush=True)
        for name in wanted:
            print("\n".join(FIGURES[name](browser, quick)), flush=True)
        browser.close()
    print(f"at the end: {load()}")


if __name__ == "__main__":
    main(sys.argv[1:])
