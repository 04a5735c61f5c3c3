"""`nexuslic doctor`: its exit status, its lines, its JSON."""

import json
import sqlite3
import subprocess
import sys

import pytest

from nexuslic.cli import main
from nexuslic.testing.certificates import Authority
from nexuslic.testing.server import TlsServer
from nexuslic.trust import bundles
from nexuslic.trust.keys import Bundle, KeySet, SealingKey, SigningKey


@pytest.fixture
def aboard(tmp_path, monkeypatch):
    """A folder with a bundle whose license server is gone, and a database."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY", "NEXUSLIC_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEXUSLIC_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    authority = Authority()
    with TlsServer(authority) as server:
        server.refuse()
        keys = KeySet((SigningKey("signing-1", bytes(range(32))).trusted(),))
        bundle = Bundle("Survey", server.address, keys, (SealingKey("sealing-1", bytes(32)),), authority.pem)
        (tmp_path / "bundle.json").write_bytes(bundles.write(bundle))
        sqlite3.connect("survey.sqlite").close()
        yield tmp_path


@pytest.fixture
def registry(aboard):
    """A registry file in which TLS 1.0 is turned off."""
    key = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Client"
    text = f'Windows Registry Editor Version 5.00\r\n\r\n[{key}]\r\n"Enabled"=dword:00000000\r\n'
    (aboard / "tls.reg").write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    return aboard / "tls.reg"


def doctor(*args):
    return main(["doctor", "--database", "sqlite:///survey.sqlite", *args])


def test_a_launch_that_would_not_run_is_status_1_and_its_cure_is_told(aboard, capsys):
    assert doctor() == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("bad          record       none")]
    assert "record: this database has no license yet." in lines
    assert "  1. Enter the license key under Database > Properties > License." in lines
    assert lines[-1].startswith("A launch would not run. This database has no license yet.")


def test_a_launch_that_would_run_is_status_0(aboard, capsys):
    (aboard / "NETHASP.ini").touch()
    assert doctor("--application", str(aboard)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0].split()[0], lines[-1]) == (
        "good",
        "A launch would run. The dongle protects this workstation: NETHASP.ini is in place.",
    )


def test_steps_that_were_not_reached_are_told_so(aboard, capsys):
    doctor()
    assert "not reached  tls" in capsys.readouterr().out.splitlines()


def test_a_program_is_told_the_same(aboard, capsys):
    assert doctor("--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["runs"], told["first_bad"], told["decision"]["reason"]) == (
        1,
        False,
        "record",
        "unlicensed",
    )
    assert {one["step"]: (one["level"], one["cause"]) for one in told["findings"]}["tcp"] == ("bad", "refused")


def test_what_to_do_stands_with_the_findings_alone(aboard, capsys):
    doctor("--json")
    assert "next_step" not in json.loads(capsys.readouterr().out)["decision"]


def test_a_bundle_that_is_not_there_is_a_finding(aboard, capsys):
    assert doctor("--bundle", "none.json", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["first_bad"], told["decision"]) == ("bundle", None)


def test_without_a_bundle_the_last_line_says_that_nothing_could_be_asked(aboard, capsys):
    doctor("--bundle", "none.json")
    assert capsys.readouterr().out.endswith("A launch would not run: there is nothing to ask the license with.\n")


@pytest.mark.parametrize(
    "args",
    [
        ("--database", "survey"),
        ("--database", "oracle://db/survey"),
        ("--database", "sqlite:///"),
        ("--user", " "),
        ("--app-version", "six"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_understood_is_one_sentence_and_status_2(aboard, capsys, args):
    assert doctor(*args) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), said.err.startswith("error: ")) == ("", 1, True)


def test_an_exported_registry_file_is_explained_after_the_walk(aboard, capsys, registry):
    assert doctor("--reg", str(registry)) == 1
    lines = capsys.readouterr().out.splitlines()
    at = lines.index(f"What {registry} says of TLS:")
    assert lines[at - 2].startswith("A launch would not run.")
    assert lines[at + 1] == ("SChannel: TLS 1.0 is off for the whole machine: nobody can use it, whatever else is set.")
    assert "nexuslic's own client uses OpenSSL, reads none of these keys" in lines[-1]


def test_a_program_is_told_what_the_registry_says(aboard, capsys, registry):
    doctor("--reg", str(registry), "--json")
    assert json.loads(capsys.readouterr().out)["registry"][0].startswith("SChannel: TLS 1.0 is off")


def test_without_a_registry_file_nothing_is_said_of_one(aboard, capsys):
    doctor("--json")
    assert json.loads(capsys.readouterr().out)["registry"] is None


@pytest.mark.parametrize("content", [None, b"no registry file"], ids=["missing", "other"])
def test_a_registry_file_that_is_none_is_one_sentence_and_status_2(aboard, capsys, content):
    if content is not None:
        (aboard / "tls.reg").write_bytes(content)
    assert doctor("--reg", "tls.reg") == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), said.err.startswith("error: ")) == ("", 1, True)


def test_what_is_not_installed_is_one_sentence(root):
    words = ["doctor", "--database", "sqlite:///none.sqlite"]
    code = f"import sys; sys.modules['sqlalchemy'] = None; from nexuslic.cli import main; sys.exit(main({words}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "run pip install 'nexuslic[client]'" in done.stderr
