"""What a launch costs a customer, each figure beside its bare parts in the same run.

`python tests/benchmarks/customer_benchmarks.py [sqlite|postgresql|contact|command ...] [--quick]` prints one line a
figure with its ratio. Both sides are done in turns, so that what else the machine does meets both. Nothing here is a
test of speed; a test runs it quickly to see that it still works.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import attrs
import customer_worlds as worlds
import psycopg
from benchmarks import processes
from customer_worlds import Act, Launches

from nexuslic.adapters.late_https import LateLink
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Version
from nexuslic.rules.words import State
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.vendor import bundle
from nexuslic.testing import postgresql as own_postgresql
from nexuslic.testing.certificates import Authority
from nexuslic.testing.server import TlsServer
from nexuslic.trust import bundles, wire
from nexuslic.trust.wire import Ask, Request

NOTHING: Act = lambda: None  # noqa: E731
WARM = 5


@attrs.frozen
class Figure:
    """Medians in milliseconds: ours, and the bare one's; how much is wanted at most."""

    ours: float
    bare: float
    most: float

    def __str__(self) -> str:
        ratio = self.ours / self.bare
        return f"{self.ours:7.2f} ms beside {self.bare:.2f} ms: ratio {ratio:.2f} (at most {self.most} wanted)"


def in_turns(ours: Act, bare: Act, after: Act, times: int, most: float) -> Figure:
    """Both, in turns; `after` comes after each of ours and is not measured."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(times + WARM):
        for act, seconds, then in ((ours, taken[0], after), (bare, taken[1], NOTHING)):
            started = time.perf_counter()
            act()
            spent = time.perf_counter() - started
            then()
            if number >= WARM:
                seconds.append(spent * 1e3)
    return Figure(statistics.median(taken[0]), statistics.median(taken[1]), most)


def sqlite(folder: Path, quick: bool) -> str:
    """An offline launch over a SQLite file."""
    site = worlds.sqlite(folder)
    with site.open() as application:
        launches = Launches(application, State.GRACE)
        bare = worlds.bare_sqlite(site)
        figure = in_turns(launches.launch, bare, launches.close, 5 if quick else 400, 2.5)
    return f"{'offline, SQLite':<28}{figure}"


def postgresql(folder: Path, quick: bool) -> str:
    """An offline launch over PostgreSQL."""
    with own_postgresql.url() as server:
        site = worlds.on_server(server, folder)
        with site.open() as application, psycopg.connect(site.url, autocommit=True) as connection:
            launches = Launches(application, State.GRACE)
            bare = worlds.bare_postgresql(connection)
            figure = in_turns(launches.launch, bare, launches.close, 5 if quick else 400, 2.5)
    return f"{'offline, PostgreSQL':<28}{figure}"


def contact(folder: Path, quick: bool) -> str:
    """A launch over a SQLite file that is granted over a new TLS 1.3 connection."""
    site, authority = worlds.sqlite(folder), Authority()
    body = wire.encode(Request(Ask.CONFIRM, KEY, Binding("DB1", "nexus"), Version.parse("6.2"), "0" * 32))
    with TlsServer(authority, site.vendor.answer) as server:
        link = LateLink(server.address, authority.pem)
        with site.open(link) as application:
            launches = Launches(application, State.AUTHENTICATED)
            bare = worlds.bare_request(server.address, authority.pem, body)
            figure = in_turns(launches.launch, bare, launches.close, 5 if quick else 200, 2.0)
    return f"{'with contact, TLS':<28}{figure}"


def command(folder: Path, quick: bool) -> str:
    """`nexuslic launch -- true` with no network, over a SQLite file."""
    file = folder / "bundle.json"
    file.write_bytes(bundles.write(attrs.evolve(bundle(), address="https://license.invalid")))
    site = worlds.sqlite(folder, named=False)
    words = ["launch", "--database", site.url, "--bundle", str(file), "--", "true"]
    ours = [sys.executable, "-m", "nexuslic", *words]
    bare = [sys.executable, "-c", "import attrs, sqlalchemy, joserfc"]
    said = subprocess.run(ours, capture_output=True, text=True, check=True).stderr
    assert "grace" in said, said
    mine, other = processes([ours, bare], 1 if quick else 21)
    return f"{'nexuslic launch -- true':<28}{Figure(mine * 1e3, other * 1e3, 2.0)}"


ALL: dict[str, Callable[[Path, bool], str]] = {
    "sqlite": sqlite,
    "postgresql": postgresql,
    "contact": contact,
    "command": command,
}


def main(words: list[str]) -> None:
    """Print the figures that are asked for, or all of them."""
    for name in [word for word in words if word in ALL] or list(ALL):
        with tempfile.TemporaryDirectory(prefix="launches-") as folder:
            print(ALL[name](Path(folder), "--quick" in words), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
