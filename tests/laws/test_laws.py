"""The laws of rules.md, "Always true", over random voyages.

Laws 6, 8 and 9 need worlds of another kind: test_replies.py, test_crashes.py and test_traces.py.
"""


def test_law_1_a_launch_within_grace_runs(check_law):
    check_law("Law1", examples=80)


def test_law_1_a_launch_at_the_deadline_itself_runs(check_law):
    check_law("Law1", examples=40, keep=["call_home", "sail_to_the_deadline", "sail_a_day"], plan={"ends": None})


def test_law_2_no_launch_runs_after_the_deadline(check_law):
    check_law("Law2", examples=80)


def test_law_3_no_clock_gives_time_back(check_law):
    check_law("Law3", examples=80)


def test_law_4_running_time_is_counted(check_law):
    check_law("Law4", examples=80)


def test_law_5_a_mismatch_never_runs_and_gains_nothing(check_law):
    check_law("Law5", examples=80)


def test_law_7_no_seat_and_no_user_too_many(check_law):
    check_law("Law7", examples=80)
