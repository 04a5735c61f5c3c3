"""Where the license server's address and the token come from: options, else variables, else `vendor.toml`.

A token stands in a file or a variable, never on the command line, where every process can see it. What vendor.toml
holds belongs together: where another server is told, its token and authority are not used.
"""

import difflib
import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import platformdirs

from nexuslic.errors import InputError

_KNOWN = ("server", "token", "token_file", "authority")


@attrs.frozen
class Given:
    """What the options say."""

    server: str | None = None
    token_file: Path | None = None
    authority: Path | None = None
    config: Path | None = None
    timeout: int | None = None
    folder: Path | None = None
    passphrase_file: Path | None = None

    def check(self) -> None:
        """Raises InputError where options contradict each other."""
        remote = {"--server": self.server, "--token-file": self.token_file, "--authority": self.authority}
        remote["--config"] = self.config
        named = [name for name, value in remote.items() if value is not None]
        if self.folder is not None and named:
            raise InputError(f"--folder and {named[0]} exclude each other: give one of them")
        if self.folder is None and self.passphrase_file is not None:
            raise InputError("--passphrase-file opens the keys of a --folder: leave it out")


@attrs.frozen
class Account:
    """A license server, and what opens it: `authority` is PEM, or None for the operating system's trust."""

    server: str
    token: str = attrs.field(repr=False)
    token_from: str
    authority: str | None = attrs.field(repr=False)


@attrs.frozen
class _Source:
    """One place that settings come from: its values, and how a person knows it."""

    server: str | None = None
    token: tuple[str, str] | None = attrs.field(default=None, repr=False)
    authority: Path | None = None


def account(given: Given, environment: Mapping[str, str]) -> Account:
    """The license server to talk to. Raises InputError where something is missing or wrong, with what to do."""
    options, variables, file = _options(given), _variables(environment), _file(given)
    server = options.server or variables.server or file.server
    if not server:
        raise InputError(
            "no license server is told: give --server URL, NEXUSLIC_SERVER or a line `server` in vendor.toml, "
            "or work in a folder with --folder DIR"
        )
    same = file.server is not None and file.server.rstrip("/") == server.rstrip("/")
    sources = (options, variables, file) if same else (options, variables)
    token = next((one.token for one in sources if one.token), None)
    if token is None:
        raise InputError(f"no token for {server} is told: give --token-file FILE, or NEXUSLIC_TOKEN")
    authority = next((one.authority for one in sources if one.authority), None)
    pem = None if authority is None else _text(authority, "the authority")
    return Account(server, _sound(*token), token[1], pem)


def _options(given: Given) -> _Source:
    token = None if given.token_file is None else _token_in(given.token_file)
    return _Source(given.server, token, given.authority)


def _variables(environment: Mapping[str, str]) -> _Source:
    told = environment.get("NEXUSLIC_TOKEN")
    token = (told, "NEXUSLIC_TOKEN") if told else None
    authority = environment.get("NEXUSLIC_AUTHORITY")
    return _Source(environment.get("NEXUSLIC_SERVER") or None, token, Path(authority) if authority else None)


def _file(given: Given) -> _Source:
    path = given.config or platformdirs.user_config_path("nexuslic", appauthor=False) / "vendor.toml"
    if given.config is None and not path.exists():
        return _Source()
    text = _text(path, "the configuration")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}") from error
    _check(path, table)
    if "token" in table:
        _only_mine(path)
    token = (table["token"], str(path)) if "token" in table else None
    if "token_file" in table:
        token = _token_in(path.parent / Path(table["token_file"]).expanduser())
    authority = path.parent / Path(table["authority"]).expanduser() if "authority" in table else None
    return _Source(table.get("server"), token, authority)


def _check(path: Path, table: Mapping[str, Any]) -> None:
    for word, value in table.items():
        if word not in _KNOWN:
            near = difflib.get_close_matches(word, _KNOWN, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(_KNOWN)}"
            raise InputError(f"{path}: there is no setting `{word}`: {hint}")
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{path}: `{word}` has to be some text in quotes")
    if "token" in table and "token_file" in table:
        raise InputError(f"{path}: `token` and `token_file` exclude each other: leave one out")


def _token_in(path: Path) -> tuple[str, str]:
    text = _text(path, "the token")
    _only_mine(path)
    return text, str(path)


def _sound(told: str, where: str) -> str:
    token = told.strip()
    if not token.isascii() or not token.isprintable() or " " in token or not token:
        raise InputError(f"what {where} holds is no token: it reads nexuslic_... and stands alone on its line")
    return token


def _only_mine(path: Path) -> None:
    """A token that others can read is theirs too."""
    found = path.stat()
    if os.name == "posix" and stat.S_ISREG(found.st_mode) and found.st_mode & 0o077:
        raise InputError(f"{path} holds a token and others can read it: run `chmod 600 {path}`")


def _text(path: Path, what: str) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} cannot be read as {what}: it is no text in UTF-8") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read as {what} ({error.strerror}): see to its path and owner") from error
