"""Contacts: what clients ask, decided many in one transaction.

The rules decide (`issuing.grant`); here their registry is read and written, guesses are refused, and each grant and
denial gets its line in the audit trail. Unknown, malformed and revoked keys walk one path: the same reads, the same
writes, the same signed denial.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

import attrs
from sqlalchemy import Connection

from nexuslic.errors import UntrustedReply
from nexuslic.issuing import grant
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Certificate, LicenseKey
from nexuslic.rules.words import Reason
from nexuslic.server import audit
from nexuslic.server.guesses import Guesses
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.service import Service
from nexuslic.trust.wire import Ask, Denial, Malformed, Request

NOBODY = LicenseKey.from_number(10**12 - 1)
"""What is looked up in the place of a malformed key, so that it takes as long as any other."""

LONGEST_NAME = 255
"""Letters of a server's or a database's name; no database takes longer ones."""

CLIENT = "client"
"""Who acts, in the audit trail, when a client asks."""


class TooMany(Enum):
    """The answer to somebody who has named too many wrong keys."""

    TOO_MANY = "too many wrong license keys"


Answer = Certificate | Denial | TooMany


@attrs.frozen
class Contact:
    """One request as it came in, and the address that it came from."""

    request: Request | Malformed
    address: str

    @property
    def key(self) -> LicenseKey:
        """The key to look up."""
        return self.request.key if isinstance(self.request, Request) else NOBODY


def read(raw: bytes, address: str) -> Contact:
    """The contact in the bytes that came in. Raises UntrustedReply where it is no request."""
    request = grant.read(raw)
    if not plain(request.binding):
        raise UntrustedReply("a name in it is longer than any, or holds what no name does")
    if len(request.nonce) != 32 or not set(request.nonce) <= set("0123456789abcdef"):
        raise UntrustedReply("its nonce is not 16 bytes as hex")
    return Contact(request, address)


def plain(binding: Binding) -> bool:
    """Whether its names are such as databases have: nothing that is not printed, and not longer than any."""
    names = (binding.server, binding.database, binding.identity)
    return all(len(name) <= LONGEST_NAME and name.isprintable() for name in names)


@attrs.frozen
class Settled:
    """The answers of a group, and whether the guessing alarm began with it."""

    answers: list[Answer]
    alarm: bool


def settle(connection: Connection, contacts: Sequence[Contact], service: Service, now: datetime) -> Settled:
    """Decide these contacts at `now` (UTC) and write what they change, within one transaction."""
    batch = _Batch(connection, contacts, service, now)
    answers = [batch.answer(contact) for contact in contacts]
    batch.save()
    return Settled(answers, batch.guesses is not None and batch.guesses.rang)


class _Batch:
    """What the contacts of one transaction share: the keys they name, the guesses, the lines to write."""

    def __init__(self, connection: Connection, contacts: Sequence[Contact], service: Service, now: datetime) -> None:
        self.connection, self.service, self.now = connection, service, now
        self.registry = SqlRegistry(connection, now)
        self.lines: list[audit.Line] = []
        self.guesses: Guesses | None = None
        self._load(contacts)

    def _load(self, contacts: Sequence[Contact]) -> None:
        entered = [contact.key for contact in contacts if contact.request.ask is Ask.AUTHENTICATE]
        self.registry.load_whole(entered, lock=True)
        self.registry.load(contact.key for contact in contacts)
        doubtful = [contact for contact in contacts if not self._proved(contact)]
        if doubtful:
            self.registry.load_whole(contact.key for contact in doubtful)
            addresses = [contact.address for contact in doubtful]
            keys = [contact.key.digits for contact in doubtful]
            self.guesses = Guesses.load(self.connection, self.service.limits, self.now, addresses, keys)

    def _proved(self, contact: Contact) -> bool:
        issued = self.registry.find(contact.key)
        return issued is not None and isinstance(contact.request, Request) and issued.proved(contact.request.binding)

    def answer(self, contact: Contact) -> Answer:
        return self._decided(contact) if self._proved(contact) else self._doubted(contact)

    def _doubted(self, contact: Contact) -> Answer:
        guesses, key = self._counted(), contact.key
        if guesses.refused(contact.address, key.digits):
            return TooMany.TOO_MANY
        moved = self._history(key)
        value = self._decided(contact)
        if isinstance(value, Denial):
            guesses.wrong(contact.address)
        elif moved:
            guesses.wandered(key.digits)
        return value

    def _history(self, key: LicenseKey) -> bool:
        issued = self.registry.find(key)
        return issued is not None and bool(issued.history)

    def _counted(self) -> Guesses:
        if self.guesses is None:
            self.guesses = Guesses.load(self.connection, self.service.limits, self.now, [], [])
        return self.guesses

    def _decided(self, contact: Contact) -> Certificate | Denial:
        value = grant.decide(contact.request, self.registry, self.now, discreet=self.service.discreet)
        self.lines.append(_line(value, contact, self.now))
        return value

    def save(self) -> None:
        audit.append(self.connection, self.lines)
        if self.guesses is not None:
            self.guesses.save(self.connection)


def _line(value: Certificate | Denial, contact: Contact, now: datetime) -> audit.Line:
    request = contact.request
    told = {"binding": str(request.binding), "version": str(request.version), "nonce": request.nonce}
    detail = {"ask": request.ask.value, **told}
    if isinstance(value, Denial):
        detail["reason"] = value.reason.value
    if isinstance(request, Malformed):
        detail["malformed"] = request.key[:LONGEST_NAME].encode("utf-8", "backslashreplace").decode("utf-8")
    key = request.key.digits if isinstance(request, Request) else None
    act = "denial" if isinstance(value, Denial) else "grant"
    return audit.Line(now, CLIENT, contact.address, act, key, detail)


def reason_of(answer: Answer) -> Reason | None:
    """Why it was denied; None where it was granted or not answered."""
    return answer.reason if isinstance(answer, Denial) else None
