"""Stories as items: names, choices, marks, reports, and what fails."""

import xml.etree.ElementTree as ET

import pytest

IDS = [
    "scenarios/late.scenario.yaml::as today",
    "scenarios/late.scenario.yaml::longer grace, to be sure",
]


def ids(done):
    return [line for line in done.outlines if "::" in line]


def test_each_case_is_an_item_of_its_name(switched_on):
    assert ids(switched_on.run("--collect-only", "-q")) == [*IDS, "tests/test_plain.py::test_plain"]


def test_a_story_without_cases_has_its_title(switched_on):
    switched_on.write("scenarios/late.scenario.yaml", PLAIN)
    assert ids(switched_on.run("scenarios", "--collect-only", "-q")) == ["scenarios/late.scenario.yaml::a: b"]


PLAIN = "scenario: a::b\nformat: 1\nwhy: c?\nstarts: 2026-03-02 06:00 UTC\nonline: [{from: day 1}]\nsteps:\n"
PLAIN = PLAIN.replace("a::b", "'a:: b'") + "  - {at: day 2, authenticate: ws1, expect: {runs: yes}}\n"


def test_all_cases_run_and_pass(switched_on):
    assert switched_on.run().parseoutcomes() == {"passed": 3}


def test_one_case_runs_by_its_node_id(switched_on):
    assert switched_on.run(IDS[1]).parseoutcomes() == {"passed": 1}


def test_where_testpaths_are_set_the_stories_are_run_too(switched_on):
    switched_on.ini("nexuslic_paths = scenarios", "testpaths = tests")
    assert ids(switched_on.run("--collect-only", "-q")) == ["tests/test_plain.py::test_plain", *IDS]


def test_stories_below_a_testpath_are_run_once(switched_on):
    switched_on.ini("nexuslic_paths = scenarios", "testpaths = tests scenarios")
    assert ids(switched_on.run("--collect-only", "-q")) == ["tests/test_plain.py::test_plain", *IDS]


def test_stories_elsewhere_are_left_alone(switched_on):
    switched_on.write("other/late.scenario.yaml", PLAIN)
    assert switched_on.run("other", ".").parseoutcomes() == {"passed": 3}


def test_a_place_that_is_not_there_is_told_and_nothing_runs(switched_on):
    switched_on.ini("nexuslic_paths = scenaros")
    done = switched_on.run()
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: nexuslic_paths in pytest.ini: *scenaros is not there: correct the line"])


@pytest.mark.parametrize(
    ("words", "count"), [("longer", 1), ("relief and today", 1), ("plain", 1), ("late", 2), ("nothing", 0)]
)
def test_k_looks_at_file_title_and_case(switched_on, words, count):
    assert len(ids(switched_on.run("--collect-only", "-q", "-k", words))) == count


@pytest.mark.parametrize(("tag", "count"), [("offshore", 2), ("not offshore", 1), ("north-sea", 2), ("tag_skip", 2)])
def test_m_looks_at_tags_which_are_registered(switched_on, tag, count):
    assert len(ids(switched_on.run("--collect-only", "-q", "-m", tag))) == count


def test_a_tag_never_skips_a_story(switched_on):
    assert switched_on.run("-m", "tag_skip").parseoutcomes() == {"passed": 2, "deselected": 1}


def test_they_run_in_several_processes(switched_on):
    assert switched_on.run("-n", "2").parseoutcomes() == {"passed": 3}


def test_a_failure_is_the_short_report_and_nothing_else(switched_on):
    switched_on.story("state: Expired", "state: Grace")
    done = switched_on.run("scenarios")
    start = done.outlines.index("scenarios/late.scenario.yaml:14:40: wanted Grace, was Expired")
    end = next(place for place, line in enumerate(done.outlines) if line.startswith("  again"))
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert "as today" in done.outlines[start - 1]
    assert end - start < 15
    assert done.outlines[end + 1].startswith("=====")


def test_the_command_of_a_report_is_for_the_folder_where_pytest_was_started(switched_on, monkeypatch):
    switched_on.story("state: Expired", "state: Grace")
    monkeypatch.chdir(switched_on.pytester.path / "scenarios")
    assert "  again nexuslic run late.scenario.yaml --case" in switched_on.run(".").stdout.str()


def test_a_junit_file_says_file_line_and_column_first(switched_on):
    switched_on.story("state: Expired", "state: Grace")
    switched_on.run("scenarios", "--junitxml=junit.xml")
    (failure,) = ET.parse(switched_on.pytester.path / "junit.xml").iter("failure")
    assert failure.attrib["message"].startswith("scenarios/late.scenario.yaml:14:40: wanted Grace, was Expired")
    assert (failure.text or "").startswith("scenarios/late.scenario.yaml:14:40: ")


def test_a_broken_always_line_fails(switched_on):
    switched_on.story("never: Unlicensed", "never: Expired")
    done = switched_on.run("scenarios")
    assert done.parseoutcomes() == {"passed": 1, "failed": 1}
    done.stdout.fnmatch_lines(["scenarios/late.scenario.yaml:15:18: wanted never: Expired, was bridge: Expired*"])


def test_a_story_that_checks_nothing_fails(switched_on):
    switched_on.write("scenarios/late.scenario.yaml", PLAIN.replace(", expect: {runs: yes}", ""))
    done = switched_on.run("scenarios")
    assert done.parseoutcomes() == {"failed": 1}
    done.stdout.fnmatch_lines(["scenarios/late.scenario.yaml:1:1: nothing was checked: *"])


def test_a_wrong_file_is_a_collection_error_of_two_lines(switched_on):
    switched_on.story("daily 06:00", "dayly 06:00")
    done = switched_on.run("scenarios")
    place = next(number for number, line in enumerate(done.outlines) if "ERROR collecting" in line)
    assert done.ret == pytest.ExitCode.INTERRUPTED
    assert done.outlines[place + 1].startswith("scenarios/late.scenario.yaml:11:14: `dayly 06:00`")
    assert done.outlines[place + 2].startswith("=====")


def test_what_only_a_run_finds_is_told_without_a_traceback(switched_on):
    switched_on.story("always:", "  - {at: day 33, rename: {server: A}}\nalways:")
    switched_on.story("authenticate: bridge}", "damage: record}")
    done = switched_on.run("scenarios")
    done.assert_outcomes(failed=2)
    done.stdout.fnmatch_lines(["scenarios/late.scenario.yaml:13:*: day 1 07:30: there is no record to damage yet*"])
    assert "Traceback" not in done.stdout.str() and "raise " not in done.stdout.str()


def test_what_the_stage_cannot_do_is_skipped_with_its_reason(switched_on):
    switched_on.write("conftest.py", REFUSES)
    done = switched_on.run("-rs", "scenarios")
    assert done.parseoutcomes() == {"skipped": 2}
    done.stdout.fnmatch_lines(["SKIPPED *not on this stage: no dongles here"])


REFUSES = """\
from nexuslic.scenario.stage import NotOnThisStage
from nexuslic.scenario.stage_simulated import SimulatedStage

def refuse(self, case):
    raise NotOnThisStage("no dongles here")

SimulatedStage.begin = refuse
"""


def test_it_stands_beside_hypothesis(switched_on):
    given = "from hypothesis import given, strategies\n@given(strategies.none())\n"
    switched_on.test(f"{given}def test_h(x): assert x is None\n")
    assert switched_on.run().parseoutcomes() == {"passed": 4}
