"""Faults of the binding: spelling, identity, a mismatch and its cure, and what has superseded what."""

import attrs

from nexuslic.rules.binding import Binding, fold
from nexuslic.rules.decision import Decision, Keep, Launch, Ready, Verdict
from nexuslic.rules.words import Reason, State
from nexuslic.scenario.decoration.fault import Fault

_RULE = "Binding"
_SAME = "nexuslic.rules.binding:same"
_BEFORE = "nexuslic.rules.decision:before_contact"
_LOCAL = (".", "(local)", "localhost", "127.0.0.1")


def _local_is_one(binding: Binding) -> Binding:
    """The binding with one word for all the ways in which a computer names itself."""
    return attrs.evolve(binding, server="." if fold(binding.server) in _LOCAL else binding.server)


def _host_only(binding: Binding) -> Binding:
    """The binding with the server's name up to its first dot."""
    return attrs.evolve(binding, server=binding.server.partition(".")[0] or binding.server)


def _as_typed(one: Binding, other: Binding) -> bool:
    return (one.server.strip(), one.database.strip()) == (other.server.strip(), other.database.strip())


def _unnoticed(launch: Launch) -> Launch:
    """The launch as if it were connected to what the record says."""
    if launch.record is None:
        return launch
    return attrs.evolve(launch, binding=launch.record.certificate.binding)


def _pardoned(launch: Launch) -> Launch:
    """The launch on a record that has forgotten that it was superseded."""
    if launch.record is None or launch.record.refused is not Reason.SUPERSEDED:
        return launch
    return attrs.evolve(launch, record=attrs.evolve(launch.record, refused=None, state=State.AUTHENTICATED))


def _stored(verdict: Verdict | Ready, launch: Launch) -> Verdict | Ready:
    """The verdict, with a mismatch of names written into the record."""
    if isinstance(verdict, Ready) or launch.record is None or verdict.reason is not Reason.BINDING:
        return verdict
    record = launch.record.moved(State.INVALID_BINDING, Reason.SUPERSEDED)
    return attrs.evolve(verdict, keep=Keep.SAVE, record=record, record_if_refused=record)


def _refreshed(step: Verdict | Ready, launch: Launch) -> Verdict | Ready:
    """The launch, with grace as at its grant where the names have just come back."""
    if isinstance(step, Verdict) or launch.mark is None or not launch.mark.mismatched:
        return step
    granted_at = step.record.certificate.granted_at
    ledger = attrs.evolve(step.seen.ledger, license_time=granted_at)
    return attrs.evolve(step, seen=attrs.evolve(step.seen, ledger=ledger))


def _exchanged(decision: Decision) -> Decision:
    return attrs.evolve(decision, recorded=decision.connected, connected=decision.recorded)


def _warning(decision: Decision, reason: Reason) -> Decision:
    """The decision, which lets the application run where this reason is told."""
    return attrs.evolve(decision, runs=decision.runs or decision.reason is reason)


def _suspicious(launch: Launch) -> Verdict | None:
    """Invalid-Binding where the workstation has seen a later license time than the record."""
    mark, record = launch.mark, launch.record
    if mark is None or record is None or mark.license_time <= record.ledger.license_time:
        return None
    return Verdict(State.INVALID_BINDING, Reason.BINDING)


def _forgotten(verdict: Verdict) -> Verdict:
    """The verdict, with nothing stored of a copy that is superseded."""
    return attrs.evolve(verdict, keep=Keep.NOTHING) if verdict.reason is Reason.SUPERSEDED else verdict


