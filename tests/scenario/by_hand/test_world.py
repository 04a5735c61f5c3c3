"""A world in which Python acts, by the words of the language."""

import inspect
from datetime import UTC, datetime

import pytest

from nexuslic.errors import InputError
from nexuslic.rules.words import Cause, Reason, State
from nexuslic.scenario import schema
from nexuslic.scenario.by_hand import World
from nexuslic.scenario.by_hand.verbs import Verbs
from nexuslic.scenario.read import read
from nexuslic.scenario.run import run_case
from nexuslic.scenario.stage_simulated import SimulatedStage


@pytest.fixture
def world():
    return World()


@pytest.fixture
def aboard(world: World):
    """The license was requested at the quay, and there is no network any more."""
    world.online()
    world.authenticate("bridge")
    world.offline()
    return world


def test_every_verb_is_a_method_of_its_name_and_says_what_it_does():
    methods = {name: one for name, one in vars(Verbs).items() if not name.startswith("_")}
    assert set(methods) == set(schema.VERBS)
    assert all(inspect.getdoc(one) for one in methods.values())


def test_every_key_of_the_world_is_an_argument_of_begin():
    named = {name for name, one in inspect.signature(World.begin).parameters.items() if one.kind is one.KEYWORD_ONLY}
    assert named == set(schema.WORLD.keys)


CALLS = {
    "authenticate": lambda w: w.authenticate("bridge"),
    "launch": lambda w: w.launch("bridge", "lab"),
    "open": lambda w: w.open("bridge", user="anna", lasts="8h"),
    "close": lambda w: w.close("bridge"),
    "crash": lambda w: w.crash("bridge"),
    "renew_by_code": lambda w: w.renew_by_code("bridge", code="mistyped"),
    "restore": lambda w: w.restore(onto="NEW", taken=w.back_up(), name="other", workstations=["lab"]),
    "rename": lambda w: w.rename(server="SHIP"),
    "connects_to": lambda w: w.connects_to("lab", "alias"),
    "set_clock": lambda w: w.set_clock("database", by="-3d"),
    "damage": lambda w: w.damage("forged"),
    "extend": lambda w: w.extend(days=20, until="day 90"),
    "suspend": lambda w: w.suspend(),
    "reinstate": lambda w: w.reinstate(),
    "revoke": lambda w: w.revoke(),
    "change": lambda w: w.change(seats=3),
    "assign": lambda w: w.assign("anna", "ben"),
    "unassign": lambda w: w.unassign("anna"),
    "turn_on": lambda w: w.turn_on("bridge", "TLS 1.0", "SSL 3.0"),
    "turn_off": lambda w: w.turn_off("bridge", "TLS 1.2"),
    "nethasp": lambda w: w.nethasp("bridge", "present"),
    "upgrade": lambda w: w.upgrade("bridge", "6.10"),
    "stop": lambda w: w.stop("license server"),
    "start": lambda w: w.start("license server"),
    "reply": lambda w: w.reply("forged"),
}


@pytest.mark.parametrize("verb", schema.VERBS)
def test_every_verb_reaches_the_stage_under_its_own_name(verb: str, world: World, monkeypatch: pytest.MonkeyPatch):
    world.begin(
        workstations=["bridge", "lab"],
        database={"server": "DB1"},
        servers={"DB1": {"names": ["alias"]}},
        users=["bridge", "lab", "anna", "ben"],
    )
    world.online()
    world.authenticate("bridge")
    done = []
    act = world.stage.act
    monkeypatch.setattr(world.stage, "act", lambda action: done.append(action.verb) or act(action))
    CALLS[verb](world)
    assert done == [verb]


def test_it_begins_on_day_1_with_a_bridge_and_no_network(world: World):
    assert (world.now, world.time) == (datetime(2026, 3, 2, 6, tzinfo=UTC), "day 1 06:00")
    assert world.authenticate("bridge").cause is Cause.OFFLINE


def test_grace_counts_down_as_time_passes(aboard: World):
    aboard.advance(days=3)
    decision = aboard.launch("bridge")
    assert (decision.state, decision.days_left) == (State.GRACE, 27)
    assert aboard.decision is decision


def test_time_may_be_a_time_of_the_story(aboard: World):
    aboard.begin("2026-03-02 06:00 Europe/London")
    aboard.advance("day 28 06:00")
    assert aboard.now == datetime(2026, 3, 29, 5, tzinfo=UTC)


def test_a_duration_counts_from_now(aboard: World):
    aboard.advance(days=2)
    aboard.extend(days=20, until="+1d")
    aboard.online()
    assert aboard.launch("bridge").days_left == 50


def test_sessions_renew_and_end_while_time_passes(aboard: World):
    aboard.open("bridge", lasts="8h")
    aboard.advance(hours=7)
    assert aboard.stage.seats_in_use(None) == 1
    aboard.advance(hours=1)
    assert aboard.stage.seats_in_use(None) == 0


def test_online_and_offline_are_for_those_named_and_may_be_said_twice(world: World):
    world.begin(workstations=["bridge", "lab"])
    world.online("bridge")
    world.online("bridge")
    world.authenticate("bridge")
    assert world.launch("lab").cause is Cause.OFFLINE
    world.offline("bridge")
    assert world.launch("bridge").cause is Cause.OFFLINE


