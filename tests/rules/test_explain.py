"""Plain words: each refusal says what is so, what the clock shows and what to do; no word of the sets is left out."""

from datetime import datetime

import pytest

from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import DONGLE, NO_DATABASE, Decision
from nexuslic.rules.explain import Explanation, explain, utc
from nexuslic.rules.words import Cause, Reason, State

REFUSALS = {
    Reason.UNLICENSED: ("has no license yet", "Enter the license key"),
    Reason.DAMAGED: ("is damaged; it is kept for support", "Enter the license key again, or restore a backup"),
    Reason.EXPIRED: ("grace period is used up", "Bring one workstation of this database online and launch"),
    Reason.TERM: ("term of the license has ended", "Renew the license with support, then launch online"),
    Reason.SUSPENDED: ("has suspended the license", "once it is reinstated, launch online"),
    Reason.REVOKED: ("has revoked the license key", "contact support"),
    Reason.UNKNOWN: ("does not know this license key", "Check the key, or contact support"),
    Reason.BINDING: ("invalid for this connection", "authenticate again with the license key"),
    Reason.SUPERSEDED: ("authenticated for another database since", "authenticate again here"),
    Reason.USER: ("no license is assigned to you", "Ask the license administrator to assign one"),
    Reason.SEATS: ("All licenses are in use", "Wait until one of them closes the application"),
    Reason.VERSION: ("older than the license allows", "Upgrade the application"),
    Reason.DATABASE: ("cannot be reached or read", "Start the database server"),
}
CAUSES = {
    Cause.OFFLINE: "there is no network",
    Cause.DNS: "cannot be looked up",
    Cause.REFUSED: "refuses connections",
    Cause.TIMEOUT: "does not answer in time",
    Cause.TLS_PROTOCOL: "no TLS version in common",
    Cause.TLS_CERTIFICATE: "cannot be verified",
    Cause.PROXY: "a proxy stands in the way",
    Cause.SERVER_ERROR: "has a fault",
    Cause.UNTRUSTED_REPLY: "its answer cannot be trusted",
}


@pytest.fixture(scope="module")
def refused(build):
    """Makes the Decision of a launch that is refused on day 40."""

    def make(reason, state=State.EXPIRED, **fields):
        dates = {"clock": build.day(40), "last_grant": build.day(0), "last_good": build.day(30), **fields}
        return Decision(state=state, runs=False, reason=reason, **dates)

    return make


@pytest.fixture(scope="module")
def in_grace():
    """Makes the Decision of a launch that runs in Grace."""

    def make(cause=Cause.OFFLINE, **fields):
        warned = ("Only 12 days left in grace period",)
        return Decision(state=State.GRACE, runs=True, cause=cause, days_left=12, warnings=warned, **fields)

    return make


def test_every_reason_and_every_cause_has_its_words_here():
    assert (set(REFUSALS), set(CAUSES)) == (set(Reason), set(Cause))


@pytest.mark.parametrize("reason", Reason)
def test_a_refusal_says_what_is_so_and_what_to_do(refused, reason):
    said = explain(refused(reason))
    message, next_step = REFUSALS[reason]
    assert message in said.message
    assert next_step in said.next_step


@pytest.mark.parametrize("cause", Cause)
def test_a_refusal_without_contact_names_the_cause(refused, cause):
    _, _, said = explain(refused(Reason.EXPIRED, cause=cause)).message.partition(" No contact: ")
    assert CAUSES[cause] in said


@pytest.mark.parametrize("cause", Cause)
def test_a_launch_in_grace_warns_and_names_the_cause_and_the_deadline(build, in_grace, cause):
    said = explain(in_grace(cause, deadline=build.day(30)))
    assert said.message.startswith("Only 12 days left in grace period. No contact: ")
    assert CAUSES[cause] in said.message
    assert said.message.endswith(". The application runs until 2026-04-01 07:30 UTC.")


@pytest.mark.parametrize("cause", sorted(set(Cause) - {Cause.TLS_PROTOCOL}, key=str))
def test_a_launch_in_grace_needs_any_contact(in_grace, cause):
    assert explain(in_grace(cause)).next_step == "Any launch with contact starts grace again."


def test_where_tls_has_no_version_in_common_another_workstation_or_a_code_helps(in_grace, refused):
    for decision in (in_grace(Cause.TLS_PROTOCOL), refused(Reason.EXPIRED, cause=Cause.TLS_PROTOCOL)):
        assert explain(decision).next_step.startswith("Let another workstation of this database make contact, or use")


def test_a_refusal_for_another_reason_gives_the_advice_of_that_reason(refused):
    said = explain(refused(Reason.SEATS, State.GRACE, cause=Cause.TLS_PROTOCOL))
    assert said.next_step.startswith("Wait until one of them")


def test_a_refusal_tells_its_warnings_too(refused):
    said = explain(refused(Reason.SEATS, State.GRACE, warnings=("Only 3 days left in grace period",)))
    assert "2026-04-01 07:30 UTC. Only 3 days left in grace period." in said.message


