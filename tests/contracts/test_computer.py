"""The contract of Computer (nexuslic/ports.py)."""


def test_there_is_no_dongle_at_first(computer):
    assert computer.port.dongle() is False


def test_a_dongle_is_seen_as_long_as_it_is_there(computer):
    computer.put_dongle(there=True)
    assert computer.port.dongle() is True
    computer.put_dongle(there=False)
    assert computer.port.dongle() is False


def test_nothing_runs_at_first(computer):
    assert computer.port.sessions() == frozenset()


def test_the_sessions_that_run_are_named(computer):
    computer.run("s1", "s2")
    assert computer.port.sessions() == frozenset({"s1", "s2"})


def test_a_session_that_ended_is_named_no_more(computer):
    computer.run("s1", "s2")
    computer.run("s2")
    assert computer.port.sessions() == frozenset({"s2"})
