"""Faults of keeping: what is stored of a launch, what is not, and what is said of it."""

import attrs

from nexuslic.keeping import Outcome, Stored
from nexuslic.rules.decision import Keep, Verdict
from nexuslic.rules.words import Reason, State
from nexuslic.scenario.decoration.fault import Fault

_RULE = "A launch"
_STORE = "nexuslic.keeping:_store"
_REFUSE = "nexuslic.rules.decision:refuse"


def _if_running(verdict: Verdict) -> Verdict:
    """The verdict, with nothing stored of a launch that is refused."""
    return verdict if verdict.runs else attrs.evolve(verdict, keep=Keep.NOTHING)


def _expired(verdict: Verdict) -> Verdict:
    """The verdict of a refused user, with the state changed for everybody."""
    record = verdict.record
    kept = None if record is None else record.moved(State.EXPIRED, record.refused)
    return attrs.evolve(verdict, state=State.EXPIRED, record=kept)


def _refused(outcome: Outcome) -> Outcome:
    """A launch that could not be stored, refused for it."""
    if outcome.stored is not Stored.FAILED:
        return outcome
    return attrs.evolve(outcome, verdict=attrs.evolve(outcome.verdict, reason=Reason.DATABASE))


FAULTS = (
    Fault(
        "nothing-stored",
        "No launch stores its record.",
        _RULE,
        "a launch with contact, and the `deadline` of one without",
        _STORE,
        lambda real: lambda client, verdict, blob: Stored.NOTHING,
    ),
    Fault(
        "refusal-not-stored",
        "A launch that is refused stores nothing, also where the license server said why.",
        _RULE,
        "a license that is suspended in contact, and a launch at sea",
        _STORE,
        lambda real: lambda client, verdict, blob: real(client, _if_running(verdict), blob),
    ),
    Fault(
        "strangers-grant-lost",
        "A grant that a refused user brings is not stored.",
        _RULE,
        "a user who is refused in contact, and a launch at sea",
        _REFUSE,
        lambda real: lambda *given: attrs.evolve(real(*given), keep=Keep.NOTHING),
    ),
    Fault(
        "refused-user-expires",
        "A launch that is refused for its user or a seat makes the license Expired.",
        _RULE,
        "a launch that is refused for seats, and the state",
        _REFUSE,
        lambda real: lambda *given: _expired(real(*given)),
    ),
    Fault(
        "seats-told-as-users",
        "A launch that is refused for seats says that it is the user who is refused.",
        _RULE,
        "a launch that is refused for seats, and the reason",
        _REFUSE,
        lambda real: lambda verdict, launch, reason: real(verdict, launch, Reason.USER),
    ),
    Fault(
        "unstored-is-refused",
        "A launch that cannot be stored is refused.",
        _RULE,
        "a database that is read-only, and a launch that runs",
        "nexuslic.keeping:keep",
        lambda real: lambda *given: _refused(real(*given)),
    ),
    Fault(
        "unstored-is-untold",
        "A launch that cannot be stored says that it was.",
        _RULE,
        "a database that is read-only, and `stored: no`",
        _STORE,
        lambda real: lambda *given: Stored.DONE if (done := real(*given)) is Stored.FAILED else done,
    ),
    Fault(
        "stored-is-untold",
        "A launch that was stored says that it was not.",
        _RULE,
        "a launch with `stored: yes`",
        "nexuslic.rules.decision:settle",
        lambda real: lambda *given: attrs.evolve(real(*given), stored=False),
    ),
    Fault(
        "stored-is-always-said",
        "Whatever comes of it, a launch says that it was stored.",
        _RULE,
        "a launch under a wrong name, or without a record, with `stored: no`",
        "nexuslic.rules.decision:settle",
        lambda real: lambda *given: attrs.evolve(real(*given), stored=True),
    ),
    Fault(
        "last-good-launch-not-kept",
        "The record does not remember the last launch that ran.",
        "Grace",
        "a refusal that names the last good launch",
        "nexuslic.rules.record:Record.ran",
        lambda real: lambda record, ledger, wall: real(record, ledger, record.last_good),
    ),
    Fault(
        "last-good-launch-is-this-one",
        "A refusal tells its own time as that of the last good launch.",
        "Grace",
        "a refusal some time after a launch that ran, and the last good launch that it names",
        "nexuslic.rules.decision:settle",
        lambda real: (
            lambda verdict, launch, *kept: attrs.evolve(
                real(verdict, launch, *kept), last_good=launch.record and launch.reading.wall
            )
        ),
    ),
)
