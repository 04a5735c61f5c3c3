"""The license half of a launch before it asks anyone: record, version and binding, as `rules.decision` sees them."""

import attrs

from nexuslic.adapters.machines import is_loopback
from nexuslic.doctor.aliases import Machines, Server
from nexuslic.doctor.findings import Finding, Level, Step, good, not_reached
from nexuslic.rules import grace
from nexuslic.rules.binding import Binding, fold
from nexuslic.rules.decision import Launch, Ready, Verdict
from nexuslic.rules.explain import REFUSALS, utc
from nexuslic.rules.record import Record
from nexuslic.rules.words import Reason

_MOST_NAMES = 4


@attrs.frozen
class Standing:
    """What a launch knows and what came of it; `calls_itself` is the database server's own name ("" for none)."""

    before: Launch
    step: Verdict | Ready
    machines: Machines
    workstation: str
    calls_itself: str
    has_server: bool

    def findings(self) -> tuple[Finding, ...]:
        """Record, version, binding."""
        record = self.before.record
        if record is None:
            reason = Reason.DAMAGED if self.before.damaged else Reason.UNLICENSED
            return self._no_record(reason), not_reached(Step.VERSION), self._names()
        return self._record(record), self._version(record), self._binding(record)

    # -- record and version -------------------------------------------------------------------------------------------

    def _no_record(self, reason: Reason) -> Finding:
        if reason is Reason.UNLICENSED:
            return refused(Step.RECORD, "none: no license was authenticated in this database", reason)
        text = "there is one, which the keys of the vendor bundle do not open"
        cure = "Use the vendor bundle that came with this application; an older or a foreign one knows other keys."
        found = refused(Step.RECORD, text, reason)
        return attrs.evolve(found, cures=(cure, *found.cures))

    def _record(self, record: Record) -> Finding:
        certificate = record.certificate
        told = [f"{record.state}", f"last grant {utc(certificate.granted_at)}"]
        told.append(f"grace lasts until {utc(grace.deadline(certificate))}")
        if record.refused is not None:
            told.append(f"the license server has refused it since ({record.refused})")
        return good(Step.RECORD, ", ".join(told))

    def _version(self, record: Record) -> Finding:
        least, has = record.certificate.license.minimum_version, self.before.version
        if self._reason is Reason.VERSION:
            return refused(Step.VERSION, f"{has}, and the license is for {least} or newer", Reason.VERSION)
        return good(Step.VERSION, f"{has}; the license is for {f'{least} or newer' if any(least.numbers) else 'any'}")

    @property
    def _reason(self) -> Reason | None:
        return self.step.reason if isinstance(self.step, Verdict) else None

    # -- binding ------------------------------------------------------------------------------------------------------

    def _names(self) -> Finding:
        return good(Step.BINDING, f"{self.before.binding}{self._itself()}")

    def _binding(self, record: Record) -> Finding:
        recorded, connected = record.certificate.binding, self.before.binding
        if self._reason is Reason.VERSION:
            return not_reached(Step.BINDING)
        if self._reason is Reason.SUPERSEDED:
            return refused(Step.BINDING, f"{connected}; the key was authenticated elsewhere since", Reason.SUPERSEDED)
        if self._reason is Reason.BINDING:
            text = f"this connection is {connected}, the license was authenticated as {recorded}{self._itself()}"
            found = refused(Step.BINDING, text, Reason.BINDING)
            return attrs.evolve(found, cures=self._settling(recorded, connected))
        return good(Step.BINDING, f"{connected}, as recorded{self._itself()}{self._others(connected)}")

    def _itself(self) -> str:
        if not self.has_server or not self.calls_itself or self._is_spelled_so:
            return ""
        return f"; the server calls itself {self.calls_itself}"

    @property
    def _is_spelled_so(self) -> bool:
        return fold(Server.of(self.before.binding.server).host) == fold(self.calls_itself)

    def _others(self, connected: Binding) -> str:
        others = self.machines.others(connected.server) if self.has_server else ()
        shown = [name for name in others if not is_loopback(name)][:_MOST_NAMES]
        if not shown:
            return ""
        means = "means" if len(shown) == 1 else "mean"
        return f"; {', '.join(shown)} {means} the same machine, and would be another binding"

    def _settling(self, recorded: Binding, connected: Binding) -> tuple[str, ...]:
        """How to settle it: which spelling on which machine, where both mean one database, else what else it is."""
        again = "Or authenticate again here with the license key: then every other workstation has to spell it so."
        if self._is_one_database(recorded, connected):
            spell = f"write the server as {recorded.server.strip()!r} and the database as {recorded.database.strip()!r}"
            return (
                f"{connected.server.strip()} and {recorded.server.strip()} are one machine. On {self.workstation}, "
                f"{spell}, as the workstations do that run: no day is lost.",
                again,
            )
        return (
            f"If this database was restored, moved or renamed: authenticate again here with the license key, online or "
            f"by a renewal code. Workstations that still connect to {recorded} need the new names too.",
            f"If it was not: on {self.workstation}, connect to {recorded}.",
        )

    def _is_one_database(self, recorded: Binding, connected: Binding) -> bool:
        if not self.has_server or fold(recorded.database) != fold(connected.database):
            return False
        return self.machines.same(recorded.server, connected.server)


def refused(step: Step, text: str, reason: Reason) -> Finding:
    """A step at which the rules refuse, with what they say to a person."""
    why, cure = REFUSALS[reason]
    return Finding(step, Level.BAD, text, None, reason, why[:1].lower() + why[1:].rstrip("."), (cure,))
