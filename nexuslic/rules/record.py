"""The record: what the customer's database holds, and what one contact with the license server ended as."""

from datetime import datetime

import attrs

from nexuslic.rules.license import Certificate
from nexuslic.rules.license_time import Ledger
from nexuslic.rules.words import Cause, Reason, State


@attrs.frozen
class Record:
    """One license in one database.

    `id` is random and its own. `proof` is the signed form of `certificate`, behind what was announced of the vendor's
    keys. `refused` is what the license server last refused (suspended, term or superseded) and no grant has lifted
    since. `last_good` is the clock's reading (UTC) at the last launch that ran.
    """

    id: str
    certificate: Certificate
    proof: str
    state: State
    refused: Reason | None
    ledger: Ledger
    last_good: datetime | None

    def moved(self, state: State, refused: Reason | None) -> "Record":
        """The record in another state, with what the license server refused; nothing of the clock."""
        return Record(self.id, self.certificate, self.proof, state, refused, self.ledger, self.last_good)

    def ran(self, ledger: Ledger, wall: datetime) -> "Record":
        """The record after a launch that ran when the clock showed `wall` (UTC)."""
        return Record(self.id, self.certificate, self.proof, self.state, self.refused, ledger, wall)


@attrs.frozen
class Granted:
    """The license server granted: the certificate and its proof, as in a record."""

    certificate: Certificate
    proof: str


@attrs.frozen
class Denied:
    """The license server refused, signed."""

    reason: Reason


@attrs.frozen
class NoContact:
    """Everything else: nothing was said that can be trusted."""

    cause: Cause


Contact = Granted | Denied | NoContact


@attrs.frozen
class Asked:
    """What a contact ended as, and the grant that it asked about."""

    about: Certificate
    answer: Contact

    def says_of(self, record: Record) -> Contact | None:
        """What it says of a record that somebody else has stored meanwhile; None where it says nothing.

        A grant goes for a record that holds no newer one. No contact goes for every grant of the key: a launch tries
        once.
        """
        now, answer = record.certificate, self.answer
        if now.key != self.about.key:
            return None
        if now.nonce == self.about.nonce or isinstance(answer, NoContact):
            return answer
        goes = isinstance(answer, Granted) and answer.certificate.granted_at >= now.granted_at
        return answer if goes else None