def test_a_refusal_after_contact_speaks_of_no_cause(refused):
    assert "No contact" not in explain(refused(Reason.SUSPENDED)).message


@pytest.mark.parametrize("reason", Reason)
def test_a_refusal_says_what_the_clock_shows_and_when_all_was_well(refused, reason):
    assert (
        "The clock shows 2026-04-11 07:30 UTC; the last grant was 2026-03-02 07:30 UTC; "
        "the last good launch 2026-04-01 07:30 UTC."
    ) in explain(refused(reason)).message


def test_a_launch_that_never_ran_has_no_last_good_one(refused):
    said = explain(refused(Reason.EXPIRED, last_good=None)).message
    assert said.endswith("the last grant was 2026-03-02 07:30 UTC; no launch has run yet.")


def test_where_no_grant_is_known_only_the_clock_is_told(refused):
    said = explain(refused(Reason.UNKNOWN, last_grant=None, last_good=None)).message
    assert said.endswith("The clock shows 2026-04-11 07:30 UTC.")


def test_times_are_written_as_the_caller_writes_them(refused):
    said = explain(refused(Reason.EXPIRED), lambda at: f"day {at:%j}").message
    assert "The clock shows day 101; the last grant was day 061; the last good launch day 091." in said


def test_a_time_without_a_known_zone_is_written_in_utc():
    assert utc(datetime(2026, 3, 2, 7, 5)) == "2026-03-02 07:05 UTC"


def test_a_mismatch_names_both_spellings(refused):
    names = {"recorded": Binding("NORTHSEA-SQL", "survey"), "connected": Binding("localhost", "survey")}
    said = explain(refused(Reason.BINDING, State.INVALID_BINDING, **names)).message
    assert "authenticated as NORTHSEA-SQL/survey, this client connects to localhost/survey." in said


@pytest.mark.parametrize("reason", sorted(set(Reason) - {Reason.BINDING}, key=str))
def test_no_other_refusal_speaks_of_spellings(refused, reason):
    names = {"recorded": Binding("DB1", "survey"), "connected": Binding("DB1", "survey")}
    assert "this client connects to" not in explain(refused(reason, **names)).message


def test_where_all_seats_are_taken_the_answer_says_by_whom(refused):
    said = explain(refused(Reason.SEATS, State.GRACE, holders=("ada at bridge", "bo at lab"))).message
    assert "All licenses are in use. In use by ada at bridge, bo at lab." in said


def test_a_refusal_without_holders_names_nobody(refused):
    assert "In use by" not in explain(refused(Reason.USER)).message


def test_a_dongle_says_that_it_protects():
    assert explain(DONGLE) == Explanation("The dongle protects this workstation: NETHASP.ini is in place.", "")


def test_a_database_that_cannot_be_read_says_only_that():
    said = explain(NO_DATABASE)
    assert said.message == "The database cannot be reached or read."
    assert said.next_step.endswith("the license is unharmed.")


def test_a_confirmed_launch_says_so_and_asks_for_nothing():
    assert explain(Decision(state=State.AUTHENTICATED, runs=True)) == Explanation("The license is confirmed.", "")


def test_a_confirmed_launch_tells_its_warnings():
    said = explain(Decision(state=State.AUTHENTICATED, runs=True, warnings=("The clock was set back",)))
    assert said == Explanation("The license is confirmed. The clock was set back.", "")


def test_dropped_users_are_named():
    confirmed = Decision(state=State.AUTHENTICATED, runs=True, dropped=("cy", "dee"))
    assert explain(confirmed).message == (
        "The license is confirmed. Fewer licenses than users: no license any more for cy, dee."
    )


@pytest.mark.parametrize("runs", [True, False])
def test_what_could_not_be_stored_is_said(refused, in_grace, runs):
    one = in_grace(store_failed=True) if runs else refused(Reason.EXPIRED, store_failed=True)
    assert "This could not be stored: the database is read-only, full or locked." in explain(one).message


@pytest.mark.parametrize("runs", [True, False])
def test_what_was_stored_needs_no_word(refused, in_grace, runs):
    one = in_grace() if runs else refused(Reason.EXPIRED)
    assert "stored" not in explain(one).message


def test_a_key_that_was_not_granted_for_lack_of_contact_says_what_to_try(refused):
    said = explain(refused(None, State.GRACE, cause=Cause.OFFLINE))
    assert said.message.startswith("The license was not granted. No contact: there is no network. The clock shows")
    assert said.next_step == "Try again with contact, or ask support for a renewal code."


def test_a_note_takes_the_place_of_the_first_sentence(refused):
    said = explain(refused(Reason.UNKNOWN, cause=Cause.OFFLINE, note="The key is mistyped.")).message
    assert said.startswith("The key is mistyped. The clock shows")


def test_without_a_state_and_a_reason_nothing_is_made_up():
    assert explain(Decision(state=None, runs=False)).message == ""


@pytest.mark.parametrize(
    ("one", "text"),
    [(Explanation("So it is.", "Do this."), "So it is. Do this."), (Explanation("So it is.", ""), "So it is.")],
)
def test_an_explanation_reads_as_one_text(one, text):
    assert str(one) == text
