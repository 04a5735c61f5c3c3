"""The registry's tables: licenses, their bindings, the audit trail, tokens, answers given, guesses.

`licenses` repeats the newest binding, so that a confirmation is one row read. Lines of `audit` are never changed or
removed: a trigger refuses it, and each line carries the hash of the one before. Times are UTC.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

METADATA = MetaData()
KEY = String(13)


class Utc(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so none is stored there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


licenses = Table(
    "licenses",
    METADATA,
    Column("key", KEY, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("type", String(16), nullable=False),
    Column("seats", Integer, nullable=False),
    Column("grace_days", Integer, nullable=False),
    Column("minimum_version", String(48), nullable=False),
    Column("ends", Utc),
    Column("extension_days", Integer),
    Column("extension_until", Utc),
    Column("suspended", Boolean, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("issued_at", Utc, nullable=False),
    Column("bound_server", Text),
    Column("bound_database", Text),
    Column("bound_identity", Text),
    Column("bound_since", Utc),
    Column("bound_nonce", String(64)),
    Column("bindings", Integer, nullable=False),
    Index("licenses_by_organisation", "organisation", "key"),
)
"""One row for each key: its terms, its extension, and its newest binding; `bindings` counts its history."""

bindings = Table(
    "bindings",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("key", KEY, nullable=False),
    Column("server", Text, nullable=False),
    Column("database", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("since", Utc, nullable=False),
    Column("nonce", String(64), nullable=False),
    Index("bindings_by_key", "key", "id"),
)
"""Where each key was bound, oldest first."""

audit = Table(
    "audit",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("who", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("act", String(32), nullable=False),
    Column("key", KEY),
    Column("detail", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_by_key", "key", "seq"),
)
"""Every vendor act, grant and denial, in the order in which they happened; `detail` is JSON."""

tokens = Table(
    "tokens",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("scope", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc),
    Column("revoked_at", Utc),
)
"""Bearer tokens; of the secret only its SHA-256 is kept."""

answers = Table(
    "answers",
    METADATA,
    Column("token", String(64), primary_key=True),
    Column("idempotency_key", String(255), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Utc, nullable=False),
)
"""What an act with an idempotency key was answered, so that it is done once."""

guesses = Table(
    "guesses",
    METADATA,
    Column("scope", String(8), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("since", Utc, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""Wrong keys counted by address, by key and in all, for each hour."""
