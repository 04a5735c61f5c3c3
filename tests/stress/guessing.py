"""Somebody guesses keys: `python tests/stress/guessing.py [--guesses N] [--addresses N] [--connections N] [--keys N]`.

Guesses go as fast as they can over kept-open connections, mixed as somebody would: keys whose check digit fits,
malformed ones, confirmations, revoked keys, and keys that really exist (a lucky hit). Customers go on meanwhile: some
confirm, one of them from the guesser's own address; others enter a new key for the first time. What is answered may not
be more than the limits say, every customer is granted, and the alarm rings.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import attrs
from serving import HOST, JSON, House, Server, asking, chosen_seed, issue, make
from sqlalchemy import update

from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, LicenseKey
from nexuslic.server.service import Limits
from nexuslic.server.tables import licenses
from nexuslic.trust import signing
from nexuslic.trust.wire import Ask, Malformed, Request, encode

PLENTY = "[connections]\nmost = 4000\nrequest = 60\nidle = 600\n"
KINDS = {"unknown": 70, "malformed": 10, "confirm": 10, "revoked": 5, "real": 5}
"""Of a hundred guesses, how many are of what kind."""
CUSTOMERS = 8


@attrs.define(eq=False)
class Line:
    """One kept-open connection from one address."""

    house: House
    port: int
    address: str
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Request | Malformed) -> tuple[int, bytes]:
        """Status and body."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                HOST,
                self.port,
                ssl=self.house.trusting,
                server_hostname="localhost",
                local_addr=(self.address, 0),
                ssl_handshake_timeout=300,
            )
        reader, writer = self._streams
        body = encode(request)
        head = f"POST /v1/contact HTTP/1.1\r\nHost: localhost\r\nContent-Type: {JSON['Content-Type']}\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        top = await reader.readuntil(b"\r\n\r\n")
        size = int(top.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(top.split(b" ", 2)[1]), await reader.readexactly(size)

    async def granted(self, request: Request) -> Certificate | None:
        """What was granted, verified as a client does."""
        status, body = await self.ask(request)
        if status != 200:
            return None
        value = signing.verify(body, request.nonce, request.binding, self.house.known).value[0]
        return value if isinstance(value, Certificate) else None

    async def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()


@attrs.define(eq=False)
class Attack:
    """One run: who guesses what, and what came of it."""

    house: House
    server: Server
    chance: random.Random
    real: list[LicenseKey]
    revoked: list[LicenseKey]
    bound: list[LicenseKey]
    fresh: list[LicenseKey]
    answered: Counter[str] = attrs.Factory(Counter)
    refused: Counter[str] = attrs.Factory(Counter)
    other: Counter[str] = attrs.Factory(Counter)
    found: set[str] = attrs.Factory(set)
    honest: Counter[str] = attrs.Factory(Counter)
    slowest: float = 0.0
    over: bool = False

    def guess(self) -> tuple[str, Request | Malformed]:
        """The next guess and its kind."""
        kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
        key: LicenseKey | str = LicenseKey.from_number(self.chance.randrange(10**12))
        if kind == "malformed":
            digits = str(key).replace("-", "")
            key = digits[:12] + str((int(digits[12]) + 1) % 10)
        elif kind == "revoked":
            key = self.chance.choice(self.revoked)
        elif kind == "real":
            key = self.chance.choice(self.real)
        ask = Ask.CONFIRM if kind == "confirm" else Ask.AUTHENTICATE
        return kind, asking(ask, key, Binding("localhost", "nexus"))

    async def guesser(self, line: Line, turns: Iterator[int]) -> None:
        for _ in turns:
            kind, request = self.guess()
            status, body = await line.ask(request)
            if status == 429:
                self.refused[kind] += 1
                continue
            if status != 200:
                self.other[f"{kind} {status}"] += 1
                continue
            self.answered[kind] += 1
            if isinstance(request, Request):
                value = signing.verify(body, request.nonce, request.binding, self.house.known).value[0]
                if isinstance(value, Certificate):
                    self.found.add(request.key.digits)
        await line.close()

    async def confirming(self, address: str, key: LicenseKey, binding: Binding) -> None:
        """A customer whose binding is proved."""
        line = Line(self.house, self.server.port, address)
        while not self.over:
            await self._served("confirmed", line, asking(Ask.CONFIRM, key, binding))
            await asyncio.sleep(0.02)
        await line.close()

    async def newcomers(self) -> None:
        """Customers who enter a new key for the first time, each from an address of its own."""
        for number, key in enumerate(self.fresh):
            if self.over:
                return
            line = Line(self.house, self.server.port, f"127.200.{number // 250}.{number % 250 + 1}")
            await self._served("entered", line, asking(Ask.AUTHENTICATE, key, Binding("SHIP", key.digits)))
            await line.close()
            await asyncio.sleep(0.1)

    async def _served(self, what: str, line: Line, request: Request | Malformed) -> None:
        assert isinstance(request, Request)
        begun = time.monotonic()
        granted = await line.granted(request)
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self.honest[what if granted else f"NOT {what}"] += 1


def prepared(folder: Path, keys: int) -> tuple[House, dict[str, list[LicenseKey]]]:
    """A server whose registry has so many keys, some of them revoked."""
    house = make(folder / "vendor", PLENTY)
    found = {
        "revoked": issue(house, 50, "revoked"),
        "real": issue(house, keys, "real"),
        "bound": issue(house, CUSTOMERS, "bound"),
        "fresh": issue(house, 2000, "fresh"),
    }
    database = house.site.database()
    with database.write() as connection:
        gone = [key.digits for key in found["revoked"]]
        connection.execute(update(licenses).where(licenses.c.key.in_(gone)).values(revoked=True))
    database.close()
    return house, found


def address(number: int) -> str:
    """A guesser's address; the first is a customer's as well."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


async def attack(run: Attack, guesses: int, addresses: int, connections: int) -> float:
    """Guess, with the customers about; how many seconds it took."""
    homes = [Binding("BRIDGE", f"nexus {number}") for number in range(CUSTOMERS)]
    places = [address(0), *(f"127.100.0.{number}" for number in range(1, CUSTOMERS))]
    for place, key, home in zip(places, run.bound, homes, strict=True):
        line = Line(run.house, run.server.port, place)
        assert await line.granted(asking(Ask.AUTHENTICATE, key, home))  # type: ignore[arg-type]
        await line.close()
    customers = [
        asyncio.create_task(run.confirming(place, key, home))
        for place, key, home in zip(places, run.bound, homes, strict=True)
    ]
    customers.append(asyncio.create_task(run.newcomers()))
    turns, begun = iter(range(guesses)), time.monotonic()
    lines = [Line(run.house, run.server.port, address(number % addresses)) for number in range(connections)]
    await asyncio.gather(*(run.guesser(line, turns) for line in lines))
    taken, run.over = time.monotonic() - begun, True
    await asyncio.gather(*customers)
    return taken


def most(limits: Limits, addresses: int, hours: int) -> int:
    """How many wrong keys may be answered: all addresses up to the alarm, then what the alarm leaves to each."""
    before = min(limits.by_address * addresses, limits.alarm_at)
    return hours * max(before, before + limits.by_address_in_alarm * addresses)


def wrong(run: Attack, allowed: int, guesses: int, rung: bool) -> list[str]:
    """What should not have come of it."""
    bad = [f"{count} customers were {what}" for what, count in run.honest.items() if what.startswith("NOT")]
    bad += [f"{count} of {what} were answered neither yes nor no" for what, count in run.other.items()]
    denied = sum(run.answered.values()) - run.answered["real"]
    if denied > allowed:
        bad.append(f"{denied} wrong keys were answered, where {allowed} may be")
    if denied >= Limits().alarm_at and not rung:
        bad.append("the alarm did not ring")
    if min(run.honest["confirmed"], run.honest["entered"]) == 0:
        bad.append("no customer came")
    if sum((run.answered + run.refused + run.other).values()) != guesses:
        bad.append("some guesses got lost")
    return bad


def report(run: Attack, taken: float, told: str, alarm: str) -> None:
    total = sum((run.answered + run.refused).values())
    print(f"{told}: {total / taken:.0f} guesses a second, {taken:.1f} s, on {os.cpu_count()} cores")
    for kind in KINDS:
        print(f"  {kind:10} answered {run.answered[kind]:6}   refused {run.refused[kind]:6}")
    print(f"  real keys found {len(run.found)}; {alarm}")
    print(f"  customers: {json.dumps(dict(run.honest))}, the slowest answer {run.slowest * 1000:.0f} ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guesses", type=int, default=2000)
    parser.add_argument("--addresses", type=int, default=1)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--keys", type=int, default=1000)
    parser.add_argument("--seed", type=int)
    chosen = parser.parse_args()
    chance = random.Random(chosen_seed(chosen.seed))
    with tempfile.TemporaryDirectory(prefix="guessing-") as folder:
        house, keys = prepared(Path(folder), chosen.keys)
        server = Server(house)
        run, begun = Attack(house, server, chance, **keys), datetime.now(UTC)
        since = time.monotonic()
        taken = asyncio.run(attack(run, chosen.guesses, chosen.addresses, chosen.connections))
        hours = 1 + (datetime.now(UTC).hour != begun.hour)
        rang = server.said('"guessing"')
        alarm = f"the alarm rang after {rang[0] - since:.1f} s" if rang else "no alarm"
        report(run, taken, f"{chosen.guesses} guesses from {chosen.addresses} addresses", alarm)
        bad = wrong(run, most(Limits(), chosen.addresses, hours), chosen.guesses, bool(rang))
        server.stop()
    for one in bad:
        print(f"WRONG {one}")
    print(f"what is wrong: {len(bad)}")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
