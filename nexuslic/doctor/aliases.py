"""Names that mean one machine: to the license they are as many servers, and to a person one.

Two names mean one machine where they have an address in common; an address of the computer itself stands for all that
its own name has.
"""

import re

import attrs

from nexuslic.adapters.machines import Addresses, is_loopback

_HERE = (".", "(local)", "(localdb)")


@attrs.frozen
class Server:
    """A server as a client spells it: its host, and its port or instance ("" for the usual one)."""

    host: str
    which: str

    @classmethod
    def of(cls, spelled: str) -> "Server":
        r"""What is spelled as `HOST`, `HOST:PORT`, `HOST,PORT` or `HOST\INSTANCE`."""
        host, which = _split(spelled.strip())
        return cls("localhost" if host.casefold() in _HERE else host, which.casefold())


def _split(spelled: str) -> tuple[str, str]:
    is_ipv6 = spelled.count(":") > 1 and not spelled.startswith("[")
    found = None if is_ipv6 else re.fullmatch(r"\[?([^\]\\,]*?)\]?(?:[\\,:]([^\\,:]*))?", spelled)
    return (spelled, "") if found is None else (found[1], found[2] or "")


@attrs.frozen
class Machines:
    """What names mean on this computer, which is called `here`; `usual` is the port that is meant where none is."""

    addresses: Addresses
    here: str
    usual: str = ""

    def same(self, one: str, other: str) -> bool:
        """Whether two spellings mean one server on one machine."""
        mine, theirs = Server.of(one), Server.of(other)
        if (mine.which or self.usual) != (theirs.which or self.usual):
            return False
        return bool(self._meant(mine.host) & self._meant(theirs.host))

    def others(self, spelled: str) -> tuple[str, ...]:
        """Other names of that machine, each of which is another server to the license."""
        host = Server.of(spelled).host
        meant = self._meant(host)
        if not meant:
            return ()
        local = ("localhost", self.here) if self._is_here(meant) else ()
        names = [name for name in (*local, *sorted(meant)) if name.casefold() != host.casefold()]
        return tuple(dict.fromkeys(names))

    def _meant(self, host: str) -> frozenset[str]:
        found = self.addresses(host)
        return found | self.addresses(self.here) if self._is_here(found) else found

    def _is_here(self, found: frozenset[str]) -> bool:
        return any(map(is_loopback, found)) or bool(found & self.addresses(self.here))
