"""In an install without extras the vendor's commands say what is missing; their help is there."""

import subprocess
import sys
from pathlib import Path

import pytest


def call(root: Path, missing: str, *args: str) -> "subprocess.CompletedProcess[str]":
    code = f"import sys; sys.modules[{missing!r}] = None; from nexuslic.cli import main; sys.exit(main({list(args)}))"
    return subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("missing", "args", "extra"),
    [
        ("httpx", ("list", "--server", "https://license.example"), "client"),
        ("platformdirs", ("tokens", "list"), "client"),
        ("truststore", ("audit",), "client"),
        ("litestar", ("list", "--folder", "vendor"), "server"),
        ("sqlalchemy", ("suspend", "4006-3813-33930", "--yes", "--folder", "vendor"), "server"),
    ],
)
def test_what_is_not_installed_is_one_sentence(root: Path, missing: str, args: tuple[str, ...], extra: str):
    done = call(root, missing, "vendor", *args)
    assert done.returncode == 2
    assert done.stderr == (
        f"Error: this needs a package that is not installed ({missing}): run pip install 'nexuslic[{extra}]'\n"
    )


@pytest.mark.parametrize("name", ["", "issue", "revoke", "audit", "tokens make"])
def test_help_needs_nothing(root: Path, name: str):
    done = call(root, "httpx", "vendor", *name.split(), "--help")
    assert done.returncode == 0 and "Usage: nexuslic vendor" in done.stdout
