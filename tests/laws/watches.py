"""The laws of rules.md, "Always true", each as something that looks at every action of a voyage.

Each keeps its own account of what must be true; none asks the client what it thinks. A failure names its law.
"""

from datetime import timedelta

from nexuslic.rules.words import LicenseType, Reason, State

DAY = timedelta(days=1)
SEAT_TIMEOUT = timedelta(minutes=10)
RENEWAL = timedelta(minutes=2)
ASIDE = (Reason.SEATS, Reason.USER, Reason.VERSION)


def days_up(span):
    """A time in days, rounded up, and never below none."""
    days = span // DAY
    return max(0, days if span == days * DAY else days + 1)


class Law1:
    """Binding unchanged, not denied, clock honest: every launch at most `grace` after the grant runs."""

    def __init__(self, opened):
        self.opened = opened

    def __call__(self, voyage, seen):
        account = seen.account
        if not seen.launched or account is None or not self.applies(voyage, seen, account):
            return
        since = voyage.world.vendor.clock.wall - account.granted_at
        if since <= account.days * DAY and (account.ends is None or since <= account.ends - account.granted_at):
            reason = seen.decision.reason
            assert seen.decision.runs or reason in ASIDE, f"law 1: refused ({reason}) {since} after the grant"

    def applies(self, voyage, seen, account):
        base = seen.database
        untouched = account.clean and voyage.steady() and base not in voyage.broken and not base.stopped
        return (
            untouched
            and account.refused is None
            and seen.denied is None
            and voyage.same_names(seen.workstation, account)
        )


class Law2:
    """No launch runs at license time later than last grant + grace (+ carried extension)."""

    def __init__(self, opened):
        self.opened = opened

    def __call__(self, voyage, seen):
        if not seen.launched or not seen.decision.runs or seen.workstation.nethasp:
            return
        if seen.granted:
            return
        account = seen.account
        assert account is not None, "law 2: it runs, and no grant is in this database"
        last = account.deadline if account.ends is None else min(account.deadline, account.ends)
        assert seen.decision.license_time <= last, f"law 2: it runs at {seen.decision.license_time}, after {last}"
        assert seen.decision.deadline == last, f"law 2: the deadline is {last}, not {seen.decision.deadline}"
        if account.clean and voyage.steady():
            now = voyage.world.vendor.clock.wall
            assert now <= last, f"law 2: it runs at {now} under an honest clock, after {last}"


class Law3:
    """No clock makes the stored license time shrink, or days left exceed those at the last launch, until a grant."""

    def __init__(self, opened):
        self.opened = opened

    def __call__(self, voyage, seen):
        if seen.verb != "restore":
            self.never_back(seen)
        if seen.launched and seen.decision.runs and not seen.granted and not seen.workstation.nethasp:
            self.no_day_gained(voyage, seen)

    def never_back(self, seen):
        for base, blob in seen.before.items():
            old, new = self.opened(blob), self.opened(seen.after[base])
            if old is None or new is None or old.certificate.nonce != new.certificate.nonce:
                continue
            was, is_now = old.ledger.license_time, new.ledger.license_time
            assert is_now >= was, f"law 3: stored license time went from {was} back to {is_now}"

    def no_day_gained(self, voyage, seen):
        account, left = seen.account, seen.decision.days_left
        if account.left is not None:
            assert left <= account.left, f"law 3: {left} days left, and {account.left} at the last launch that ran"
        grant, time = voyage.marks.get((seen.workstation.name, account.number), (None, None))
        if grant is not None and grant >= account.granted_at:
            now = seen.decision.license_time
            assert now >= time, f"law 3: this workstation saw {time}, and license time is {now}"


