"""Bearer tokens of the vendor's people: a scope, an expiry, and of the secret only its hash.

A token reads `nexuslic_ID_SECRET`. The secret is 32 bytes of chance, so that a plain SHA-256 keeps it.
"""

import hashlib
import hmac
import re
from datetime import datetime
from enum import Enum
from functools import total_ordering

import attrs
from sqlalchemy import Connection, Row, insert, select, update

from nexuslic.errors import InputError
from nexuslic.ports import Chance
from nexuslic.server.tables import tokens

_TEXT = re.compile(r"nexuslic_([0-9a-f]{12})_([0-9a-f]{64})")


class NoSuchToken(InputError):
    """A token that was never made here."""


@total_ordering
class Scope(Enum):
    """What a token may do: `support` serves customers; `admin` may also change, revoke, and make tokens."""

    SUPPORT = "support"
    ADMIN = "admin"

    def __lt__(self, other: "Scope") -> bool:
        return (self is Scope.SUPPORT) and (other is Scope.ADMIN)


@attrs.frozen
class Token:
    """One token as it is kept; times are UTC."""

    id: str
    name: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def works(self, now: datetime) -> bool:
        """Whether it opens anything at `now`."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def create(
    connection: Connection, chance: Chance, now: datetime, name: str, scope: Scope, expires_at: datetime | None
) -> tuple[Token, str]:
    """A new token, and its text: the only time that it is seen."""
    token = Token(chance.take(6).hex(), name, scope, now, expires_at, None)
    secret = chance.take(32).hex()
    row = {**attrs.asdict(token, recurse=False), "scope": scope.value, "digest": _digest(secret)}
    connection.execute(insert(tokens).values(**row))
    return token, f"nexuslic_{token.id}_{secret}"


def find(connection: Connection, told: str, now: datetime) -> Token | None:
    """The token that `told` is the text of, where it works at `now`."""
    read = _TEXT.fullmatch(told)
    if read is None:
        return None
    row = connection.execute(select(tokens).where(tokens.c.id == read[1])).first()
    if row is None or not hmac.compare_digest(row.digest, _digest(read[2])):
        return None
    token = _token(row)
    return token if token.works(now) else None


def known(connection: Connection, token_id: str, now: datetime) -> Token | None:
    """The token with that id, where it works at `now`: for who has shown its text before."""
    row = connection.execute(select(tokens).where(tokens.c.id == token_id)).first()
    token = None if row is None else _token(row)
    return token if token is not None and token.works(now) else None


def every(connection: Connection) -> list[Token]:
    """All tokens, oldest first."""
    return [_token(row) for row in connection.execute(select(tokens).order_by(tokens.c.created_at, tokens.c.id))]


def revoke(connection: Connection, token_id: str, now: datetime) -> Token:
    """End a token at once. Raises NoSuchToken."""
    gone = update(tokens).where(tokens.c.id == token_id, tokens.c.revoked_at.is_(None)).values(revoked_at=now)
    connection.execute(gone)
    row = connection.execute(select(tokens).where(tokens.c.id == token_id)).first()
    if row is None:
        raise NoSuchToken(f"there is no token {token_id!r}: list them to see their ids")
    return _token(row)


def _token(row: Row[tuple[object, ...]]) -> Token:
    return Token(row.id, row.name, Scope(row.scope), row.created_at, row.expires_at, row.revoked_at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
