"""Many who launch over one database at the same moment: the last seat, no lost update, the tables, a fleet."""

import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from itertools import pairwise
from typing import Any

import attrs
from customers import Customer, Way, unsealed

from nexuslic.application.application import Application
from nexuslic.rules.decision import Decision
from nexuslic.rules.record import Record
from nexuslic.rules.words import Reason, State
from nexuslic.simulation.registry import KEY

FORK = multiprocessing.get_context("fork")
SOON = 0.004
"""Seconds from the word to the moment at which all begin."""
ROUND_TRIP = 0.1
"""Seconds that a contact of the fleet takes."""
LONG = 120.0
"""Seconds after which something hangs; nothing takes that long unless it is broken."""


def spin_until(moment: float) -> None:
    """Until that instant of the monotonic clock, which all processes of a machine share."""
    while time.monotonic() < moment:
        pass


@attrs.frozen
class Crew:
    """Processes that each wait for a word, do something, and tell what came of it."""

    work: Callable[..., Any]
    pipes: list[Any] = attrs.Factory(list)
    processes: list[Any] = attrs.Factory(list)

    def add(self, *args: Any) -> None:
        """One more process: `work(pipe, *args)`."""
        here, there = FORK.Pipe()
        process = FORK.Process(target=self.work, args=(there, *args), daemon=True)
        process.start()
        there.close()
        self.pipes.append(here)
        self.processes.append(process)

    def tell(self, word: object) -> None:
        """The same word to all."""
        for pipe in self.pipes:
            pipe.send(word)

    def hear(self) -> list[Any]:
        """What each says next. Raises RuntimeError where one of them says nothing any more."""
        for pipe in self.pipes:
            if not pipe.poll(LONG):
                raise RuntimeError("a process hangs")
        return [pipe.recv() for pipe in self.pipes]

    def end(self) -> list[str]:
        """Let them end; what is wrong with how they did."""
        self.tell(None)
        for process in self.processes:
            process.join(LONG)
        return [f"a process ended with {one.exitcode}" for one in self.processes if one.exitcode]


# -- the last seat ----------------------------------------------------------------------------------------------------


def racer(pipe: Any, customer: Customer, name: str) -> None:
    """Launch at the moment that is told, tell how it went, and hold the seat until the next word."""
    with customer.open(name) as application:
        while (moment := pipe.recv()) is not None:
            spin_until(moment)
            with application.launch() as decision:
                pipe.send((decision.runs, decision.reason, decision.store_failed))
                pipe.recv()
            pipe.send("closed")


def races(customer: Customer, times: int) -> tuple[Counter[str], list[str]]:
    """Who wins each time, of two who want one seat; and what is wrong."""
    customer.authenticate()
    won, wrong, crew = Counter[str](), [], Crew(racer)
    for name in ("ws1", "ws2"):
        crew.add(customer, name)
    for number in range(times):
        crew.tell(time.monotonic() + SOON)
        first, second = crew.hear()
        both = sorted([first, second], key=lambda one: not one[0])
        if both != [(True, None, False), (False, Reason.SEATS, False)]:
            wrong.append(f"race {number}: {first} and {second}")
        won["first" if first[0] else "second"] += 1
        crew.tell("close")
        crew.hear()
    return won, wrong + crew.end()


# -- no lost update ---------------------------------------------------------------------------------------------------


def launcher(pipe: Any, customer: Customer, name: str, times: int, seed: int) -> None:
    """Launch so often, with and without contact; tell each decision, and how many sat there just after it."""
    chance, said = random.Random(seed), []
    with customer.open(name) as application:
        way = application.ports.connectivity
        assert isinstance(way, Way)
        pipe.recv()
        for _ in range(times):
            way.open, way.nonce = chance.random() < 0.4, ""
            with application.launch() as decision:
                sitting = customer.rows("SELECT count(*) FROM nexuslic_seat")[0][0]
                said.append((decision, way.nonce, sitting))
        pipe.send(said)
        pipe.recv()


def updates(
    customer: Customer, processes: int, launches: int, seats: int, seed: int
) -> tuple[Counter[str], list[str], float]:
    """What came of all these launches, what is wrong, and the seconds that they took."""
    customer.authenticate()
    customer.keep_history()
    first, crew = unsealed(customer.blob()), Crew(launcher)
    for number in range(processes):
        crew.add(customer, f"ws{number}", launches, seed + number)
    started = time.monotonic()
    crew.tell("go")
    said = [one for each in crew.hear() for one in each]
    seconds = time.monotonic() - started
    wrong = crew.end()
    told = Counter(_kind(decision) for decision, _, _ in said)
    told["most at once"] = max(sitting for _, _, sitting in said)
    wrong += [f"{count} launches: {what}" for what, count in told.items() if what.startswith("odd")]
    if told["most at once"] > seats:
        wrong.append(f"{told['most at once']} sat on {seats} seats")
    if customer.rows("SELECT * FROM nexuslic_seat"):
        wrong.append("somebody who has left has kept a seat")
    stored = {nonce for decision, nonce, _ in said if decision.stored and decision.state is State.AUTHENTICATED}
    return told, wrong + judge_history([first, *customer.history()], stored), seconds