class Law4:
    """License time since the last grant >= the running time of any one session since then, as far as accounted."""

    def __init__(self, opened):
        self.opened = opened
        self.sessions = {}
        self.ended = 0

    def __call__(self, voyage, seen):
        running = {id(one): one for one in voyage.world.sessions.running}
        for key, one in running.items():
            if key not in self.sessions:
                self.begin(voyage, key, one, seen)
        if seen.verb in ("wait", "wait_deadline"):
            early = voyage.world.sessions.ended[self.ended :]
            for key, held in self.sessions.items():
                if key in running or held[0].workstation.name not in early:
                    self.look(voyage, held, ended=key not in running)
        self.ended = len(voyage.world.sessions.ended)
        self.sessions = {key: held for key, held in self.sessions.items() if key in running}

    def begin(self, voyage, key, one, seen):
        base = voyage.database_of(one.workstation)
        record = self.opened(voyage.records().get(base))
        since = voyage.world.true.now
        self.sessions[key] = [one, base, since, since, record and record.certificate.nonce]

    def look(self, voyage, held, ended):
        one, base, begun, since, nonce = held
        now = voyage.world.true.now
        renewed = begun + (now - begun - timedelta(microseconds=1)) // RENEWAL * RENEWAL  # one due right now is to come
        last = one.until if ended and one.until is not None else renewed
        if voyage.database_of(one.workstation) is not base or not voyage.writable(base) or last <= since:
            return
        record = self.opened(base.contents.record)
        if record is None:
            return
        if record.certificate.nonce != nonce:
            granted = voyage.granted_when(record)
            first = begun - (begun - granted) // RENEWAL * RENEWAL
            held[3:] = [max(since, first), record.certificate.nonce]
            return
        ran, counted = last - since, record.ledger.license_time - record.certificate.granted_at
        assert counted >= ran, f"law 4: a session ran for {ran} since the grant, and license time says {counted}"


class Law5:
    """An Invalid-Binding launch never runs, and no sequence of renames gains a day."""

    def __init__(self, opened):
        self.opened = opened

    def __call__(self, voyage, seen):
        account = seen.account
        if seen.launched and account is not None and seen.database is not None and not seen.workstation.nethasp:
            if not voyage.same_names(seen.workstation, account):
                self.foreign(seen)
            elif account.refused == "superseded":
                assert not seen.decision.runs, "law 5: superseded, and it runs without a new authentication"
        assert not (seen.decision and seen.decision.state is State.INVALID_BINDING and seen.decision.runs), "law 5"
        if seen.verb != "restore" and not seen.granted and seen.verb != "code":
            self.nothing_gained(seen)

    def foreign(self, seen):
        assert not seen.decision.runs, "law 5: it runs, although the names differ"
        assert not seen.heard, "law 5: a mismatch asked the license server"
        assert seen.after[seen.database] == seen.before[seen.database], "law 5: a mismatch wrote to the record"

    def nothing_gained(self, seen):
        for base, blob in seen.before.items():
            old, new = self.opened(blob), self.opened(seen.after[base])
            if old is None or new is None:
                continue
            was, is_now = self.left(old), self.left(new)
            assert is_now <= was, f"law 5: {is_now} to the deadline, and {was} before {seen.verb}"

    @staticmethod
    def left(record):
        grant = record.certificate
        return (grant.license.grace_days + grant.extra_days) * DAY + grant.granted_at - record.ledger.license_time


class Law7:
    """No seat is given while live seats >= seats; assigned users <= licenses."""

    def __init__(self, opened):
        self.opened = opened

    def __call__(self, voyage, seen):
        for base, blob in seen.after.items():
            record, users = self.opened(blob), base.contents.users
            named = record is not None and record.certificate.license.type is LicenseType.NAMED
            if named and voyage.accounts.get(base) is not None:
                licenses = voyage.accounts[base].seats
                assert len(users) <= licenses, f"law 7: {len(users)} users are assigned on {licenses} licenses"
        if seen.launched and seen.decision.reason is Reason.SEATS:
            seats = self.limit(voyage, seen.database, seen.account)
            held = self.others(seen.database, seen.database.contents.seats, seen.workstation)
            assert len(held) >= seats, f"law 7: refused, and {len(held)} of {seats} seats are live"

    def written(self, voyage, base, before, after):
        """A seat that was not live before this write is given: there must have been room."""
        now = base.server.clock.wall
        held = {seat.session for seat in before.seats if now - seat.renewed_at <= SEAT_TIMEOUT}
        seats = self.limit(voyage, base, voyage.accounts.get(base))
        for seat in after.seats:
            if seat not in before.seats and seat.session not in held:
                there = self.others(base, before.seats, voyage.world.workstations[seat.workstation])
                assert len(there) < seats, f"law 7: a seat was given while {len(there)} of {seats} were live"

    @staticmethod
    def others(base, seats, workstation):
        now = base.server.clock.wall
        mine = workstation.alive
        alive = [seat for seat in seats if now - seat.renewed_at <= SEAT_TIMEOUT]
        return [seat for seat in alive if seat.workstation != workstation.name or seat.session in mine]

    @staticmethod
    def limit(voyage, base, account):
        grants = [reply.grant for reply in voyage.heard if reply.genuine and reply.grant is not None]
        if grants and voyage.acting[0] in ("launch", "open"):
            return grants[-1]["license"]["seats"]
        return 0 if account is None else account.seats
