"""The very same application in this process, over a server's folder: whoever can open the folder needs no token.

What is done here stands in the audit trail under the name that the operating system knows the caller by. A server that
runs on the same folder may go on running.
"""

import getpass
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.adapters.vendor_https import Answer
from nexuslic.issuing import rotation
from nexuslic.issuing.signatory import Signatory
from nexuslic.ports import Chance, Clock
from nexuslic.server import app, migrate, passphrase
from nexuslic.server.service import Service
from nexuslic.server.site import Site


@attrs.frozen
class _Keys:
    """The keys of a folder, opened when something is signed."""

    site: Site

    def signatory(self) -> Signatory:
        """What answers are signed with."""
        return rotation.signatory(self.site.keyring)


@attrs.define
class _Log:
    """Keeps what broke; nothing else is worth a line to somebody who sees the answer."""

    broke: BaseException | None = None

    def info(self, event: str, **told: Any) -> None:
        """Nothing."""

    def warning(self, event: str, **told: Any) -> None:
        """Nothing."""

    def error(self, event: str, **told: Any) -> None:
        """Keep it, to be raised where it was asked for."""
        self.broke = told.get("exc_info")


@attrs.frozen
class FolderLink:
    """Requests to the application, which lives on an event loop of its own; `place` is the folder."""

    place: str
    portal: BlockingPortal
    client: httpx.AsyncClient
    log: _Log

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one request. Raises what broke in the application."""
        reply = self.portal.call(self._sent, method, target, headers, body)
        if self.log.broke is not None:
            raise self.log.broke
        return Answer(reply.status_code, reply.content)

    async def _sent(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> httpx.Response:
        return await self.client.request(method, target, headers=dict(headers), content=body)


@contextmanager
def from_folder(path: Path, secret_file: Path | None, *, signs: bool) -> Iterator[FolderLink]:
    """The application over the folder of a server. `signs`: with its keys opened.

    Raises InputError where it is no server's folder, WorldError where its registry cannot be used.
    """
    site = Site.at(path, passphrase.find(secret_file, os.environ))
    if signs:
        _ = site.keyring
    with _over(_service(site, SystemClock(), SystemChance()), str(path)) as link:
        yield link


def _service(site: Site, clock: Clock, chance: Chance) -> Service:
    database = site.database()
    try:
        with database.read() as connection:
            migrate.schema(connection).refuse_unless_current(str(site.folder.path))
    except BaseException:
        database.close()
        raise
    settings = site.settings
    return Service(database, _Keys(site), clock, chance, settings.limits, settings.discreet, insider=_caller())


@contextmanager
def _over(service: Service, place: str) -> Iterator[FolderLink]:
    log = _Log()
    built = app.build(service, log)
    transport = httpx.ASGITransport(app=built, raise_app_exceptions=False)  # type: ignore[arg-type]
    client = httpx.AsyncClient(transport=transport, base_url="http://folder", trust_env=False)
    with start_blocking_portal() as portal:
        life = portal.wrap_async_context_manager(built.lifespan())
        life.__enter__()
        try:
            yield FolderLink(place, portal, client, log)
        finally:
            portal.call(client.aclose)
            life.__exit__(None, None, None)


def _caller() -> str:
    """The name that the operating system knows the caller by, else the number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
