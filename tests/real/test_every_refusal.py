"""Every refusal, from the vendor's command to the launch that ends with 77, and what heals it: all by processes."""

import subprocess
import sys

import pytest

REFUSED = 77


def refusal(aboard, *options):
    """What a launch that is refused says as JSON, which is what it says to a person too."""
    ran = aboard.launch(*options)
    assert ran.status == REFUSED and not ran.out
    told = aboard.launched(*options)
    assert ran.line.startswith(f"error: {told['message'].partition(' The clock shows')[0]}")
    assert ran.line.endswith(told["next_step"])
    return told


def said(told):
    """Why a launch does not run, in a program's words."""
    return told["state"], told["reason"]


DENIALS = {
    "suspended": (
        ["suspend", "--yes"],
        ("Expired", "suspended"),
        "The vendor has suspended the license.",
        "Please contact support; once it is reinstated, launch online.",
        ["reinstate"],
    ),
    "term": (
        ["change", "--ends", "2024-02-29"],
        ("Expired", "term"),
        "The term of the license has ended.",
        "Renew the license with support, then launch online.",
        ["change", "--ends", "never"],
    ),
    "version": (
        ["change", "--minimum-version", "6.10"],
        ("Authenticated", "version"),
        "This version of the application is older than the license allows.",
        "Upgrade the application on this workstation.",
        ["change", "--minimum-version", "6.2"],
    ),
    "seats": (
        ["change", "--seats", "0"],
        ("Authenticated", "seats"),
        "All licenses are in use.",
        "Wait until one of them closes the application.",
        ["change", "--seats", "1"],
    ),
    "user": (
        ["change", "--type", "named"],
        ("Authenticated", "user"),
        "You are not authorised: no license is assigned to you.",
        "Ask the license administrator to assign one under Database > Properties > License.",
        ["change", "--type", "concurrent"],
    ),
}
"""What the vendor does, the state and the reason aboard, the message, what to do, and what the vendor does then."""


def at_the_office(office, key, command):
    name, *options = command
    office.do(name, key, *options)


@pytest.mark.parametrize("name", DENIALS)
def test_what_the_vendor_does_refuses_the_next_launch_and_what_he_takes_back_lets_it_run(name, office, aboard):
    command, expected, message, step, cure = DENIALS[name]
    key = office.issue()
    assert aboard.license("request", key).status == 0
    assert aboard.launch().status == 0
    at_the_office(office, key, command)
    told = refusal(aboard)
    assert said(told) == expected
    assert told["message"].startswith(message) and told["next_step"] == step
    at_the_office(office, key, cure)
    assert aboard.launch().status == 0


@pytest.mark.parametrize("name", ["suspended", "term"])
def test_pulling_the_cable_lifts_nothing(name, office, aboard):
    command, expected, *_ = DENIALS[name]
    key = office.issue()
    aboard.license("request", key)
    at_the_office(office, key, command)
    aboard.launch()
    aboard.pull_the_cable()
    assert said(refusal(aboard)) == expected


def test_a_newer_application_passes_the_minimum_that_an_older_one_does_not(office, aboard):
    key = office.issue("--minimum-version", "6.10")
    assert aboard.license("request", key, "--app-version", "6.10").status == 0
    done = aboard.license("request", key)
    assert done.status == 1 and "older than the license allows" in done.line
    assert said(refusal(aboard, "--app-version", "6.9")) == ("Authenticated", "version")
    assert aboard.launch("--app-version", "6.11").status == 0


def test_a_revoked_key_leaves_nothing_behind(office, aboard):
    key = office.issue()
    aboard.license("request", key)
    office.do("revoke", key, "--yes")
    told = aboard.launched()
    assert said(told) == ("Unlicensed", "revoked")
    assert told["message"].startswith("The vendor has revoked the license key.")
    assert said(refusal(aboard)) == ("Unlicensed", "unlicensed")
    done = aboard.license("request", key)
    assert done.status == 1 and "The vendor has revoked the license key." in done.line


