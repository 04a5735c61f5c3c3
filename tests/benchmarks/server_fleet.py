"""A fleet that comes back from sea: each workstation makes one new connection, and contacts once.

Done for real with so many workstations, and on paper with more, from what one contact was measured to take. A contact
that is not answered in PATIENCE is tried again after a random while, longer each time, as people who launch again do.
"""

import asyncio
import heapq
import random
import time

import attrs
from server_load import request, unverified

PATIENCE = 3.0
"""Seconds that a launch waits for the license server."""
FIRST_WAIT, LONGEST_WAIT = 5.0, 60.0


@attrs.define
class Seen:
    """What a fleet saw: latencies in seconds of those that were granted, in the end and at first; tries in all."""

    took: list[float] = attrs.Factory(list)
    tries: int = 0
    refused: int = 0

    def at(self, part: float) -> float:
        """The latency that this part of the fleet stayed under."""
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * part))]


def wait(tried: int, chance: random.Random) -> float:
    """Seconds until the next try: twice as long each time up to a minute, give or take half of it."""
    return min(FIRST_WAIT * 2.0**tried, LONGEST_WAIT) * chance.uniform(0.5, 1.5)


async def for_real(port: int, bodies: list[bytes], seconds: float) -> Seen:
    """Each of these requests once, on a connection of its own, at some moment within `seconds`."""
    seen, chance, context = Seen(), random.Random(1), unverified()

    async def workstation(body: bytes) -> None:
        await asyncio.sleep(chance.uniform(0, seconds))
        for tried in range(10):
            seen.tries += 1
            started = time.perf_counter()
            if await _granted(port, body, context):
                seen.took.append(time.perf_counter() - started)
                return
            seen.refused += 1
            await asyncio.sleep(wait(tried, chance))

    await asyncio.gather(*map(workstation, bodies))
    return seen


async def _granted(port: int, body: bytes, context: object) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)  # type: ignore[arg-type]
            try:
                writer.write(request(body).replace(b"localhost\r\n", b"localhost\r\nConnection: close\r\n"))
                return (await reader.read(-1)).startswith(b"HTTP/1.1 200 ")
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


def on_paper(count: int, seconds: float, cost: float) -> Seen:
    """So many workstations, at moments within `seconds`, at one core that each contact takes `cost` seconds of.

    They are served in turns; whoever has waited for too long is not waiting any more when its turn comes, and has
    cost as much.
    """
    seen, chance, free = Seen(), random.Random(1), 0.0
    coming = [(chance.uniform(0, seconds), 0) for _ in range(count)]
    heapq.heapify(coming)
    while coming:
        at, tried = heapq.heappop(coming)
        seen.tries += 1
        free = max(free, at) + cost
        if free - at <= PATIENCE:
            seen.took.append(free - at)
        else:
            seen.refused += 1
            heapq.heappush(coming, (at + PATIENCE + wait(tried, chance), tried + 1))
    return seen
