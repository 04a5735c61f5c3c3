"""The audit trail: every vendor act, grant and denial, each line with the hash of the one before.

Lines are numbered without a gap. A line that was changed, removed from the middle or put in breaks the chain; that
the last lines were cut off shows against the head (number and hash) that `server check` printed before.
"""

import hashlib
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

import attrs
import msgspec
from sqlalchemy import Connection, Row, insert, select

from nexuslic.errors import WorldError
from nexuslic.server.tables import audit

START = "0" * 64
"""What stands in the place of a hash before the first line."""

_LOCK = 0x6E65787573
_HEAD = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_INSERT = insert(audit)
_JSON = msgspec.json.Encoder(order="sorted")


class BrokenChain(WorldError):
    """The audit trail is not as it was written."""


@attrs.frozen
class Line:
    """One event: at what time (UTC), who, from which address, what, about which key (13 digits), and what changed."""

    at: datetime
    who: str
    origin: str
    act: str
    key: str | None
    detail: dict[str, Any]


@attrs.frozen
class Head:
    """The last line: its number (0: there is none) and its hash."""

    seq: int
    hash: str


def append(connection: Connection, lines: Sequence[Line]) -> None:
    """Write `lines` behind the last one; nobody else writes until this transaction ends."""
    if not lines:
        return
    last = _locked_head(connection)
    rows: list[dict[str, Any]] = []
    for line in lines:
        row = {
            "seq": last.seq + 1,
            "at": line.at,
            "who": line.who,
            "origin": line.origin,
            "act": line.act,
            "key": line.key,
            "detail": _JSON.encode(line.detail).decode("utf-8"),
        }
        digest = _hash(last.hash, row)
        last = Head(last.seq + 1, digest)
        rows.append({**row, "hash": digest})
    connection.execute(_INSERT, rows)


def head(connection: Connection) -> Head:
    """The last line's number and hash."""
    found = connection.execute(_HEAD).first()
    return Head(0, START) if found is None else Head(found.seq, found.hash)


def verify(connection: Connection, after: int = 0) -> Head:
    """Read the lines behind number `after`; the head that they lead to.

    Raises BrokenChain at the first line that is wrong.
    """
    last = _known(connection, after)
    with closing(_rows(connection, after)) as rows:
        return _led(last, rows)


def _led(last: Head, rows: Iterable[Row[Any]]) -> Head:
    for row in rows:
        wanted = last.seq + 1
        if row.seq != wanted:
            raise BrokenChain(f"the audit trail has no line {wanted}: restore a backup that has it")
        if row.hash != _hash(last.hash, row._asdict()):
            raise BrokenChain(f"line {row.seq} of the audit trail is not as it was written: compare it with a backup")
        last = Head(row.seq, row.hash)
    return last


def _known(connection: Connection, seq: int) -> Head:
    if seq == 0:
        return Head(0, START)
    found = connection.execute(select(audit.c.hash).where(audit.c.seq == seq)).first()
    if found is None:
        raise BrokenChain(f"the audit trail has no line {seq}: restore a backup that has it")
    return Head(seq, found.hash)


def _rows(connection: Connection, after: int) -> Generator[Row[Any], None, None]:
    query = select(audit).where(audit.c.seq > after).order_by(audit.c.seq)
    with connection.execute(query, execution_options={"yield_per": 1000}) as rows:
        yield from rows


def _locked_head(connection: Connection) -> Head:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    return head(connection)


def _hash(before: str, row: dict[str, Any]) -> str:
    told = [row["seq"], row["at"].isoformat(), row["who"], row["origin"], row["act"], row["key"], row["detail"]]
    return hashlib.sha256(before.encode("ascii") + b"\n" + _JSON.encode(told)).hexdigest()
