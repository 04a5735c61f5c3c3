"""The contract of Computer (nexuslic/ports.py)."""


def test_there_is_no_dongle_at_first(computer):
    assert computer.port.dongle() is False


def test_a_dongle_is_seen_as_long_as_it_is_there(computer):
    computer.put_dongle(there=True)
    assert computer.port.dongle() is True
    computer.put_dongle(there=False)
    assert computer.port.dongle() is False


def test_a_session_runs_from_its_beginning_to_its_end(computer):
    computer.port.begin("s1")
    assert computer.port.running({"s1"}) == {"s1"}
    computer.port.end("s1")
    assert computer.port.running({"s1"}) == frozenset()


def test_only_the_sessions_that_are_asked_for_are_named(computer):
    computer.port.begin("s1")
    computer.port.begin("s2")
    assert computer.port.running({"s2"}) == {"s2"}
    assert computer.port.running(set()) == frozenset()


def test_one_session_ends_and_the_other_runs_on(computer):
    computer.port.begin("s1")
    computer.port.begin("s2")
    computer.port.end("s1")
    assert computer.port.running({"s1", "s2"}) == {"s2"}


def test_ending_what_never_began_changes_nothing(computer):
    computer.port.begin("s1")
    computer.port.end("s2")
    assert computer.port.running({"s1"}) == {"s1"}


def test_a_session_that_crashed_runs_no_more(computer):
    computer.port.begin("s1")
    computer.crash("s1")
    assert computer.port.running({"s1"}) == frozenset()