def test_a_fault_lasts_as_long_as_its_block(aboard: World):
    aboard.online()
    with aboard.fault("proxy"):
        assert aboard.launch("bridge").cause is Cause.PROXY
    assert aboard.launch("bridge").cause is None


def test_a_trouble_of_the_database_is_a_fault_too(aboard: World):
    aboard.online()
    with aboard.fault(database="read-only"):
        assert not aboard.launch("bridge").stored
    assert aboard.launch("bridge").stored


def test_a_backup_that_was_kept_is_restored(aboard: World):
    saved = aboard.back_up()
    aboard.advance(days=5)
    aboard.restore(onto="NEW", taken=saved)
    assert aboard.launch("bridge").state is State.INVALID_BINDING
    aboard.connects_to("bridge", "DB1")
    assert aboard.launch("bridge").state is State.GRACE


def test_the_second_of_two_workstations_is_refused_the_only_seat(world: World):
    world.begin(license={"seats": 1}, workstations={"bridge": {"user": "anna"}, "lab": {}})
    world.online()
    world.authenticate("bridge")
    world.open("bridge")
    assert world.launch("lab").reason is Reason.SEATS
    world.expect("lab", runs=False, message_says="anna at bridge")


def test_of_several_workstations_each_decision_is_kept(world: World):
    world.begin(workstations={"bridge": {}, "lab": {"application": "6.1"}})
    world.online()
    world.authenticate("bridge")
    assert world.launch("all") is world.decisions["lab"]
    world.expect("bridge", runs=True)
    world.expect("lab", reason="version")


def test_dropped_users_are_told(world: World):
    world.begin(license={"type": "named", "seats": 1}, users=["anna", "ben", "bridge"])
    world.online()
    world.authenticate("bridge")
    world.assign("anna", "ben")
    world.expect(dropped="ben")
    with pytest.raises(AssertionError, match="dropped was ben, not none"):
        world.expect(dropped=None)


def test_an_expectation_that_does_not_hold_says_when_and_what_it_was(aboard: World):
    aboard.advance(days=31)
    aboard.launch("bridge")
    aboard.expect(state="Expired", launches=1, refused_launches=1, last_good_launch=None)
    with pytest.raises(AssertionError, match=r"^day 32 06:00: runs was no, not yes$"):
        aboard.expect(runs=True)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda w: w.launch("brdge"), "launch: there is no workstation `brdge` in this story: did you mean `bridge`?"),
        (lambda w: w.launch(), "launch: this list is empty"),
        (lambda w: w.online("brdge"), "online: there is no workstation `brdge` in this world: did you mean `bridge`?"),
        (lambda w: w.advance("day 1"), "advance: it is day 1 06:00 already"),
        (lambda w: w.advance("never"), "advance: give either a time"),
        (lambda w: w.advance("day 2", days=1), "advance: give either a time"),
        (lambda w: w.advance(minutes=0.5), "advance: give either a time"),
        (lambda w: w.advance("noon"), "advance: `noon` is no time"),
        (lambda w: w.restore(taken="day 1 05:00"), "restore: this backup is taken before the story starts"),
        (lambda w: w.set_clock("bridge", by="-3"), "set_clock: `3` is no duration"),
        (lambda w: w.set_clock("bridge", to="never"), "set_clock: `never` is no time here"),
        (lambda w: w.expect(stat="Grace"), "expect: `stat` is no key here: did you mean `state`?"),
        (lambda w: w.begin("2026"), "begin: `2026` is no start"),
        (lambda w: w.begin(license={"grce": 3}), "begin: `grce` is no key here: did you mean `grace`?"),
        (lambda w: w.damage(), "there is no record to damage yet"),
        (lambda w: w.decision, "decision: nothing was decided yet"),
        (lambda w: w.fault("proxi").__enter__(), "fault: `proxi` is not known here: did you mean `proxy`?"),
        (lambda w: w.fault().__enter__(), "fault: give either a cause"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(call, said: str, world: World):
    with pytest.raises(InputError) as error:
        call(world)
    assert str(error.value).startswith(said)
    assert len(str(error.value).splitlines()) == 1


def test_a_backup_of_a_time_at_which_none_was_kept_is_refused(aboard: World):
    aboard.advance(days=2)
    with pytest.raises(InputError, match="restore: no backup was taken at day 2 06:00: call `back_up` at that time"):
        aboard.restore(taken="day 2 06:00")


STORY = b"""\
scenario: The crew leaves the quay
format: 1
why: What is left after ten days?
starts: 2026-03-02 06:00 UTC
online: [{from: day 1, to: day 2}]
steps:
  - {at: day 1 07:30, authenticate: ws1}
  - {at: day 11 07:30, launch: ws1, expect: {days_left: 20}}
"""


def test_a_story_leaves_a_world_that_goes_on():
    stage = SimulatedStage()
    (case,) = read(STORY, "story").cases
    world = World.after(run_case(case, lambda: stage), stage)
    world.expect(days_left=20, launches=1)
    world.advance(days=1)
    assert (world.time, world.launch("ws1").days_left) == ("day 12 07:30", 19)
