"""Whether a scheduler answers at an address, within a time that holds.

Dask's client waits for ever where something listens that never answers; so it is asked first who it is.
"""

import asyncio
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from distributed import rpc

from nexuslic.errors import InputError, WorldError


def check_address(address: str) -> None:
    """Refuse what is no address of a scheduler. Raises InputError."""
    try:
        parts = urlsplit(address)
        good = parts.scheme == "tcp" and parts.hostname and parts.port and not (parts.path or parts.query)
    except ValueError:
        good = False
    if not good or any(character.isspace() for character in address):
        raise InputError(f"--scheduler {address}: this is no address of a scheduler: write tcp://host:8786")


def check_scheduler(address: str, seconds: float) -> None:
    """Refuse an address at which no scheduler answers within so many seconds. Raises InputError, WorldError."""
    heard: SimpleQueue[str] = SimpleQueue()
    Thread(target=lambda: heard.put(asyncio.run(_kind(address, seconds))), daemon=True).start()
    kind = heard.get()
    if kind == "Scheduler":
        return
    if kind:
        raise InputError(f"--scheduler {address}: a {kind.lower()} answers there, and no scheduler: name the scheduler")
    raise WorldError(
        f"--scheduler {address}: no scheduler answers there within {seconds:.0f} seconds: see that `dask scheduler` "
        "runs, and that host and port are right"
    )


async def _kind(address: str, seconds: float) -> str:
    """What answers there, in a word; empty where nothing does that speaks as Dask does."""
    with suppress(OSError, TimeoutError, ValueError, TypeError):
        async with rpc(address, timeout=seconds) as there:
            told: dict[str, Any] = await asyncio.wait_for(there.identity(), seconds)
            return str(told.get("type"))
    return ""
