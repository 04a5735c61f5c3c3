"""What the license server's routes work with: the registry, the vendor's keys, and the ports of time and chance."""

from typing import Protocol

import attrs

from nexuslic.issuing.signatory import Signatory
from nexuslic.ports import Chance, Clock
from nexuslic.server.database import Database


class Keys(Protocol):
    """The vendor's keys as they are now; they may be rotated while the server runs."""

    def signatory(self) -> Signatory:
        """What answers are signed with."""
        ...


@attrs.frozen
class Limits:
    """How many wrong keys an hour are answered, before more are refused.

    `by_address` for one address (an IPv6 network of 64 bits counts as one), `by_key` for one key that goes to
    databases it was never bound to; from `alarm_at` wrong keys in all on, an address has `by_address_in_alarm` only.
    """

    by_address: int = 20
    by_address_in_alarm: int = 5
    by_key: int = 10
    alarm_at: int = 1000


@attrs.frozen
class Service:
    """One license server. `discreet`: a database that a key was never bound to is not told why it is denied.

    `insider` names who acts where no token is asked for: somebody who has the registry's folder at hand.
    """

    database: Database
    keys: Keys
    clock: Clock
    chance: Chance
    limits: Limits = Limits()
    discreet: bool = True
    insider: str = ""
