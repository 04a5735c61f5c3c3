"""The binding: database server name + database name, as the client spells them.

Compared without regard to case or surrounding space, and in no other way: `.`, `localhost`, `127.0.0.1` and the
host's name are four different servers. Under policy `identity` the server's own identity takes the place of its
name (rules: Binding).
"""

from functools import lru_cache

import attrs

from nexuslic.rules.words import WhichBinding


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A name as it is compared: without regard to case or surrounding space."""
    return name.strip().casefold()


@attrs.frozen
class Binding:
    """The names that a connection uses, and the server's own identity ("" where it was not asked for)."""

    server: str
    database: str
    identity: str = ""

    def __str__(self) -> str:
        return f"{self.server.strip()}/{self.database.strip()}"


def same(one: Binding, other: Binding) -> bool:
    """Whether two bindings are one: by identity where both carry it, else by spelling."""
    if one.identity and other.identity:
        return one.identity == other.identity and fold(one.database) == fold(other.database)
    return fold(one.server) == fold(other.server) and fold(one.database) == fold(other.database)


def under_policy(binding: Binding, which: WhichBinding) -> Binding:
    """The binding as the policy compares it: `spelling` leaves the identity out."""
    return binding if which is WhichBinding.IDENTITY else Binding(binding.server, binding.database)
