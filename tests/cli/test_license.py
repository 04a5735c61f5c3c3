"""`nexuslic license`: the License dialog as commands, over a real database and a vendor in this process."""

import io
import json
import sqlite3
from datetime import UTC, datetime, timedelta

import attrs
import pytest
import zxingcpp
from PIL import Image

from nexuslic.cli import customer as options
from nexuslic.cli import main
from nexuslic.issuing import grant, support
from nexuslic.issuing.registry import Issued
from nexuslic.rules.license import License, LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.simulation.registry import MemoryRegistry
from nexuslic.simulation.vendor import bundle, first_signatory
from nexuslic.trust import bundles

KEY = LicenseKey.from_number(400638133393)
TERMS = License("Example Survey", LicenseType.CONCURRENT, 2, 30, Version.parse("6.2"), None)


NO_LICENSE = "no license is assigned to this user; `nexuslic license users` names them"


def now():
    return datetime.now(UTC).replace(microsecond=0)


@attrs.define(eq=False)
class Office:
    """A computer of the customer's, and the license server that it reaches."""

    folder: object
    capsys: object
    monkeypatch: object
    registry: MemoryRegistry = attrs.Factory(MemoryRegistry)
    asked: int = 0

    def exchange(self, request):
        self.asked += 1
        return grant.answer(request, self.registry, first_signatory(), now())

    def do(self, *words, typed=""):
        """The exit status of a command, and what it printed."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main([str(word) for word in words])
        done = self.capsys.readouterr()
        return status, done.out, done.err

    def license(self, *words, typed=""):
        return self.do("license", *words, typed=typed)

    def issue(self, **terms):
        self.registry.kept[KEY.digits] = Issued(KEY, attrs.evolve(TERMS, **terms), None)
        return self

    def requested(self, **terms):
        self.issue(**terms)
        assert self.license("request", KEY.digits)[0] == 0
        return self


@pytest.fixture
def office(tmp_path, monkeypatch, capsys):
    sqlite3.connect(tmp_path / "survey.db").close()
    (tmp_path / "bundle.json").write_bytes(bundles.write(bundle()))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEXUSLIC_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("NEXUSLIC_DATABASE", "sqlite:///survey.db")
    made = Office(tmp_path, capsys, monkeypatch)
    monkeypatch.setattr("nexuslic.application.opening.LateLink", lambda *given: made)
    return made


def test_a_key_that_is_granted_says_until_when(office):
    status, out, err = office.issue().license("request", "4006-3813-33930")
    assert (status, err) == (0, "")
    assert out.startswith("Authenticated: The license is confirmed.\n30 days of grace, until ")


def test_a_key_may_come_over_standard_input(office):
    assert office.issue().license("request", "-", typed=f"{KEY.digits}\n")[0] == 0
    assert office.issue().license("request", typed=f"{KEY.digits}\n")[0] == 0


def test_nothing_on_standard_input_is_no_key(office):
    status, _, err = office.license("request", typed="")
    assert (status, err.count("\n")) == (2, 1) and "nothing was given" in err


def test_a_mistyped_key_sends_nothing_and_is_not_repeated(office):
    status, out, err = office.license("request", "4006381333931")
    assert (status, out, office.asked) == (2, "", 0)
    assert err == "error: the license key is mistyped: its check digit does not fit; compare it digit by digit\n"


def test_a_key_that_nobody_issued_is_refused(office):
    status, out, err = office.license("request", KEY.digits)
    assert (status, out) == (1, "") and "The license server does not know this license key." in err


def test_a_database_that_stores_nothing_is_told_before_anything_is_sent(office):
    office.monkeypatch.setenv("NEXUSLIC_DATABASE", "sqlite:///file:survey.db?mode=ro&uri=true")
    status, _, err = office.issue().license("request", KEY.digits)
    assert (status, office.asked) == (1, 0) and "does not store" in err


def test_an_answer_for_a_program(office):
    told = json.loads(office.issue().license("request", KEY.digits, "--json")[1])
    assert (told["state"], told["runs"], told["stored"], told["days_left"]) == ("Authenticated", True, True, 30)


def test_status_shows_what_the_dialog_shows(office):
    _, out, _ = office.requested().license("status")
    lines = dict(line.split("  ", 1) for line in out.splitlines())
    told = {name: value.strip() for name, value in lines.items()}
    assert told["Product"] == "nexuslic" and told["Database name"].endswith("/survey.db")
    assert (told["License type"], told["Concurrent licenses"], told["Grace period"]) == ("concurrent", "2", "30 days")
    assert (told["State"], told["Days left"], told["In use"]) == ("Authenticated", "30", "0 of 2")
    assert told["Last good launch"] == "none yet"


def test_status_of_a_named_license_names_its_users(office):
    office.requested(type=LicenseType.NAMED).license("assign", "ann")
    assert "Named users       1 of 2: ann\n" in office.license("status")[1]


def test_status_of_a_moved_database_names_both_and_the_way_out(office):
    office.requested()
    (office.folder / "survey.db").rename(office.folder / "moved.db")
    _, out, _ = office.license("status", "--database", "sqlite:///moved.db")
    assert "Authenticated as" in out and "State                Invalid-Binding (binding)\n" in out
    assert "authenticate again with the license key" in out


def test_status_for_a_program(office):
    told = json.loads(office.requested().license("status", "--json")[1])
    assert (told["license"]["seats"], told["state"], told["without_contact"]["runs"]) == (2, "Authenticated", True)
    assert told["deadline"].endswith("+00:00")


def test_a_time_is_told_by_this_computer_s_clock_and_in_utc(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "Etc/GMT-5")
    time.tzset()
    try:
        assert options.when(datetime(2026, 3, 2, 20, 30, tzinfo=UTC)) == "2026-03-03 01:30 (2026-03-02 20:30 UTC)"
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
        assert options.when(datetime(2026, 3, 2, 20, 30, tzinfo=UTC)) == "2026-03-02 20:30 UTC"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_users_are_assigned_in_their_order(office):
    office.requested(type=LicenseType.NAMED)
    assert office.license("assign", "zoe", "ann") == (0, "zoe\nann\n", "")
    assert office.license("users") == (0, "zoe\nann\n", "")
    status, out, err = office.license("assign", "bob")
    assert (status, out, err) == (1, "zoe\nann\n", "error: fewer licenses than users: no license for bob\n")


def test_users_are_unassigned_without_regard_to_case(office):
    office.requested(type=LicenseType.NAMED).license("assign", "zoe", "ann")
    assert office.license("unassign", "ZOE") == (0, "ann\n", "")
    assert office.license("unassign", "zoe") == (1, "ann\n", f"error: zoe: {NO_LICENSE}\n")


def test_a_seat_is_shown_and_released_after_a_question(office):
    office.requested()
    with options.license_of(given()) as license, license.launch():
        (seat,) = license.seats()
        assert office.license("seats")[1].splitlines()[1].startswith(f"{seat.session}  ann")
        office.monkeypatch.setattr("click.confirm", lambda text, **how: None)
        status, out, err = office.license("release", seat.session)
        assert (status, out) == (0, f"the seat of {seat} is free\n") and "may lose work" in err
    assert office.license("seats") == (0, "nobody holds a seat now\n", "")


def given():
    from pathlib import Path

    return {
        "database": "sqlite:///survey.db",
        "bundle": Path("bundle.json"),
        "user": "ann",
        "app_version": "6.2",
        "application": None,
    }


def test_a_release_that_is_not_confirmed_changes_nothing(office):
    office.requested()
    with options.license_of(given()) as license, license.launch():
        (seat,) = license.seats()
        assert office.license("release", seat.session, typed="n\n")[0] == 130
        assert license.seats() == (seat,)


def test_the_seat_of_nobody_cannot_be_released(office):
    status, _, err = office.requested().license("release", "--yes", "nobody")
    assert (status, err.count("\n")) == (2, 1) and "nexuslic license seats" in err


def test_a_request_code_is_drawn_so_that_a_telephone_reads_it(office):
    _, code, _ = office.requested().license("request-code", "--png", "code.png")
    (seen,) = zxingcpp.read_barcodes(Image.open("code.png"))
    assert seen.text == code.strip()


def test_a_request_code_is_drawn_in_the_terminal_and_as_a_drawing(office):
    _, out, _ = office.requested().license("request-code", "--qr", "--svg", "code.svg")
    assert len(out.splitlines()) > 20 and "\N{FULL BLOCK}" in out
    assert (office.folder / "code.svg").read_text().startswith("<?xml")


def test_a_picture_that_cannot_be_written_is_told(office):
    status, _, err = office.requested().license("request-code", "--png", "none/code.png")
    assert (status, err) == (2, "error: none/code.png: no such file or directory; give another file for the QR code\n")


def test_support_s_answer_is_accepted_once(office):
    code = office.requested().license("request-code")[1].strip()
    answer = support.answer_code(code, office.registry, first_signatory(), now())
    assert office.license("accept-code", *answer.split())[1].startswith("Authenticated: ")
    status, _, err = office.license("accept-code", "-", typed=answer)
    assert status == 1 and "it was used already" in err


def test_a_group_that_is_mistyped_is_named(office):
    office.requested().license("request-code")
    status, _, err = office.license("accept-code", "0000000000000A0", "0123")
    assert status == 1 and "group 1 of the code is mistyped" in err


def test_the_file_for_support_holds_what_support_needs_and_no_key(office):
    office.requested()
    assert office.license("export-for-support", "--output", "support.json")[0] == 0
    told = json.loads((office.folder / "support.json").read_text())
    assert (told["license"]["organisation"], told["license"]["state"]) == ("Example Survey", "Authenticated")
    assert told["record"]["mark"]["mismatched"] is False
    assert KEY.digits not in json.dumps(told) and "eyJ" not in json.dumps(told)


def test_the_file_for_support_is_never_written_over(office):
    (office.folder / "support.json").write_text("mine")
    status, _, err = office.requested().license("export-for-support", "--output", "support.json")
    assert (status, err) == (2, "error: support.json: file exists; give another file\n")
    assert (office.folder / "support.json").read_text() == "mine"


def test_the_file_for_support_can_be_made_without_a_license(office):
    told = json.loads(office.license("export-for-support")[1])
    assert (told["record"], told["database"]["tables"], told["license"]["reason"]) == (None, None, "unlicensed")


def test_the_script_for_an_administrator_needs_no_database(office):
    office.monkeypatch.delenv("NEXUSLIC_DATABASE")
    status, out, _ = office.license("ddl", "--dialect", "mssql", "--role", "survey")
    assert status == 0 and out.endswith("GRANT SELECT, INSERT ON nexuslic_aside TO [survey];\nCOMMIT TRANSACTION;\n")


def test_a_license_that_ends_says_when(office):
    office.requested(ends=datetime(2099, 1, 1, tzinfo=UTC) + timedelta(hours=1))
    assert "Ends                 2099-01-01" in office.license("status")[1]
