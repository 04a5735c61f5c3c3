"""What support is sent: how the license stands here, and on what. No license key, nothing sealed, no password.

A license key is not there in a disguised form either: its 12 free digits could be guessed from any digest of it.
"""

import platform
import sys
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from nexuslic.adapters.sql_tables import FORMAT, aside
from nexuslic.application.application import Application
from nexuslic.application.status import Status
from nexuslic.connection import mark_of, stored_record
from nexuslic.rules.record import Record
from nexuslic.version import __version__

SUPPORT_FORMAT = 1


def support_file(license: Application) -> dict[str, Any]:
    """The file as values for JSON; times in UTC. Raises DatabaseUnreachable."""
    status, record = license.status(), stored_record(license.client())
    return {
        "nexuslic": __version__,
        "format": SUPPORT_FORMAT,
        "made_at": _instant(status.clock),
        "computer": {"python": sys.version.split()[0], "system": platform.platform(), "name": platform.node()},
        "product": status.product,
        "license_server": license.bundle.address,
        "trusted_keys": [key.id for key in license.bundle.keys.keys],
        "application_version": str(license.connection.version),
        "workstation": license.connection.workstation,
        "database": _database(license),
        "license": _standing(status),
        "record": None if record is None else _record(license, record),
    }


def _database(license: Application) -> dict[str, Any]:
    place = license.base.place
    there = license.base.tables()
    with license.base.reading() as connection:
        version = connection.dialect.server_version_info
        kept = connection.execute(select(func.count(), func.max(aside.c.kept_at))).one() if there else (0, None)
    return {
        "kind": place.kind.value,
        "version": ".".join(map(str, version or ())),
        "server": place.server,
        "name": place.database,
        "tables": FORMAT if there else None,
        "damaged_records_kept": kept[0],
        "last_kept_at": kept[1],
    }


def _standing(status: Status) -> dict[str, Any]:
    terms = status.license
    return {
        "organisation": None if terms is None else terms.organisation,
        "type": None if terms is None else terms.type.value,
        "licenses": None if terms is None else terms.seats,
        "grace_days": None if terms is None else terms.grace_days,
        "extra_days": status.extra_days,
        "minimum_version": None if terms is None else str(terms.minimum_version),
        "ends": None if terms is None else _instant(terms.ends),
        "state": status.state.value,
        "reason": None if status.reason is None else status.reason.value,
        "protection": status.protection.value,
        "recorded_as": None if status.recorded is None else str(status.recorded),
        "connected_as": str(status.connected),
        "days_left": status.days_left,
        "deadline": _instant(status.deadline),
        "seats": [
            {"user": one.user, "workstation": one.workstation, "renewed_at": _instant(one.renewed_at)}
            for one in status.seats
        ],
        "users": list(status.users),
    }


def _record(license: Application, record: Record) -> dict[str, Any]:
    mark = mark_of(license.client(), record.id)
    return {
        "state": record.state.value,
        "refused": None if record.refused is None else record.refused.value,
        "last_grant": _instant(record.certificate.granted_at),
        "last_good": _instant(record.last_good),
        "license_time": _instant(record.ledger.license_time),
        "last_reading": _instant(record.ledger.last_reading),
        "mark": None
        if mark is None
        else {
            "granted_at": _instant(mark.granted_at),
            "license_time": _instant(mark.license_time),
            "mismatched": mark.mismatched,
        },
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
