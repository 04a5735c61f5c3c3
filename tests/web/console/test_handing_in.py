"""Which servers have a console: those with the extra `web`, unless it is left out."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.cli import main
from nexuslic.server import making, settings, start
from nexuslic.web import assets
from nexuslic.web.console import routes


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    """A server's folder."""
    chosen = settings.chosen("Survey", ["localhost"], "127.0.0.1:0")
    making.make(tmp_path / "vendor", chosen, None, SystemClock(), SystemChance())
    return tmp_path / "vendor"


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch, vendor: Path) -> Callable[..., list[str]]:
    """The places of the routes that a start of the server is handed besides its own."""
    found: list[Any] = []
    monkeypatch.setattr(start, "run", lambda site, choices, *_: found.extend(choices.more))

    def run(*options: str) -> list[str]:
        assert main(["server", "run", str(vendor), *options]) == 0
        return [one.path for one in found]

    return run


def test_a_server_has_a_console(handed: Callable[..., list[str]]):
    assert handed() == [routes.PLACE, assets.below(routes.pages.STATIC)]


def test_a_server_has_none_where_it_is_left_out(handed: Callable[..., list[str]]):
    assert handed("--no-console") == []


@pytest.mark.parametrize("package", ["jinja2", "babel"])
def test_a_server_without_the_extra_runs_without_a_console(vendor: Path, package: str):
    code = (
        f"import sys; sys.modules[{package!r}] = None; "
        "from nexuslic.cli import main; from nexuslic.server import start; "
        "start.run = lambda site, choices, *_: print(len(choices.more)); "
        f"sys.exit(main(['server', 'run', {str(vendor)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("0\n", "", 0)
