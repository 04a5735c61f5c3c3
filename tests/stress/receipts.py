"""What clients hold in their hands, and what the registry must hold because of it."""

import json
import threading
from collections import Counter
from contextlib import suppress

import attrs
from sqlalchemy import Connection, func, select

from nexuslic.rules.license import Certificate
from nexuslic.server import audit
from nexuslic.server.audit import Head
from nexuslic.server.tables import audit as lines
from nexuslic.server.tables import bindings, licenses
from nexuslic.trust.wire import Ask


@attrs.frozen
class Act:
    """One act of the vendor's people as its line in the audit trail tells it; `mark` is its own, where it has one."""

    name: str
    key: str
    mark: str


@attrs.define(eq=False)
class Receipts:
    """Kept by clients while they run; `check` compares them with the registry."""

    lock: threading.Lock = attrs.Factory(threading.Lock)
    grants: list[tuple[Ask, Certificate]] = attrs.Factory(list)
    answered: Counter[Act] = attrs.Factory(Counter)
    pending: Counter[Act] = attrs.Factory(Counter)
    repeated: int = 0
    failures: Counter[str] = attrs.Factory(Counter)
    head: Head = attrs.Factory(lambda: Head(0, audit.START))
    checked: int = 0

    def granted(self, ask: Ask, certificate: Certificate) -> None:
        with self.lock:
            self.grants.append((ask, certificate))

    def began(self, act: Act) -> None:
        with self.lock:
            self.pending[act] += 1

    def done(self, act: Act, repeated: bool) -> None:
        with self.lock:
            self.pending[act] -= 1
            self.answered[act] += 1
            self.repeated += repeated

    def failed(self, what: str) -> None:
        with self.lock:
            self.failures[what] += 1

    def check(self, connection: Connection) -> list[str]:
        """What is wrong with the registry at one moment. Other servers may go on meanwhile."""
        with self.lock:
            grants = self.grants[self.checked :]
            answered = Counter(self.answered)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        wrong = _chain(connection, self.head)
        with self.lock:
            asked = self.answered + self.pending
        wrong += _grants(connection, grants)
        wrong += _acts(connection, answered, asked)
        wrong += _bindings(connection, grants)
        self.checked += len(grants)
        with suppress(audit.BrokenChain):
            self.head = audit.verify(connection, self.head.seq)
        return wrong


def _chain(connection: Connection, before: Head) -> list[str]:
    """The trail that was read before is still there, and what came since hangs on it."""
    try:
        audit.verify(connection, before.seq)
    except audit.BrokenChain as error:
        return [str(error)]
    kept = connection.execute(select(lines.c.hash).where(lines.c.seq == before.seq)).scalar()
    return [] if before.seq == 0 or kept == before.hash else [f"line {before.seq} is another one than before"]


def _grants(connection: Connection, grants: list[tuple[Ask, Certificate]]) -> list[str]:
    wrong = []
    for ask, certificate in grants:
        query = select(lines).where(lines.c.key == certificate.key.digits, lines.c.act == "grant")
        told = {
            "ask": ask.value,
            "binding": str(certificate.binding),
            "nonce": certificate.nonce,
            "version": "6.10",
        }
        query = query.where(lines.c.detail == json.dumps(told, sort_keys=True, separators=(",", ":")))
        found = [row.at.replace(microsecond=0) for row in connection.execute(query)]
        if found != [certificate.granted_at]:
            wrong.append(f"the grant {certificate.nonce} has {len(found)} lines that fit it")
    return wrong


def _acts(connection: Connection, least: Counter[Act], most: Counter[Act]) -> list[str]:
    """Each act that was answered is written down once; one that was not yet, once at most."""
    names = ("issue", "extend", "suspend", "reinstate")
    found: Counter[Act] = Counter()
    for row in connection.execute(select(lines.c.act, lines.c.key, lines.c.detail).where(lines.c.act.in_(names))):
        found[_act(row.act, row.key, json.loads(row.detail))] += 1
    wrong = [f"{act} was answered {least[act]} times and done {found[act]} times" for act in least - found]
    wrong += [f"{act} was asked {most[act]} times and done {found[act]} times" for act in found - most]
    query = select(licenses.c.organisation, func.count()).where(licenses.c.organisation.like("issued-%"))
    issued = dict(connection.execute(query.group_by(licenses.c.organisation)).tuples().all())
    told = {act.mark: count for act, count in found.items() if act.name == "issue"}
    return wrong if issued == told else [*wrong, "the licenses are not those that the audit trail says were issued"]


def _act(name: str, key: str, detail: dict[str, str]) -> Act:
    if name == "issue":
        return Act(name, "", detail["organisation"])
    return Act(name, key, str(detail.get("extension", {}).get("days", "")))


def _bindings(connection: Connection, grants: list[tuple[Ask, Certificate]]) -> list[str]:
    """Each row of `licenses` repeats the newest of its bindings and their count; who was granted stands among them.

    Whoever enters a key where it is bound already is granted and binds nothing: so does a client whose first answer was
    lost and who was refused meanwhile. Then the binding stands there by a request that nobody holds an answer to.
    """
    answered = {certificate.nonce for ask, certificate in grants if ask is Ask.AUTHENTICATE}
    history: dict[str, list[tuple[str, str, str]]] = {}
    for row in connection.execute(select(bindings).order_by(bindings.c.id)):
        history.setdefault(row.key, []).append((row.server, row.database, row.nonce))
    wrong = []
    for row in connection.execute(select(licenses)):
        own = history.get(row.key, [])
        newest = (row.bound_server, row.bound_database, row.bound_nonce)
        if row.bindings != len(own) or newest != (own[-1] if own else (None, None, None)):
            wrong.append(f"the bindings of {row.key} are not what its license says")
        if len(own) != len(set(own)):
            wrong.append(f"a binding of {row.key} stands there twice")
    for ask, certificate in grants:
        names = (certificate.binding.server, certificate.binding.database)
        own = history.get(certificate.key.digits, [])
        if names not in [one[:2] for one in own]:
            wrong.append(f"{certificate.key} was granted to {certificate.binding}, where it was never bound")
        by = {nonce for *place, nonce in own if tuple(place) == names}
        if ask is Ask.AUTHENTICATE and by and certificate.nonce not in by and by <= answered:
            wrong.append(f"{certificate.key} was bound by {certificate.nonce}, which is not in its history")
    return wrong
