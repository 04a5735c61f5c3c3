"""`server.toml`: how one server is set up, read exactly. A word that is not known is an error, with its line."""

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import attrs

from nexuslic.errors import InputError
from nexuslic.server import database
from nexuslic.server.service import Limits

T = TypeVar("T")

DATABASE = "sqlite:///registry.sqlite"


@attrs.frozen
class Listen:
    """Where a server waits for connections; port 0 takes a free one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "Listen":
        """From `HOST:PORT`, an IPv6 address in brackets. Raises InputError."""
        found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]\s]+)):(\d{1,5})", text)
        if found is None or int(found[3]) > 65535:
            raise InputError(f"listen: {text!r} is no address to listen on: write HOST:PORT, such as 0.0.0.0:8443")
        return cls(found[1] or found[2], int(found[3]))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@attrs.frozen
class Connections:
    """What one connection may take, in seconds, and how many there may be.

    `handshake` for TLS, `request` for the whole header and body, `idle` between two requests, `stop` for requests
    under way when the server stops. From `most` connections on requests are answered 503; of twice as many, each
    one more is closed at once. `reload` is how often certificates and keys are looked at.
    """

    handshake: float = 10.0
    request: float = 10.0
    idle: float = 15.0
    stop: float = 20.0
    reload: float = 2.0
    most: int = 1000


@attrs.frozen
class Settings:
    """Everything that `server.toml` says."""

    product: str
    address: str
    names: tuple[str, ...]
    listen: Listen
    database: str = DATABASE
    discreet: bool = True
    limits: Limits = attrs.Factory(Limits)
    connections: Connections = attrs.Factory(Connections)

    def registry(self, folder: Path) -> str:
        """The registry's URL; a relative SQLite path starts in the server's folder. Raises InputError."""
        url = database.parsed(self.database)
        if url.get_backend_name() != "sqlite":
            return self.database
        return f"sqlite:///{folder / str(url.database)}"


def chosen(product: str, names: Sequence[str], listen: str, address: str = "", database: str = "") -> Settings:
    """The settings of a new server, from what was typed. Raises InputError."""
    place = Listen.parse(listen)
    port = "" if place.port in (0, 443) else f":{place.port}"
    host = f"[{names[0]}]" if ":" in names[0] else names[0]
    table = {"product": product, "address": address or f"https://{host}{port}", "names": list(names), "listen": listen}
    if database:
        table["database"] = database
    try:
        return Settings(**{key: _PLAIN[key](told) for key, told in table.items()})
    except ValueError as error:
        raise InputError(f"a new server cannot be set up like this: it needs {error}") from error


def read(text: str, file: str) -> Settings:
    """The settings in `text`. Raises InputError that names `file` and the line."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{file} is not TOML: {error}") from error
    return _Reader(text, file).record(Settings, table, "", _SETTINGS)


@attrs.frozen
class _Reader:
    """Reads tables into values, and finds the line that a mistake stands on."""

    text: str
    file: str

    def record(self, kind: Callable[..., T], table: Mapping[str, Any], section: str, parts: "Mapping[str, _Part]") -> T:
        for key in table:
            if key not in parts:
                near = difflib.get_close_matches(key, parts, n=1)
                hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(parts)}"
                raise self.wrong(section, key, f"there is no setting `{key}`: {hint}")
        values = {key: self.value(parts[key], table[key], section, key) for key in table}
        for key in _REQUIRED if not section else ():
            if key not in values:
                raise InputError(f"{self.file}: the setting `{key}` is missing: add a line `{key} = ...` at its top")
        return kind(**values)

    def value(self, read: "_Part", told: Any, section: str, key: str) -> Any:
        if isinstance(read, _Section):
            if not isinstance(told, dict):
                raise self.wrong(section, key, f"`{key}` is a section: write it as [{key}]")
            return self.record(read.kind, told, key, read.parts)
        try:
            return read(told)
        except InputError as error:
            raise self.wrong(section, key, str(error)) from error
        except ValueError as error:
            raise self.wrong(section, key, f"`{key}` has to be {error}") from error

    def wrong(self, section: str, key: str, problem: str) -> InputError:
        return InputError(f"{self.file}:{self.line(section, key)}: {problem}")

    def line(self, section: str, key: str) -> int:
        lines, inside = self.text.splitlines(), not section
        for number, line in enumerate(lines, 1):
            heading = re.match(r"\s*\[\s*\"?([^\]\"]+?)\"?\s*\]", line)
            inside = heading[1] == section if heading else inside
            if re.match(rf"\s*(\[\s*)?[\"']?{re.escape(key)}[\"']?\s*[=\]]", line) and (inside or heading):
                return number
        return 1


