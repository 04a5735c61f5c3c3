"""What the policy lab's screen costs, measured in a real browser on this computer.

`python tests/benchmarks/web_lab_benchmarks.py [--quick]` prints a line a figure. Nothing here is a test of speed; a
test runs it quickly to see that it still works.
"""

import os
import shutil
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import sync_playwright

from nexuslic.web import serving
from nexuslic.web.app import Desk, build
from nexuslic.web.screens import SCREENS

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge")
LENGTHS = "{" + ", ".join(f"{days}: 1" for days in range(14, 84)) + "}"

REDRAWN = """async ([id, values]) => {
    const input = document.getElementById(id), heat = document.getElementById('heat'), taken = [];
    for (const value of values) {
        const drawn = new Promise(tell => heat.addEventListener('drawn', tell, {once: true}));
        const began = performance.now();
        input.value = value;
        input.dispatchEvent(new Event('input', {bubbles: true}));
        await drawn;
        await new Promise(tell => requestAnimationFrame(tell));
        taken.push(performance.now() - began);
    }
    return taken;
}"""
"""From a field that changes to the frame in which the map stands redrawn, in milliseconds, for each of some values."""
PAINT = """new Promise(tell => new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (one.name === 'first-contentful-paint') tell(one.startTime);
}).observe({type: 'paint', buffered: true}))"""
BYTES = "performance.getEntries().reduce((sum, one) => sum + (one.decodedBodySize || 0), 0)"


@contextmanager
def served() -> Iterator[str]:
    """The screens, at the address that works once."""
    addresses: list[str] = []
    up = threading.Event()

    def ready(address: str) -> None:
        addresses.append(address)
        up.set()

    server = serving.server_of(build(SCREENS, Desk()), serving.bound(0), ready)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert up.wait(30)
    yield addresses[0]
    server.end()
    thread.join(30)


def swept(page: Any, trips: str, lengths: str | None) -> None:
    """Sweep a model, and wait for all of its pictures."""
    page.fill("#f-count", trips)
    if lengths is not None:
        page.locator("details.numbers summary").click()
        page.fill("#f-n-lengths", lengths)
    page.click("#run")
    page.wait_for_selector("#heat svg", timeout=600_000)
    page.wait_for_selector("#by-grace svg", timeout=600_000)


def spread(name: str, taken: list[float], wanted: str) -> str:
    """A line of the figures."""
    worst = sorted(taken)[max(0, round(0.99 * len(taken)) - 1)]
    return f"{name:<54} {statistics.median(taken):6.1f} ms at the median, {worst:.1f} ms at p99 ({wanted})"


def figures(page: Any, address: str, quick: bool) -> Iterator[str]:
    """The figures, one after the other."""
    turns = 4 if quick else 100
    trips = "2000" if quick else "1000000"
    paints = []
    for _ in range(2 if quick else 10):
        page.goto(address)
        paints.append(float(page.evaluate(PAINT)))
    yield spread("first paint of the lab", paints, "under 120 wanted")
    swept(page, trips, None)
    yield f"{'page, pictures and tables of a sweep':<54} {page.evaluate(BYTES) / 1000:6.0f} kB (under 1,000 wanted)"
    for named, lengths in (("4 lengths", None), ("70 lengths", LENGTHS)):
        if lengths is not None:
            page.goto(address)
            swept(page, trips, lengths)
        graces = [str(10 + turn % 50) for turn in range(turns)]
        taken = page.evaluate(REDRAWN, ["look-grace", graces])
        yield spread(f"map of {named} x 91 graces, another grace", taken, "under 100 wanted")
        measures = [("touched", "days")[turn % 2] for turn in range(turns)]
        taken = page.evaluate(REDRAWN, ["look-measure", measures])
        yield spread(f"map of {named} x 91 graces, another measure", taken, "under 100 wanted")


def main(words: list[str]) -> None:
    """Print the figures."""
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}", flush=True)
    with served() as entrance, sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, BROWSERS)), playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=found)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(entrance)
        for line in figures(page, f"{entrance.partition('/open')[0]}/lab", "--quick" in words):
            print(line, flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
