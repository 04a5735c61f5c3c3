"""No secret in any output: whatever nexuslic prints, logs or raises while the tests run is looked through.

Looked at are: what a test leaves on its captured streams and in its log, what it takes from them itself, the output of
each process of nexuslic, each line of the license server's log, the file for support, and the text of each error. A
test in whose time a secret came out fails.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from stdnum.iso7064 import mod_11_10

KEY, CONTAINER, PRIVATE, PASSWORD, TOKEN = (
    "a license key",
    "a sealed container",
    "a private key",
    "a password",
    "an administrator's token",
)
_PATTERNS = {
    KEY: re.compile(r"(?<![0-9A-Za-z.:+_-])(?:[0-9][ -]?){12}[0-9](?![0-9A-Za-z_-])"),
    CONTAINER: re.compile(r"eyJhbGciOiJkaXIi[\w-]*\.\.[\w-]+\.[\w-]+\.[\w-]+"),
    PRIVATE: re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\"(?:private|key|d)\": ?\"[\w-]{43}\""),
    PASSWORD: re.compile(r"\w://[^/\s:@'\"]*:[^@\s/'\"]+@"),
    TOKEN: re.compile(r"nexuslic_[0-9a-f]{12}_[0-9a-f]{64}"),
}

_SHOW_KEYS = (
    *("issue", "import", "list", "show", "history", "audit", "answer-code"),
    *("extend", "change", "suspend", "reinstate", "revoke"),
)
BY_PURPOSE = {
    **{("vendor", name): {KEY} for name in _SHOW_KEYS},
    ("vendor", "tokens"): {TOKEN},
    ("server", "init"): {TOKEN},
}
"""Who shows what because it is asked for it; a request code holds a key in letters, which support alone reads."""

_ASKED_FOR = ("there is no license key ", "no such license key: ")
"""What the vendor's people are told of the key that they have asked for."""

_COMMAND = re.compile(r"(?<![\w./-])nexuslic[ \t]+([^|;&\n>]*)")
_HIDDEN = {"PGPASSWORD", "NEXUSLIC_PASSPHRASE"}


def secrets_in(text: str, passwords: Sequence[str] = ()) -> dict[str, list[str]]:
    """The secrets in a text, by their kind."""
    found = {kind: pattern.findall(text) for kind, pattern in _PATTERNS.items()}
    found[KEY] = [one for one in found[KEY] if mod_11_10.is_valid(re.sub(r"[ -]", "", one))]
    found[PASSWORD] += [one for one in passwords if one in text]
    return {kind: there for kind, there in found.items() if there}


def commands_of(args: Any) -> list[list[str]]:
    """The commands of nexuslic that a process runs: itself, or those in a script of a shell."""
    words = [args] if isinstance(args, str | bytes | os.PathLike) else list(args)
    told = [os.fsdecode(word) for word in words]
    if "-m" in told and told[told.index("-m") + 1 :][:1] == ["nexuslic"]:
        return [told[told.index("-m") + 2 :]]
    if Path(told[0]).name == "nexuslic":
        return [told[1:]]
    scripts = told[2:] if Path(told[0]).name in ("sh", "bash") else told[:1]
    return [found.split() for script in scripts for found in _COMMAND.findall(script)]


def allowed(commands: Sequence[Sequence[str]]) -> set[str]:
    """What these commands may show."""
    return {
        kind
        for (group, name), kinds in BY_PURPOSE.items()
        for command in commands
        if list(command[:1]) == [group] and name in command
        for kind in kinds
    }


