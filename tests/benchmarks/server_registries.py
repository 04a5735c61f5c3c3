"""Registries to measure with: a server's folder, any number of licenses, and requests that confirm some of them."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.issuing import grant, rotation
from nexuslic.issuing.registry import Bound, Issued
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import License, LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.server import making, settings
from nexuslic.server.site import Site
from nexuslic.server.tables import audit, bindings, licenses
from nexuslic.trust import wire
from nexuslic.trust.wire import Ask, Request

CHUNK = 10_000
SPREAD = 7919 * 104_729
"""Neighbours in the order of issue are no neighbours in the order of keys."""


def made(path: Path, database: str = "") -> Site:
    """A new license server in the folder `path`; its registry by URL, or SQLite in the folder."""
    chosen = settings.chosen("Survey", ("localhost", "127.0.0.1"), "127.0.0.1:0", database=database)
    making.make(path, chosen, None, SystemClock(), SystemChance())
    return Site.at(path, None)


def fill(site: Site, count: int) -> None:
    """Issue so many keys, each bound to a database already."""
    database, now = site.database(), datetime.now(UTC)
    for start in range(0, count, CHUNK):
        rows = [_license(number, now) for number in range(start, min(count, start + CHUNK))]
        with database.write() as connection:
            connection.execute(insert(licenses), rows)
            connection.execute(insert(bindings), [_bound(row) for row in rows])
    database.close()


def requests(count: int, licensed: int, seed: int = 1) -> list[bytes]:
    """So many requests, each for some key of the first `licensed`."""
    chance = random.Random(seed)
    return [_request(chance.randrange(licensed), f"{chance.getrandbits(128):032x}") for _ in range(count)]


def answer_bytes(site: Site) -> int:
    """How long the answer to such a request is."""
    request = grant.read(requests(1, 1)[0])
    issued = Issued(_key(0), _terms(0), history=(Bound(request.binding, datetime.now(UTC)),))
    given = grant.certificate(issued, request, datetime.now(UTC).replace(microsecond=0))
    return len(grant.reply(given, rotation.signatory(site.keyring)))


def granted(site: Site) -> int:
    """How many grants the audit trail has."""
    database = site.database()
    with database.read() as connection:
        count = connection.execute(select(func.count()).where(audit.c.act == "grant")).scalar_one()
    database.close()
    return int(count)


def _key(number: int) -> LicenseKey:
    return LicenseKey.from_number(number * SPREAD % 10**12)


def _terms(number: int) -> License:
    return License(f"Customer {number:07d} of the Survey", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)


def _request(number: int, nonce: str) -> bytes:
    return wire.encode(Request(Ask.CONFIRM, _key(number), Binding("DB1", "nexus"), Version.parse("6.10"), nonce))


def _license(number: int, now: datetime) -> dict[str, Any]:
    terms = _terms(number)
    return {
        **{"key": _key(number).digits, "organisation": terms.organisation, "type": terms.type.value},
        **{"seats": terms.seats, "grace_days": terms.grace_days, "minimum_version": "6.2", "ends": None},
        **{"extension_days": None, "extension_until": None, "suspended": False, "revoked": False, "issued_at": now},
        **{"bound_server": "DB1", "bound_database": "nexus", "bound_identity": "", "bound_since": now},
        **{"bound_nonce": f"{number:032x}", "bindings": 1},
    }


def _bound(row: dict[str, Any]) -> dict[str, Any]:
    names = ("server", "database", "identity", "since", "nonce")
    return {"key": row["key"], **{name: row[f"bound_{name}"] for name in names}}


def of_postgresql(server: str, name: str) -> str:
    """The URL of a new, empty database on that server."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")
