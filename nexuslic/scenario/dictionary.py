"""Every word of nexuslic in three lines: what it is, what it means, where it is written down.

`nexuslic explain` and the reference page are both made from this.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import TypeVar

import attrs

from nexuslic.rules.machine import TABLE
from nexuslic.rules.words import Cause, Event, LicenseType, Protection, Reason, State, WhichBinding, WhichClock, Word
from nexuslic.scenario import schema
from nexuslic.scenario.kinds import Key, ListOf, MapOf, Shape


@attrs.frozen
class Entry:
    """One word: what kind of word it is, and what it means."""

    word: str
    kind: str
    meaning: str

    @property
    def link(self) -> str:
        """Where the reference has it."""
        return f"docs/reference/words.md#{anchor(self.word, self.kind)}"


def anchor(word: str, kind: str) -> str:
    """The anchor of a word's heading."""
    return re.sub(r"[^a-z0-9_-]", "", f"{word}-{kind}".lower().replace(" ", "-"))


_STATES = {
    State.UNLICENSED: "No record, or one that cannot be trusted, or the license was revoked: it does not run.",
    State.AUTHENTICATED: "The last launch was confirmed by the license server: it runs.",
    State.GRACE: "No contact at the last launch, and license time is not past the deadline: it runs, and warns.",
    State.EXPIRED: "License time is past the deadline, the term ended, or the license is suspended: it does not run.",
    State.INVALID_BINDING: "This connection's names are not the record's, or the key has moved on: re-authenticate.",
}
_EVENTS = {
    Event.AUTHENTICATE: "A key or a renewal code was entered, and the server granted it for this binding.",
    Event.CONFIRM: "At launch the license server confirmed the stored certificate.",
    Event.LOSE_CONTACT: "At launch there was no contact: Grace, or Expired once grace is used up.",
    Event.MISMATCH: "The connection's binding differs from the record's, or the server answered `superseded`.",
    Event.MATCH: "A later connection spells the names as the record does: the record's state, no day gained.",
    Event.END: "The term has ended or the license is suspended: the server says so, or the record remembers it.",
    Event.REVOKE: "The server's signed answer says that the key is revoked or unknown; the record is removed.",
}
_CAUSES = {
    Cause.OFFLINE: "There is no network at all.",
    Cause.DNS: "The license server's name cannot be looked up.",
    Cause.REFUSED: "The license server's computer refuses the connection, as when it is stopped.",
    Cause.TIMEOUT: "Nothing answers within contact_timeout.",
    Cause.TLS_PROTOCOL: "Application, operating system and server have no TLS version in common.",
    Cause.TLS_CERTIFICATE: "The server's TLS certificate cannot be verified.",
    Cause.PROXY: "A proxy stands in the way.",
    Cause.SERVER_ERROR: "The license server answers with a fault (5xx or 429).",
    Cause.UNTRUSTED_REPLY: "The reply is not signed for this request: forged, replayed, or a captive portal's page.",
}
_REASONS = {
    Reason.UNLICENSED: "There is no record in this database.",
    Reason.DAMAGED: "The record is unreadable or forged; it is kept aside for support.",
    Reason.EXPIRED: "License time is past the deadline.",
    Reason.TERM: "The end of term has passed.",
    Reason.SUSPENDED: "The vendor has suspended the license; only a grant lifts that.",
    Reason.REVOKED: "The vendor has ended the key for good.",
    Reason.UNKNOWN: "The license server does not know the key, or the key is mistyped.",
    Reason.BINDING: "The server or database is spelled otherwise than in the record.",
    Reason.SUPERSEDED: "The key was authenticated for another database since.",
    Reason.USER: "The user has no named license assigned.",
    Reason.SEATS: "Every seat is taken.",
    Reason.VERSION: "The application is older than the license's minimum version.",
    Reason.DATABASE: "The database cannot be reached or read.",
}
_OTHER: dict[Word, tuple[str, str]] = {
    LicenseType.CONCURRENT: ("license type", "Live sessions are counted, at most `seats` of them."),
    LicenseType.NAMED: ("license type", "Users are assigned, at most `seats` of them."),
    Protection.SOFTWARE: ("protection", "The license decides."),
    Protection.DONGLE: ("protection", "NETHASP.ini is in place: the dongle protects, and the license is not asked."),
    WhichClock.DATABASE: ("clock", "The database server's clock is read: one for all workstations."),
    WhichClock.WORKSTATION: ("clock", "Each workstation's own clock is read."),
    WhichBinding.SPELLING: ("binding policy", "Server and database names are compared as the client spells them."),
    WhichBinding.IDENTITY: ("binding policy", "The server's own identity is compared in the place of its name."),
}


