"""The license server of a real stage: its folder as `nexuslic server init` makes it, and its process.

One folder serves all stories of a run, one after the other: its registry is emptied for each. Support works on the
registry itself, as `nexuslic vendor --folder` does, so that it can while the server is stopped.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import attrs
from sqlalchemy import Table, delete

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.errors import NexuslicError
from nexuslic.issuing import rotation, support
from nexuslic.issuing.registry import Issued, Registry
from nexuslic.issuing.signatory import Signatory
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.real.story_clock import ShownTime
from nexuslic.server import making, settings
from nexuslic.server.database import Database
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.server.service import Limits
from nexuslic.server.site import Site
from nexuslic.server.tables import answers, bindings, guesses, licenses
from nexuslic.simulation.registry import KEY, MemoryRegistry
from nexuslic.testing.server import NAME
from nexuslic.trust import bundles
from nexuslic.trust.keys import Bundle

T = TypeVar("T")

_NO_LIMITS = Limits(by_address=10**9, by_address_in_alarm=10**9, by_key=10**9, alarm_at=10**9)
_PATIENCE_SECONDS = 60.0
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@attrs.define(eq=False, slots=False)
class RealLicenseServer:
    """A folder, its clock, and the process that serves it (`port` 0: none does)."""

    site: Site
    shown: ShownTime
    process: "subprocess.Popen[str] | None" = None
    port: int = 0

    @classmethod
    def made(cls, top: Path) -> "RealLicenseServer":
        """A new vendor in a folder of `top`; told strangers everything, as the rules have it. Raises StageBroke."""
        chosen = settings.chosen("nexuslic", [NAME, "127.0.0.1"], "127.0.0.1:0")
        chosen = attrs.evolve(chosen, discreet=False, limits=_NO_LIMITS)
        try:
            made = making.make(top / "vendor", chosen, None, SystemClock(), SystemChance())
        except NexuslicError as error:
            raise StageBroke(f"the license server cannot be made: {error}") from error
        server = cls(made.site, ShownTime(top / "vendor-clock"))
        shutil.copy2(made.site.folder.registry, server._as_made)
        return server

    @cached_property
    def bundle(self) -> Bundle:
        """What ships with the applications."""
        return bundles.read(self.bundle_file)

    @cached_property
    def bundle_file(self) -> bytes:
        """The same as a file."""
        return self.site.folder.bundle.read_bytes()

    @cached_property
    def signatory(self) -> Signatory:
        """What it signs with."""
        return rotation.signatory(self.site.keyring)

    # -- the process ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Serve on a free port. Raises StageBroke."""
        if self.process is not None:
            return
        self._renew_registry()
        words = [sys.executable, "-m", "nexuslic.scenario.real.license_server_process"]
        words += [str(self.site.folder.path), str(self.shown.file)]
        pipe = subprocess.PIPE
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                words, stdin=pipe, stdout=pipe, stderr=log, text=True, start_new_session=True
            )
        line = self.process.stdout.readline() if self.process.stdout else ""
        if "listening on" not in line:
            self.stop()
            raise StageBroke(f"the license server does not start: {self._told()}")
        self.port = int(line.rsplit(":", 1)[1])

    def stop(self) -> None:
        """End the process, in good order where it takes part in that."""
        process, self.process, self.port = self.process, None, 0
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()

    def check(self) -> None:
        """Raises StageBroke where it ended by itself."""
        if self.process is not None and self.process.poll() is not None:
            raise StageBroke(f"the license server ended by itself ({self.process.returncode}): {self._told()}")

    @property
    def _log(self) -> Path:
        return self.shown.file.with_name("vendor-log")

    def _told(self) -> str:
        return self._log.read_text("utf-8", "replace").strip() or "it said nothing"

    def close(self) -> None:
        """End it for good."""
        self.stop()
        self._database.close()
        self.shown.close()

    # -- the registry ---------------------------------------------------------------------------------------------

    def issue(self, issued: Issued, now: datetime) -> None:
        """Begin a story's registry: this key and nothing else."""
        self._forget(licenses, bindings, answers, guesses)
        self.support(now, lambda registry: registry.add(issued))

    def _renew_registry(self) -> None:
        """Go on without the audit trail: the system's own time may be before a story's, and a start refuses that."""
        kept = self.copy(_NEVER).kept
        self._database.close()
        file = self.site.folder.registry
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()
        shutil.copy2(self._as_made, file)
        for issued in kept.values():
            self.support(_NEVER, lambda registry, issued=issued: registry.add(issued))  # type: ignore[misc]

    @property
    def _as_made(self) -> Path:
        return self.shown.file.with_name("registry-as-made")

    def _forget(self, *tables: Table) -> None:
        with self._database.write() as connection:
            for table in tables:
                connection.execute(delete(table))

    def support(self, now: datetime, act: Callable[[Registry], T]) -> T:
        """Somebody at the vendor's does something to the registry, at the license server's time `now`."""
        with self._database.write() as connection:
            return act(SqlRegistry(connection, now))

    @cached_property
    def _database(self) -> Database:
        return self.site.database()

    def copy(self, now: datetime) -> MemoryRegistry:
        """The registry as it stands, to be tried things on."""
        issued = self.support(now, lambda registry: registry.find(KEY))
        return MemoryRegistry({} if issued is None else {issued.key.digits: issued})

    def answer_code(self, code: str, now: datetime, *, in_vain: bool) -> str:
        """Support's answer to a request code. Raises DeniedCode."""
        if in_vain:
            return support.answer_code(code, self.copy(now), self.signatory, now)
        return self.support(now, lambda registry: support.answer_code(code, registry, self.signatory, now))
