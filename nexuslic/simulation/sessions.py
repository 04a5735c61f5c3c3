"""The sessions that run on: each renews its seat and accounts for its time every 2 minutes, and closes in time.

Between two events of the story nothing changes but time, so the first and the last renewal of a session do what all
of them would. Two things are different: where more sessions run than there are seats (a grant brought fewer), each must
renew often enough not to lose its own; and where sessions of several clocks share a ledger, each renewal counts.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime
from typing import Protocol

import attrs

from nexuslic import client as app
from nexuslic.client import Client, Session
from nexuslic.connection import stored_record
from nexuslic.errors import DatabaseUnreachable
from nexuslic.rules.policy import SEAT_RENEWAL, Policy
from nexuslic.rules.words import WhichClock
from nexuslic.simulation.time import TrueTime
from nexuslic.simulation.workstation import Workstation


class Running(Protocol):
    """One open session on a workstation: since when (UTC), and until when (None: until it is closed or crashes)."""

    workstation: Workstation
    since: datetime
    until: datetime | None

    def renew(self) -> bool:
        """Renew its seat and account for its time; False where the seat is gone and none is free."""
        ...

    def close(self) -> None:
        """End it: account for its time, and give its seat back."""
        ...

    def forget(self) -> None:
        """It is over, whether it gave its seat back or not."""
        ...

    def sits_on(self) -> tuple[str, int] | None:
        """The license that it runs on, and how many seats that has; None where it cannot be known."""
        ...


@attrs.define(eq=False)
class ClientSession:
    """A session of the real client over ports in memory."""

    workstation: Workstation
    client: Client
    session: Session
    since: datetime
    until: datetime | None

    def renew(self) -> bool:
        """Renew its seat."""
        return app.renew_seat(self.client, self.session)

    def close(self) -> None:
        """End it."""
        app.close(self.client, self.session)

    def forget(self) -> None:
        """The computer knows that it is over."""
        self.workstation.end(self.session.id)

    def sits_on(self) -> tuple[str, int] | None:
        """The record that its database holds, and the seats of that."""
        with suppress(DatabaseUnreachable):
            record = stored_record(self.client)
            if record is not None:
                return record.id, record.certificate.license.seats
        return None


@attrs.define(eq=False)
class Sessions:
    """All open sessions of a world, in the order in which they were opened."""

    true: TrueTime
    policy: Policy
    running: list[Running] = attrs.Factory(list)
    ended: list[str] = attrs.Factory(list)

    def add(self, one: Running) -> None:
        """A session was opened just now."""
        self.running.append(one)

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
        count = Counter(found for found in (one.sits_on() for one in self.running) if found is not None)
        return any(running > seats for (_, seats), running in count.items())

    def _many_clocks(self) -> bool:
        errors = {one.workstation.clock.error for one in self.running}
        return self.policy.clock is WhichClock.WORKSTATION and len(errors) > 1

    def _happen(self, one: Running, closes: bool) -> None:
        if one not in self.running:
            return
        if closes:
            one.close()
            self.forget(one)
        elif not one.renew():
            self.ended.append(one.workstation.name)
            self.forget(one)

    def forget(self, one: Running) -> None:
        """The session is over, whether it gave its seat back or not."""
        self.running.remove(one)
        one.forget()

    def latest(self, workstation: Workstation) -> Running | None:
        """The session of a workstation that was opened last."""
        return next((one for one in reversed(self.running) if one.workstation is workstation), None)
