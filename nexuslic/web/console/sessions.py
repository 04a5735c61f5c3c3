"""Who is signed in: sessions that the server keeps, each behind a random id that only a cookie carries.

A session ends after half an hour without a request, after twelve hours, with its token, and with the server's process.
Every form carries a code that is made of the cookie's id and a secret of the process; a page elsewhere cannot know it.
"""

import hashlib
import hmac
from datetime import timedelta
from typing import Final

import attrs

from nexuslic.ports import Chance

COOKIE: Final = "__Host-nexuslic-console"
IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
MOST: Final = 500
"""Sessions that are kept; the one that was used least recently makes room."""

_BYTES = 32


@attrs.define(eq=False)
class Session:
    """One browser of one person: the id of the token that it was opened with; times are running time.

    `notes` are what the next page about a license says of the act before it.
    """

    token: str
    began: timedelta
    seen: timedelta
    notes: dict[int, str] = attrs.Factory(dict)

    def lives(self, running: timedelta) -> bool:
        """Whether it is still open."""
        return running - self.seen < IDLE and running - self.began < LONGEST


@attrs.define
class Sessions:
    """All sessions of a process."""

    chance: Chance
    secret: bytes = attrs.field(repr=False)
    _open: dict[str, Session] = attrs.field(factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, chance: Chance) -> "Sessions":
        """None yet, and a new secret."""
        return cls(chance, chance.take(_BYTES))

    def new_id(self) -> str:
        """An id that nobody can foretell: of a session, or of somebody who has not signed in yet."""
        return self.chance.take(_BYTES).hex()

    def begin(self, token: str, running: timedelta) -> str:
        """Open a session; its id."""
        self._open = {name: one for name, one in self._open.items() if one.lives(running)}
        if len(self._open) >= MOST:
            del self._open[min(self._open, key=lambda name: self._open[name].seen)]
        found = self.new_id()
        self._open[found] = Session(token, running, running)
        return found

    def find(self, cookie: str, running: timedelta) -> Session | None:
        """The session behind a cookie, which is used now."""
        found = self._open.get(cookie)
        if found is None or not found.lives(running):
            self.end(cookie)
            return None
        found.seen = running
        return found

    def end(self, cookie: str) -> None:
        """Close a session, if there is one."""
        self._open.pop(cookie, None)

    def code(self, cookie: str) -> str:
        """What every form of that browser carries."""
        return hmac.new(self.secret, cookie.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()

    def is_code(self, told: str, cookie: str) -> bool:
        """Whether a form that was sent is one of ours, made for that browser."""
        return bool(cookie) and hmac.compare_digest(told.encode("utf-8"), self.code(cookie).encode())
