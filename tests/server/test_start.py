"""Whatever keeps a server from starting is exactly one error, before anything listens."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.cli import main
from nexuslic.issuing import rotation
from nexuslic.server import authority, folder, making, settings
from nexuslic.server.authority import CERTIFICATE_DAYS
from nexuslic.server.process import Process
from nexuslic.server.site import Site


@pytest.fixture(autouse=True)
def _nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start that goes too far fails here instead of serving for ever."""

    def fail(*_: object) -> None:
        raise AssertionError("it listens")

    monkeypatch.setattr(Process, "run", fail)
    monkeypatch.delenv("NEXUSLIC_PASSPHRASE", raising=False)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("start") / "vendor"
    chosen = settings.chosen("Survey", ["localhost"], "127.0.0.1:0")
    making.make(path, chosen, b"right", SystemClock(), SystemChance())
    return path


@pytest.fixture
def site(template: Path, tmp_path: Path) -> Path:
    (tmp_path / "passphrase").write_text("right\n")
    (tmp_path / "wrong").write_text("wrong\n")
    return Path(shutil.copytree(template, tmp_path / "vendor"))


def expired(path: Path) -> None:
    opened = Site.at(path, b"right")
    late = SystemClock().read().wall - timedelta(days=CERTIFICATE_DAYS + 1)
    opened.write_certificate(authority.make_certificate(["localhost"], opened.authority, late))


def foreign(path: Path) -> None:
    other = rotation.begin(SystemChance())
    folder.write(path / "bundle.json", Site.at(path, None).bundle(other), folder.SECRET)


def no_key(path: Path) -> None:
    (path / "certificate.key").unlink()
    (path / "certificate.key").mkdir(0o700)


def nothing(path: Path) -> None: ...


def more_settings(path: Path) -> None:
    file = path / "server.toml"
    file.write_text("colour = 'red'\n" + file.read_text())


START = ["vendor", "--passphrase-file", "passphrase"]
ERRORS: dict[str, tuple[Callable[[Path], None], list[str], str]] = {
    "no folder": (nothing, ["none"], "there is no folder none: make one"),
    "no server's folder": (nothing, ["."], ". is no server's folder, it has no server.toml"),
    "an expired certificate": (expired, START, "certificate: it expired on"),
    "an unreadable key": (no_key, START, "certificate: vendor/certificate.key cannot be read"),
    "a wrong passphrase": (nothing, ["vendor", "--passphrase-file", "wrong"], "keyring: the passphrase does not open"),
    "no passphrase": (nothing, ["vendor"], "keyring: vendor/keyring.json is encrypted: give its passphrase"),
    "a passphrase file that is gone": (nothing, ["vendor", "--passphrase-file", "none"], "the passphrase file none"),
    "a foreign bundle": (foreign, START, "bundle: vendor/bundle.json holds other keys than the keyring"),
    "an unknown setting": (more_settings, START, "vendor/server.toml:1: there is no setting `colour`"),
    "a place that is none": (nothing, [*START, "--listen", "nowhere"], "listen: 'nowhere' is no address"),
    "a host that is not ours": (
        nothing,
        [*START, "--listen", "192.0.2.1:0"],
        "192.0.2.1 is no address of this computer",
    ),
    "a host that is not known": (
        nothing,
        [*START, "--listen", "no.invalid:0"],
        "listen: 'no.invalid' is not known here",
    ),
    "a registry that is none": (
        nothing,
        [*START, "--database", "mysql://a/b"],
        "a registry lies in SQLite or PostgreSQL",
    ),
    "a registry that is gone": (
        nothing,
        [*START, "--database", "sqlite:///none"],
        "registry: the registry cannot be used",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_one_line_and_a_status(
    site: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    damage, args, error = ERRORS[name]
    damage(site)
    monkeypatch.chdir(tmp_path)
    assert main(["server", "run", *args]) in (1, 2)
    said = capsys.readouterr()
    assert said.out == "" and said.err.lower().startswith("error: ") and said.err.count("\n") == 1
    assert error in said.err


def test_a_certificate_without_its_key_is_refused(capsys: pytest.CaptureFixture[str]):
    assert main(["server", "run", "x", "--certificate", "a"]) == 2
    assert "belong together" in capsys.readouterr().err


def test_a_port_that_is_taken_is_one_line(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        args = ["server", "run", str(site), "--passphrase-file", str(tmp_path / "passphrase"), "--listen", place]
        assert main(args) == 1
    assert (
        capsys.readouterr().err
        == f"error: something else listens on {place} already: stop it, or give another port by --listen\n"
    )


def test_a_sound_server_would_listen(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["server", "run", str(site), "--passphrase-file", str(tmp_path / "passphrase")]) == 3
    assert "it listens" in capsys.readouterr().err


@pytest.mark.parametrize("package", ["sqlalchemy", "uvicorn", "httptools", "litestar", "alembic", "structlog"])
def test_without_the_extra_it_says_what_to_install(vendor: Path, package: str):
    code = (
        f"import sys; sys.modules[{package!r}] = None; from nexuslic.cli import main; "
        f"sys.exit(main(['server', 'run', {str(vendor)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "pip install 'nexuslic[server]'" in done.stderr
    assert done.stderr.count("\n") == 1
