"""A story on real parts: each cause and each tampered reply is really brought about, and no broken part is a cause."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nexuslic.rules.words import Cause
from nexuslic.scenario.real.broke import StageBroke
from nexuslic.scenario.real.computers import Computers
from nexuslic.scenario.real.theatre import Theatre
from nexuslic.scenario.real.ways import FAULTS, StageProxy
from nexuslic.scenario.run import CaseResult, Outcome
from nexuslic.scenario.schema import TAMPERS
from nexuslic.scenario.stage_real import RealStage

Play = Callable[[str], CaseResult]

ONLINE = "online: [{from: day 1 06:00}]\n"
AFTER_A_GRANT = f"""{ONLINE}steps:
  - {{at: day 1 07:00, authenticate: ws1, expect: {{state: Authenticated, stored: yes}}}}
"""
BEYOND_THE_PORT = sorted(FAULTS.keys() - {Cause.REFUSED}, key=list(Cause).index)


def held(result: CaseResult) -> CaseResult:
    assert result.outcome is Outcome.PASSED, [(one.wanted, one.was) for one in result.failures]
    return result


def arrived(theatre: Theatre, workstation: str = "ws1") -> int:
    proxy = theatre.ways.proxies.get(workstation)
    return 0 if proxy is None else proxy.accepted


def faulty(cause: str) -> str:
    fault = f"faults: [{{from: day 2 00:00, cause: {cause}}}]\n"
    return f"{fault}{AFTER_A_GRANT}  - {{at: day 2 07:00, launch: ws1, expect: {{state: Grace, cause: {cause}}}}}\n"


@pytest.mark.parametrize("cause", [cause.value for cause in Cause if cause is not Cause.OFFLINE])
def test_every_cause_of_a_fault_is_what_the_application_finds(play: Play, cause: str):
    assert held(play(faulty(cause)))


@pytest.mark.parametrize("cause", [cause.value for cause in BEYOND_THE_PORT])
def test_a_fault_beyond_the_port_is_done_by_a_proxy_that_was_connected_to(play: Play, theatre: Theatre, cause: str):
    before = arrived(theatre)
    assert held(play(faulty(cause)))
    assert arrived(theatre) == before + 1


def test_without_a_network_the_operating_system_says_so(play: Play):
    assert held(play("steps: [{at: day 1 07:00, authenticate: ws1, expect: {state: Unlicensed, cause: offline}}]\n"))


def test_an_undisturbed_contact_goes_to_the_license_server_itself(play: Play, theatre: Theatre):
    before = arrived(theatre)
    assert held(play(f"{AFTER_A_GRANT}  - {{at: day 2 07:00, launch: ws1, expect: {{state: Authenticated}}}}\n"))
    assert arrived(theatre) == before


@pytest.mark.parametrize("tamper", TAMPERS)
def test_a_replaced_reply_is_no_contact_and_the_next_one_is_real(play: Play, tamper: str):
    assert held(
        play(
            f"{AFTER_A_GRANT}  - {{at: day 2 06:00, reply: {{tamper: {tamper}}}}}\n"
            "  - {at: day 2 07:00, launch: ws1, expect: {state: Grace, cause: untrusted-reply}}\n"
            "  - {at: day 2 08:00, launch: ws1, expect: {state: Authenticated, cause: none}}\n"
        )
    )


def test_a_crash_is_a_process_that_is_gone(play: Play, theatre: Theatre, monkeypatch: pytest.MonkeyPatch):
    killed = []
    monkeypatch.setattr(Computers, "kill", _told(Computers.kill, killed))
    assert held(
        play(
            f"world: {{license: {{seats: 1}}}}\n{AFTER_A_GRANT}"
            "  - {at: day 1 08:00, open: ws1, expect: {seats_in_use: 1}}\n"
            "  - {at: day 1 08:05, crash: ws1, expect: {seats_in_use: 1}}\n"
            "  - {at: day 1 08:20, launch: ws1, expect: {runs: yes, seats_in_use: 0}}\n"
        )
    )
    (process,) = killed
    assert process.exitcode == -9


def _told(act, killed):
    def kill(computers, one):
        act(computers, one)
        killed.append(one.process)

    return kill


def test_a_dead_proxy_is_no_cause(play: Play, theatre: Theatre, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(StageProxy, "broken", property(lambda self: True))
    with pytest.raises(StageBroke, match="a proxy on the wire died"):
        play(faulty("server-error"))


def test_a_dead_license_server_is_no_cause(play: Play, theatre: Theatre):
    theatre.begin(theatre.answer)
    assert theatre.vendor.process is not None
    theatre.vendor.process.kill()
    theatre.vendor.process.wait()
    with pytest.raises(StageBroke, match="the license server ended by itself"):
        play(AFTER_A_GRANT)
    theatre.vendor.stop()


def test_what_a_story_leaves_running_is_ended_with_it(play: Play, theatre: Theatre):
    assert held(play(f"{AFTER_A_GRANT}  - {{at: day 1 08:00, open: ws1, expect: {{runs: yes}}}}\n"))
    assert sorted(map(id, theatre.computers.free)) == sorted(map(id, theatre.computers.all))


def test_a_name_that_the_license_server_does_not_take_is_not_on_this_stage(play: Play):
    name = "n" * 300
    result = play(f"world: {{database: {{name: {name}}}}}\n{AFTER_A_GRANT}")
    assert result.outcome is Outcome.NOT_HERE
    assert "no name of more than 255 letters" in result.not_here


def test_every_workstation_keeps_marks_of_its_own(play: Play, theatre: Theatre):
    assert held(
        play(
            f"world: {{workstations: {{ws1: {{}}, ws2: {{}}}}}}\n{AFTER_A_GRANT}"
            "  - {at: day 2 07:00, launch: [ws1, ws2], expect: {runs: yes}}\n"
        )
    )
    folders = [Path(folder) for folder in os.scandir(theatre.story) if "workstation" in folder.name]
    assert len(folders) == 2
    assert all(list((folder / "marks").iterdir()) for folder in folders)


def test_an_application_that_died_in_its_session_is_no_cause(play: Play, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(RealStage, "_rename_server", lambda stage, new: stage.in_session[0].process.kill())
    with pytest.raises(StageBroke, match="the process of an application ended by itself"):
        play(
            f"{AFTER_A_GRANT}  - {{at: day 1 08:00, open: ws1}}\n"
            "  - {at: day 1 08:10, rename: {server: OTHER}}\n  - {at: day 1 08:20, close: ws1}\n"
        )