def _kind(decision: Decision) -> str:
    """One word for a decision: what it may be here, or `odd`."""
    if decision.store_failed or not decision.stored:
        return f"odd: not stored, {decision.state}, {decision.reason}"
    if decision.state not in (State.AUTHENTICATED, State.GRACE) or decision.reason not in (None, Reason.SEATS):
        return f"odd: {decision.state}, {decision.reason}, {decision.note}"
    return "no seat" if decision.reason else "granted" if decision.state is State.AUTHENTICATED else "grace"


def judge_history(kept: list[Record], stored: set[str]) -> list[str]:
    """What is wrong with a record's history, where grants with these nonces were said to be stored."""
    wrong, seen = [], {kept[0].certificate.nonce}
    for before, after in pairwise(kept):
        was, now = before.certificate, after.certificate
        if now.nonce == was.nonce:
            if after.ledger.license_time < before.ledger.license_time:
                wrong.append("license time went back without a grant")
            continue
        if now.nonce in seen:
            wrong.append("an older grant was put in the place of a newer one")
        if now.granted_at < was.granted_at or after.ledger.license_time != now.granted_at:
            wrong.append(f"a grant of {now.granted_at} after one of {was.granted_at}")
        seen.add(now.nonce)
    wrong += ["a grant that was stored is in no record"] * len(stored - seen)
    return wrong + ["a grant was stored that nobody was told of"] * len(seen - stored - {kept[0].certificate.nonce})


# -- the tables -------------------------------------------------------------------------------------------------------


def maker(pipe: Any, name: str) -> None:
    """Authenticate, at the moment that is told, over the database that is told."""
    while (told := pipe.recv()) is not None:
        customer, moment = told
        with customer.open(name, online=True) as application:
            spin_until(moment)
            decision = application.authenticate(KEY.digits)
            pipe.send((decision.state, decision.stored, decision.store_failed, decision.note))


TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
}
MADE = [("nexuslic_aside",), ("nexuslic_record",), ("nexuslic_seat",), ("nexuslic_user",)]


def makings(customer: Customer, times: int) -> list[str]:
    """What is wrong, where two make the tables at the same moment, so many times."""
    wrong, crew = [], Crew(maker)
    for name in ("ws1", "ws2"):
        crew.add(name)
    for number in range(times):
        crew.tell((customer, time.monotonic() + SOON))
        for said in crew.hear():
            if said != (State.AUTHENTICATED, True, False, ""):
                wrong.append(f"making {number}: {said}")
        if customer.rows(TABLES[customer.engine]) != MADE:
            wrong.append(f"making {number}: {customer.rows(TABLES[customer.engine])}")
        if customer.rows("SELECT count(*) FROM nexuslic_record") != [(1,)]:
            wrong.append(f"making {number}: more than one row")
        unsealed(customer.blob())
        customer.run(*(f"DROP TABLE {name}" for (name,) in MADE))
    return wrong + crew.end()


# -- a fleet ----------------------------------------------------------------------------------------------------------


def ship(pipe: Any, customer: Customer, names: list[str], span: float, seed: int) -> None:
    """Workstations as threads of one process, each with connections of its own; all stay until the word comes."""
    chance, told, stay = random.Random(seed), [], threading.Event()
    lock, began = threading.Lock(), [chance.uniform(0.0, span) for _ in names]

    def work(application: Application, delay: float) -> None:
        time.sleep(max(0.0, start + delay - time.monotonic()))
        begun = time.monotonic()
        with application.launch() as decision:
            with lock:
                told.append((decision, time.monotonic() - begun))
                if len(told) == len(names):
                    pipe.send([*told])
            stay.wait(LONG)

    with ExitStack() as stack:
        opened = [stack.enter_context(customer.open(name, online=chance.random() < 0.5)) for name in names]
        for application in opened:
            application.ports.connectivity.seconds = ROUND_TRIP  # type: ignore[attr-defined]
        start = pipe.recv()
        threads = [threading.Thread(target=work, args=pair) for pair in zip(opened, began, strict=True)]
        for thread in threads:
            thread.start()
        pipe.recv()
        stay.set()
        for thread in threads:
            thread.join(LONG)


def fleet(
    customer: Customer, workstations: int, processes: int, seats: int, span: float, seed: int
) -> tuple[list[float], list[str]]:
    """The seconds that each launch took, in order, and what is wrong; `seats` are fewer than workstations."""
    customer.authenticate()
    crew, names = Crew(ship), [f"ws{number}" for number in range(workstations)]
    for number in range(processes):
        crew.add(customer, names[number::processes], span, seed + number)
    crew.tell(time.monotonic() + 0.1)
    said = [one for each in crew.hear() for one in each]
    sitting = customer.rows("SELECT count(*) FROM nexuslic_seat")[0][0]
    wrong = crew.end()
    kinds = Counter(_kind(decision) for decision, _ in said)
    runs = kinds["grace"] + kinds["granted"]
    if (runs, kinds["no seat"], sitting) != (seats, workstations - seats, seats):
        wrong.append(f"{dict(kinds)}, and {sitting} on {seats} seats")
    return sorted(seconds for _, seconds in said), wrong
