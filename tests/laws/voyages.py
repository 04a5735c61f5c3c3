"""A simulated world that is driven by plain actions, and the account that an outsider keeps of it.

An action is a tuple of plain values, so that a run can be written down, replayed, and sent to another process. The
account is kept from what was seen on the wire and from what the driver itself did, never from what the client says.
"""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import attrs

from nexuslic import client as app
from nexuslic.errors import DatabaseNotWritable, DatabaseUnreachable, InputError
from nexuslic.issuing import support
from nexuslic.rules.decision import NO_DATABASE
from nexuslic.rules.license import Extension, License, Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import Cause, LicenseType, WhichBinding, WhichClock
from nexuslic.simulation import damage
from nexuslic.simulation.database import Database, Trouble
from nexuslic.simulation.network import Tamper
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.vendor import bundle
from nexuslic.simulation.workstation import Workstation, application, permitted
from nexuslic.simulation.world import World
from nexuslic.trust import sealing

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
A_MOMENT = timedelta(seconds=1)
"""How long a person takes for a launch: no two grants are made in one second."""
DEFAULT_PLAN = {"type": "concurrent", "seats": 2, "grace": 30, "clock": "database", "binding": "spelling", "crew": 3}


@lru_cache(maxsize=4096)
def opened(blob):
    """The record in a blob, or None where it cannot be trusted or there is none."""
    try:
        return None if blob is None else sealing.unseal_record(blob, bundle().known).value
    except sealing.Damaged:
        return None


@attrs.frozen
class Account:
    """What an outsider knows of the license in one database; `number` counts the authentications."""

    number: int
    granted_at: datetime
    days: int
    ends: datetime | None
    seats: int
    concurrent: bool
    binding: tuple
    refused: str | None = None
    clean: bool = True
    left: int | None = None

    @property
    def deadline(self):
        return self.granted_at + self.days * DAY


@attrs.frozen
class Reply:
    """One reply as it came over the wire; `genuine` where nobody touched it."""

    genuine: bool
    grant: dict | None
    denial: str | None


@attrs.frozen
class Seen:
    """One action and what it did: the databases' records before and after, and what was said on the wire."""

    action: tuple
    before: dict
    after: dict
    accounts: dict
    heard: tuple
    decision: object = None
    workstation: object = None
    database: object = None

    @property
    def verb(self):
        return self.action[0]

    @property
    def launched(self):
        return self.verb in ("launch", "open") and self.decision is not None

    @property
    def granted(self):
        return any(reply.genuine and reply.grant is not None for reply in self.heard)

    @property
    def denied(self):
        return next((reply.denial for reply in self.heard if reply.genuine and reply.denial), None)

    @property
    def account(self):
        """The account of the database before the action."""
        return self.accounts.get(self.database)


@attrs.define(eq=False)
class WatchedDatabase(Database):
    """A database that tells what is written to it."""

    told: object = None

    def write(self, contents):
        before = self.contents
        Database.write(self, contents)
        self.told(self, before, contents)


@attrs.define(eq=False)
class WatchedWorld(World):
    """A world whose ports can be wrapped and whose databases tell what is written."""

    told: object = None
    wrap: object = None

    def add_database(self, server, name):
        database = WatchedDatabase(name, server, told=self.told)
        server.databases.append(database)
        return database

    def client(self, workstation, user=None):
        client = World.client(self, workstation, user)
        return client if self.wrap is None else attrs.evolve(client, ports=self.wrap(client.ports))


def fold(name):
    return name.strip().lower()


