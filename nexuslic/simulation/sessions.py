"""The sessions that run on: each renews its seat and accounts for its time every 2 minutes, and closes in time.

Between two events of the story nothing changes but time, so a session that renews just often enough to keep its
seat, and once at the first and at the last moment, does what all its renewals would. Where sessions of several clocks
share a ledger that does not hold, and each renewal is done.
"""

from datetime import datetime

import attrs

from nexuslic import client as app
from nexuslic.client import Client, Session
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
        workstation.open.append(session)

    def advance(self, to: datetime) -> None:
        """Time passes up to `to`; what is due before it happens, what is due at it waits for `settle`."""
        due: list[tuple[datetime, int, Running, bool]] = []
        for place, one in enumerate(self.running):
            last = to if one.until is None else min(to, one.until)
            due += [(at, place, one, False) for at in self._renewals(one, last) if at < to]
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

    def _renewals(self, one: Running, to: datetime) -> list[datetime]:
        first = (self.true.now - one.since) // SEAT_RENEWAL + 1
        last = -((one.since - to) // SEAT_RENEWAL) - 1
        if last < first:
            return []
        stride = 1 if self._many_clocks() else max(1, self.policy.seat_timeout // SEAT_RENEWAL)
        return [one.since + SEAT_RENEWAL * count for count in sorted({*range(first, last, stride), last})]

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
        one.workstation.open.remove(one.session)

    def latest(self, workstation: Workstation) -> Running | None:
        """The session of a workstation that was opened last."""
        return next((one for one in reversed(self.running) if one.workstation is workstation), None)
