"""What a workstation keeps for itself, in its user's state folder: marks, and which sessions run.

A mark lies in two copies that are written in turn, each by replace and with a checksum: a torn write costs the last
one at most. A session holds a lock as long as its process lives, so that a crash is told from a session that runs.
"""

import getpass
import hashlib
import os
import platform
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import attrs
import platformdirs
from filelock import FileLock, Timeout

from nexuslic.adapters import nethasp
from nexuslic.adapters.clocks import SystemClock
from nexuslic.ports import PENDING

_HEAD = re.compile(rb"nexuslic mark 1 ([0-9]{1,18}) ([0-9a-f]{64})\n")
_PLAIN = re.compile(r"[a-z0-9]{1,64}")
_NEW = ".new"
_SELDOM = 16
"""Marks are kept so often before what was left lying among them is looked for."""
_SESSION = ".session"
_FORGET_SECONDS = 86_400
"""After a day nothing can be known any more by the lock of a session that ended: its seat has timed out long ago."""


def state_folder(product: str) -> Path:
    """Where this user's workstation keeps what belongs to a vendor's product; NEXUSLIC_STATE stands for another top."""
    top = os.environ.get("NEXUSLIC_STATE")
    base = Path(top) if top else platformdirs.user_state_path("nexuslic", appauthor=False)
    return base / _file_name(product.strip().lower())


def _file_name(name: str) -> str:
    """A name that is a file's name on every system."""
    return name if _PLAIN.fullmatch(name) else hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def computer_name() -> str:
    """What this computer is called."""
    return platform.node() or "localhost"


def account() -> str:
    """The account that this process runs under."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"


@attrs.frozen
class MarkFiles:
    """The marks in a folder, which is made when the first one is kept (ports: MarkStore).

    A folder that cannot be written keeps nothing; that costs no more than evidence.
    """

    folder: Path

    def load(self, name: str) -> bytes | None:
        """The newest copy that is whole."""
        copies = [found for found in map(_read, self._slots(name)) if found is not None]
        return max(copies)[1] if copies else None

    def save(self, name: str, blob: bytes) -> None:
        """Replace the older copy."""
        slots = self._slots(name)
        numbers = [-1 if found is None else found[0] for found in map(_read, slots)]
        older = slots[numbers.index(min(numbers))]
        number = max(numbers) + 1
        with suppress(OSError):
            if number == 0:
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _replace(older, _headed(number, blob), durable=name == PENDING)
            if number % _SELDOM == 0:
                self._sweep()

    def remove(self, name: str) -> None:
        """Forget both copies."""
        for slot in self._slots(name):
            with suppress(OSError):
                slot.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Forget what was left by processes that died while they wrote."""
        for left in _old(self.folder, _NEW):
            left.unlink(missing_ok=True)

    def _slots(self, name: str) -> tuple[Path, Path]:
        stem = _file_name(name)
        return self.folder / f"{stem}.0", self.folder / f"{stem}.1"


def _headed(number: int, blob: bytes) -> bytes:
    return f"nexuslic mark 1 {number} {hashlib.sha256(blob).hexdigest()}\n".encode("ascii") + blob


def _read(file: Path) -> tuple[int, bytes] | None:
    """A copy's number and content; None where there is none, or where it is torn."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    head = _HEAD.match(data)
    if head is None:
        return None
    blob = data[head.end() :]
    return (int(head[1]), blob) if hashlib.sha256(blob).hexdigest().encode("ascii") == head[2] else None


def _replace(file: Path, data: bytes, *, durable: bool) -> None:
    """A copy that is not durable may be torn by a power cut: then the other one stands, which is older."""
    beside = file.with_name(f"{file.name}.{os.getpid()}{_NEW}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(data)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _old(folder: Path, suffix: str) -> list[Path]:
    """The files of that kind that nobody has touched for a day."""
    before = SystemClock().read().wall.timestamp() - _FORGET_SECONDS
    with os.scandir(folder) as entries:
        return [Path(one) for one in entries if one.name.endswith(suffix) and one.stat().st_mtime < before]


@attrs.frozen
class ThisComputer:
    """What the client asks of the computer that it runs on (ports: Computer).

    `application`: the folder of the application, beside which NETHASP.ini may stand (None: it is not asked).
    """

    folder: Path
    application: Path | None = None
    _held: dict[str, FileLock] = attrs.field(factory=dict, init=False, repr=False)

    def dongle(self) -> bool:
        """Whether NETHASP.ini stands beside the application."""
        return self.application is not None and nethasp.present(self.application)

    def begin(self, session: str) -> None:
        """A session is about to run: its lock is held until it ends, or its process does."""
        with suppress(OSError, Timeout):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = self._lock(session)
            lock.acquire(blocking=False)
            self._held[session] = lock

    def end(self, session: str) -> None:
        """It is over."""
        lock = self._held.pop(session, None)
        if lock is not None:
            lock.release()
            with suppress(OSError):
                self._file(session).touch()
            self._sweep()

    def running(self, sessions: Collection[str]) -> frozenset[str]:
        """Which of these run on; one that this account knows nothing of may."""
        return frozenset(session for session in sessions if not self._ended(session))

    def _ended(self, session: str) -> bool:
        if session in self._held or not self._file(session).exists():
            return False
        try:
            with self._lock(session).acquire(blocking=False):
                return True
        except (OSError, Timeout):
            return False

    def _file(self, session: str) -> Path:
        return self.folder / f"{_file_name(session)}{_SESSION}"

    def _lock(self, session: str) -> FileLock:
        return FileLock(self._file(session), thread_local=False)

    def _sweep(self) -> None:
        """Forget the sessions that ended long ago."""
        with suppress(OSError):
            for file in _old(self.folder, _SESSION):
                if self._ended(file.stem):
                    file.unlink(missing_ok=True)
