"""A secret that comes out anywhere fails the test in whose time it did; what shows one by purpose may."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

HERE = Path(__file__).resolve().parent
KEY = "1726-0088-28473"
CONTAINER = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.c2VhbGVk.AAAAAAAAAAAAAAAAAAAAAA"
PRIVATE = '"private": "Xgyprwj6wnqSJFjah5VHiAdEllORctrEuwdrlHONRFM"'
TOKEN = f"nexuslic_fffca70826f4_{'54754a7b' * 8}"
SECRETS = {
    "a license key": (KEY, KEY.replace("-", ""), KEY.replace("-", " ")),
    "a sealed container": (CONTAINER,),
    "a private key": (PRIVATE, "-----BEGIN PRIVATE KEY-----"),
    "a password": ("postgresql://crew:the-r1ght-one@db1/survey",),
    "an administrator's token": (TOKEN,),
}
PLANTED = [(kind, secret) for kind, secrets in SECRETS.items() for secret in secrets]

WAYS = {
    "standard output": "print(SECRET)",
    "standard error": "import sys; sys.stderr.write(SECRET)",
    "a log": "import logging; logging.getLogger().warning(SECRET)",
    "what a test takes itself": "print(SECRET); capsys.readouterr()",
    "an error that is caught": "with pytest.raises(InputError): raise InputError(f'{SECRET}: no such thing')",
    "a process": "subprocess.run([tool('nexuslic'), 'license', 'status', SECRET], capture_output=True)",
    "a process that is read line by line": (
        "with subprocess.Popen([tool('nexuslic'), 'launch', SECRET], stdout=subprocess.PIPE) as process:"
        " list(process.stdout)"
    ),
    "a script": (
        "subprocess.run(['sh', '-c', f'nexuslic license status \\'{SECRET}\\''], capture_output=True, env=path())"
    ),
    "the license server's log": "logger(lambda: 'now', io.StringIO()).warning('contact', about=SECRET)",
    "a file for support": (
        "open('support', 'w').write(SECRET); subprocess.run("
        "[tool('nexuslic'), 'license', 'export-for-support', '--output', 'support'], capture_output=True)"
    ),
}
BY_PURPOSE = {
    "a key that is issued": f"subprocess.run([tool('nexuslic'), 'vendor', 'issue', '{KEY}'], capture_output=True)",
    "a token that is made": f"subprocess.run([tool('nexuslic'), 'server', 'init', '{TOKEN}'], capture_output=True)",
    "another program": f"subprocess.run(['echo', '{KEY}'], capture_output=True)",
    "a mistyped key": f"print('{KEY[:-1]}4')",
}
HEAD = """
import io
import os
import subprocess
from pathlib import Path

import pytest

from nexuslic.errors import InputError
from nexuslic.server.logs import logger

SECRET = {secret!r}


def tool(name):
    file = Path("tools") / name
    file.parent.mkdir(exist_ok=True)
    file.write_text('#!/bin/sh\\necho "$@"\\n')
    file.chmod(0o755)
    return str(file)


def path():
    return {{**os.environ, "PATH": f"{{Path(tool('nexuslic')).parent.resolve()}}:{{os.environ['PATH']}}"}}
"""


def ran(folder, *bodies, secret=KEY):
    """What pytest says of tests with these bodies, under the same conftest."""
    for name in ("conftest.py", "secrecy.py"):
        shutil.copy(HERE / name, folder / name)
    tests = [f"def test_{number}(capsys):\n    {body}\n    assert True\n" for number, body in enumerate(bodies)]
    (folder / "test_planted.py").write_text(HEAD.format(secret=secret) + "\n\n" + "\n\n".join(tests))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-rE",
        "--show-capture=no",
        "test_planted.py",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    found = {int(number) for number in re.findall(r"^ERROR test_planted\.py::test_(\d+)", done.stdout, re.MULTILINE)}
    return SimpleNamespace(status=done.returncode, leaks=found, text=done.stdout)


def test_a_secret_is_caught_wherever_it_comes_out(tmp_path):
    done = ran(tmp_path, *WAYS.values())
    assert [name for number, name in enumerate(WAYS) if number not in done.leaks] == [], done.text
    assert done.status == 1


def test_every_kind_of_secret_is_caught_and_told_without_it(tmp_path):
    done = ran(tmp_path, *(f"print({secret!r})" for _, secret in PLANTED))
    assert [kind for number, (kind, _) in enumerate(PLANTED) if number not in done.leaks] == [], done.text
    for kind, secret in PLANTED:
        assert f"{kind} in Captured stdout call: " in done.text
        assert f"{secret!r}..." not in done.text and f"...{secret}" not in done.text


def test_what_shows_a_secret_by_purpose_may(tmp_path):
    done = ran(tmp_path, *BY_PURPOSE.values())
    assert (done.status, done.leaks) == (0, set()), done.text


@pytest.mark.parametrize("variable", ["PGPASSWORD", "NEXUSLIC_PASSPHRASE"])
def test_a_password_of_the_environment_is_a_secret(variable, tmp_path):
    body = (
        f"subprocess.run([tool('nexuslic'), 'license', 'status', 'corr3ct horse'], capture_output=True,"
        f" env={{'{variable}': 'corr3ct horse'}})"
    )
    assert ran(tmp_path, body).leaks == {0}
