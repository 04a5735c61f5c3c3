"""The closed sets of the rules; a member's value is its spelling in YAML, CLI, JSON and docs.

Members stand in the order that the rules give: of several causes or reasons that apply, the first one is told.
"""

from enum import Enum


class Word(Enum):
    """An enum whose text is its value; its members are hashed as the single objects that they are."""

    __hash__ = object.__hash__

    def __str__(self) -> str:
        return str(self.value)


class State(Word):
    """Where a license stands (rules: States)."""

    UNLICENSED = "Unlicensed"
    AUTHENTICATED = "Authenticated"
    GRACE = "Grace"
    EXPIRED = "Expired"
    INVALID_BINDING = "Invalid-Binding"

    @property
    def runs(self) -> bool:
        """Whether the application runs in this state, users and seats aside."""
        return self in (State.AUTHENTICATED, State.GRACE)


class Event(Word):
    """What moves a license from state to state (rules: Events)."""

    AUTHENTICATE = "authenticate"
    CONFIRM = "confirm"
    LOSE_CONTACT = "lose contact"
    MISMATCH = "mismatch"
    MATCH = "match"
    END = "end"
    REVOKE = "revoke"


class Guard(Word):
    """What a row of the table asks before it answers."""

    ALWAYS = "always"
    WITHIN_GRACE = "within grace"
    PAST_GRACE = "past grace"
    WAS_AUTHENTICATED = "record says Authenticated"
    WAS_GRACE = "record says Grace"
    WAS_EXPIRED = "record says Expired"
    WAS_INVALID = "record says Invalid-Binding"


class Reason(Word):
    """Why an application does not run (scenario language: reason)."""

    UNLICENSED = "unlicensed"
    DAMAGED = "damaged"
    EXPIRED = "expired"
    TERM = "term"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    BINDING = "binding"
    SUPERSEDED = "superseded"
    USER = "user"
    SEATS = "seats"
    VERSION = "version"
    DATABASE = "database"


DENIALS = (
    Reason.UNKNOWN,
    Reason.REVOKED,
    Reason.SUSPENDED,
    Reason.TERM,
    Reason.SUPERSEDED,
    Reason.VERSION,
)
"""The reasons that the license server may deny with, in the order in which they apply (rules: Contact)."""


class Cause(Word):
    """Why there was no contact, in the order in which a connection is made (rules: Contact)."""

    OFFLINE = "offline"
    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS_PROTOCOL = "tls-protocol"
    TLS_CERTIFICATE = "tls-certificate"
    PROXY = "proxy"
    SERVER_ERROR = "server-error"
    UNTRUSTED_REPLY = "untrusted-reply"


def earliest(causes: frozenset[Cause]) -> Cause | None:
    """The first of several causes in the order in which a connection is made; None of none."""
    return next((cause for cause in Cause if cause in causes), None)


class LicenseType(Word):
    """How a license counts its people."""

    CONCURRENT = "concurrent"
    NAMED = "named"


class Protection(Word):
    """What protects a launch: the license, or a dongle that is still in service."""

    SOFTWARE = "software"
    DONGLE = "dongle"


class WhichClock(Word):
    """Whose clock a launch reads (policy `clock`)."""

    DATABASE = "database"
    WORKSTATION = "workstation"


class WhichBinding(Word):
    """How a binding is compared (policy `binding`)."""

    SPELLING = "spelling"
    IDENTITY = "identity"
