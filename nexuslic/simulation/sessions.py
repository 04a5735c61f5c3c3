"""The sessions that run on: each renews its seat and accounts for its time every 2 minutes, and closes in time.

Between two events of the story nothing changes but time, so the first and the last renewal of a session do what all
of them would. Two things are different: where more sessions run than there are seats (a grant brought fewer), each must
renew often enough not to lose its own; and where sessions of several clocks share a ledger, each renewal counts.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime

import attrs

from nexuslic import client as app
from nexuslic.client import Client, Session
from nexuslic.connection import stored_record
from nexuslic.errors import DatabaseUnreachable
from nexuslic.rules.policy import SEAT_RENEWAL, Policy
from nexuslic.rules.words import WhichClock
from nexuslic.simulation.time import TrueTime
from nexuslic.simulation.workstation import Workstation


@attrs.define(eq=False)
class Running:
    """One open session: since when, and until when (None: until it is closed or crashes)."""

    workstation: Workstation
    client: Client
    session: Session
    since: datetime
    until: datetime | None


@attrs.define(eq=False)
class Sessions:
    """All open sessions of a world, in the order in which they were opened."""

    true: TrueTime
    policy: Policy
    running: list[Running] = attrs.Factory(list)
    ended: list[str] = attrs.Factory(list)

    def add(self, workstation: Workstation, client: Client, session: Session, until: datetime | None) -> None:
        """A session was opened just now."""
        self.running.append(Running(workstation, client, session, self.true.now, until))

    def advance(self, to: datetime) -> None:
        """Time passes up to `to`; what is due before it happens, what is due at it waits for `settle`."""
        stride = self._stride()
        due: list[tuple[datetime, int, Running, bool]] = []
        for place, one in enumerate(self.running):
            last = to if one.until is None else min(to, one.until)
            due += [(at, place, one, False) for at in self._renewals(one, last, stride) if at < to]
            if one.until is not None and one.until < to:
                due.append((one.until, place, one, True))
        for at, _, one, closes in sorted(due, key=lambda item: (item[0], item[3], item[1])):
            self.true.now = at
            self._happen(one, closes)
        self.true.now = to

    def settle(self) -> None:
        """What is due at this very instant, after clocks and windows have changed."""
        now = self.true.now
        for one in list(self.running):
            if one.until is not None and one.until <= now:
                self._happen(one, True)
            elif now > one.since and (now - one.since) % SEAT_RENEWAL == now - now:
                self._happen(one, False)

    def _renewals(self, one: Running, to: datetime, stride: int | None) -> list[datetime]:
        """The renewals of one session up to `to`: the first, the last, and every `stride`-th between them."""
        first = (self.true.now - one.since) // SEAT_RENEWAL + 1
        last = -((one.since - to) // SEAT_RENEWAL) - 1
        if last < first:
            return []
        counts = {first, last} if stride is None else {*range(first, last, stride), last}
        return [one.since + SEAT_RENEWAL * count for count in sorted(counts)]

    def _stride(self) -> int | None:
        if self._many_clocks():
            return 1
        return max(1, self.policy.seat_timeout // SEAT_RENEWAL) if self._crowded() else None

    def _crowded(self) -> bool:
        """Whether more sessions run on some license than it has seats."""
        running: Counter[str] = Counter()
        seats: dict[str, int] = {}
        for one in self.running:
            with suppress(DatabaseUnreachable):
                record = stored_record(one.client)
                if record is not None:
                    running[record.id] += 1
                    seats[record.id] = record.certificate.license.seats
        return any(count > seats[record_id] for record_id, count in running.items())

    def _many_clocks(self) -> bool:
        errors = {one.workstation.clock.error for one in self.running}
        return self.policy.clock is WhichClock.WORKSTATION and len(errors) > 1

    def _happen(self, one: Running, closes: bool) -> None:
        if one not in self.running:
            return
        if closes:
            app.close(one.client, one.session)
            self.forget(one)
        elif not app.renew_seat(one.client, one.session):
            self.ended.append(one.workstation.name)
            self.forget(one)

    def forget(self, one: Running) -> None:
        """The session is over, whether it gave its seat back or not."""
        self.running.remove(one)
        one.workstation.end(one.session.id)

    def latest(self, workstation: Workstation) -> Running | None:
        """The session of a workstation that was opened last."""
        return next((one for one in reversed(self.running) if one.workstation is workstation), None)
