"""The processes in which applications run: taken when one is needed, given back, or killed.

They are forked from one that has everything loaded, where the system can; a process is an application's as long as a
launch or its session lasts, and another one's after that.
"""

import multiprocessing
from multiprocessing.connection import Connection
from typing import Any

import attrs

from nexuslic.scenario.interrupts import deaf
from nexuslic.scenario.real import application_process
from nexuslic.scenario.real.broke import StageBroke

_FORKS = "forkserver" in multiprocessing.get_all_start_methods()
_PATIENCE_SECONDS = 120.0


def _context() -> Any:
    context = multiprocessing.get_context("forkserver" if _FORKS else "spawn")
    if _FORKS:
        context.set_forkserver_preload([application_process.__name__])
    return context


@attrs.define(eq=False)
class Computer:
    """One process that an application runs in."""

    pipe: Connection
    process: Any

    def ask(self, what: str, *args: object, **named: object) -> Any:
        """Have something done, and what came of it. Raises what it raised, StageBroke where the process is gone."""
        try:
            self.pipe.send((what, args, named))
            if not self.pipe.poll(_PATIENCE_SECONDS):
                raise StageBroke(f"an application does not answer ({what}): is this computer out of memory?")
            how, value = self.pipe.recv()
        except (EOFError, OSError) as error:
            raise StageBroke(f"the process of an application ended by itself ({what})") from error
        if how == "refused":
            raise value
        if how == "broke":
            raise StageBroke(f"an application broke off ({what}), which is a bug in nexuslic:\n{value}")
        return value

    def kill(self) -> None:
        """End it without a word (kill -9)."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


@attrs.define(eq=False)
class Computers:
    """All processes of a run: those that are free, and all that there are."""

    free: list[Computer] = attrs.Factory(list)
    all: list[Computer] = attrs.Factory(list)
    _made: Any = attrs.Factory(_context)

    def take(self) -> Computer:
        """One that nobody uses. Raises StageBroke."""
        if self.free:
            return self.free.pop()
        here, there = self._made.Pipe()
        process = self._made.Process(target=application_process.serve, args=(there,), daemon=True)
        try:
            with deaf():
                process.start()
        except OSError as error:
            raise StageBroke(f"no process can be started ({error.strerror or error}): free some, or memory") from error
        there.close()
        made = Computer(here, process)
        self.all.append(made)
        return made

    def give_back(self, one: Computer) -> None:
        """It is free again."""
        self.free.append(one)

    def kill(self, one: Computer) -> None:
        """It crashes, and is gone."""
        one.kill()
        self.all.remove(one)

    def close(self) -> None:
        """End all of them."""
        for one in self.all:
            one.kill()
        self.all.clear()
        self.free.clear()
