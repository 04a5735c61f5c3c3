"""kill -9 at any moment of a launch or of a session that renews its seat without a pause.

The process that dies writes down each record before it stores it, and after it was told that it is stored.
"""

import multiprocessing
import os
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import attrs
from customers import Customer, unsealed

from nexuslic.adapters import workstation as marks
from nexuslic.adapters.workstation import MarkFiles
from nexuslic.application.application import Application
from nexuslic.errors import Damaged
from nexuslic.ports import RecordStore
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import Reason, State
from nexuslic.simulation.vendor import bundle
from nexuslic.trust import sealing

FORK = multiprocessing.get_context("fork")
OFTEN = 20
"""Launches after which what was left lying is looked for."""
LONGEST = 0.08
"""Seconds that a process lives at most, once it is about to launch."""


@attrs.frozen
class Journal:
    """What the process writes into a file, line by line, each at once."""

    file: Path

    def write(self, what: str, blob: bytes) -> None:
        """One line."""
        line = f"{what} {sha256(blob).hexdigest()}\n".encode("ascii")
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, line)
        os.close(handle)

    def read(self) -> list[tuple[str, str]]:
        """What was written, in order."""
        if not self.file.exists():
            return []
        return [(line.split()[0], line.split()[1]) for line in self.file.read_text("ascii").splitlines()]


@attrs.frozen
class Written:
    """A record store that says what it is about to store."""

    inner: RecordStore
    journal: Journal

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def save(self, blob: bytes, instead_of: bytes | None) -> bool:
        """Say it, then do it."""
        self.journal.write("stores", blob)
        return self.inner.save(blob, instead_of)


@attrs.define
class Found:
    """What was seen of so many kills."""

    kills: int = 0
    idle: int = 0
    """Killed before anything was stored."""
    torn: int = 0
    """Killed between a record that was to be stored and the word that it is."""
    sat: int = 0
    """Killed with a seat."""
    stored: int = 0
    """Records that were stored by those who were killed."""
    wrong: list[str] = attrs.Factory(list)


def restless(ended: threading.Event) -> bool:
    """A session that renews its seat again as soon as it has done so."""
    return ended.is_set()


def living(customer: Customer, journal: Journal, seed: int, told: Callable[[], None]) -> None:
    """Launch, run for a moment, close, and again: until somebody kills it."""
    chance = random.Random(seed)
    application = customer.open("ws1")
    application.wait = restless
    records = Written(application.ports.records, journal)
    application.ports = attrs.evolve(application.ports, records=records)
    told()
    while True:
        with application.launch() as decision:
            if decision.stored:
                journal.write("stored", application.base.row().sealed or b"")  # type: ignore[union-attr]
            time.sleep(chance.uniform(0.0, 0.03))


def kills(customer: Customer, times: int, seed: int) -> Found:
    """Kill so many processes, and look at what they have left."""
    customer.authenticate()
    chance, found = random.Random(seed), Found()
    for number in range(times):
        before, journal = customer.blob(), Journal(customer.folder / f"journal-{number}")
        _kill_one(customer, journal, chance)
        found.kills += 1
        _judge_record(customer, before, journal, found)
        if found.wrong:
            return found
        _judge_marks(customer, found)
        _judge_seat(customer, found, other=number % 2 == 1)
        journal.file.unlink(missing_ok=True)
    found.wrong += judge_leavings(customer)
    return found


def _kill_one(customer: Customer, journal: Journal, chance: random.Random) -> None:
    ready = FORK.Event()
    process = FORK.Process(target=living, args=(customer, journal, chance.randrange(2**32), ready.set))
    process.start()
    assert ready.wait(60)
    time.sleep(chance.uniform(0.0, LONGEST))
    assert process.is_alive(), "the process ended by itself"
    process.kill()
    process.join()


def _judge_record(customer: Customer, before: bytes, journal: Journal, found: Found) -> None:
    """It is the record of before, or one that was about to be stored, and none that is older than one that was."""
    lines, blob = journal.read(), customer.blob()
    order = [sha256(before).hexdigest(), *(name for what, name in lines if what == "stores")]
    told = [order.index(name) for what, name in lines if what == "stored"]
    name = sha256(blob).hexdigest()
    if name not in order:
        found.wrong.append("the record is one that nobody wanted to store")
        return
    place = len(order) - 1 - order[::-1].index(name)
    if place < max(told, default=0):
        found.wrong.append(f"the record is number {place}, and number {max(told)} was stored")
    found.idle += len(order) == 1
    found.torn += place < len(order) - 1
    found.stored += place
    with suppress(Damaged):
        record = unsealed(blob)
        if record.state in (State.AUTHENTICATED, State.GRACE):
            return
    found.wrong.append("the record does not unseal to a state that this license can be in")


def _judge_marks(customer: Customer, found: Found) -> None:
    """Each copy is whole, and the newest is a mark of this record."""
    record_id = unsealed(customer.blob()).id
    folder = customer.state("ws1") / "marks"
    copies = [copy for copy in folder.glob("*") if copy.suffix in (".0", ".1")] if folder.exists() else []
    torn = [copy for copy in copies if marks._read(copy) is None]
    found.wrong += [f"a mark is torn: {copy.name}" for copy in torn]
    blob = MarkFiles(folder).load(record_id)
    if blob is not None and sealing.unseal_mark(blob, bundle().known).value.record_id != record_id:
        found.wrong.append("the mark is of another record")


def judge_leavings(customer: Customer) -> list[str]:
    """What those who were killed left lying is swept away when it is a day old."""
    folder, long_ago = customer.state("ws1") / "marks", time.time() - 2 * 86_400
    left = list(folder.glob("*.new"))
    for file in left:
        os.utime(file, (long_ago, long_ago))
    for _ in range(OFTEN):
        with customer.open("ws1") as application, application.launch():
            pass
    return [f"{len(left)} files of those who were killed were left lying"] * any(file.exists() for file in left)


def _judge_seat(customer: Customer, found: Found, *, other: bool) -> None:
    """The one seat is free at once for the workstation itself, and for another one when it has timed out."""
    seats = customer.rows("SELECT session FROM nexuslic_seat")
    found.sat += len(seats)
    if len(seats) > 1:
        found.wrong.append(f"{len(seats)} sit on one seat")
    if other and seats:
        _launches(customer, "ws2", timedelta(0), Reason.SEATS, found)
        _launches(customer, "ws2", Policy().seat_timeout + timedelta(seconds=1), None, found)
    _launches(customer, "ws1", timedelta(0), None, found)
    if customer.rows("SELECT session FROM nexuslic_seat"):
        found.wrong.append("a session that was closed has kept its seat")


def _launches(customer: Customer, name: str, ahead: timedelta, wanted: Reason | None, found: Found) -> None:
    with customer.open(name, ahead=ahead) as application:
        _judge_launch(application, wanted, found)


def _judge_launch(application: Application, wanted: Reason | None, found: Found) -> None:
    with application.launch() as decision:
        said = (decision.state, decision.reason, decision.runs, decision.days_left, decision.store_failed)
        if said != (State.GRACE, wanted, wanted is None, 30, False):
            found.wrong.append(f"the next launch says {said}")
