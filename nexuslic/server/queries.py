"""What the vendor's routes look up: pages of licenses and of the audit trail."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from nexuslic.errors import InputError
from nexuslic.issuing.wandering import suspicion
from nexuslic.rules.license import LicenseKey
from nexuslic.server import forms, views
from nexuslic.server.registry_sql import SqlRegistry, issued_of
from nexuslic.server.tables import audit, licenses

MOVED_OFTEN = 3
"""A key with fewer bindings cannot look odd."""

GRANTS = ("grant", "answer-code")
"""Acts in the audit trail that grant something: a renewal code is a grant like any other."""

BY_CLIENTS = ("grant", "denial")
"""Acts in the audit trail that are a client's own."""


class NoSuchNumber(InputError):
    """A license number that no license has."""


class NoSuchKey(InputError):
    """A license key that was never issued here."""

    def __init__(self, key: LicenseKey) -> None:
        super().__init__(f"there is no license key {key}: look it up by its organisation")


def page(
    connection: Connection, now: datetime, search: str, after: str, limit: int, *, suspicious: bool
) -> forms.LicensePage:
    """Licenses whose key, organisation or database holds `search`, in the order of their keys behind `after`."""
    query = select(licenses).where(licenses.c.key > after).order_by(licenses.c.key)
    if search:
        query = query.where(_holds(search))
    if suspicious:
        query = query.where(licenses.c.bindings >= MOVED_OFTEN)
    items: list[forms.LicenseView] = []
    with connection.execute(query, execution_options={"yield_per": 500}) as rows:
        for row in rows:
            if suspicious and not _odd(connection, row.key, now):
                continue
            if len(items) == limit:
                return forms.LicensePage(items=items, next=items[-1].key.replace("-", ""))
            items.append(views.license_view(issued_of(row), row.issued_at, row.bindings, now))
    return forms.LicensePage(items=items, next=None)


def _holds(search: str) -> ColumnElement[bool]:
    told = search.strip().replace("\0", "\ufffd")
    digits = told.replace("-", "").replace(" ", "")
    found = or_(
        licenses.c.organisation.icontains(told, autoescape=True),
        licenses.c.bound_server.icontains(told, autoescape=True),
        licenses.c.bound_database.icontains(told, autoescape=True),
    )
    return or_(found, licenses.c.key.startswith(digits, autoescape=True)) if digits else found


def _odd(connection: Connection, digits: str, now: datetime) -> bool:
    issued = SqlRegistry(connection, now).find(LicenseKey(digits))
    return issued is not None and suspicion(issued) != ""


def detail(registry: SqlRegistry, key: LicenseKey) -> forms.LicenseDetail:
    """One key. Raises NoSuchKey."""
    issued, connection = registry.find(key), registry.connection
    if issued is None:
        raise NoSuchKey(key)
    issued_at = connection.execute(select(licenses.c.issued_at).where(licenses.c.key == key.digits)).scalar_one()
    granted = select(func.max(audit.c.seq)).where(audit.c.key == key.digits, audit.c.act.in_(GRANTS)).scalar_subquery()
    last = connection.execute(select(audit.c.at).where(audit.c.seq == granted)).scalar()
    return views.license_detail(issued, issued_at, last, registry.now)


def history(connection: Connection, key: LicenseKey, now: datetime) -> forms.History:
    """The bindings of one key. Raises NoSuchKey."""
    issued = SqlRegistry(connection, now).find(key)
    if issued is None:
        raise NoSuchKey(key)
    return views.history(issued)


def trail(connection: Connection, after: int, limit: int, key: LicenseKey | None) -> forms.AuditPage:
    """Lines of the audit trail behind number `after`, of one key or of all."""
    query = select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(limit)
    if key is not None:
        query = query.where(audit.c.key == key.digits)
    items = [views.audit_line(row) for row in connection.execute(query)]
    return forms.AuditPage(items=items, next=items[-1].seq if items else after)


def newest(connection: Connection, before: int, limit: int, key: LicenseKey | None) -> list[forms.AuditLine]:
    """Lines of the audit trail before number `before` (0: the end), the newest first, of one key or of all."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    if before:
        query = query.where(audit.c.seq < before)
    if key is not None:
        query = query.where(audit.c.key == key.digits)
    return [views.audit_line(row) for row in connection.execute(query)]


def acts_behind(connection: Connection, after: int, key: LicenseKey) -> list[forms.AuditLine]:
    """What the vendor's people did to a key behind line `after`, in order."""
    query = select(audit).where(audit.c.key == key.digits, audit.c.seq > after, audit.c.act.not_in(BY_CLIENTS))
    return [views.audit_line(row) for row in connection.execute(query.order_by(audit.c.seq))]


def last_act(connection: Connection, key: LicenseKey) -> int:
    """The number of the last line that one of the vendor's people wrote about a key; 0 where there is none."""
    query = select(func.max(audit.c.seq)).where(audit.c.key == key.digits, audit.c.act.not_in(BY_CLIENTS))
    return connection.execute(query).scalar() or 0


def numbers(connection: Connection, keys: Collection[LicenseKey]) -> dict[str, int]:
    """The number of each license by its key's digits: of the first line about it in the audit trail, which stays.

    It names a license where its key must not stand, in an address say. A key that was never issued has none.
    """
    first = select(func.min(audit.c.seq)).where(audit.c.key == licenses.c.key).scalar_subquery()
    query = select(licenses.c.key, first).where(licenses.c.key.in_([key.digits for key in keys]))
    return {row[0]: row[1] for row in connection.execute(query) if row[1] is not None}


def numbered(connection: Connection, number: int) -> LicenseKey:
    """The key of the license with that number. Raises NoSuchNumber."""
    digits = connection.execute(select(audit.c.key).where(audit.c.seq == number)).scalar()
    found = None if digits is None else LicenseKey(digits)
    if found is None or numbers(connection, [found]).get(found.digits) != number:
        raise NoSuchNumber(f"no license has the number {number}: look it up by its organisation")
    return found
