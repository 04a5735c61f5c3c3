"""One application's connection: who asks, through which ports, under which policy, and what it keeps sealed.

The record lies in the customer's database and the mark on the workstation; both leave `trust` unsealed and verified,
or not at all.
"""

import attrs

from nexuslic.errors import Damaged
from nexuslic.ports import Ports
from nexuslic.rules.binding import Binding, under_policy
from nexuslic.rules.decision import Launch
from nexuslic.rules.license import Version
from nexuslic.rules.license_time import Mark, Reading
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import Record
from nexuslic.trust import announcing, sealing
from nexuslic.trust.keys import Bundle, KnownKeys
from nexuslic.trust.wire import Pending

TRIES = 5
"""How often a record is decided on anew because somebody else has stored another one meanwhile."""


@attrs.frozen
class Connection:
    """Who asks, from where, for which database; `binding` as the client spells it, with the server's identity."""

    binding: Binding
    version: Version
    user: str
    workstation: str


@attrs.frozen
class Client:
    """The license check of one application on one workstation."""

    ports: Ports
    connection: Connection
    bundle: Bundle
    policy: Policy = attrs.Factory(Policy)


def look(client: Client) -> tuple[Launch, bytes | None]:
    """What a launch knows before it asks anyone, and the record as it lies in the database.

    Reads the clock, once. Raises DatabaseUnreachable.
    """
    blob = client.ports.records.load()
    return _launch(client, blob, client.ports.clock.read()), blob


def look_again(client: Client, before: Launch) -> tuple[Launch, bytes | None]:
    """The same look at the record as somebody else has stored it since; the clock is not read again."""
    blob = client.ports.records.load()
    return _launch(client, blob, before.reading), blob


def _launch(client: Client, blob: bytes | None, reading: Reading) -> Launch:
    record, damaged = unsealed(client, blob)
    mark = None if record is None else mark_of(client, record.id)
    binding = under_policy(client.connection.binding, client.policy.binding)
    return Launch(record, damaged, binding, client.connection.version, reading, mark, client.policy)


def stored_record(client: Client) -> Record | None:
    """The record as it lies in the database, where it can be trusted. Raises DatabaseUnreachable."""
    return unsealed(client, client.ports.records.load())[0]


def unsealed(client: Client, blob: bytes | None) -> tuple[Record | None, bool]:
    """The record in `blob`, and whether there is one that is damaged."""
    if blob is None:
        return None, False
    try:
        return sealing.unseal_record(blob, client.bundle.known).value, False
    except Damaged:
        return None, True


def mark_of(client: Client, record_id: str) -> Mark | None:
    """What this workstation keeps of a record; a mark that is missing, damaged or foreign is none."""
    blob = client.ports.marks.load(record_id)
    if blob is None:
        return None
    try:
        mark = sealing.unseal_mark(blob, client.bundle.known).value
    except Damaged:
        return None
    return mark if mark.record_id == record_id else None


def known_by(client: Client, record: Record | None) -> KnownKeys:
    """What the application was shipped with, and what the record's grant has announced."""
    return client.bundle.known if record is None else announcing.known_by(client.bundle.known, record.proof)


def sealed(client: Client, value: Record | Mark | Pending, known: KnownKeys) -> bytes:
    """`value` sealed with the newest of the vendor's keys that is known."""
    return sealing.seal(value, known, client.ports.chance.take(sealing.IV_BYTES))