W = TypeVar("W", bound=Word)


def _closed(kind: str, meanings: Mapping[W, str]) -> Iterator[Entry]:
    for word, meaning in meanings.items():
        yield Entry(word.value, kind, meaning)


def _keys(kind: str, table: Mapping[str, Key]) -> Iterator[Entry]:
    for word, key in table.items():
        yield Entry(word, kind, f"{key.doc[0].upper()}{key.doc[1:]}.")


def _inside(name: str, key: Key) -> Iterator[Entry]:
    kind = key.kind
    while isinstance(kind, ListOf):
        kind = kind.item
    if isinstance(kind, MapOf):
        kind = kind.value
    if isinstance(kind, Shape):
        yield from _keys(f"key of {name}", kind.keys)


def entries() -> list[Entry]:
    """Every word, in the order of the reference."""
    found = [
        *_closed("state", _STATES),
        *_closed("event", _EVENTS),
        *_closed("cause", _CAUSES),
        *_closed("reason", _REASONS),
        *(Entry(word.value, kind, meaning) for word, (kind, meaning) in _OTHER.items()),
        *_keys("top-level key", schema.TOP),
        *_keys("verb", schema.VERBS),
        *_keys("expectation", schema.EXPECTATIONS),
        *_keys("key of world", schema.WORLD.keys),
    ]
    for name, key in schema.WORLD.keys.items():
        found += _inside(name, key)
    for name, key in schema.VERBS.items():
        found += _inside(name, key)
    for name, shape in (("online", schema.ONLINE), ("faults", schema.FAULT), ("always", schema.ALWAYS)):
        found += _keys(f"key of {name}", shape.keys)
    return found


def explain(word: str) -> str | None:
    """The word in three lines for each meaning that it has; None where it is not known."""
    meant = [entry for entry in entries() if entry.word.casefold() == word.casefold()]
    if not meant:
        return None
    return "\n\n".join(f"{e.word}: {e.kind}\n  {e.meaning}{_rows(e)}\n  see {e.link}" for e in meant[:3])


def _rows(entry: Entry) -> str:
    if entry.kind == "state":
        leads = sorted({row.event.value for row in TABLE if row.target.value == entry.word})
        return f" Reached by {', '.join(leads)}."
    return ""


def near(word: str) -> list[str]:
    """The nearest words, best first."""
    words = list(dict.fromkeys(entry.word for entry in entries()))
    folded = {one.casefold(): one for one in words}
    return [folded[one] for one in difflib.get_close_matches(word.casefold(), list(folded), n=3, cutoff=0.4)]


def reference() -> str:
    """The reference page of all words, a heading each."""
    lines = [
        "# Words",
        "",
        "Every word of the rules and of the scenario language, made from the tables that the code reads.",
        "",
    ]
    seen: set[str] = set()
    group = ""
    for entry in entries():
        if entry.kind != group:
            group = entry.kind
            lines += [f"## {group[0].upper()}{group[1:]}", ""]
        name = anchor(entry.word, entry.kind)
        if name in seen:
            continue
        seen.add(name)
        lines += [f"({name})=", f"### {entry.word} ({entry.kind})", "", entry.meaning, ""]
    return "\n".join(lines)
