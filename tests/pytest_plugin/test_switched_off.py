"""Installing nexuslic changes nothing in somebody's tests until they switch it on."""

import subprocess
import sys

import pytest


def test_collection_and_output_are_the_same_as_without_it(project, printed):
    with_it, without = project.run("-v"), project.run("-v", "-p", "no:nexuslic")
    assert printed(with_it) == printed(without)
    with_it.assert_outcomes(passed=1)


def test_stories_that_lie_in_a_collected_folder_are_left_alone(project):
    assert "scenario.yaml" not in project.run(".", "--collect-only", "-q").stdout.str()


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("pytest.ini", "[pytest]\n", "add to pytest.ini, under [[]pytest[]]: nexuslic_paths = scenarios"),
        ("tox.ini", "[pytest]\n", "add to tox.ini, under [[]pytest[]]: nexuslic_paths = scenarios"),
        ("setup.cfg", "[tool:pytest]\n", "add to setup.cfg, under [[]tool:pytest[]]: nexuslic_paths = scenarios"),
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\nxfail_strict = true\n",
            'add to pyproject.toml, under [[]tool.pytest.ini_options[]]: nexuslic_paths = [[]"scenarios"[]]',
        ),
        (None, "", "there is no ini file: write pytest.ini with the lines `[[]pytest[]]` and *`"),
    ],
)
def test_a_story_named_outright_says_which_line_to_add_to_which_file(project, file, text, line):
    (project.pytester.path / "pytest.ini").unlink()
    if file is not None:
        project.write(file, text)
    done = project.run("scenarios/late.scenario.yaml::as today")
    assert done.ret != 0
    done.stdout.fnmatch_lines(
        ["scenarios/late.scenario.yaml: stories are not collected here: `nexuslic_paths` is not set", f"  {line}"]
    )


def test_the_line_that_is_asked_for_switches_it_on(project):
    (project.pytester.path / "pytest.ini").unlink()
    project.write("pyproject.toml", '[tool.pytest.ini_options]\nnexuslic_paths = ["scenarios"]\n')
    assert project.run("scenarios/late.scenario.yaml::as today").parseoutcomes() == {"passed": 1}


def test_loading_it_imports_nothing_of_nexuslic_but_its_name():
    code = (
        "import sys, pytest; before = set(sys.modules); import nexuslic.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["nexuslic", "nexuslic.pytest_plugin", "nexuslic.version"]


def test_a_run_that_is_switched_off_imports_no_more(project):
    imports = "import sys\nprint(*[name for name in sys.modules if name.startswith('nexuslic.')])"
    project.write("conftest.py", f"def pytest_unconfigure():\n    {imports.replace(chr(10), chr(10) + '    ')}\n")
    out = project.run("-s").outlines[-1]
    assert sorted(out.split()) == ["nexuslic.pytest_plugin", "nexuslic.version"]


def test_this_project_has_not_switched_it_on(pytestconfig: pytest.Config):
    assert pytestconfig.getini("nexuslic_paths") == []
