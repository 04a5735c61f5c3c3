"""Ways out of this computer, as the operating system knows them; no packet is sent to find out."""

import errno
import socket
from contextlib import suppress

_FAR = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses of nobody (RFC 5737, RFC 3849)."""

NO_NETWORK = (
    "ENETUNREACH",
    "EHOSTUNREACH",
    "ENETDOWN",
    "EHOSTDOWN",
    "ENONET",
    "EADDRNOTAVAIL",
    "EAFNOSUPPORT",
)
"""The names of the error numbers that say that no way leads there."""

_NUMBERS = {getattr(errno, name, None) for name in NO_NETWORK}


def has_route() -> bool:
    """Whether any way leads out of this computer."""
    for family, host in _FAR:
        with suppress(OSError):
            if _routed(family, host, 9):
                return True
    return False


def leads_to(addresses: list[str], port: int) -> bool:
    """Whether a way leads to any of these addresses, as far as can be told without sending anything."""
    try:
        return any(_routed(socket.AF_INET6 if ":" in one else socket.AF_INET, one, port) for one in addresses)
    except OSError:
        return True


def _routed(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((host, port))
    except OSError as error:
        if error.errno not in _NUMBERS:
            raise
        return False
    return True


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system orders them. Raises socket.gaierror, UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))
