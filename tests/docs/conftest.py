"""Reads the documentation as blocks, and runs a page as a person would: from top to bottom, in one folder.

A comment in the line before a block says what is special about it: `<!-- exits 1 -->` for a command or a story that
fails, `<!-- writes NAME -->` for a block that is saved as a file, `<!-- edits NAME -->` for a diff that is applied to
one, `<!-- serves ... -->` for a command that goes on until the page is done: its output is what it prints until it
listens, and then it is stopped by SIGTERM. Port 8443 of such a page is a free one here. The `text` or `json` block
after a command is its output; `...` stands for the rest of a line, and alone on a line for any lines.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts)
OUTPUTS = ("text", "json")
CACHES = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
"""The caller's own, which every page may use: what the lab compiles takes longer than most pages do."""
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
    lines = [re.escape(line).replace(r"\.\.\.", "[^\n]*") for line in shown.split("\n")]
    pattern = "\n".join("(?s:.*)" if line == "[^\n]*" else line for line in lines)
    return re.fullmatch(pattern, was) is not None


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
    own = {"PATH": path, "NO_COLOR": "1", "COLUMNS": "80", "HOME": str(folder)}
    return {**os.environ, "XDG_CACHE_HOME": CACHES, **own}


KEEPING = "trap 'export -p > ../exported' EXIT\n"
"""What a reader exports in a terminal is there for what they type next."""

PORT = "8443"
"""The port that pages speak of."""


@dataclass
class Serving:
    """A command of a page that goes on until the page is done."""

    block: Block
    process: "subprocess.Popen[str]"
    shown: Block | None
    output: str = ""

    def wait(self) -> None:
        """Until it listens, or ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if "listening on" in line or line.startswith("Ctrl-C ends it"):
                return

    def stop(self) -> Ran:
        """Ask it to end, as a reader does with Ctrl-C."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()
        return Ran(self.block, self.process.returncode, self.output, self.shown)


@dataclass
class Page:
    """A page that is being run in `folder`; `port` is the one that it speaks of."""

    folder: Path
    port: str = PORT
    ran: list[Ran] = field(default_factory=list)
    serving: list[Serving] = field(default_factory=list)

    def do(self, block: Block, after: Block | None) -> None:
        """What one block of commands asks for."""
        shown = after if shows(block, after) else None
        text = block.text.replace(PORT, self.port)
        serves = "serves" in block.notes
        process = subprocess.Popen(
            ["sh", "-ec", f". ../exported\n{'exec ' if serves else KEEPING}{text}"],
            cwd=self.folder / "work",
            env=environment(self.folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        if "serves" in block.notes:
            self.serving.append(Serving(block, process, shown))
            self.serving[-1].wait()
            return
        output, _ = process.communicate()
        self.ran.append(Ran(block, process.returncode, output.replace(self.port, PORT), shown))

    def end(self) -> list[Ran]:
        """Everything that was done, once nothing runs any more."""
        for one in self.serving:
            done = one.stop()
            self.ran.append(replace(done, output=done.output.replace(self.port, PORT)))
        return self.ran


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = count(20_000 + 1_000 * (_WORKER % 10))
"""Below those that the system gives to connections: nobody takes one between here and the server that a page starts."""


def free_port() -> str:
    """A port that nobody listens on now."""
    for port in _PORTS:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return str(port)
    raise AssertionError("ports go on without end")


def run_page(page: Path, folder: Path) -> list[Ran]:
    """Everything that a page tells its reader to type, done in `folder`."""
    there, work = blocks(page), folder / "work"
    work.mkdir(exist_ok=True)
    (work / "scenarios").symlink_to(ROOT / "scenarios")
    (folder / "exported").touch()
    run = Page(folder, free_port() if any("serves" in one.notes for one in there) else PORT)
    try:
        for place, block in enumerate(there):
            if "writes" in block.notes:
                (work / block.notes["writes"]).write_text(block.text.replace(PORT, run.port), "utf-8", newline="\n")
            if "edits" in block.notes:
                file = work / block.notes["edits"]
                file.write_text(patched(file.read_text("utf-8"), block.text), "utf-8", newline="\n")
            if block.language == "sh":
                run.do(block, there[place + 1] if place + 1 < len(there) else None)
    finally:
        done = run.end()
    return done


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
