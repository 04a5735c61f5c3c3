"""Acts of the vendor's people: done once, in one transaction with their line in the audit trail.

With an idempotency key the answer is kept for a day: the same request again gets the same answer and does nothing;
another request under that key is refused.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import attrs
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from nexuslic.ports import Clock
from nexuslic.rules.license import LicenseKey
from nexuslic.server import audit, forms
from nexuslic.server.problems import Problem
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.tables import answers

KEPT = timedelta(days=1)


@attrs.frozen
class Actor:
    """Who acts: the token's id and name (or the insider's), and the address that it came from."""

    token: str
    name: str
    origin: str


@attrs.frozen
class Done:
    """What an act answers, and what of it is written down: about which key, and what changed.

    `kept` takes the place of an answer that holds a secret, where the same request comes again.
    """

    form: Struct
    key: LicenseKey | None
    detail: dict[str, Any]
    status: int = 200
    lines: tuple[tuple[LicenseKey, dict[str, Any]], ...] = ()
    kept: Struct | None = None


@attrs.frozen
class Answered:
    """What goes back over HTTP; `again`: it was done before, under this idempotency key."""

    status: int
    body: str
    again: bool = False


@attrs.frozen
class Act:
    """One act: its name in the audit trail, who does it, what it does, and the idempotency key ("": none) with the
    request that it stands for.
    """

    name: str
    actor: Actor
    work: Callable[[SqlRegistry], Done]
    idempotency_key: str
    request: bytes

    def perform(self, connection: Connection, now: datetime) -> Answered:
        """Do it, or repeat what was answered. Raises Problem, and what `work` raises; then nothing changed."""
        if self.idempotency_key:
            known = self._known(connection, now)
            if known is not None:
                return known
        done = self.work(SqlRegistry(connection, now))
        audit.append(connection, self._lines(done, now))
        answered = Answered(done.status, forms.encode(done.form))
        if self.idempotency_key:
            self._keep(connection, Answered(done.status, forms.encode(done.kept or done.form)), now)
        return answered

    def _lines(self, done: Done, now: datetime) -> list[audit.Line]:
        told = done.lines or ((done.key, done.detail),)
        return [
            audit.Line(now, self.actor.name, self.actor.origin, self.name, None if key is None else key.digits, detail)
            for key, detail in told
        ]

    def _known(self, connection: Connection, now: datetime) -> Answered | None:
        query = select(answers).where(
            answers.c.token == self.actor.token,
            answers.c.idempotency_key == self.idempotency_key,
            answers.c.at >= now - KEPT,
        )
        row = connection.execute(query).first()
        if row is None:
            return None
        if row.request != self._digest():
            raise Problem(
                422,
                "idempotency-key",
                "The idempotency key was used for another request",
                "use a new idempotency key for a new request",
            )
        return Answered(row.status, row.body, again=True)

    def _keep(self, connection: Connection, answered: Answered, now: datetime) -> None:
        connection.execute(delete(answers).where(answers.c.at < now - KEPT))
        row = {"token": self.actor.token, "idempotency_key": self.idempotency_key, "request": self._digest()}
        connection.execute(insert(answers).values(**row, status=answered.status, body=answered.body, at=now))

    def _digest(self) -> str:
        return hashlib.sha256(self.request).hexdigest()


class Writing(Protocol):
    """Who writes in the registry, one transaction after the other."""

    async def act(self, work: Callable[[Connection], Answered]) -> Answered:
        """What `work` returns, done in a transaction of its own."""
        ...


async def once(writer: Writing, clock: Clock, act: Act) -> Answered:
    """Perform an act; where another server kept an answer under its idempotency key meanwhile, that answer."""

    def done(connection: Connection) -> Answered:
        return act.perform(connection, clock.read().wall)

    try:
        return await writer.act(done)
    except IntegrityError:
        return await writer.act(done)
