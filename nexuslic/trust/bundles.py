"""The vendor bundle as a file: what the vendor ships beside the application, as canonical JSON.

It tells an application whom to trust, so it comes from the vendor and from nobody else: whoever can replace it can
replace the application. It holds the sealing keys, so it is not for publishing.
"""

from nexuslic.errors import InputError, UntrustedReply
from nexuslic.trust import announcing, wire
from nexuslic.trust.keys import Bundle

_CURE = "use the file that the vendor ships with this application"


def write(bundle: Bundle) -> bytes:
    """The file of a bundle."""
    return wire.encode(bundle)


def read(data: bytes) -> Bundle:
    """The bundle in a file. Raises InputError where it is none, or none that a client could use."""
    try:
        bundle = wire.decode(data, Bundle)
    except UntrustedReply as error:
        raise InputError(f"this is no vendor bundle in format {wire.FORMAT}: {_CURE}") from error
    problem = _problem(bundle)
    if problem:
        raise InputError(f"this vendor bundle cannot be used: {problem}; {_CURE}")
    return bundle


def _problem(bundle: Bundle) -> str:
    """What a client would stumble over; "" for nothing."""
    if not bundle.product or not bundle.address:
        return "it names no product or no address of the license server"
    for name, ids in _ids(bundle).items():
        if not ids:
            return f"it holds no {name}"
        if len(set(ids)) < len(ids):
            return f"it holds two {name}s of one id"
    return "" if _can_announce(bundle) else "its announcements do not belong to its keys"


def _ids(bundle: Bundle) -> dict[str, list[str]]:
    keys, sealing = bundle.keys.keys, bundle.sealing_keys
    return {"signing key": [key.id for key in keys], "sealing key": [key.id for key in sealing]}


def _can_announce(bundle: Bundle) -> bool:
    """Whether the bundle knows all that it announces."""
    if not bundle.announcements:
        return bundle.number >= 0
    try:
        known = announcing.learnt(bundle.known, bundle.known.prefix.removesuffix("~").encode("utf-8"))
    except UntrustedReply:
        return False
    return known == bundle.known
