"""The one writer of a server process: contacts are decided in groups, and each group is one durable transaction.

While one group is being committed the next one gathers, so a commit is shared by all who wait for it. Nothing is
answered before it is durable, and a transaction that fails answers everybody in it with the same clean refusal.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

import attrs
from sqlalchemy import Connection

from nexuslic.errors import WorldError
from nexuslic.server import contacts
from nexuslic.server.contacts import Answer, Contact
from nexuslic.server.database import PATIENCE_SECONDS, RegistryUnavailable
from nexuslic.server.service import Service

T = TypeVar("T")

GROUP = 256
"""Contacts in one transaction at most."""

Work = Callable[[Connection], Any]


@attrs.frozen(eq=False)
class _Waiting(Generic[T]):
    """Somebody who waits for one item to be written; `since` is running time in seconds."""

    item: T
    answer: asyncio.Future[Any]
    since: float


@attrs.define(eq=False)
class Writer:
    """Runs on a thread of its own, between `start` and `stop`."""

    service: Service
    log: Any
    _queue: SimpleQueue[_Waiting[Contact] | _Waiting[Work] | None] = attrs.Factory(SimpleQueue)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="registry writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end."""
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    async def contact(self, contact: Contact) -> Answer:
        """The answer to a contact, once it is durable. Raises RegistryUnavailable."""
        answer: Answer = await self._wait(contact)
        return answer

    async def act(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, done in a transaction of its own. Raises RegistryUnavailable, and what it raises."""
        done: T = await self._wait(work)
        return done

    async def _wait(self, item: Any) -> Any:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put(_Waiting(item, answer, self._seconds()))
        return await answer

    def _seconds(self) -> float:
        return self.service.clock.read().running.total_seconds()

    def _run(self) -> None:
        going = True
        while going:
            group = [self._queue.get()]
            while not self._queue.empty() and len(group) < GROUP:
                group.append(self._queue.get())
            going = None not in group
            self._write([one for one in group if one is not None])

    def _write(self, group: Sequence[_Waiting[Any]]) -> None:
        asked = self._in_time([one for one in group if isinstance(one.item, Contact)])
        if asked:
            _tell(asked, self._settled([one.item for one in asked]))
        for act in group:
            if not isinstance(act.item, Contact) and self._in_time([act]):
                _tell([act], [self._done(act.item)])

    def _in_time(self, waiting: Sequence[_Waiting[Any]]) -> list[_Waiting[Any]]:
        """Those who have not waited too long already; the others are told so."""
        oldest = self._seconds() - PATIENCE_SECONDS
        late = [one for one in waiting if one.since < oldest]
        _tell(late, [RegistryUnavailable("the license server is too busy: try again in a minute")] * len(late))
        return [one for one in waiting if one.since >= oldest]

    def _settled(self, asked: list[Contact]) -> Sequence[Answer | Exception]:
        """Their answers; where the group breaks for one of them, each is settled for itself."""
        settled = self._done(lambda connection: contacts.settle(connection, asked, self.service, self._now()))
        if isinstance(settled, contacts.Settled):
            if settled.alarm:
                self.log.warning(
                    "guessing", limit=self.service.limits.alarm_at, meaning="too many wrong keys this hour"
                )
            return settled.answers
        if len(asked) == 1 or isinstance(settled, WorldError):
            return [settled] * len(asked)
        return [answer for one in asked for answer in self._settled([one])]

    def _now(self) -> Any:
        return self.service.clock.read().wall

    def _done(self, work: Work) -> Any:
        try:
            with self.service.database.write() as connection:
                return work(connection)
        except Exception as error:
            return error


def _tell(waiting: Sequence[_Waiting[Any]], answers: Sequence[Any]) -> None:
    """Wake everybody of one event loop at once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for one, answer in zip(waiting, answers, strict=True):
        by_loop.setdefault(one.answer.get_loop(), []).append((one.answer, answer))
    for loop, answered in by_loop.items():
        loop.call_soon_threadsafe(_resolve, answered)


def _resolve(answered: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, answer in answered:
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
