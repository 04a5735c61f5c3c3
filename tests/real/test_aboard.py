"""A customer's year through the commands alone, over real TLS: SQLite, and PostgreSQL with its own tools."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy import make_url

RUNS = "the survey runs"


class Sqlite:
    """A file that is copied."""

    def __init__(self, folder):
        self.folder = folder
        sqlite3.connect(folder / "survey.db").close()
        self.url = f"sqlite:///{folder / 'survey.db'}"

    def restored(self):
        """The URL of last night's backup, restored under another name."""
        shutil.copy(self.folder / "survey.db", self.folder / "restored.db")
        return f"sqlite:///{self.folder / 'restored.db'}"


class Postgresql:
    """A database that pg_dump backs up and pg_restore restores."""

    def __init__(self, folder, url, another, tools):
        self.dump, self.url, self.another, self.tools = folder / "survey.dump", url, another, tools

    def restored(self):
        """The URL of last night's backup, restored under another name."""
        self._do("pg_dump", "--format=custom", f"--file={self.dump}", self.url)
        self._do("pg_restore", f"--dbname={self.another}", self.dump)
        return self.another

    def _do(self, tool, *args):
        subprocess.run([self.tools / tool, *args], check=True, capture_output=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path):
    """An empty database of a customer."""
    if request.param == "sqlite":
        return Sqlite(tmp_path)
    names = ("postgresql_url", "another_postgresql_url", "postgresql_tools")
    return Postgresql(tmp_path, *map(request.getfixturevalue, names))


class Aboard:
    """A computer of the customer's: it knows the bundle, a database, and what was typed."""

    def __init__(self, folder, bundle):
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
            "NEXUSLIC_STATE": str(folder / "state"),
            "NEXUSLIC_BUNDLE": str(bundle),
        }

    def connect(self, url):
        self.environment["NEXUSLIC_DATABASE"] = url

    def do(self, *words):
        """What a command prints on both streams, and its exit status."""
        command = [sys.executable, "-m", "nexuslic", *map(str, words)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return done.stdout, done.stderr, done.returncode

    def launch(self, *options):
        return self.do("launch", *options, "--", "echo", RUNS)


@pytest.fixture
def issued(vendor, start):
    """A license server that runs, the key that it has issued, and how to stop it and start it again."""
    running = start(vendor)
    bundle = vendor / "bundle.json"
    told = json.loads(bundle.read_text())
    told["bundle"]["address"] = f"https://localhost:{running.port}"
    bundle.write_text(json.dumps(told, sort_keys=True, separators=(",", ":")))
    words = ["vendor", "--folder", vendor, "issue", "--organisation", "Example", "--seats", "2", "--json"]
    made = subprocess.run([sys.executable, "-m", "nexuslic", *words], check=True, capture_output=True)
    return running, json.loads(made.stdout)["key"]


def answer(vendor, code):
    """Support's answer to a request code."""
    words = ["vendor", "--folder", vendor, "answer-code", "--json", code]
    done = subprocess.run([sys.executable, "-m", "nexuslic", *words], check=True, capture_output=True)
    return json.loads(done.stdout)["code"]


def test_a_year_of_a_license_aboard(engine, issued, vendor, tmp_path):
    running, key = issued
    aboard = Aboard(tmp_path, vendor / "bundle.json")
    aboard.connect(engine.url)
    out, err, status = aboard.launch()
    assert (out, status) == ("", 77) and "This database has no license yet." in err
    out, err, status = aboard.do("license", "request", key)
    assert (out.splitlines()[0], err, status) == ("Authenticated: The license is confirmed.", "", 0)
    assert aboard.launch() == (f"{RUNS}\n", "", 0)
    running.stop()
    out, err, status = aboard.launch()
    assert (out, status) == (f"{RUNS}\n", 0)
    assert err.startswith("Only 30 days left in grace period. No contact: the license server refuses connections.")
    recorded = make_url(engine.url).database
    aboard.connect(engine.restored())
    out, err, status = aboard.launch("--json")
    refused = json.loads(out)
    assert (refused["state"], refused["reason"], status, err) == ("Invalid-Binding", "binding", 77, "")
    assert refused["recorded"]["database"] == recorded != refused["connected"]["database"]
    code, _, _ = aboard.do("license", "request-code")
    out, _, status = aboard.do("license", "accept-code", answer(vendor, code))
    assert (out.splitlines()[0], status) == ("Authenticated: The license is confirmed.", 0)
    out, err, status = aboard.launch()
    assert (out, status) == (f"{RUNS}\n", 0) and err.startswith("Only 30 days left in grace period.")
    aboard.connect(engine.url)
    assert aboard.launch()[2] == 0, "the database that was left behind is as it was, as long as nobody can ask"
    assert not re.search(key.replace("-", "-?"), "".join(aboard.do("license", "export-for-support")[:2]))
