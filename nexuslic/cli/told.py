"""A Decision and a Status for a program: the words of the rules, times in UTC, null for what there is none of."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import Decision
from nexuslic.rules.explain import explain

if TYPE_CHECKING:
    from nexuslic.application.status import Status
    from nexuslic.rules.license import License
    from nexuslic.rules.seats import Seat


def decision(one: Decision) -> dict[str, Any]:
    """What a launch, an authentication or a renewal code came to."""
    words = explain(one)
    return {
        "state": None if one.state is None else one.state.value,
        "runs": one.runs,
        "reason": None if one.reason is None else one.reason.value,
        "cause": None if one.cause is None else one.cause.value,
        "days_left": one.days_left,
        "deadline": instant(one.deadline),
        "warnings": list(one.warnings),
        "protection": one.protection.value,
        "stored": one.stored,
        "store_failed": one.store_failed,
        "recorded": binding(one.recorded),
        "connected": binding(one.connected),
        "holders": list(one.holders),
        "dropped": list(one.dropped),
        "clock": instant(one.clock),
        "last_grant": instant(one.last_grant),
        "last_good": instant(one.last_good),
        "license_time": instant(one.license_time),
        "message": words.message,
        "next_step": words.next_step,
    }


def status(one: "Status") -> dict[str, Any]:
    """What the License dialog shows."""
    return {
        "product": one.product,
        "connected": binding(one.connected),
        "recorded": binding(one.recorded),
        "license": None if one.license is None else terms(one.license),
        "extra_days": one.extra_days,
        "state": one.state.value,
        "reason": None if one.reason is None else one.reason.value,
        "protection": one.protection.value,
        "days_left": one.days_left,
        "deadline": instant(one.deadline),
        "last_validation": instant(one.last_validation),
        "last_good": instant(one.last_good),
        "license_time": instant(one.license_time),
        "clock": instant(one.clock),
        "without_contact": decision(one.alone),
        "seats": [seat(held) for held in one.seats],
        "users": list(one.users),
    }


def terms(one: "License") -> dict[str, Any]:
    """The terms of a license."""
    return {
        "organisation": one.organisation,
        "type": one.type.value,
        "seats": one.seats,
        "grace_days": one.grace_days,
        "minimum_version": str(one.minimum_version),
        "ends": instant(one.ends),
    }


def seat(one: "Seat") -> dict[str, Any]:
    """Who sits on a seat."""
    return {
        "session": one.session,
        "user": one.user,
        "workstation": one.workstation,
        "renewed_at": instant(one.renewed_at),
    }


def binding(one: Binding | None) -> dict[str, str] | None:
    """Server and database, as they are spelled."""
    return None if one is None else {"server": one.server, "database": one.database}


def instant(at: datetime | None) -> str | None:
    """A time in UTC."""
    return None if at is None else at.isoformat()
