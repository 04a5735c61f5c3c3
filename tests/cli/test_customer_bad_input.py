"""What is wrong ends in one line that says where, what and what to do; nothing is changed, lost or sent."""

import json
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import attrs
import psycopg
import pytest
from sqlalchemy import make_url

from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.cli import main
from nexuslic.server import making, settings
from nexuslic.testing.loopback import Listener


@attrs.frozen
class Said:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def error(self):
        """The one line that it is allowed."""
        assert self.out == "" and re.fullmatch(r"error: [^\n]+\n", self.err), self
        return self.err


@attrs.define(eq=False)
class Customer:
    """A customer's computer; `sent` counts who has come to the license server."""

    folder: Path
    server: Listener
    capfd: pytest.CaptureFixture
    monkeypatch: pytest.MonkeyPatch

    @property
    def sent(self):
        return self.server.accepted

    def do(self, *words):
        self.capfd.readouterr()
        status = main(list(words))
        return Said(status, *self.capfd.readouterr())

    def license(self, *words):
        return self.do("license", *words)

    def over(self, url):
        self.monkeypatch.setenv("NEXUSLIC_DATABASE", url)
        return self

    def vendor(self, *words):
        return json.loads(self.do("vendor", "--folder", str(self.folder / "vendor"), *words, "--json").out)

    def issue(self, *options):
        return self.vendor("issue", "--organisation", "Example Survey", *options)["key"]

    def answered(self, code):
        return self.vendor("answer-code", code.strip())["code"]

    def licensed(self, *options):
        """A key, once its license lies in the database: by code, so that nothing is sent."""
        key = self.issue(*options)
        code = self.answered(self.license("request-code", key).out)
        assert self.license("accept-code", code).status == 0
        return key

    def kept(self):
        """All bytes of the databases here, and of this workstation's state."""
        files = [*self.folder.glob("*.db*"), *(self.folder / "state").rglob("*.[01]")]
        return {file: file.read_bytes() for file in files}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("bad") / "vendor"
    making.make(path, settings.chosen("Survey", ["localhost"], "127.0.0.1:0"), None, SystemClock(), SystemChance())
    return path


@pytest.fixture
def customer(made, tmp_path, capfd, monkeypatch):
    sqlite3.connect(tmp_path / "survey.db").close()
    shutil.copytree(made, tmp_path / "vendor")
    told = json.loads((made / "bundle.json").read_text())
    with Listener(lambda connection: None) as server:
        told["bundle"]["address"] = f"https://localhost:{server.port}"
        (tmp_path / "bundle.json").write_text(json.dumps(told, sort_keys=True, separators=(",", ":")))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("NEXUSLIC_STATE", str(tmp_path / "state"))
        for name in ("NEXUSLIC_BUNDLE", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "PGPASSWORD"):
            monkeypatch.delenv(name, raising=False)
        yield Customer(tmp_path, server, capfd, monkeypatch).over(f"sqlite:///{tmp_path / 'survey.db'}")


# -- the database -----------------------------------------------------------------------------------------------------

