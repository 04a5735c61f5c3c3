"""The hooks for pre-commit: commands that there are, for the files of stories."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from nexuslic.cli import cli, main


@pytest.fixture
def hooks(root: Path) -> list[dict]:
    return yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))


def test_each_hook_has_what_pre_commit_needs(hooks: list[dict]):
    assert [hook["id"] for hook in hooks] == ["nexuslic-lint", "nexuslic-run"]
    assert all({"id", "name", "entry", "language", "files"} <= set(hook) for hook in hooks)


def test_each_hook_looks_at_stories_only(hooks: list[dict]):
    for hook in hooks:
        assert re.search(hook["files"], "scenarios/a.scenario.yaml")
        assert not re.search(hook["files"], "scenarios/a.yaml")


def test_each_hook_calls_a_command_that_takes_files(hooks: list[dict], root: Path, tmp_path: Path):
    story = shutil.copy(root / "nexuslic/scenario/templates/voyage.scenario.yaml", tmp_path)
    for hook in hooks:
        program, *words = shlex.split(hook["entry"])
        assert program == "nexuslic" and words[0] in cli.list_commands(None)
        assert main([*words, str(story)]) == 0
