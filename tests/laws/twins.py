"""Two worlds in step, and worlds that die at a store."""

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from nexuslic.simulation.network import Tamper

TAMPERS = tuple(tamper.value for tamper in Tamper)
CAUSES = ("offline", "dns", "refused", "timeout", "tls-protocol", "tls-certificate", "proxy", "server-error")


def kept(voyage):
    """Every byte that is kept in a world, apart from the license server's."""
    world = voyage.world
    bases = [(base.name, base.contents) for server in world.servers for base in server.databases]
    return bases, [(name, workstation.marks.kept) for name, workstation in world.workstations.items()]


def twins_for(make_voyage, rules, plans, beginnings):
    """A machine of two worlds: what gets a bad reply in one has no contact in the other."""

    class Law6(RuleBasedStateMachine):
        @initialize(plan=plans, beginning=beginnings)
        def begin(self, plan, beginning):
            self.bad, self.alone = make_voyage(plan), make_voyage(plan)
            for action in beginning:
                self.both(action)

        def both(self, action):
            self.bad.act(action)
            self.alone.act(action)
            assert kept(self.bad) == kept(self.alone), f"law 6: {action[0]} after it went differently"

        @rule(
            who=st.integers(0, 2),
            verb=st.sampled_from(("launch", "open", "authenticate")),
            how=st.sampled_from(TAMPERS),
            cause=st.sampled_from(CAUSES),
        )
        def bad_reply(self, who, verb, how, cause):
            for voyage in (self.bad, self.alone):
                voyage.world.vendor.running = True
                voyage.do_fault(who, "none")
                voyage.do_online(who, 1)
            self.bad.do_tamper(how)
            self.alone.do_fault(who, cause)
            action = (verb, who, 0) if verb == "open" else (verb, who)
            there, here = self.bad.act(action), self.alone.act(action)
            there = attrs.evolve(there, cause=here.cause)
            assert there == here, f"law 6: a {how} reply decides otherwise than no contact: {there} {here}"
            assert kept(self.bad) == kept(self.alone), f"law 6: a {how} reply stores otherwise than no contact"
            self.in_step(who)

        def in_step(self, who):
            self.bad.world.vendor.tampers.clear()
            self.alone.do_fault(who, "none")
            self.alone.world.vendor.registry.kept = dict(self.bad.world.vendor.registry.kept)
            self.alone.world.vendor.last_reply = self.bad.world.vendor.last_reply

    for name, strategy in rules.items():
        if name != "hinder":
            setattr(Law6, name, rule(action=strategy)(_step(name)))
    return Law6


def _step(name):
    def step(self, action):
        for one in action if isinstance(action[0], tuple) else (action,):
            self.both(one)

    step.__name__ = step.__qualname__ = name
    return step


class Crashed(BaseException):
    """The power failed."""


class Bomb:
    """Counts what is written through the ports, and crashes at one of them: before or after it took effect."""

    def __init__(self, at=None, *, after=False):
        self.at, self.after, self.count, self.armed = at, after, 0, False

    def wrap(self, ports):
        names = ("records", "seats", "users", "marks")
        return attrs.evolve(ports, **{name: Fragile(getattr(ports, name), self) for name in names})


class Fragile:
    """A port that may crash at a write."""

    def __init__(self, inner, bomb):
        self.inner, self.bomb = inner, bomb

    def __getattr__(self, name):
        method = getattr(self.inner, name)
        return self.written(method) if name in ("save", "remove", "set_aside", "update") else method

    def written(self, method):
        def act(*args):
            bomb = self.bomb
            bomb.count += bomb.armed
            strikes = bomb.armed and bomb.count == bomb.at
            if strikes and not bomb.after:
                raise Crashed
            method(*args)
            if strikes:
                raise Crashed

        return act


class Meddler:
    """Lets something happen just before the n-th call of a port, once."""

    def __init__(self, at, act):
        self.at, self.act, self.count, self.armed = at, act, 0, False

    def wrap(self, ports):
        names = ("clock", "connectivity", "records", "seats", "users", "marks")
        return attrs.evolve(ports, **{name: Meddled(getattr(ports, name), self) for name in names})


class Meddled:
    """A port between whose calls something else happens."""

    def __init__(self, inner, meddler):
        self.inner, self.meddler = inner, meddler

    def __getattr__(self, name):
        meddler = self.meddler
        if meddler.armed:
            meddler.count += 1
            if meddler.count == meddler.at:
                meddler.armed = False
                meddler.act()
                meddler.armed = True
        return getattr(self.inner, name)
