"""The vendor's commands in this process, over the folder of a server whose clock and chance stand still."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import attrs
import pytest

import nexuslic
from nexuslic.adapters.chance import SystemChance
from nexuslic.cli import main
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import LicenseKey, Version
from nexuslic.rules.license_time import Reading
from nexuslic.server import making, settings
from nexuslic.trust import codes
from nexuslic.trust.wire import Pending

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@attrs.define
class Still:
    """A clock that a test sets."""

    now: datetime = NOW

    def read(self) -> Reading:
        return Reading(self.now, timedelta(0))


@attrs.define
class Foretold:
    """Chance that is the same in every test."""

    numbers: count = attrs.Factory(count)

    def take(self, amount: int) -> bytes:
        return hashlib.sha256(str(next(self.numbers)).encode()).digest()[:amount]


class Terminal(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


@attrs.frozen
class Done:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


@attrs.define
class Desk:
    """Somebody of the vendor's, at a server's folder."""

    folder: Path
    clock: Still
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    asked: count = attrs.Factory(count)

    def call(self, *args: str, given: io.StringIO | None = None) -> Done:
        """One of the vendor's commands on the folder."""
        return self.command("vendor", *args, "--folder", str(self.folder), given=given)

    def command(self, *args: str, given: io.StringIO | None = None) -> Done:
        """Any command."""
        self.monkeypatch.setattr("sys.stdin", given or io.StringIO())
        self.capsys.readouterr()
        status = main(list(args))
        printed = self.capsys.readouterr()
        return Done(status, printed.out, printed.err)

    def issue(self, organisation: str = "Northern Survey", *args: str) -> str:
        """A new key."""
        key: str = json.loads(self.call("issue", "--organisation", organisation, *args, "--json").out)["key"]
        return key

    def request_code(self, key: str, server: str = "DB1", database: str = "nexus") -> str:
        """What a client would read to support."""
        binding = Binding(server, database)
        pending = Pending(LicenseKey.parse(key), binding, Version.parse("6.10"), f"{next(self.asked):032x}")
        return codes.write_request(pending, None)

    def bind(self, key: str, server: str = "DB1", database: str = "nexus") -> None:
        """Bind a key, by code."""
        done = self.call("answer-code", self.request_code(key, server, database))
        assert done.status == 0, done.err

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.clock.now += timedelta(**by)


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desk") / "vendor"
    making.make(path, settings.chosen("Survey", ["localhost"], "127.0.0.1:0"), None, Still(), SystemChance())
    return path


@pytest.fixture
def desk(_made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The vendor's commands over a new server's folder, on 2 March 2026 at 8:30 UTC."""
    clock, chance = Still(), Foretold()
    monkeypatch.setattr("nexuslic.cli.vendor.folder.SystemClock", lambda: clock)
    monkeypatch.setattr("nexuslic.adapters.clocks.SystemClock", lambda: clock)
    monkeypatch.setattr("nexuslic.cli.vendor.folder.SystemChance", lambda: chance)
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    for name in ("NEXUSLIC_SERVER", "NEXUSLIC_TOKEN", "NEXUSLIC_AUTHORITY", "NEXUSLIC_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return Desk(Path(shutil.copytree(_made, tmp_path / "vendor")), clock, capsys, monkeypatch)


@pytest.fixture
def terminal() -> Callable[[str], Terminal]:
    """A terminal at which somebody types something."""
    return Terminal


Policy = Callable[..., Done]
SHORT = "policy: Shorter\nformat: 1\ngrace: 21\n"
IDENTITY = "policy: By identity\nformat: 1\ngrace: 21\nbinding: identity\nextensions: no\n"


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Policy:
    """`nexuslic policy` in a folder with two policies, `a.yaml` and `b.yaml`, and a list of trips, `trips.csv`."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(SHORT, "utf-8")
    Path("b.yaml").write_text(IDENTITY, "utf-8")
    shutil.copy(Path(nexuslic.__file__).parent / "lab" / "fleet" / "example.csv", "trips.csv")

    def call(*args: object) -> Done:
        capsys.readouterr()
        status = main(["policy", *map(str, args)])
        printed = capsys.readouterr()
        return Done(status, printed.out.replace("\u00a0", " "), printed.err.replace("\u00a0", " "))

    return call
