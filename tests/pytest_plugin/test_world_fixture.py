"""The fixture `world` and the mark `scenario`, in tests that people write in Python."""

from pathlib import Path

import pytest

ACTS = """\
def test_three_days_later(world):
    world.online()
    world.authenticate("bridge")
    world.offline()
    world.advance(days=3)
    assert world.launch("bridge").days_left == 27
    world.expect(state="Grace", runs=True)
"""


def test_it_is_there_without_any_setting(project):
    project.test(ACTS)
    assert project.run("tests").parseoutcomes() == {"passed": 2}


@pytest.mark.parametrize("place", ["tests/conftest.py", "conftest.py"])
def test_the_world_of_a_project_wins(project, place):
    project.write(place, "import pytest\n@pytest.fixture\ndef world(): return 'mine'\n")
    project.test("def test_mine(world): assert world == 'mine'\n")
    assert project.run("tests").parseoutcomes() == {"passed": 2}


def test_a_parameter_called_world_wins(project):
    project.test("import pytest\n@pytest.mark.parametrize('world', [1, 2])\ndef test_mine(world): assert world\n")
    assert project.run("tests").parseoutcomes() == {"passed": 3}


def test_a_mark_scenario_of_the_project_means_what_it_did(project):
    project.test("import pytest\n@pytest.mark.scenario('logging in\\nand out')\ndef test_mine(): pass\n")
    assert project.run("tests").parseoutcomes() == {"passed": 2}


def told(mark: str, body: str = "assert world.time == 'day 32 06:00'") -> str:
    return f"import pytest\n@pytest.mark.scenario({mark})\ndef test_after(world):\n    {body}\n"


FILE = "'../scenarios/late.scenario.yaml'"


def test_the_mark_tells_a_story_first_and_gives_the_world_that_it_leaves(project):
    project.test(told(f"{FILE}, case='as today'", "assert not world.launch('bridge').runs"))
    assert project.run("tests").parseoutcomes() == {"passed": 2}


def test_counts_go_on_from_the_story(project):
    project.test(
        told(f"{FILE}, case='as today'", "world.launch('bridge'); world.expect(launches=32, refused_launches=2)")
    )
    assert project.run("tests").parseoutcomes() == {"passed": 2}


def test_until_stops_the_story(project):
    project.test(
        told(f"{FILE}, case='as today', until='day 20 06:00'", "assert world.launch('bridge').days_left == 12")
    )
    assert project.run("tests").parseoutcomes() == {"passed": 2}


def test_a_story_may_stand_in_the_mark(project):
    yaml = (project.pytester.path / "scenarios/late.scenario.yaml").read_text("utf-8")
    project.test(told(f"{yaml!r}, case='as today'"))
    assert project.run("tests").parseoutcomes() == {"passed": 2}


@pytest.mark.parametrize(
    ("mark", "line"),
    [
        (FILE, "*late.scenario.yaml:1:1: the story has several cases: write case=... *`as today`, `longer grace*"),
        (f"{FILE}, case='as todya'", "*late.scenario.yaml:1:1: there is no case `as todya`: *"),
        ("'none.scenario.yaml'", "tests/none.scenario.yaml: the story of the mark `scenario` cannot be read: *"),
        (f"{FILE}, case='as today', until='noon'", "*`noon` is no time: *"),
        ("'scenario: a\\nformat: 2\\n'", "story:*"),
    ],
)
def test_a_wrong_mark_is_told_without_a_traceback(project, mark, line):
    project.test(told(mark))
    done = project.run("tests")
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines([line])
    assert "Traceback" not in done.stdout.str() and "pytest_plugin.py" not in done.stdout.str()


def test_a_story_that_does_not_hold_fails_the_test_with_its_report(project):
    project.story("state: Expired", "state: Grace")
    project.test(told(f"{FILE}, case='as today'"))
    done = project.run("tests")
    assert done.parseoutcomes() == {"passed": 1, "errors": 1}
    done.stdout.fnmatch_lines(["scenarios/late.scenario.yaml:14:40: wanted Grace, was Expired", "FAIL *"])


def test_a_mark_whose_story_nobody_would_tell_is_an_error(switched_on):
    switched_on.test(told(FILE).replace("(world)", "()"))
    done = switched_on.run("tests")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert "the mark `scenario` does nothing there: take the fixture `world`" in done.stderr.str()


def test_the_examples_of_the_documentation_pass(project, root: Path):
    page = (root / "docs" / "how-to" / "pytest.md").read_text("utf-8")
    blocks = page.split("```python\n")[1:]
    project.test("\n\n".join(block.split("```")[0] for block in blocks))
    done = project.run("tests")
    assert done.ret == 0
    done.assert_outcomes(passed=1 + page.count("\ndef test_"))
