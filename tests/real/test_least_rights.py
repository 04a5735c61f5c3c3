"""A role that may make no tables: it is told who can, and with exactly what the printed script grants it does all."""

import os
import signal
import subprocess
import sys

import psycopg
import pytest
from sqlalchemy import make_url

ROLE = "Survey Users"
GRANTED = {
    ("nexuslic_record", "SELECT"),
    ("nexuslic_record", "UPDATE"),
    ("nexuslic_seat", "SELECT"),
    ("nexuslic_seat", "INSERT"),
    ("nexuslic_seat", "UPDATE"),
    ("nexuslic_seat", "DELETE"),
    ("nexuslic_user", "SELECT"),
    ("nexuslic_user", "INSERT"),
    ("nexuslic_user", "DELETE"),
    ("nexuslic_aside", "SELECT"),
    ("nexuslic_aside", "INSERT"),
}


@pytest.fixture
def administrator(postgresql_url):
    """Where the database's administrator works."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f'CREATE ROLE "{ROLE}" LOGIN')
        yield connection
        connection.execute(f'DROP OWNED BY "{ROLE}"')
        connection.execute(f'DROP ROLE "{ROLE}"')


@pytest.fixture
def crew(aboard, administrator, postgresql_url):
    """Somebody aboard who works with that role."""
    url = make_url(postgresql_url).set(username=ROLE)
    aboard.connect(url.render_as_string(hide_password=False))
    return aboard


@pytest.fixture
def allowed(crew, administrator, quietly, postgresql_tools, postgresql_url):
    """The same, once the administrator has run exactly what is printed."""
    script = crew.license("ddl", "--dialect", "postgresql", "--role", ROLE)
    quietly(postgresql_tools / "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--command={script.out}", postgresql_url)
    return crew


def crashed(crew):
    """Whether a launch has begun, before it and its program were killed."""
    command = [sys.executable, "-m", "nexuslic", "launch", "--", "sh", "-c", "echo sits; exec sleep 60"]
    pipes = {"stdout": subprocess.PIPE, "start_new_session": True}
    process = subprocess.Popen(command, env=crew.environment, text=True, **pipes)
    sat = process.stdout.readline() == "sits\n"
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return sat


def test_whoever_may_make_no_tables_is_told_who_can_and_nothing_is_sent(crew, office, administrator):
    key = office.issue()
    done = crew.license("request", key)
    assert done.status == 1
    assert done.line.startswith("error: the license's tables cannot be made in the database ")
    assert done.line.endswith("ask its administrator to run what `nexuslic license ddl --dialect postgresql` prints")
    assert office.do("show", key, "--json").told["binding"] is None
    assert administrator.execute("SELECT count(*) FROM pg_tables WHERE tablename ~ 'nexuslic'").fetchone() == (0,)


def test_a_launch_of_whoever_may_make_no_tables_asks_for_the_license(crew):
    told = crew.launched()
    assert (told["state"], told["reason"]) == ("Unlicensed", "unlicensed")


def test_the_script_grants_what_the_page_says_and_no_more(allowed, administrator):
    query = "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s"
    assert set(administrator.execute(query, [ROLE]).fetchall()) == GRANTED


def test_with_these_rights_a_license_is_requested_and_its_named_users_assigned(allowed, office):
    assert allowed.license("request", office.issue("--type", "named", "--seats", "2")).status == 0
    assert allowed.license("assign", "ann", "bob").out == "ann\nbob\n"
    assert allowed.launched("--user", "ann")["stored"]
    assert allowed.license("unassign", "ann").out == "bob\n"
    assert allowed.launched("--user", "ann")["reason"] == "user"


def test_with_these_rights_the_seat_of_a_session_that_crashed_is_released(allowed, office):
    allowed.license("request", office.issue("--seats", "1"))
    assert crashed(allowed)
    (seat,) = allowed.license("seats", "--json").listed
    assert allowed.license("release", seat["session"], "--yes").status == 0
    assert allowed.license("seats").out == "nobody holds a seat now\n"
    assert allowed.launched()["runs"]


def test_with_these_rights_a_damaged_record_is_kept_aside(allowed, office, administrator):
    key = office.issue()
    allowed.license("request", key)
    administrator.execute("UPDATE nexuslic_record SET sealed = 'damaged'")
    assert allowed.launched()["reason"] == "damaged"
    assert allowed.license("request", key).status == 0
    assert administrator.execute("SELECT sealed FROM nexuslic_aside").fetchall() == [(b"damaged",)]
    assert allowed.launched()["runs"]


RENEWAL = ("nexuslic_seat", "UPDATE")
"""What a session needs after 2 minutes, and no test waits for."""


@pytest.mark.parametrize(("table", "right"), sorted(GRANTED - {RENEWAL}))
def test_each_right_is_needed(table, right, allowed, office, administrator):
    key = office.issue("--type", "named", "--seats", "1")
    administrator.execute(f'REVOKE {right} ON {table} FROM "{ROLE}"')
    assert worked(allowed, key, office, administrator) is False


def test_together_they_suffice(allowed, office, administrator):
    assert worked(allowed, office.issue("--type", "named", "--seats", "1"), office, administrator) is True


def worked(crew, key, office, administrator):
    """Whether all of it can be done: request, assign, launch, release, and a damaged record kept aside."""
    administrator.execute("UPDATE nexuslic_record SET sealed = 'damaged'")
    done = [crew.license("request", key), crew.license("assign", "ann"), crew.license("unassign", "ann")]
    done.append(crew.license("request", office.issue("--seats", "1")))
    if any(one.status for one in done) or not crashed(crew):
        return False
    seats = crew.license("seats", "--json")
    if seats.status or not seats.listed:
        return False
    return crew.license("release", seats.listed[0]["session"], "--yes").status == 0
