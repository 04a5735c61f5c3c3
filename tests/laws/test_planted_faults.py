"""Each law can turn red: a fault is planted in the product, and random voyages find it.

Beside each fault stand the rules that may act, so that few voyages are enough.
"""

import pytest

PLANTED = {
    "Law1": {
        "the_deadline_itself_is_refused": "launch sail_to_the_deadline",
        "a_day_of_grace_is_lost": "launch sail sail_a_day",
        "every_launch_is_charged": "launch sail sail_a_day",
        "a_suspension_outlives_the_grant": "launch call_home support",
    },
    "Law2": {
        "grace_never_ends": "launch sail sail_to_the_deadline",
        "a_day_of_grace_is_given": "launch sail_a_day sail_to_the_deadline",
        "the_term_is_forgotten": "launch sail_a_day sail_to_the_deadline",
    },
    "Law3": {
        "marks_are_not_heeded": "back_up rewind sail_a_day",
        "the_ledger_follows_the_clock_back": "set_clock launch sail_a_day",
        "a_small_step_back_is_followed": "set_clock_and_launch sail_a_day",
    },
    "Law4": {
        "running_time_is_not_counted": "work set_clock wait",
        "a_session_starts_anew_at_each_renewal": "work set_clock wait",
    },
    "Law5": {
        "all_names_are_the_same": "rename spell launch",
        "the_server_name_is_not_compared": "rename spell launch",
        "coming_back_gives_the_days_back": "there_and_back sail_a_day",
        "a_mismatch_is_stored": "rename spell launch",
    },
    "Law7": {
        "one_seat_too_many": "open work launch",
        "seats_time_out_too_early": "hurry",
        "seats_of_the_future_are_free": "open end set_clock launch",
        "a_running_session_is_taken_for_crashed": "open launch",
        "nobody_is_dropped": "users launch",
    },
}
CASES = [(law, fault, keep) for law, faults in PLANTED.items() for fault, keep in faults.items()]


@pytest.mark.parametrize(("law", "fault", "keep"), CASES, ids=[f"{law}-{fault}" for law, fault, _ in CASES])
def test_a_planted_fault_is_seen(law, fault, keep, check_law, sea, monkeypatch):
    getattr(sea.faults, fault)(monkeypatch)
    plan = {"ends": 20 if "term" in fault else None, "clock": "database", "grace": 7}
    with pytest.raises(AssertionError, match=f"law {law[-1]}"):
        check_law(law, examples=200, hasty=True, keep=keep.split(), plan=plan)
