"""Projects of other people, in which pytest is run for real."""

from collections.abc import Callable

import pytest

STORY = """\
scenario: A relief vessel is a day late
format: 1
why: Does the application run on day 32?
starts: 2026-03-02 06:00 UTC
tags: [offshore, north-sea, skip]
cases:
  - {case: as today, grace: 30, state: Expired, runs: no}
  - {case: "longer grace, to be sure", grace: 35, state: Grace, runs: yes}
world: {license: {grace: $grace}, workstations: {bridge: {}}}
online: [{from: day 1 07:00, to: day 1 08:00}]
every: [{at: daily 06:00, from: day 2, launch: bridge}]
steps:
  - {at: day 1 07:30, authenticate: bridge}
  - {at: day 32 06:00, expect: {state: $state, runs: $runs}}
always: [{never: Unlicensed}]
"""
STRICT = "[pytest]\naddopts = --strict-markers --strict-config\nfilterwarnings = error\n"
PYTHON = "def test_plain():\n    assert True\n"
_WITHOUT = [word for name in ("cacheprovider", "schemathesis", "faker", "anyio") for word in ("-p", f"no:{name}")]
"""What takes long to load and does not matter here."""


class Project:
    """A project with a test and a story; `run` runs its pytest in a process of its own."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.write("tests/test_plain.py", PYTHON)
        self.write("scenarios/late.scenario.yaml", STORY)
        self.write("pytest.ini", STRICT)

    def write(self, name: str, text: str) -> None:
        path = self.pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def ini(self, *lines: str) -> None:
        self.write("pytest.ini", STRICT + "".join(f"{line}\n" for line in lines))

    def story(self, old: str, new: str) -> None:
        assert old in STORY
        self.write("scenarios/late.scenario.yaml", STORY.replace(old, new))

    def test(self, text: str) -> None:
        self.write("tests/test_world.py", text)

    def run(self, *args: str) -> pytest.RunResult:
        return self.pytester.runpytest_subprocess(*_WITHOUT, *args)


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that has not switched stories on."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
        monkeypatch.delenv(name, raising=False)
    return Project(pytester)


@pytest.fixture
def switched_on(project: Project) -> Project:
    """A project that collects the stories of its folder `scenarios`."""
    project.ini("nexuslic_paths = scenarios")
    return project


@pytest.fixture
def printed() -> Callable[[pytest.RunResult], str]:
    """What a run printed to its output, times aside."""

    def text(done: pytest.RunResult) -> str:
        lines = [line for line in done.outlines if not line.startswith(("plugins:", "rootdir:"))]
        return "\n".join(lines).rsplit(" in ", 1)[0]

    return text
