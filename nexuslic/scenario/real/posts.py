"""Where an application of a real stage stands: all that a launch finds around it, as plain data for its process."""

from enum import Enum

import attrs

from nexuslic.rules.license_time import Reading
from nexuslic.rules.policy import Policy


class Hindrance(Enum):
    """What the computer that an application runs on does to what is stored in its database."""

    NONE = "none"
    NO_ROOM = "no file of the database may grow"


@attrs.frozen
class Way:
    """How a license server is reached.

    `hosts` are what its name is looked up as (None: no such name), `versions` the TLS versions that the application may
    speak (None: as it comes), `span` the seconds that a contact may take.
    """

    address: str
    authority: str = attrs.field(repr=False)
    hosts: tuple[str, ...] | None
    versions: tuple[str, ...] | None
    span: float


@attrs.frozen
class Post:
    """One application on one workstation, before one story's instant.

    `url` is where its database really is; `server` and `database` how it spells that; `machine` the computer on which
    a SQLite file lies. `clock` is what the license reads, `seats_clock` what the database's seats go by.
    """

    url: str = attrs.field(repr=False)
    server: str
    database: str
    machine: str
    user: str
    version: str
    workstation: str
    folder: str
    bundle: bytes = attrs.field(repr=False)
    policy: Policy
    patience: float
    hindrance: Hindrance
    clock: Reading
    seats_clock: Reading
    way: Way
