"""Faults of grace: the deadline, the days left, the term, the warning, and the extension."""

from datetime import timedelta

import attrs

from nexuslic.rules.decision import Decision, Launch
from nexuslic.rules.grace import DAY, days_left, deadline
from nexuslic.rules.license import Certificate
from nexuslic.rules.machine import Facts
from nexuslic.rules.words import Event, State
from nexuslic.scenario.decoration.fault import Fault

_RULE = "Grace"
_AT = "nexuslic.rules.grace:"


def _granting(certificate: Certificate, days: int) -> Certificate:
    """The same grant, for so many days of grace."""
    return attrs.evolve(certificate, license=attrs.evolve(certificate.license, grace_days=days))


def _endless(certificate: Certificate) -> Certificate:
    """The same grant, without an end of term."""
    return attrs.evolve(certificate, license=attrs.evolve(certificate.license, ends=None))


def _with_days(decision: Decision, launch: Launch) -> Decision:
    """The same decision, telling days left and deadline where its state has none."""
    if launch.record is None or decision.days_left is not None:
        return decision
    last = deadline(launch.record.certificate)
    return attrs.evolve(decision, days_left=days_left(launch.record.ledger.license_time, last), deadline=last)


def _counting(decision: Decision) -> Decision:
    return attrs.evolve(decision, days_left=decision.days_left or 0)