FAULTS = (
    Fault(
        "names-compared-with-their-case",
        "Names are compared with regard to case.",
        _RULE,
        "two clients that spell the server in upper and in lower case",
        _SAME,
        lambda real: lambda one, other: real(one, other) and bool(one.identity or _as_typed(one, other)),
    ),
    Fault(
        "server-compares-with-case",
        "The license server compares names with regard to case, the client without.",
        _RULE,
        "a launch with contact by a client that spells the server in another case",
        "nexuslic.issuing.grant:same",
        lambda real: lambda one, other: one == other,
    ),
    Fault(
        "localhost-is-a-dot",
        "All the ways in which a computer names itself pass for one server.",
        _RULE,
        "two clients on the server itself, one of which says `.` and the other `localhost`",
        _SAME,
        lambda real: lambda one, other: real(_local_is_one(one), _local_is_one(other)),
    ),
    Fault(
        "domain-left-out",
        "A server's name is compared up to its first dot.",
        _RULE,
        "two clients, one of which spells the server with its domain",
        _SAME,
        lambda real: lambda one, other: real(_host_only(one), _host_only(other)),
    ),
    Fault(
        "server-not-compared",
        "Only the database's name is compared.",
        _RULE,
        "a restore onto another server under the same name",
        _SAME,
        lambda real: lambda one, other: fold(one.database) == fold(other.database),
    ),
    Fault(
        "database-not-compared",
        "Only the server's name is compared.",
        _RULE,
        "a copy under another name on the same server",
        _SAME,
        lambda real: lambda one, other: real(one, attrs.evolve(other, database=one.database)),
    ),
    Fault(
        "identity-needs-no-database",
        "Under `binding: identity` the database's name does not count.",
        _RULE,
        "a policy `binding: identity`, and a database that is renamed",
        _SAME,
        lambda real: lambda one, other: one.identity == other.identity if one.identity else real(one, other),
    ),
    Fault(
        "identity-ignored",
        "The policy `binding: identity` compares the spelling.",
        _RULE,
        "a policy `binding: identity`, and a server that is renamed",
        "nexuslic.rules.binding:under_policy",
        lambda real: lambda binding, which: Binding(binding.server, binding.database),
    ),
    Fault(
        "identity-always",
        "The server's identity is compared also where the policy says the spelling.",
        _RULE,
        "a client that spells the server by another of its names",
        "nexuslic.rules.binding:under_policy",
        lambda real: lambda binding, which: binding,
    ),
    Fault(
        "mismatch-unnoticed",
        "A launch does not compare names at all.",
        _RULE,
        "a restore onto another server, and a launch without contact",
        _BEFORE,
        lambda real: lambda launch: real(_unnoticed(launch)),
    ),
    Fault(
        "mismatch-only-warns",
        "A mismatch of names is told, and the application runs.",
        "States",
        "a client that spells the server wrong, and a launch that does not run",
        "nexuslic.rules.decision:settle",
        lambda real: lambda *given: _warning(real(*given), Reason.BINDING),
    ),
    Fault(
        "superseded-only-warns",
        "An old copy of the database is told that it is superseded, and the application runs.",
        "States",
        "an old copy of the database that is launched in contact and does not run",
        "nexuslic.rules.decision:settle",
        lambda real: lambda *given: _warning(real(*given), Reason.SUPERSEDED),
    ),
    Fault(
        "older-backup-is-foreign",
        "A record that is older than the workstation's mark is taken for that of another database.",
        _RULE,
        "an older backup that is restored in its place, and a launch that runs",
        _BEFORE,
        lambda real: lambda launch: _suspicious(launch) or real(launch),
    ),
    Fault(
        "mismatch-stored",
        "A mismatch of names is written into the record, so going back to the names does not cure it.",
        _RULE,
        "a client that spells the server wrong for one launch, and then right",
        _BEFORE,
        lambda real: lambda launch: _stored(real(launch), launch),
    ),
    Fault(
        "match-starts-grace",
        "Going back to the names starts grace anew.",
        _RULE,
        "a client that spells the server wrong and then right at sea, and the `days_left`",
        _BEFORE,
        lambda real: lambda launch: _refreshed(real(launch), launch),
    ),
    Fault(
        "spellings-exchanged",
        "The message takes the connection's names for those of the record, and the other way round.",
        _RULE,
        "a mismatch, and the message with both spellings",
        "nexuslic.rules.decision:settle",
        lambda real: lambda *given: _exchanged(real(*given)),
    ),
    Fault(
        "superseded-forgotten",
        "That the license server has called this copy superseded is not remembered.",
        "Grace",
        "an old copy that was told in contact, and a launch of it at sea",
        "nexuslic.rules.decision:_denied",
        lambda real: lambda *given: _forgotten(real(*given)),
    ),
    Fault(
        "superseded-cured-by-a-launch",
        "A launch forgets that the license server has called this copy superseded.",
        _RULE,
        "an old copy that was told in contact, and a launch of it at sea",
        _BEFORE,
        lambda real: lambda launch: real(_pardoned(launch)),
    ),
)