def passwords_of(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> list[str]:
    """The passwords that these commands were given."""
    told = [environment.get(name, "") for name in _HIDDEN]
    places = [environment.get("NEXUSLIC_DATABASE", ""), *(word for command in commands for word in command)]
    told += [found for place in places for found in re.findall(r"^\w+(?:\+\w+)?://[^/:@]*:([^@]+)@", place)]
    return [one for one in told if len(one) > 5]


class Watch:
    """Who has leaked what since the last test; `called` are the commands of this process in this test."""

    def __init__(self) -> None:
        self.leaks: list[str] = []
        self.called: list[list[str]] = []
        self.all_called: list[list[str]] = []

    def said(self, text: Any, where: str, commands: Sequence[Sequence[str]] = (), given: Sequence[str] = ()) -> None:
        """Something was printed, logged or raised."""
        told = text.decode("utf-8", "replace") if isinstance(text, bytes | bytearray) else str(text or "")
        for kind, there in secrets_in(told, given).items():
            if kind not in allowed(commands):
                shown = told
                for secret in there:
                    shown = shown.replace(secret, f"<{kind}>")
                at = shown.index(f"<{kind}>")
                self.leaks.append(f"{kind} in {where}: ...{shown[max(0, at - 100) : at + 100]!r}...")

    def calling(self, words: Sequence[str]) -> None:
        """A command was called in this process."""
        self.called.append(list(words))
        self.all_called.append(list(words))

    def printed(self, out: Any, err: Any) -> None:
        """A test has taken what this process printed."""
        for text in (out, err):
            self.said(text, "what was printed", self.called, passwords_of(self.called, os.environ))
        self.called.clear()

    def left(self, command: Sequence[str], folder: Any) -> None:
        """A command has written the file for support."""
        if "export-for-support" in command and "--output" in command[:-1]:
            with suppress(OSError):
                file = Path(folder or ".") / command[command.index("--output") + 1]
                self.said(file.read_text("utf-8"), "the file for support")

    def end(self, sections: Sequence[tuple[str, str]]) -> list[str]:
        """A test is over: what leaked, in the sections of its report too."""
        for name, text in sections:
            self.said(text, name, self.all_called, passwords_of(self.all_called, os.environ))
        leaks = list(dict.fromkeys(self.leaks))
        self.leaks, self.called, self.all_called = [], [], []
        return leaks


class _Tee:
    """A stream of a process, and who looks at what is read from it."""

    def __init__(self, stream: Any, saw: Callable[[Any], None]) -> None:
        self._stream, self._saw = stream, saw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _seen(self, text: Any) -> Any:
        self._saw(text)
        return text

    def read(self, *size: int) -> Any:
        return self._seen(self._stream.read(*size))

    def readline(self, *size: int) -> Any:
        return self._seen(self._stream.readline(*size))

    def readlines(self, *hint: int) -> Any:
        return [self._seen(line) for line in self._stream.readlines(*hint)]

    def __iter__(self) -> Iterator[Any]:
        return (self._seen(line) for line in self._stream)

    def __next__(self) -> Any:
        return self._seen(next(self._stream))

    def __enter__(self) -> "_Tee":
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()


def _watched_processes(watch: Watch) -> type:
    class Watched(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, args: Any, *more: Any, **given: Any) -> None:
            self.commands = commands_of(args)
            self.folder = given.get("cwd")
            self.secrets = passwords_of(self.commands, given.get("env") or os.environ)
            super().__init__(args, *more, **given)
            if self.commands:
                self.stdout = self.stdout and _Tee(self.stdout, self.saw)  # type: ignore[assignment]
                self.stderr = self.stderr and _Tee(self.stderr, self.saw)  # type: ignore[assignment]

        def saw(self, text: Any) -> None:
            where = "; ".join(f"nexuslic {' '.join(words[:2])}" for words in self.commands)
            watch.said(text, f"the output of `{where}`", self.commands, self.secrets)

        def communicate(self, *more: Any, **given: Any) -> Any:
            done = super().communicate(*more, **given)
            if self.commands:
                for text in done:
                    self.saw(text)
                for command in self.commands:
                    watch.left(command, self.folder)
            return done

    return Watched


def watching(watch: Watch, patch: pytest.MonkeyPatch) -> None:
    """Let `watch` see all that comes out, until `patch` is undone."""
    import structlog

    from nexuslic import cli, errors

    taken, main, print_line = pytest.CaptureFixture.readouterr, cli.cli.main, structlog.PrintLogger.msg

    def readouterr(capture: Any) -> Any:
        found = taken(capture)
        watch.printed(*found)
        return found

    def called(args: Sequence[str] | None = None, *more: Any, **given: Any) -> Any:
        words = list(sys.argv[1:] if args is None else args)
        watch.calling(words)
        try:
            return main(args, *more, **given)
        finally:
            watch.left(words, None)

    def logged(logger: Any, message: str) -> None:
        watch.said(message, "the license server's log")
        print_line(logger, message)

    def raised(error: Exception, *told: Any) -> None:
        super(errors.NexuslicError, error).__init__(*told)
        if not str(error).startswith(_ASKED_FOR):
            watch.said(str(error), f"the text of a {type(error).__name__}", watch.called)

    patch.setattr(subprocess, "Popen", _watched_processes(watch))
    patch.setattr(pytest.CaptureFixture, "readouterr", readouterr)
    patch.setattr(cli.cli, "main", called)
    patch.setattr(errors.NexuslicError, "__init__", raised)
    for name in ("msg", "log", "debug", "info", "warning", "warn", "error", "critical", "fatal", "failure", "err"):
        if hasattr(structlog.PrintLogger, name):
            patch.setattr(structlog.PrintLogger, name, logged)
