"""The three stores of a launch over one customer's database (see nexuslic/ports.py).

What changes is written, row by row, and nothing else: 20 workstations that renew their seats rewrite 20 rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import attrs
from sqlalchemy import Executable, bindparam, delete, func, insert, select, update

from nexuslic.adapters.sql import CustomerDatabase, Unit
from nexuslic.adapters.sql_tables import aside, record, seat, user
from nexuslic.rules.seats import Seat, Seats
from nexuslic.rules.users import Users

_SEATS = select(seat.c.place, seat.c.session, seat.c.user_name, seat.c.workstation, seat.c.renewed_at).order_by(
    seat.c.place
)
_SIT = insert(seat)
_MOVE = update(seat).where(seat.c.session == bindparam("who"))
_STAND = delete(seat).where(seat.c.session == bindparam("who"))
_STORE = update(record)
_USERS = select(user.c.name).order_by(user.c.place)
_NEVER = datetime.min.replace(tzinfo=UTC)
Placed = dict[str, tuple[int, Seat]]
"""Seats by session, with their place in the table's order."""


@attrs.frozen
class Records:
    """The sealed record of a database."""

    base: CustomerDatabase

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction for what is stored within."""
        with self.base.transaction():
            yield

    def load(self) -> bytes | None:
        """The sealed record, or None."""
        row = self.base.row()
        return None if row is None else row.sealed

    def save(self, blob: bytes, instead_of: bytes | None) -> bool:
        """Put `blob` in the place of `instead_of`, unless something else stands there by now."""
        return self._replace(blob, instead_of)

    def remove(self, instead_of: bytes) -> bool:
        """Remove it, unless something else stands there by now."""
        return self._replace(None, instead_of)

    def _replace(self, blob: bytes | None, instead_of: bytes | None) -> bool:
        if blob is None and self.base.row() is None:
            return False
        with self.base.storing() as unit:
            assert unit.row is not None
            if unit.row.sealed != instead_of:
                return False
            unit.connection.execute(_STORE, {"sealed": blob})
            unit.row = attrs.evolve(unit.row, sealed=blob)
            return True

    def set_aside(self, blob: bytes) -> None:
        """Keep a damaged record for support."""
        with self.base.storing() as unit:
            last = unit.connection.execute(select(func.max(aside.c.id))).scalar_one()
            kept_at = self.base.now().isoformat()
            unit.connection.execute(insert(aside).values(id=(last or 0) + 1, kept_at=kept_at, sealed=blob))


@attrs.frozen
class SeatTable:
    """The seats of a database, by its own clock."""

    base: CustomerDatabase

    def update(self, change: Callable[[Seats, datetime], Seats]) -> None:
        """Replace the table by `change(table, the database's clock)`, atomically (ports: SeatStore)."""
        with self.base.transaction() as unit:
            now = self.base.now()
            before = self._placed()
            after = change(tuple(one for _, one in before.values()), now)
            writes = list(_writes(before, after))
            if not writes:
                return self._unchanged(unit)
            with self.base.storing():
                for statement, values in writes:
                    unit.connection.execute(statement, values)

    def look(self) -> Seats:
        """Who sits there now, live or not. Raises DatabaseUnreachable."""
        return tuple(one for _, one in self._placed().values())

    def _placed(self) -> Placed:
        if self.base.row() is None:
            return {}
        with self.base.reading() as connection:
            rows = self.base.ask(connection, _SEATS).all()
        return {
            row.session: (row.place, Seat(row.session, row.user_name, row.workstation, _instant(row.renewed_at)))
            for row in rows
        }

    def _unchanged(self, unit: Unit) -> None:
        """A table that cannot be stored says so, whatever is asked of it."""
        if unit.problem is not None:
            raise unit.problem


def _writes(before: Placed, after: Seats) -> Iterator[tuple[Executable, dict[str, Any]]]:
    """What makes `after` of `before`: rows that stay in their order are left alone."""
    for session in sorted(before.keys() - {one.session for one in after}):
        yield _STAND, {"who": session}
    place, end = -1, max((old for old, _ in before.values()), default=-1)
    for one in after:
        old, was = before.get(one.session, (None, None))
        moves = old is None or old <= place
        if moves or old is None:
            place = end = max(end, place) + 1
        else:
            place = old
        if old is None:
            yield _SIT, {"session": one.session, **_columns(place, one)}
        elif moves or one != was:
            yield _MOVE, {"who": one.session, **_columns(place, one)}


def _columns(place: int, one: Seat) -> dict[str, Any]:
    told = one.renewed_at.astimezone(UTC).isoformat(timespec="microseconds")
    return {"place": place, "user_name": one.user, "workstation": one.workstation, "renewed_at": told}


def _instant(text: str) -> datetime:
    """When a seat was renewed; what somebody wrote there by hand and cannot be read was never."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _NEVER
    return found if found.tzinfo is not None else _NEVER


@attrs.frozen
class UserTable:
    """The assigned users of a database, earliest first."""

    base: CustomerDatabase

    def assigned(self) -> Users:
        """Who is assigned."""
        if self.base.row() is None:
            return ()
        with self.base.reading() as connection:
            return tuple(self.base.ask(connection, _USERS).scalars())

    def update(self, change: Callable[[Users], Users]) -> None:
        """Replace them by `change(assigned)`, atomically. What cannot be stored says so, also where nothing changes."""
        with self.base.transaction() as unit:
            before = self.assigned()
            after = change(before)
            with self.base.storing():
                if after == before:
                    self.base.write(unit)
                    return
                unit.connection.execute(delete(user))
                rows = [{"place": place, "name": name} for place, name in enumerate(after)]
                if rows:
                    unit.connection.execute(insert(user), rows)