class Voyage:
    """One world, driven action by action; `laws` look at each."""

    def __init__(self, plan=DEFAULT_PLAN, laws=(), wrap=None):
        self.plan = {**DEFAULT_PLAN, **plan}
        self.laws = laws
        self.extra_wrap = wrap
        self.heard = []
        self.grants = 0
        self.accounts = {}
        self.marks = {}
        self.backups = []
        self.broken = set()
        self.acting = None
        self.seen = None
        self.trace = []
        self._build()

    def _build(self):
        plan = self.plan
        kind = LicenseType(plan["type"])
        ends = None if plan.get("ends") is None else START + plan["ends"] * DAY
        terms = License("Example Survey", kind, plan["seats"], plan["grace"], Version.parse("6.2"), ends)
        policy = Policy(clock=WhichClock(plan["clock"]), binding=WhichBinding(plan["binding"]))
        self.world = WatchedWorld.begin(START, terms, None, policy)
        self.world.told, self.world.wrap = self._written, self._wrapped
        server = self.world.add_server("DB1", ("db1.example",))
        self.world.add_database(server, "nexus")
        self.world.add_server("DB2")
        self.crew = [f"ws{n}" for n in range(plan["crew"])]
        for name in self.crew:
            version, offers = application("6.10")
            self.world.workstations[name] = Workstation(
                name, name, self.world.clock(), "DB1", "nexus", version, offers, permitted("linux"), "DB1"
            )

    def _wrapped(self, ports):
        voyage, inner = self, ports.connectivity

        class Wire:
            def exchange(self, request):
                reply = inner.exchange(request)
                voyage.heard.append(_reply(reply, voyage.world.vendor.last_reply))
                return reply

        ports = attrs.evolve(ports, connectivity=Wire())
        return ports if self.extra_wrap is None else self.extra_wrap(ports)

    def _written(self, database, before, after):
        for law in self.laws:
            if hasattr(law, "written"):
                law.written(self, database, before, after)

    # -- one action -----------------------------------------------------------------------------------------------

    def records(self):
        """The record of every database, as bytes."""
        return {base: base.contents.record for server in self.world.servers for base in server.databases}

    def workstation(self, number):
        return self.world.workstations[self.crew[number % len(self.crew)]]

    def database_of(self, workstation):
        try:
            return self.world.database_of(workstation)
        except DatabaseUnreachable:
            return None

    def main(self):
        """The database that most workstations use, or None."""
        try:
            return self.world.database
        except InputError:
            return None

    def act(self, action):
        """Do one action, keep the account, and let the laws look."""
        before, accounts = self.records(), dict(self.accounts)
        self.heard, self.acting = [], action
        asks = action[0] in ("launch", "open", "authenticate", "code", "wait_deadline")
        workstation = self.workstation(action[1]) if asks else None
        database = None if workstation is None else self.database_of(workstation)
        decision = getattr(self, "do_" + action[0])(*action[1:])
        self.seen = Seen(action, before, self.records(), accounts, tuple(self.heard), decision, workstation, database)
        if decision is not None:
            self._account(self.seen)
        for law in self.laws:
            law(self, self.seen)
        if decision is not None:
            self._remember(self.seen)
            self.world.sessions.advance(self.world.true.now + A_MOMENT)
        return decision

    def writable(self, database):
        return database is not None and not database.stopped and not database.troubles

    def _account(self, seen):
        database = seen.database
        if not self.writable(database):
            return
        old = self.accounts.get(database)
        if seen.granted or (seen.verb == "code" and seen.decision.stored):
            fresh = seen.verb in ("authenticate", "code") or old is None
            self.grants += fresh
            heard = [reply.grant for reply in seen.heard if reply.grant is not None]
            grant = heard[-1] if seen.verb != "code" else self._answered()
            self.accounts[database] = _account(self.grants if fresh else old.number, grant)
            self.broken.discard(database)
        elif seen.launched and seen.denied in ("suspended", "term", "superseded"):
            self.accounts[database] = attrs.evolve(old, refused=seen.denied)
        elif seen.launched and seen.denied in ("revoked", "unknown"):
            self.accounts.pop(database, None)

    def _answered(self):
        """What a code carries that support answered at this instant."""
        issued, now = self.world.vendor.registry.find(KEY), self.world.vendor.clock.wall
        extra = issued.extension.days if issued.extension and now <= issued.extension.until else 0
        terms = issued.license
        ends = None if terms.ends is None else terms.ends.isoformat()
        license = {"grace_days": terms.grace_days, "seats": terms.seats, "type": terms.type.value, "ends": ends}
        binding = attrs.asdict(issued.binding)
        return {"granted_at": now.isoformat(), "license": license, "extra_days": extra, "binding": binding}

    def _remember(self, seen):
        """What the next launches are measured against: the days left and license time of one that ran."""
        account = self.accounts.get(seen.database)
        if account is None or not seen.launched or not seen.decision.runs or seen.decision.license_time is None:
            return
        if seen.decision.stored:
            self.accounts[seen.database] = attrs.evolve(account, left=seen.decision.days_left)
        grant = max(g for g in (account.granted_at, seen.decision.last_grant))
        self.marks[seen.workstation.name, account.number] = (grant, seen.decision.license_time)

    def same_names(self, workstation, account):
        """Whether a workstation's names are the account's, compared by the driver's own eyes."""
        server, name, identity = account.binding
        if self.plan["binding"] == "identity":
            mine = self.world.server_of(workstation).identity == identity
        else:
            mine = fold(workstation.connects_to) == fold(server)
        return mine and fold(workstation.database) == fold(name)

    def granted_when(self, record):
        """The true time at which the license server made a record's grant."""
        return record.certificate.granted_at - self.world.vendor.clock.error

    def steady(self):
        """Whether all clocks have the same error now."""
        clocks = [one.clock for one in (*self.world.servers, *self.world.workstations.values())]
        return len({clock.error for clock in clocks}) == 1

    # -- time and clocks ------------------------------------------------------------------------------------------

    def do_wait(self, minutes):
        many = self.plan["clock"] == "workstation" and self.world.sessions.running
        self.wait(min(minutes, 90 if many else minutes) * MINUTE)

    def wait(self, span):
        self.world.sessions.advance(self.world.true.now + span)
        self.world.sessions.settle()

    def do_wait_deadline(self, number, seconds):
        """Wait until the account's deadline by the license server's clock, or a second off it."""
        account = self.accounts.get(self.database_of(self.workstation(number)))
        if account is None or (self.plan["clock"] == "workstation" and self.world.sessions.running):
            return
        last = account.deadline if account.ends is None else min(account.deadline, account.ends)
        span = last + timedelta(seconds=seconds) - self.world.vendor.clock.wall
        if timedelta(0) < span < 90 * DAY:
            self.wait(span)

    def do_set_clock(self, who, minutes):
        base = self.main()
        clock = self.workstation(who).clock if isinstance(who, int) else None if base is None else base.server.clock
        if clock is None:
            return
        clock.move(minutes * MINUTE)
        self._dirty()

    def do_right_clocks(self):
        for one in (*self.world.servers, *self.world.workstations.values()):
            one.clock.error = timedelta(0)
        self._dirty()

    def _dirty(self):
        self.accounts = {base: attrs.evolve(account, clean=False) for base, account in self.accounts.items()}
        self.backups = [
            (contents, account and attrs.evolve(account, clean=False), broken)
            for contents, account, broken in self.backups
        ]

    # -- the network ----------------------------------------------------------------------------------------------

    def do_online(self, number, on):
        self.workstation(number).network.windows = on

    def do_fault(self, number, cause):
        self.workstation(number).network.faults[:] = [] if cause == "none" else [Cause(cause)]

    def do_tamper(self, how):
        self.world.vendor.tampers[:] = [Tamper(how)]

    def do_service(self, what, on):
        base = self.main()
        if what == "vendor":
            self.world.vendor.running = bool(on)
        elif base is not None:
            base.stopped = not on

    def do_trouble(self, name):
        base = self.main()
        if base is not None:
            base.troubles[:] = [] if name == "none" else [Trouble(name)]

    # -- people ---------------------------------------------------------------------------------------------------

    def do_authenticate(self, number):
        return app.authenticate(self.world.client(self.workstation(number)), KEY.digits)

    def do_launch(self, number, user=""):
        return self.world.launch(self.workstation(number).name, user or None, stays=False).decision

    def do_open(self, number, minutes):
        until = self.world.true.now + minutes * MINUTE if minutes else None
        return self.world.launch(self.workstation(number).name, None, stays=True, until=until).decision

    def do_close(self, number):
        running = self.world.sessions.latest(self.workstation(number))
        if running is not None:
            app.close(running.client, running.session)
            self.world.sessions.forget(running)

    def do_crash(self, number):
        running = self.world.sessions.latest(self.workstation(number))
        if running is not None:
            self.world.sessions.forget(running)

    def do_code(self, number, how):
        try:
            return self.world.renew_by_code(self.workstation(number), how)
        except DatabaseUnreachable:
            return NO_DATABASE

    def do_assign(self, users):
        self._assign(add=users)

    def do_unassign(self, users):
        self._assign(remove=users)

    def _assign(self, **users):
        try:
            app.assign(self.world.client(self.workstation(0)), **{how: tuple(who) for how, who in users.items()})
        except (DatabaseUnreachable, DatabaseNotWritable):
            return

    def do_version(self, number, text):
        self.workstation(number).version = Version.parse(text)

    def do_dongle(self, number, on):
        self.workstation(number).nethasp = bool(on)

    # -- databases ------------------------------------------------------------------------------------------------

    def do_back_up(self):
        base = self.main()
        if base is not None:
            self.backups.append((base.contents, self.accounts.get(base), base in self.broken))

    def do_restore(self, which, onto, name, everyone):
        base = self.main()
        if base is None:
            return
        taken = (base.contents, self.accounts.get(base), base in self.broken)
        contents, account, broken = self.backups[which % len(self.backups)] if self.backups else taken
        self.world.restore(contents, onto, name, self.crew if everyone else self.crew[:1])
        target = self.world.server_called(onto) if onto else base.server
        restored = target.find(name or base.name)
        (self.broken.add if broken else self.broken.discard)(restored)
        self.accounts.pop(restored, None)
        if account is not None:
            self.accounts[restored] = account

    def do_rename_server(self, name):
        if self.main() is not None and self.world.server_called(name) is None:
            self.world.rename_server(name)

    def do_rename_database(self, name):
        base = self.main()
        if base is not None and base.server.find(name) is None:
            self.world.rename_database(name)

    def do_spell(self, number, server):
        self.world.connect(self.workstation(number), server)

    def do_damage(self, how):
        base = self.main()
        if base is None or base.contents.record is None or opened(base.contents.record) is None:
            return
        base.contents = attrs.evolve(base.contents, record=damage.damaged(base.contents.record, how, bundle()))
        self.broken.add(base)
        self.accounts.pop(base, None)

    # -- support --------------------------------------------------------------------------------------------------

    def do_support(self, what):
        getattr(support, what)(self.world.vendor.registry, KEY)

    def do_extend(self, days, until):
        extension = Extension(days, self.world.true.now + until * DAY)
        support.extend(self.world.vendor.registry, KEY, extension)

    def do_terms(self, field, value):
        value = Version.parse(value) if field == "minimum_version" else value
        if field == "ends":
            value = None if value is None else self.world.true.now + value * DAY
        support.change(self.world.vendor.registry, KEY, lambda kept: attrs.evolve(kept, **{field: value}))


def _reply(reply, real):
    if not isinstance(reply, bytes) or reply != real:
        return Reply(False, None, None)
    text = reply.split(b".")[1]
    body = json.loads(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)))
    return Reply(True, body.get("certificate"), body.get("denial", {}).get("reason"))


def _account(number, grant):
    terms, binding = grant["license"], grant["binding"]
    return Account(
        number,
        datetime.fromisoformat(grant["granted_at"]),
        terms["grace_days"] + grant["extra_days"],
        None if terms["ends"] is None else datetime.fromisoformat(terms["ends"]),
        terms["seats"],
        terms["type"] == "concurrent",
        (binding["server"], binding["database"], binding["identity"]),
    )


def traced(voyage, actions):
    """The trace of a run: each action, its decision, and every byte that is kept anywhere."""
    lines = []
    for action in actions:
        decision = voyage.act(tuple(action))
        world = voyage.world
        kept = [(base.name, base.contents) for server in world.servers for base in server.databases]
        marks = [(name, ws.marks.kept) for name, ws in world.workstations.items()]
        lines.append(repr((action, decision, kept, marks, world.vendor.registry.kept, world.sessions.ended)))
    return "\n".join(lines)