def test_only_who_is_assigned_starts_the_application(office, aboard):
    aboard.license("request", office.issue("--type", "named", "--seats", "1"), "--user", "chief")
    assert said(refusal(aboard, "--user", "chief")) == ("Authenticated", "user")
    aboard.license("assign", "Ann")
    assert aboard.launch("--user", " ANN ").status == 0
    aboard.license("unassign", "ann")
    assert said(refusal(aboard, "--user", "ann")) == ("Authenticated", "user")


def sitting(aboard, *options):
    """A launch whose program runs until its standard input is closed; it has begun to."""
    words = ["launch", *options, "--", "sh", "-c", "echo sits; read line"]
    command = [sys.executable, "-m", "nexuslic", *words]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, env=aboard.environment, text=True, **pipes)
    assert process.stdout.readline() == "sits\n"
    return process


def test_a_full_house_names_who_sits_there_and_a_closed_program_makes_room(office, workstation):
    bridge, lab = workstation("bridge"), workstation("lab")
    bridge.license("request", office.issue("--seats", "1"))
    session = sitting(bridge, "--user", "ann")
    told = refusal(lab, "--user", "bob")
    assert said(told) == ("Authenticated", "seats")
    assert "ann at " in told["message"] and told["holders"] and told["next_step"].startswith("Wait until one of them")
    assert session.communicate("\n")[1] == "" and session.returncode == 0
    assert lab.launch("--user", "bob").status == 0


def test_grace_that_is_used_up_ends_it_and_one_contact_heals_it(office, aboard):
    aboard.license("request", office.issue("--grace", "0"))
    aboard.pull_the_cable()
    told = refusal(aboard)
    assert (said(told), told["cause"], told["days_left"]) == (("Expired", "expired"), "refused", None)
    assert told["message"].startswith("The grace period is used up. No contact: the license server refuses connections")
    assert told["next_step"].startswith("Bring one workstation of this database online and launch")
    aboard.plug_it_in()
    assert aboard.launch().status == 0


def test_an_extension_arrives_with_a_contact_and_carries_over_the_sea(office, aboard):
    key = office.issue("--grace", "0")
    aboard.license("request", key)
    office.do("extend", key, "20", "--until", "2199-12-31")
    aboard.pull_the_cable()
    assert said(refusal(aboard)) == ("Expired", "expired")
    aboard.plug_it_in()
    assert aboard.launch().err == ""
    aboard.pull_the_cable()
    ran = aboard.launch()
    assert ran.status == 0 and ran.err.startswith("Only 20 days left in grace period.")
    office.do("extend", key, "0", "--until", "2199-12-31")
    aboard.plug_it_in()
    assert aboard.launch().status == 0
    aboard.pull_the_cable()
    assert said(refusal(aboard)) == ("Expired", "expired")


def test_a_renewal_code_lets_run_what_was_refused_and_no_code_serves_who_is_suspended(office, aboard):
    key = office.issue()
    aboard.pull_the_cable()
    assert said(refusal(aboard)) == ("Unlicensed", "unlicensed")
    code = aboard.license("request-code", key).out
    assert aboard.license("accept-code", office.answer(code)).status == 0
    assert aboard.launch().status == 0
    office.do("suspend", key, "--yes")
    asked = aboard.license("request-code").out.strip()
    denied = office.type("vendor", "--folder", office.running.folder, "answer-code", asked)
    assert denied.status == 1 and "suspended" in denied.err


def test_the_dongle_comes_first_and_the_license_once_it_is_renamed(office, aboard):
    key = office.issue()
    aboard.license("request", key)
    office.do("revoke", key, "--yes")
    (aboard.program.parent / "NETHASP.ini").write_text("[NH_COMMON]\n")
    told = aboard.launched()
    assert (told["protection"], told["state"], told["stored"]) == ("dongle", None, False)
    assert aboard.launch().err == ""
    assert aboard.type("hasp", "disable", "--application", aboard.program).status == 0
    told = aboard.launched()
    assert (told["protection"], *said(told)) == ("software", "Unlicensed", "revoked")
    assert aboard.type("hasp", "enable", "--application", aboard.program).status == 0
    assert aboard.launch().status == 0