def _text(told: Any) -> str:
    if not isinstance(told, str) or not told.strip() or any(ord(letter) < 32 for letter in told):
        raise ValueError('some text in quotes, such as "Survey"')
    return told


def address(told: Any) -> str:
    """An address that clients can call. Raises ValueError."""
    if not isinstance(told, str) or not re.fullmatch(r"https://[^\s/?#@]+(/[^\s?#]*)?", told):
        raise ValueError('a URL in quotes, such as "https://license.example.com"')
    return told


def host(told: Any) -> str:
    """One host name or IP address. Raises ValueError."""
    if isinstance(told, str) and _is_host(told):
        return told
    raise ValueError('a host name or an IP address, such as "license.example.com"')


def _is_host(told: str) -> bool:
    try:
        ipaddress.ip_address(told)
    except ValueError:
        label = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
        return len(told) <= 253 and re.fullmatch(rf"{label}(\.{label})*", told) is not None
    return True


def _names(told: Any) -> tuple[str, ...]:
    if not isinstance(told, list) or not told:
        raise ValueError('a list of host names in brackets, such as ["license.example.com"]')
    return tuple(map(host, told))


def _listen(told: Any) -> Listen:
    return Listen.parse(told if isinstance(told, str) else str(told))


def _database(told: Any) -> str:
    database.parsed(_text(told))
    return str(told)


def _flag(told: Any) -> bool:
    if not isinstance(told, bool):
        raise ValueError("true or false")
    return told


def _count(told: Any) -> int:
    if type(told) is not int or not 1 <= told <= 1_000_000:
        raise ValueError("a whole number from 1 to 1000000")
    return told


def _seconds(told: Any) -> float:
    if type(told) not in (int, float) or not 0.05 <= told <= 3600:
        raise ValueError("a number of seconds from 0.05 to 3600")
    return float(told)


@attrs.frozen
class _Section:
    """A table of its own: what it becomes, and how each of its settings is read."""

    kind: Callable[..., Any]
    parts: Mapping[str, Callable[[Any], Any]]


_Part = Callable[[Any], Any] | _Section
_LIMITS = _Section(Limits, {field.name: _count for field in attrs.fields(Limits)})
_CONNECTIONS = _Section(
    Connections, {field.name: _count if field.name == "most" else _seconds for field in attrs.fields(Connections)}
)
_PLAIN: dict[str, Callable[[Any], Any]] = {
    "product": _text,
    "address": address,
    "names": _names,
    "listen": _listen,
    "database": _database,
    "discreet": _flag,
}
_REQUIRED = ("product", "address", "names", "listen")
_SETTINGS: dict[str, _Part] = {
    **_PLAIN,
    "limits": _LIMITS,
    "connections": _CONNECTIONS,
}


def write(settings: Settings) -> str:
    """A new `server.toml`; what is as it comes stands there as a comment."""
    names = ", ".join(_quoted(name) for name in settings.names)
    parts = (("limits", settings.limits), ("connections", settings.connections))
    sections = "".join(f"\n{_ABOUT[name]}\n[{name}]\n{_section(values)}" for name, values in parts)
    return f"""# A license server. `nexuslic server check` says whether all is well; changes count from the next start.

# The product that the keys are for, and where the application finds this server: both stand in bundle.json.
product = {_quoted(settings.product)}
address = {_quoted(settings.address)}

# The names and addresses that the certificate is for; after a change: `nexuslic server renew-certificate`.
names = [{names}]

# HOST:PORT; 0.0.0.0 listens on all of this computer's IPv4 addresses, [::] on IPv6 too.
listen = {_quoted(str(settings.listen))}

# sqlite:///FILE (in this folder) or postgresql://USER@HOST/NAME. A password may stand here, or in ~/.pgpass.
database = {_quoted(settings.database)}

# A database that a key was never bound to is not told why it is denied.
discreet = {"true" if settings.discreet else "false"}
{sections}"""


def with_database(text: str, url: str, file: str) -> str:
    """The settings in `text` with another registry. Raises InputError."""
    line = f"database = {_quoted(_database(url))}\n"
    changed, count = re.subn(r"^database\s*=.*\n?", lambda _: line, text, count=1, flags=re.MULTILINE)
    changed = changed if count else line + text
    if read(changed, file).database != url:
        raise InputError(f"{file}: the line `database` cannot be changed: write it as `database = ...` on one line")
    return changed


_ABOUT = {
    "limits": "# Wrong keys an hour that are answered before more are refused.",
    "connections": "# Seconds for a TLS handshake, a whole request, between two requests, and for requests under way "
    "at a stop;\n# how often certificates and keys are looked at; and how many connections there may be.",
}


def _section(values: Any) -> str:
    return "".join(f"# {field.name} = {getattr(values, field.name)}\n" for field in attrs.fields(type(values)))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
