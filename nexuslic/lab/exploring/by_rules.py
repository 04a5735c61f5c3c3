"""One decision by the real rules: small values become the records, marks and readings that they stand for, and back.

Nothing is sealed, signed or sent: `issuing` says what the license server would answer, `rules` what that comes to. A
session accounts for its time as `nexuslic.session` does; a test sails both.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from nexuslic.issuing import grant
from nexuslic.issuing.registry import Bound, Issued
from nexuslic.lab.exploring.values import EXTRA, Answer, How, Look, Mark, Outcome, Place, Record, Server, ago, looks
from nexuslic.lab.policies import LabPolicy
from nexuslic.rules import decision, license_time, record
from nexuslic.rules.binding import Binding, under_policy
from nexuslic.rules.decision import Keep, Kept, Launch, Verdict
from nexuslic.rules.instants import later
from nexuslic.rules.license import Certificate, Extension, License, LicenseKey, Version
from nexuslic.rules.license_time import Reading
from nexuslic.rules.machine import Row
from nexuslic.rules.record import Contact, Denied, Granted, NoContact
from nexuslic.rules.words import Cause, LicenseType, Reason
from nexuslic.trust.wire import Ask, Request

NOW: Final = datetime(2026, 3, 2, tzinfo=UTC)
"""The instant that stands for now."""
SECOND: Final = timedelta(seconds=1)
KEY: Final = LicenseKey.from_number(123456789012)
VERSION: Final = Version.parse("6.10")

_IDENTITIES = {Place.HERE: "server-1", Place.ALIAS: "server-1", Place.THERE: "server-2"}
_ASKED: Final = "asked just now"


def _at(seconds: int) -> datetime:
    return NOW + seconds * SECOND


def _seconds(at: datetime) -> int:
    return (at - NOW) // SECOND


class ByRules:
    """Decides by the product's own rules; `rows` are those of the table that have fired so far."""

    def __init__(self, policy: LabPolicy) -> None:
        self.policy = policy.rules
        self.terms = License("explored", LicenseType.NAMED, 1, policy.grace, Version.parse("6.2"), None)
        self.rows: set[Row] = set()
        self.bindings = {place: self._binding(place) for place in Place}
        self._records: dict[Record, record.Record] = {}
        self._issues: dict[Server, Issued] = {}
        self._bounds: dict[tuple[Server, Place], Place | None] = {}

    # -- values in and out ------------------------------------------------------------------------------------------

    def _binding(self, place: Place) -> Binding:
        return under_policy(Binding(place.value, "nexus", _IDENTITIES[place]), self.policy.binding)

    def _record(self, small: Record) -> record.Record:
        found = self._records.get(small)
        if found is None:
            found = self._records[small] = self._made(small)
        return found

    def _made(self, small: Record) -> record.Record:
        granted = _at(small.granted)
        certificate = Certificate(KEY, self.terms, self.bindings[small.bound], granted, str(small.granted), small.extra)
        ledger = license_time.Ledger(_at(small.seen), _at(small.read))
        return record.Record(str(small.id), certificate, "", small.state, small.refused, ledger, None)

    def _small(self, one: record.Record) -> Record:
        certificate, ledger = one.certificate, one.ledger
        return Record(
            int(one.id),
            Place(certificate.binding.server),
            _seconds(certificate.granted_at),
            certificate.extra_days,
            one.state,
            one.refused,
            _seconds(ledger.license_time),
            _seconds(ledger.last_reading),
        )

    def _mark(self, small: Mark | None) -> license_time.Mark | None:
        if small is None:
            return None
        return license_time.Mark(
            str(small.id), _at(small.granted), _at(small.seen), small.mismatched, str(small.granted)
        )

    def _small_mark(self, one: license_time.Mark) -> Mark:
        return Mark(int(one.record_id), _seconds(one.granted_at), _seconds(one.license_time), one.mismatched)

    def _launch(self, look: Look) -> Launch:
        small = look.base.record
        there = None if small is None else self._record(small)
        binding, reading = self.bindings[look.place], Reading(_at(look.wall), timedelta(0))
        return Launch(there, look.base.damaged, binding, VERSION, reading, self._mark(look.mark), self.policy)

    def _issued(self, server: Server) -> Issued:
        found = self._issues.get(server)
        if found is None:
            found = self._issues[server] = self._issue(server)
        return found

    def _issue(self, server: Server) -> Issued:
        history = () if server.bound is None else (Bound(self.bindings[server.bound], NOW),)
        extension = None if server.until is None else Extension(EXTRA, _at(server.until))
        return Issued(KEY, self.terms, extension, server.suspended, server.revoked, history)

    def _answer(self, said: decision.Decision) -> Answer:
        assert said.state is not None
        deadline = None if said.deadline is None else _seconds(said.deadline)
        warned = any("set back" in text for text in said.warnings)
        return Answer(said.state, said.runs, said.reason, said.cause, said.days_left, deadline, warned)

    # -- decisions --------------------------------------------------------------------------------------------------

    def contact(self, look: Look, ask: Ask) -> Contact:
        """What one attempt to reach the license server ends as."""
        if look.how is not How.ONLINE:
            return NoContact(Cause.OFFLINE if look.how is How.OFFLINE else Cause.UNTRUSTED_REPLY)
        request = Request(ask, KEY, self.bindings[look.place], VERSION, "0")
        return self.reply(look.server, request)

    def reply(self, server: Server, request: Request) -> Contact:
        """What the license server answers."""
        issued = self._issued(server)
        reason = grant.denial(issued, request, NOW)
        return Denied(reason) if reason is not None else Granted(grant.certificate(issued, request, NOW), "")

    def _decided(self, look: Look) -> tuple[Launch, Verdict]:
        before = self._launch(look)
        step = decision.before_contact(before)
        verdict = step if isinstance(step, Verdict) else decision.after_contact(step, self.contact(look, Ask.CONFIRM))
        if look.guest and verdict.runs:
            verdict = decision.refuse(verdict, before, Reason.USER)
        self.rows.update(verdict.path)
        return before, verdict

    def launch(self, look: Look) -> Outcome:
        """One launch, closed again at once."""
        before, verdict = self._decided(look)
        return Outcome(self._said(before, verdict), self._kept(look, verdict), self._marked(look, verdict))

    def _said(self, before: Launch, verdict: Verdict) -> Answer:
        return self._answer(decision.settle(verdict, before, Kept(stored=verdict.keep is not Keep.NOTHING)))

    def _kept(self, look: Look, verdict: Verdict) -> Record | None:
        if verdict.keep is Keep.SAVE and verdict.record is not None:
            return self._small(verdict.record)
        return None if verdict.keep is Keep.REMOVE else look.base.record

    def _marked(self, look: Look, verdict: Verdict) -> Mark | None:
        return look.mark if verdict.mark is None else self._small_mark(verdict.mark)

    def authenticate(self, look: Look, new: int) -> Outcome:
        """The user enters the key; a grant makes the record `new`. By code it is the same, with support asked."""
        before = self._launch(look)
        answer = self.contact(look, Ask.AUTHENTICATE)
        if isinstance(answer, Granted):
            there, mark, said = decision.authenticated(before, answer, str(new))
            self.rows.update(said.path)
            return Outcome(self._answer(said), self._small(there), self._small_mark(mark), self._bound(look))
        reason = answer.reason if isinstance(answer, Denied) else None
        cause = answer.cause if isinstance(answer, NoContact) else None
        said = decision.not_authenticated(before, reason, cause)
        return Outcome(self._answer(said), look.base.record, look.mark)

    def _bound(self, look: Look) -> Place | None:
        """Where the key is bound from then on."""
        known = self._bounds.get((look.server, look.place))
        if known is None:
            request = Request(Ask.AUTHENTICATE, KEY, self.bindings[look.place], VERSION, _ASKED)
            bound = grant.bind(self._issued(look.server), request, NOW).binding
            known = self._bounds[look.server, look.place] = None if bound is None else Place(bound.server)
        return known

    def work(self, look: Look, change: int) -> Outcome:
        """A launch whose session runs for `TICK`; the clock is moved by `change` half-way. Told as of its end."""
        before, verdict = self._decided(look)
        said, there, mark = self._said(before, verdict), verdict.record, verdict.mark
        kept, marked = self._kept(look, verdict), self._marked(look, verdict)
        if verdict.runs and there is not None and mark is not None:
            base = there.ledger.license_time
            for running, moved in looks(change):
                wall = look.wall + running + moved
                there, mark = self._account(there, mark, wall, later(base, running * SECOND))
            kept, marked = self._small(there), self._small_mark(mark)
        return Outcome(said, *ago(kept, marked))

    def _account(
        self, there: record.Record, mark: license_time.Mark, wall: int, least: datetime
    ) -> tuple[record.Record, license_time.Mark]:
        """What a session stores at one look at the clock, as `nexuslic.session` does."""
        certificate = there.certificate
        ledger = license_time.observe(there.ledger, _at(wall), self.policy).ledger
        ledger = license_time.heed_mark(ledger, mark, there.id, certificate.granted_at, certificate.nonce)
        ledger = license_time.at_least(ledger, least)
        grown = decision.next_mark(mark, there, ledger.license_time, mismatched=mark.mismatched)
        return attrs.evolve(there, ledger=ledger), grown
