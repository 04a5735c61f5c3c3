"""Which machine a name means: the addresses that this computer finds for it, within a span."""

import ipaddress
from collections.abc import Callable
from datetime import timedelta

from nexuslic.adapters import deadline
from nexuslic.adapters.routes import look_up

_ANY_PORT = 9

Addresses = Callable[[str], frozenset[str]]
"""The addresses of a name."""


def addresses(name: str, span: timedelta = timedelta(seconds=3)) -> frozenset[str]:
    """The addresses of `name`; none where it is not found in time."""
    try:
        return frozenset(deadline.within(span, lambda: look_up(name, _ANY_PORT)))
    except (OSError, ValueError):
        return frozenset()


def is_loopback(address: str) -> bool:
    """Whether an address means the computer itself."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
