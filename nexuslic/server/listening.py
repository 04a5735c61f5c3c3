"""The socket that a server listens on. Processes of one folder share a port; anybody else's port is refused.

SO_REUSEPORT would let any process of the same user take part of a port's connections, one of another folder too. So
who holds a port holds a lock in its folder, and who finds nobody there has to get the port for itself first.
"""

import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nexuslic.errors import InputError, WorldError
from nexuslic.server.settings import Listen

BACKLOG = 2048
_Address = tuple[socket.AddressFamily, Any]


class PortTaken(WorldError):
    """Something else listens there."""


@contextmanager
def listening(listen: Listen, folder: Path) -> Iterator[socket.socket]:
    """A bound socket; the port is this folder's until the end. Raises PortTaken, InputError."""
    address = _resolved(listen)
    if listen.port == 0 or not hasattr(socket, "SO_REUSEPORT"):
        with _bound(address, listen, shared=False) as found:
            yield found
        return
    with _lock(folder / f".port-{listen.port}") as lock:
        if lock.alone():
            _bound(address, listen, shared=False).close()
        with _bound(address, listen, shared=True) as found:
            lock.share()
            yield found


class _Lock:
    def __init__(self, handle: int) -> None:
        self.handle = handle

    def alone(self) -> bool:
        """Whether nobody else of this folder holds the port; else wait until whoever is binding it has done so."""
        import fcntl

        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(self.handle, fcntl.LOCK_SH)
            return False
        return True

    def share(self) -> None:
        """Let others of this folder in."""
        import fcntl

        fcntl.flock(self.handle, fcntl.LOCK_SH)


@contextmanager
def _lock(file: Path) -> Iterator[_Lock]:
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise InputError(f"{file.parent} cannot be written ({error.strerror}): see to its owner") from error
    try:
        yield _Lock(handle)
    finally:
        os.close(handle)


def allow_files(count: int) -> None:
    """Raise this process's limit of open files to `count`, or as far as the system lets it.

    Connections are files, and many systems begin with 1,024 of them.
    """
    with contextlib.suppress(ImportError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _resolved(listen: Listen) -> _Address:
    try:
        found = socket.getaddrinfo(listen.host, listen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise InputError(f"listen: {listen.host!r} is not known here: give an address of this computer") from error
    family, _, _, _, address = found[0]
    return family, address


def _bound(address: _Address, listen: Listen, shared: bool) -> socket.socket:
    family, place = address
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if listen.host == "::":
            found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        found.bind(place)
        found.listen(BACKLOG)
    except OSError as error:
        found.close()
        raise _refused(error, listen) from error
    found.setblocking(False)
    return found


def _refused(error: OSError, listen: Listen) -> Exception:
    if error.errno == errno.EADDRINUSE:
        return PortTaken(f"something else listens on {listen} already: stop it, or give another port by --listen")
    if error.errno == errno.EACCES:
        return InputError(f"this user may not listen on {listen}: take a port from 1024 on, or allow it to")
    if error.errno == errno.EADDRNOTAVAIL:
        return InputError(f"listen: {listen.host} is no address of this computer: give one that is")
    return InputError(f"nothing can listen on {listen} ({error.strerror}): give another address by --listen")