FAULTS = (
    Fault(
        "deadline-excluded",
        "At the deadline itself the application does not run any more.",
        _RULE,
        "a launch at the deadline to the minute that runs",
        "nexuslic.rules.decision:_facts",
        lambda real: lambda record, seen: Facts(real(record, seen + timedelta(seconds=1)).within_grace, record.state),
    ),
    Fault(
        "deadline-lasts-an-hour",
        "After the deadline the application runs for another hour.",
        _RULE,
        "a launch one minute after the deadline that is refused",
        "nexuslic.rules.decision:_facts",
        lambda real: lambda record, seen: real(record, seen - timedelta(hours=1)),
    ),
    Fault(
        "deadline-at-midnight",
        "The last day of grace lasts until midnight UTC.",
        _RULE,
        "a grant in the middle of a day, and its `deadline`",
        f"{_AT}grace_deadline",
        lambda real: lambda certificate: (real(certificate) + DAY).replace(hour=0, minute=0, second=0),
    ),
    Fault(
        "grace-one-day-more",
        "The day of the grant is not counted: grace is one day longer.",
        _RULE,
        "a grant and its `deadline`",
        f"{_AT}grace_deadline",
        lambda real: lambda certificate: real(certificate) + DAY,
    ),
    Fault(
        "grace-one-day-less",
        "The day of the grant is counted: grace is one day shorter.",
        _RULE,
        "a grant and its `deadline`",
        f"{_AT}grace_deadline",
        lambda real: lambda certificate: real(certificate) - DAY,
    ),
    Fault(
        "grace-always-30",
        "Grace is 30 days, whatever the license says.",
        _RULE,
        "a license of another grace, and its `deadline`",
        f"{_AT}grace_deadline",
        lambda real: lambda certificate: real(_granting(certificate, 30)),
    ),
    Fault(
        "grace-zero-is-30",
        "A grace of 0 days counts as one that nobody has said: 30 days.",
        _RULE,
        "a license with `grace: 0`, launched without contact",
        f"{_AT}grace_deadline",
        lambda real: lambda certificate: real(_granting(certificate, certificate.license.grace_days or 30)),
    ),
    Fault(
        "days-left-rounded-down",
        "Days left are rounded down.",
        _RULE,
        "a launch some hours after a whole day since the grant, and its `days_left`",
        f"{_AT}days_left",
        lambda real: lambda now, last: max(0, (last - now) // DAY),
    ),
    Fault(
        "days-left-rounded-to-the-nearest",
        "Days left are rounded to the nearest whole day.",
        _RULE,
        "a launch more than half a day after a whole day since the grant, and its `days_left`",
        f"{_AT}days_left",
        lambda real: lambda now, last: max(0, round((last - now) / DAY)),
    ),
    Fault(
        "days-left-one-more",
        "The day that has begun is counted as well: at the deadline itself one day is left.",
        _RULE,
        "a launch at the deadline to the minute, and its `days_left`",
        f"{_AT}days_left",
        lambda real: lambda now, last: (last - now) // DAY + 1,
    ),
    Fault(
        "days-left-by-the-clock",
        "Days left are counted from what the clock shows, not from license time.",
        _RULE,
        "a launch under a clock that is wrong and steady, and its `days_left`",
        "nexuslic.rules.decision:settle",
        lambda real: (
            lambda verdict, launch, *kept: real(
                attrs.evolve(verdict, license_time=verdict.license_time and launch.reading.wall), launch, *kept
            )
        ),
    ),
    Fault(
        "days-left-0-for-none",
        "Where there are no days left to tell, 0 is told.",
        _RULE,
        "a launch that does not run for its state, with `days_left: none`",
        "nexuslic.rules.decision:settle",
        lambda real: lambda *given: _counting(real(*given)),
    ),
    Fault(
        "days-left-in-every-state",
        "Days left and deadline are told in Expired, Invalid-Binding and Unlicensed as well.",
        _RULE,
        "a launch that does not run for its state, with `days_left: none`",
        "nexuslic.rules.decision:settle",
        lambda real: lambda verdict, launch, *kept: _with_days(real(verdict, launch, *kept), launch),
    ),
    Fault(
        "term-excluded",
        "At the end of term itself the application does not run any more.",
        _RULE,
        "a launch at the end of term to the minute that runs",
        f"{_AT}past_term",
        lambda real: lambda certificate, now: real(certificate, now + timedelta(seconds=1)),
    ),
    Fault(
        "term-forgotten-at-sea",
        "Without contact nobody looks at the end of term.",
        _RULE,
        "a term that ends at sea before grace does",
        f"{_AT}past_term",
        lambda real: lambda certificate, now: False,
    ),
    Fault(
        "term-not-in-the-deadline",
        "The deadline is that of grace, also where the term ends before.",
        _RULE,
        "a term that ends before grace does, and the `deadline`",
        f"{_AT}deadline",
        lambda real: lambda certificate: real(_endless(certificate)),
    ),
    Fault(
        "term-lengthens-grace",
        "The end of term takes the deadline's place also where it is later.",
        _RULE,
        "a term that ends after grace does, and the `deadline`",
        f"{_AT}deadline",
        lambda real: lambda certificate: certificate.license.ends or real(certificate),
    ),
    Fault(
        "carried-extension-dropped",
        "The extension that a certificate carries is not added to its grace.",
        _RULE,
        "an extension before a contact, and the `deadline` after it",
        f"{_AT}grace_deadline",
        lambda real: lambda certificate: real(attrs.evolve(certificate, extra_days=0)),
    ),
    Fault(
        "expired-for-good",
        "A contact does not heal a license whose grace is used up.",
        _RULE,
        "a launch with contact after the deadline that runs",
        "nexuslic.rules.decision:move",
        lambda real: (
            lambda state, event, facts: (
                (state, ()) if (state, event) == (State.EXPIRED, Event.CONFIRM) else real(state, event, facts)
            )
        ),
    ),
    Fault(
        "expired-until-contact",
        "Once Expired, a license stays so without contact, also when a wrong clock was set right.",
        "License time",
        "a clock that jumps ahead and is set right, and a launch that runs again",
        "nexuslic.rules.decision:move",
        lambda real: (
            lambda state, event, facts: (
                (state, ()) if (state, event) == (State.EXPIRED, Event.LOSE_CONTACT) else real(state, event, facts)
            )
        ),
    ),
    Fault(
        "authenticated-at-sea",
        "A launch without contact leaves the state Authenticated as it was.",
        "Events",
        "a launch without contact that is in Grace",
        "nexuslic.rules.decision:move",
        lambda real: (
            lambda state, event, facts: (
                (state, ())
                if (state, event) == (State.AUTHENTICATED, Event.LOSE_CONTACT)
                else real(state, event, facts)
            )
        ),
    ),
    Fault(
        "warning-of-1-days",
        "The last day is warned of as `1 days`.",
        _RULE,
        "a launch with one day left, and its warning",
        f"{_AT}warning",
        lambda real: lambda left, warn_from: (text := real(left, warn_from)) and text.replace("1 day ", "1 days "),
    ),
    Fault(
        "warning-in-other-words",
        "The warning is not in the product's own words.",
        _RULE,
        "a launch in Grace, and its warning",
        f"{_AT}warning",
        lambda real: lambda left, warn_from: real(left, warn_from) and f"Grace: {left} days",
    ),
    Fault(
        "warning-never",
        "A launch in Grace does not warn.",
        _RULE,
        "a launch in Grace, and its warning",
        f"{_AT}warning",
        lambda real: lambda left, warn_from: None,
    ),
    Fault(
        "warning-one-day-late",
        "With `warn_from: 7` the warning begins when 6 days are left.",
        _RULE,
        "a policy `warn_from`, and a launch when just so many days are left",
        f"{_AT}warning",
        lambda real: lambda left, warn_from: real(left, None if warn_from is None else warn_from - 1),
    ),
    Fault(
        "warn-from-ignored",
        "The policy `warn_from` keeps no warning silent.",
        _RULE,
        "a policy `warn_from`, and a launch with more days left, which warns of nothing",
        f"{_AT}warning",
        lambda real: lambda left, warn_from: real(left, None),
    ),
    Fault(
        "warning-when-confirmed",
        "A launch with contact warns of its grace as well.",
        _RULE,
        "a launch with contact and `warns: none`",
        "nexuslic.rules.decision:_warnings",
        lambda real: lambda verdict, left, policy: real(attrs.evolve(verdict, state=State.GRACE), left, policy),
    ),
)
