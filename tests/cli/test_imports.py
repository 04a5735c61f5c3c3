"""Nothing heavy is imported before it is needed: what each command imports, beside Python's own modules."""

import subprocess
import sys
from pathlib import Path

import pytest

STORY = "scenarios/offshore/14-day-crew-change.scenario.yaml"
VALUES = {"attr", "attrs"}
MACHINE = VALUES | {"six", "transitions"}
READING = VALUES | {"stdnum", "yaml"}
STORIES = READING | MACHINE | {"tzdata"}
RUNNING = STORIES | {"cattrs", "cryptography", "typing_extensions"}
HTTPS = VALUES | {"anyio", "certifi", "h11", "httpcore", "httpx", "idna", "platformdirs", "stdnum", "truststore"}
DECISIONS = VALUES | {"six", "stdnum", "transitions"}
NEEDED: dict[tuple[str, ...], set[str]] = {
    ("--version",): set(),
    ("--help",): set(),
    ("machine",): MACHINE,
    ("schema",): READING,
    ("explain", "Grace"): READING | MACHINE,
    ("book", STORY): RUNNING,
    ("doctor", "--help"): set(),
    ("explore", "--depth", "1"): RUNNING,
    ("generate", "--plant", "21"): RUNNING - {"tzdata"},
    ("hasp", "--help"): set(),
    ("hasp", "status", "--application", "."): VALUES,
    ("launch", "--help"): set(),
    ("launch", "--database", "sqlite:///x", "--", "no-such-program"): set(),
    ("license", "--help"): set(),
    ("license", "status", "--help"): DECISIONS,
    ("license", "ddl", "--dialect", "mssql"): VALUES | {"sqlalchemy", "typing_extensions"},
    ("lint", STORY): READING | {"tzdata"},
    ("policy", "--help"): set(),
    **{("policy", name, "--help"): VALUES for name in ("sweep", "find", "compare", "report")},
    ("policy", "abuse", "--help"): READING | MACHINE,
    ("run", STORY): RUNNING,
    ("server", "--help"): set(),
    ("server", "run", "--help"): set(),
    ("trips", "--help"): set(),
    ("trips", "example"): set(),
    ("vendor", "--help"): set(),
    ("vendor", "issue", "--help"): set(),
    ("vendor", "tokens", "make", "--help"): set(),
    ("vendor", "import", "none.csv"): VALUES,
    ("vendor", "list", "--server", "https://license.example"): HTTPS,
    ("voyage", "--days", "3"): RUNNING,
    ("watch", "--help"): RUNNING - {"tzdata"},
}
PARTS = {"_cffi_backend", "_yaml", "cattr", "markdown_it", "mdurl", "pygments", "rich"}
"""What libraries bring along on one machine and not on another."""


def modules(args: tuple[str, ...], cwd: Path) -> set[str]:
    code = f"import sys; from nexuslic.cli import main; main({list(args)}); print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-S", "-c", SITE + code], cwd=cwd, capture_output=True, check=True)
    return {name for name in done.stdout.decode().splitlines() if name}


def imported(args: tuple[str, ...], cwd: Path) -> set[str]:
    return {name.split(".")[0] for name in modules(args, cwd)}


SITE = f"import sys; sys.path += {[path for path in sys.path if path]!r}; "


@pytest.mark.parametrize("args", list(NEEDED), ids=" ".join)
def test_a_command_imports_no_more_than_it_needs(root: Path, args: tuple[str, ...]):
    foreign = imported(args, root) & INSTALLED
    assert foreign - PARTS == NEEDED[args]


@pytest.mark.parametrize(
    "args",
    [
        *(("run", STORY), ("book", STORY), ("lint", STORY), ("machine",), ("explain", "Grace"), ("policy", "--help")),
        *(("launch", "--database", "sqlite:///x", "--", "no-such-program"), ("hasp", "status", "--application", ".")),
    ],
    ids=" ".join,
)
def test_who_needs_no_lab_does_not_import_it(root: Path, args: tuple[str, ...]):
    assert {name for name in modules(args, root) if name.startswith("nexuslic.lab")} == set()


INSTALLED = {
    entry.name.removesuffix(".py").split(".")[0]
    for path in sys.path
    if "site-packages" in path
    for entry in Path(path).iterdir()
} - {"click", "nexuslic", "__pycache__"}