NO_DATABASES = {
    "nonsense": (2, "URL cannot be read: write sqlite:///PATH"),
    "postgresql://db1:port/survey": (2, "URL cannot be read: write"),
    "postgresql://crew:h1dden%zz@[::1/survey": (2, "URL cannot be read: write"),
    "sqlite://": (2, "names no database: write"),
    "oracle://db1/survey": (2, "cannot lie in 'oracle': write"),
    "postgresql+nothing://db1/survey": (2, "install that driver"),
    "mssql://db1/survey": (2, "install that driver"),
    "sqlite:///missing.db": (1, "missing.db .*unable to open database file.* check the path"),
    "sqlite:///.": (1, "unable to open database file.* check the path"),
    "sqlite:///bundle.json": (1, "bundle.json .*file is not a database.* check the path"),
    "sqlite:///missing/survey.db": (1, "unable to open database file.* check the path"),
}
COMMANDS = {
    "status": ("license", "status"),
    "assign": ("license", "assign", "ann"),
    "request": ("license", "request", "KEY"),
    "request-code": ("license", "request-code"),
    "launch": ("launch", "--", "true"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("url", NO_DATABASES)
def test_no_database_is_told_with_what_to_do(url, command, customer):
    status, told = NO_DATABASES[url]
    words = [customer.issue() if word == "KEY" else word for word in COMMANDS[command]]
    before = customer.kept()
    said = customer.over(url).do(*words)
    assert said.status == (77 if command == "launch" and status == 1 else status)
    assert re.search(told, said.error) and "h1dden" not in said.error
    assert (customer.kept(), customer.sent) == (before, 0)


# -- PostgreSQL -------------------------------------------------------------------------------------------------------


@pytest.fixture
def locked(postgresql_url):
    """An empty database on PostgreSQL, and a role of it that needs its password."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        (file,) = connection.execute("SHOW hba_file").fetchone()
        before = Path(file).read_text()
        Path(file).write_text(f"local all needs_password scram-sha-256\n{before}")
        connection.execute("CREATE ROLE needs_password LOGIN PASSWORD 'the-r1ght-one'")
        reload(connection, postgresql_url)
        yield postgresql_url
        Path(file).write_text(before)
        reload(connection, postgresql_url)
        connection.execute("DROP ROLE needs_password")


def reload(connection, url):
    """Until a new connection finds the new settings."""
    asked = "SELECT pg_conf_load_time()"
    (before,) = connection.execute(asked).fetchone()
    connection.execute("SELECT pg_reload_conf()")
    while True:
        with psycopg.connect(url) as other:
            if other.execute(asked).fetchone()[0] > before:
                return


def url_of(url, **parts):
    """The URL of a database on PostgreSQL, by TCP."""
    told = make_url(url)
    given = {"drivername": "postgresql", "username": "needs_password", "host": "127.0.0.1", **parts}
    return told.set(query={}, **given).render_as_string(hide_password=False)


NO_POSTGRESQL = {
    "wrong password": ({"password": "the-wr0ng-one"}, "password authentication failed"),
    "no password": ({}, "no password supplied"),
    "no such database": ({"username": "postgres", "database": "nowhere"}, 'database "nowhere" does not exist'),
    "no such role": ({"username": "nobody"}, 'role "nobody" does not exist'),
    "refused port": ({"port": None}, "Connection refused"),
}


@pytest.mark.parametrize("command", ["status", "request", "launch"])
@pytest.mark.parametrize("name", NO_POSTGRESQL)
def test_no_way_into_postgresql_is_told_without_any_password(name, command, locked, postgresql_port, customer):
    parts, told = NO_POSTGRESQL[name]
    if name == "refused port":
        customer.server.refuse()
        parts = {"port": customer.server.port}
    customer.over(url_of(locked, **{"port": postgresql_port, **parts}))
    said = customer.do(*[customer.issue() if word == "KEY" else word for word in COMMANDS[command]])
    assert said.status == (77 if command == "launch" else 1)
    assert told in said.error and "check its URL, its password and whether its server runs" in said.error
    assert "the-wr0ng-one" not in said.error and customer.sent == 0


def test_the_right_password_comes_in_from_outside(locked, postgresql_port, customer):
    customer.monkeypatch.setenv("PGPASSWORD", "the-r1ght-one")
    assert "Unlicensed" in customer.over(url_of(locked, port=postgresql_port)).license("status").out


# -- the bundle -------------------------------------------------------------------------------------------------------

NO_BUNDLES = {
    "missing.json": "vendor bundle missing.json: no such file or directory; give the file that the vendor ships",
    ".": "vendor bundle .: is a directory; give the file that the vendor ships",
    "survey.db": "survey.db: this is no vendor bundle in format 1: use the file that the vendor ships",
    "list.json": "list.json: this is no vendor bundle in format 1: use the file that the vendor ships",
    "cut.json": "cut.json: this is no vendor bundle in format 1: use the file that the vendor ships",
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", NO_BUNDLES)
def test_no_bundle_is_told_with_what_to_do(name, command, customer):
    (customer.folder / "list.json").write_text("[]")
    (customer.folder / "cut.json").write_bytes((customer.folder / "bundle.json").read_bytes()[:-9])
    customer.monkeypatch.setenv("NEXUSLIC_BUNDLE", name)
    said = customer.do(*[customer.issue() if word == "KEY" else word for word in COMMANDS[command]])
    assert said.status == 2 and said.error.startswith(f"error: {NO_BUNDLES[name]}")


@pytest.fixture
def another_product(customer):
    """The bundle of another vendor's product."""
    made = customer.folder / "another"
    making.make(made, settings.chosen("Other", ["localhost"], "127.0.0.1:0"), None, SystemClock(), SystemChance())
    return str(made / "bundle.json")


def test_the_bundle_of_another_product_opens_nothing_and_harms_nothing(customer, another_product):
    customer.licensed()
    before = customer.kept()
    said = customer.do("launch", "--bundle", another_product, "--", "true")
    assert said.status == 77 and "The license record in this database is damaged" in said.error
    assert customer.kept() == before
    assert customer.do("launch", "--", "true").status == 0


# -- keys and codes ---------------------------------------------------------------------------------------------------


def wrong_digit(key):
    return key[:-1] + str((int(key[-1]) + 1) % 10)


@pytest.mark.parametrize("command", ["request", "request-code"])
@pytest.mark.parametrize("typed", [wrong_digit, lambda key: key[:-1], lambda key: "x" * 10_000, lambda key: "' OR 1=1"])
def test_a_wrong_key_is_told_sends_nothing_and_changes_nothing(command, typed, customer):
    key = customer.licensed()
    before = customer.kept()
    said = customer.license(command, typed(key))
    assert said.status == 2 and said.error.startswith("error: the license key is mistyped: ")
    assert (customer.kept(), customer.sent) == (before, 0)


def test_a_right_key_is_sent(customer):
    customer.license("request", customer.issue())
    assert customer.sent == 1


def used(customer):
    code = customer.answered(customer.license("request-code").out)
    assert customer.license("accept-code", code).status == 0
    return code


def older(customer):
    first = customer.license("request-code").out
    customer.license("request-code")
    return customer.answered(first)


def foreign(customer):
    code = customer.answered(customer.license("request-code").out)
    shutil.copy(customer.folder / "survey.db", customer.folder / "other.db")
    customer.over(f"sqlite:///{customer.folder / 'other.db'}")
    return code


def mistyped(customer):
    groups = customer.answered(customer.license("request-code").out).split()
    groups[2] = ("B" if groups[2][0] == "A" else "A") + groups[2][1:]
    return " ".join(groups)


def not_asked(customer):
    code = customer.answered(customer.license("request-code").out)
    customer.monkeypatch.setenv("NEXUSLIC_STATE", str(customer.folder / "elsewhere"))
    return code


def of_the_request(customer):
    return customer.license("request-code").out


BAD_CODES = {
    used: "no code was asked for on this workstation, or it was used already",
    older: "this code answers another request",
    foreign: "it was asked for another database",
    mistyped: "group 3 of the code is mistyped",
    not_asked: "no code was asked for on this workstation",
    of_the_request: "this is no renewal code",
}


@pytest.mark.parametrize("bad", BAD_CODES)
def test_a_bad_code_is_told_and_changes_nothing(bad, customer):
    customer.licensed()
    code = bad(customer)
    before = customer.kept()
    said = customer.license("accept-code", code)
    assert said.status == 1 and said.error.startswith(f"error: The code was refused: {BAD_CODES[bad]}")
    assert said.error.endswith("Try again with contact, or ask support for a renewal code.\n")
    assert (customer.kept(), customer.sent) == (before, 0)


def test_a_license_key_in_the_place_of_a_code_is_told_and_not_repeated(customer):
    key = customer.licensed()
    customer.license("request-code")
    said = customer.license("accept-code", key)
    assert (said.status, said.error) == (
        2,
        "error: this is a license key and no code: request the license with it\n",
    )


# -- names ------------------------------------------------------------------------------------------------------------

BAD_NAMES = ["", "  ", "a\nb", "\x1b[31mred", "tab\there", "\u202egnirts", "x" * 10_000, "\0"]


@pytest.mark.parametrize("name", BAD_NAMES, ids=range(len(BAD_NAMES)))
@pytest.mark.parametrize("words", [("license", "assign", "NAME"), ("launch", "--user", "NAME", "--", "true")])
def test_a_name_that_cannot_be_shown_is_told_and_stored_nowhere(words, name, customer):
    customer.licensed("--type", "named", "--seats", "3")
    before = customer.kept()
    said = customer.do(*[name if word == "NAME" else word for word in words])
    assert said.status == 2 and said.error.startswith("error: user: a name has 1 to 200 characters")
    assert customer.kept() == before


ODD_NAMES = ["O'Brien", 'Ann "the boss"', "x'); DROP TABLE nexuslic_user;--", "%s %(a)s :b ?", "Ωμέγα", "山田"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_with_quotes_or_sql_is_a_name_like_any_other(name, customer):
    customer.licensed("--type", "named", "--seats", "3")
    assert customer.license("assign", name).out == f"{name}\n"
    assert customer.do("launch", "--user", name, "--", "true").status == 0
    assert customer.do("launch", "--user", f"{name}x", "--", "true").status == 77
    assert customer.license("unassign", name).status == 0


def test_a_name_that_nobody_has_moves_no_cursor(customer):
    customer.licensed("--type", "named")
    said = customer.license("unassign", "\x1b[31mred")
    assert said.status == 1 and "\x1b" not in said.err and "`nexuslic license users` names them" in said.err


# -- the program, the state, and a database that stores nothing -------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), [("no-such-program", 127), ("bundle.json", 126), (".", 126)])
def test_a_program_that_cannot_be_started_is_told_as_by_a_shell(name, status, customer):
    customer.licensed()
    before = customer.kept()
    said = customer.do("launch", "--", name if status == 127 else str(customer.folder / name))
    assert said.status == status and said.error.endswith("; give a program that can be started\n")
    assert customer.kept() == before


@pytest.fixture
def no_state(customer):
    """A file stands where the state's folder would be."""
    customer.licensed()
    (customer.folder / "no-state").write_text("")
    customer.monkeypatch.setenv("NEXUSLIC_STATE", str(customer.folder / "no-state"))
    return customer


def test_a_state_that_cannot_be_written_costs_no_launch(no_state):
    assert no_state.do("launch", "--", "true").status == 0


def test_a_state_that_cannot_be_written_keeps_no_request(no_state):
    said = no_state.license("request-code")
    assert said.status == 2 and "cannot keep what was asked for: make room in its state folder" in said.error


def read_only(customer, words):
    """A command over a database that is open for reading only."""
    url = f"sqlite:///file:{customer.folder / 'survey.db'}?mode=rw&uri=true"
    key = customer.over(url).licensed("--type", "named", "--seats", "3")
    customer.license("assign", "ann")
    customer.over(url.replace("mode=rw", "mode=ro"))
    return key, customer.kept(), lambda: customer.do(*[key if word == "KEY" else word for word in words])


def full(customer, words):
    """A command as a process that no file lets write more than a few bytes; SQLite finds no room for its journal."""
    key = customer.licensed("--type", "named", "--seats", "3")
    customer.license("assign", "ann")
    told = [key if word == "KEY" else word for word in words]

    def do():
        limit = (2048, 2048)
        command = [sys.executable, "-m", "nexuslic", *told]
        given = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit), "stdin": subprocess.DEVNULL}
        ran = subprocess.run(command, capture_output=True, text=True, **given)
        return Said(ran.returncode, ran.stdout, ran.stderr)

    return key, customer.kept(), do


@pytest.mark.parametrize("trouble", [read_only, full])
@pytest.mark.parametrize(
    "words", [("license", "request", "KEY"), ("license", "assign", "bob")], ids=lambda words: words[1]
)
def test_a_database_that_stores_nothing_is_told_and_nothing_is_sent_or_lost(trouble, words, customer):
    _, before, do = trouble(customer, words)
    said = do()
    assert said.status == 1 and "does not store (" in said.error and said.error.endswith("whoever holds it\n")
    assert (customer.kept(), customer.sent) == (before, 0)


@pytest.mark.parametrize("trouble", [read_only, full])
def test_a_database_that_stores_nothing_lets_run_and_says_so(trouble, customer):
    _, before, do = trouble(customer, ("launch", "--user", "ann", "--", "echo", "the survey runs"))
    said = do()
    assert (said.status, said.out) == (0, "the survey runs\n")
    assert "This could not be stored: the database is read-only, full or locked." in said.err
    assert {file: data for file, data in customer.kept().items() if file.suffix == ".db"} == {
        file: data for file, data in before.items() if file.suffix == ".db"
    }
