"""The registry as it began; a trigger refuses whoever changes or removes a line of the audit trail."""

import sqlalchemy as sa
from alembic import op

from nexuslic.server.tables import Utc

revision = "0001"
down_revision = None

KEY = sa.String(13)
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REFUSED = "lines of the audit trail are never changed or removed"

_SQLITE = [
    *(
        f"CREATE TRIGGER audit_no_{act} BEFORE {act} ON audit BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for act in ("update", "delete")
    ),
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
]
_POSTGRESQL = [
    f"CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$",
    "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
]


def upgrade() -> None:
    """Everything that the first release keeps."""
    _licenses()
    _audit()
    _callers()
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def _licenses() -> None:
    op.create_table(
        "licenses",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("grace_days", sa.Integer, nullable=False),
        sa.Column("minimum_version", sa.String(48), nullable=False),
        sa.Column("ends", Utc),
        sa.Column("extension_days", sa.Integer),
        sa.Column("extension_until", Utc),
        sa.Column("suspended", sa.Boolean, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.Column("issued_at", Utc, nullable=False),
        sa.Column("bound_server", sa.Text),
        sa.Column("bound_database", sa.Text),
        sa.Column("bound_identity", sa.Text),
        sa.Column("bound_since", Utc),
        sa.Column("bound_nonce", sa.String(64)),
        sa.Column("bindings", sa.Integer, nullable=False),
    )
    op.create_index("licenses_by_organisation", "licenses", ["organisation", "key"])
    op.create_table(
        "bindings",
        sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("key", KEY, nullable=False),
        sa.Column("server", sa.Text, nullable=False),
        sa.Column("database", sa.Text, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
    )
    op.create_index("bindings_by_key", "bindings", ["key", "id"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", SERIAL, primary_key=True, autoincrement=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("key", KEY),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("audit_by_key", "audit", ["key", "seq"])


def _callers() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("expires_at", Utc),
        sa.Column("revoked_at", Utc),
    )
    op.create_table(
        "answers",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("idempotency_key", sa.String(255), primary_key=True),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", Utc, nullable=False),
    )
    op.create_table(
        "guesses",
        sa.Column("scope", sa.String(8), primary_key=True),
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("since", Utc, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
