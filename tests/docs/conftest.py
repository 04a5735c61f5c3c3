"""Reads the documentation as blocks, and runs a page as a person would: from top to bottom, in one folder.

A comment in the line before a block says what is special about it: `<!-- exits 1 -->` for a command or a story that
fails, `<!-- writes NAME -->` for a block that is saved as a file, `<!-- edits NAME -->` for a diff that is applied to
one. The `text` or `json` block after a command is its output; a line `...` in it stands for any lines.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts)
OUTPUTS = ("text", "json")
_NOTE = re.compile(r"<!-- (\w+) (.+?) -->")


@dataclass(frozen=True)
class Block:
    """One fenced block: the line of its fence, what the comment before it says, and the heading above it."""

    language: str
    text: str
    line: int
    notes: dict[str, str]
    section: int


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order; a directive's language is its name in braces."""
    found: list[Block] = []
    inside: list[str] | None = None
    fence, language, start, section = "", "", 0, 0
    notes: dict[str, str] = {}
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        if inside is not None:
            if line.strip() == fence:
                found.append(Block(language, "".join(f"{one}\n" for one in inside), start, notes, section))
                inside, notes = None, {}
            else:
                inside.append(line)
            continue
        opening = re.match(r"^(`{3,})(\S*)", line)
        if opening:
            inside, fence, language, start = [], opening[1], opening[2], number
        elif note := _NOTE.fullmatch(line.strip()):
            notes = {**notes, note[1]: note[2]}
        elif line.strip():
            notes = {}
        section += line.startswith("#")
    return found


def patched(text: str, diff: str) -> str:
    """`text` with the lines of a diff taken out and put in; each hunk's old lines must stand there exactly once."""
    old = "".join(f"{line[1:]}\n" for line in diff.splitlines() if line[:1] in (" ", "-"))
    new = "".join(f"{line[1:]}\n" for line in diff.splitlines() if line[:1] in (" ", "+"))
    assert text.count(old) == 1, f"the diff does not fit:\n{diff}"
    return text.replace(old, new)


def same_output(shown: str, was: str) -> bool:
    """Whether the output is what the page shows, seconds aside; a line `...` stands for any lines."""
    shown, was = (re.sub(r"\([0-9]+\.[0-9] s\)", "(0.0 s)", one).rstrip() for one in (shown, was))
    parts = [re.escape(part) for part in re.split(r"^\.\.\.$", shown, flags=re.MULTILINE)]
    return re.fullmatch(".*".join(parts), was, re.DOTALL) is not None


@dataclass(frozen=True)
class Ran:
    """A command of a page: its block, its status, what it printed, and the block that shows it (None: not shown)."""

    block: Block
    status: int
    output: str
    shown: Block | None


def shows(command: Block, after: Block | None) -> bool:
    """Whether the block after a command is its output; a story is, where the command prints a file."""
    if after is None or after.section != command.section:
        return False
    return after.language in OUTPUTS or (after.language == "yaml" and command.text.startswith("cat "))


def environment(folder: Path) -> dict[str, str]:
    """Where `nexuslic` is the one that is tested, and nothing of the caller's terminal shows."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for name, words in (("nexuslic", "-m nexuslic"), ("python3", "")):
        tool = tools / name
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', "utf-8")
        tool.chmod(0o755)
    path = f"{tools}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "80", "HOME": str(folder)}


def run_page(page: Path, folder: Path) -> list[Ran]:
    """Everything that a page tells its reader to type, done in `folder`."""
    env, work, ran = environment(folder), folder / "work", []
    work.mkdir(exist_ok=True)
    (work / "scenarios").symlink_to(ROOT / "scenarios")
    there = blocks(page)
    for place, block in enumerate(there):
        if "writes" in block.notes:
            (work / block.notes["writes"]).write_text(block.text, "utf-8", newline="\n")
        if "edits" in block.notes:
            file = work / block.notes["edits"]
            file.write_text(patched(file.read_text("utf-8"), block.text), "utf-8", newline="\n")
        if block.language == "sh":
            done = subprocess.run(
                ["sh", "-ec", block.text],
                cwd=work,
                env=env,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            after = there[place + 1] if place + 1 < len(there) else None
            output = done.stdout.decode("utf-8")
            ran.append(Ran(block, done.returncode, output, after if shows(block, after) else None))
    return ran


@pytest.fixture
def documents() -> SimpleNamespace:
    """The pages, and how to read and run one."""
    return SimpleNamespace(
        root=ROOT, docs=DOCS, pages=PAGES, blocks=blocks, run=run_page, same=same_output, environment=environment
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`page` is each page of the documentation, `story_page` each that holds a whole story."""
    choices = {
        "page": PAGES,
        "command_page": [page for page in PAGES if any(one.language == "sh" for one in blocks(page))],
        "story_page": [page for page in PAGES if any(one.text.startswith("scenario:") for one in blocks(page))],
    }
    for name, pages in choices.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, pages, ids=[str(page.relative_to(DOCS)) for page in pages])
