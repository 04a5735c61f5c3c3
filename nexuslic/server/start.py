"""How a server starts: checked, composed of its parts, and only then listening.

What stands wrong in the folder is one error before a socket is opened. Time and chance are handed in.
"""

import gc
import logging
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import structlog

from nexuslic.ports import Chance, Clock
from nexuslic.server import app, check, logs
from nexuslic.server.certificates import Certificates, Files
from nexuslic.server.check import Level
from nexuslic.server.keyring_file import LoadedKeys
from nexuslic.server.listening import allow_files, listening
from nexuslic.server.process import Process, Watched
from nexuslic.server.service import Service
from nexuslic.server.settings import Listen
from nexuslic.server.site import Site

FILES, FILES_EACH = 256, 16
"""Open files: for the server itself, and for each connection that there may be; unfinished handshakes have no bound."""

YOUNG = 20_000
"""New objects until the youngest are looked through for garbage."""


@attrs.frozen
class Choices:
    """What a start may change: where to listen, whose certificate, how much to log, and which routes there are more."""

    listen: Listen | None = None
    files: Files | None = None
    level: str = "info"
    more: Sequence[Any] = ()


def run(site: Site, choices: Choices, clock: Clock, chance: Chance, say: Callable[[str], None]) -> None:
    """Serve until a signal ends it. Raises NotReady, InputError, PortTaken before anything listens.

    `say` is told where it listens, once it does.
    """
    log = filtered(logs.logger(lambda: clock.read().wall.isoformat()), choices.level)
    findings = check.check(site, clock.read().wall, choices.files, whole=False)
    check.refuse_failures(findings, site.folder.path)
    for one in findings:
        if one.level is Level.WARN:
            log.warning(one.text, about=one.about)
    listen, settings = choices.listen or site.settings.listen, site.settings
    files = choices.files or Files(site.folder.certificate, site.folder.certificate_key, site.passphrase)
    certificates = Certificates.load(files)
    keys = LoadedKeys(site.folder.keyring, site.passphrase, site.keyring)
    watched = (
        Watched("certificate", (files.certificate, files.key), certificates.reload),
        Watched("keyring", (site.folder.keyring,), keys.reload),
    )
    _hear_uvicorn(log)
    allow_files(FILES + FILES_EACH * settings.connections.most)

    def ready(port: int) -> None:
        _settle_down()
        say(f"nexuslic server: listening on https://{Listen(listen.host, port)}")

    with listening(listen, site.folder.path) as socket:
        service = Service(site.database(), keys, clock, chance, settings.limits, settings.discreet)
        Process(app.build(service, log, choices.more), certificates, watched, settings.connections, ready, log).run(
            [socket]
        )


def _settle_down() -> None:
    """What is loaded by now stays: looking through it for garbage again and again cost a tenth of each contact."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


def filtered(log: Any, level: str) -> Any:
    """`log`, from that level on."""

    def passed_on(_: Any, __: str, event: Any) -> Any:
        return (event.pop("event", None),), event

    wrapper = structlog.make_filtering_bound_logger(getattr(logging, level.upper()))
    return structlog.wrap_logger(log, processors=[passed_on], wrapper_class=wrapper)


class _Heard(logging.Handler):
    """Passes uvicorn's own words on; of an error its kind only, for its text may hold what was asked."""

    def __init__(self, log: Any) -> None:
        super().__init__(logging.WARNING)
        self.log = log

    def emit(self, record: logging.LogRecord) -> None:
        told = {"kind": record.exc_info[0].__name__} if record.exc_info and record.exc_info[0] else {}
        say = self.log.error if record.levelno >= logging.ERROR else self.log.warning
        say(record.getMessage().strip(), **told)


def _hear_uvicorn(log: Any) -> None:
    heard = logging.getLogger("uvicorn.error")
    heard.handlers, heard.propagate = [_Heard(log)], False
    heard.setLevel(logging.WARNING)
