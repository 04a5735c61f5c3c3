"""A registry file as Windows exports it (`.reg`): bytes in, values by key and name out; nothing is ever written.

`Windows Registry Editor Version 5.00` is UTF-16 with a byte order mark, `REGEDIT4` is in the ANSI code page of its
machine. A file is read whole or not at all: a value that was cut off could say the opposite of what it said. What takes
keys or values out of a registry stands in no export, and is refused.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from nexuslic.errors import InputError

MAX_BYTES = 16 * 1024 * 1024

_HEADER = "Windows Registry Editor Version 5.00"
_ANSI_HEADER = "REGEDIT4"
_BOM = b"\xff\xfe"
_OTHERWISE_SAVED = (b"\xfe\xff", b"\xef\xbb\xbf", _HEADER.encode("ascii"), _HEADER.encode("utf-16-le"))
_TEXT = r'"(?:[^"\\]++|\\.)*+"'
_PAIR = r"(?:\\\n[\ \t]*+)?+[0-9a-f]{2}"
_ENTRY = re.compile(
    rf"""[\ \t]*+(?:
      (?:;[^\n]*+)?
    | \[(?P<key>HKEY_[^\n]*)\]
    | (?P<name>@|{_TEXT})=(?:
        dword:(?P<dword>[0-9a-f]{{8}}) | {_TEXT}
      | hex(?:\((?P<type>[0-9a-f]{{1,8}})\))?:(?P<bytes>(?:{_PAIR}(?:,{_PAIR})*+)?+) )
    )[\ \t]*+(?:\n|\Z)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_DWORD_TYPE = 4
_DWORD_BYTES = 4


@attrs.frozen
class Value:
    """A value, and its line in the file; `dword` is None where it is of another type."""

    line: int
    dword: int | None


@attrs.frozen
class RegistryFile:
    """What a registry file holds: values by key and name, both in small letters."""

    name: str
    values: Mapping[tuple[str, str], Value]

    def find(self, key: str, name: str) -> Value | None:
        """The value of that key and name, in any letter case; None where the file holds none."""
        return self.values.get((key.lower(), name.lower()))


def read(path: Path) -> RegistryFile:
    """The registry file at `path`. Raises InputError, with the line where there is one."""
    try:
        if not path.is_file():
            raise InputError(f"there is no file {path}: give a registry file that Windows exported")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): see to its owner and permissions") from error
    return parse(data, str(path))


def parse(data: bytes, name: str) -> RegistryFile:
    """The registry file of these bytes; `name` is what errors call it. Raises InputError."""
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{name} has more than {MAX_BYTES // 1024 // 1024} MiB: export only the keys that are asked for, not a "
            "whole registry"
        )
    values: dict[tuple[str, str], Value] = {}
    key = ""
    for line, entry in _entries(_text(data, name), name):
        if entry["key"] is not None:
            key = entry["key"].lower()
        elif entry["name"] is not None and not key:
            raise InputError(f"{name}:{line}: a value stands here before any key: export the file again")
        elif entry["name"] is not None:
            values[key, _named(entry["name"])] = Value(line, _dword(entry))
    return RegistryFile(name, values)


def _text(data: bytes, name: str) -> str:
    """The lines after the first one, each ended by a line feed alone; the first stays as an empty one."""
    if data.startswith(_BOM):
        text, header = _utf_16(data[len(_BOM) :], name), _HEADER
    elif data.startswith(_ANSI_HEADER.encode("ascii")):
        # Which code page it is the file does not say. All that is looked for is ASCII, which is the same in each.
        text, header = data.decode("latin-1"), _ANSI_HEADER
    elif data.startswith(_OTHERWISE_SAVED):
        raise InputError(f"{name} was saved anew in another encoding: export it again, and leave it as it is")
    else:
        raise InputError(f"{name} is no registry file that Windows exported: use `reg export`, or regedit")
    first, _, rest = text.replace("\r\n", "\n").partition("\n")
    if first.rstrip() != header:
        raise InputError(f'{name}:1: this line has to be "{header}": export the file again, and leave it as it is')
    return "\n" + rest


def _utf_16(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-16-le")
    except UnicodeDecodeError as error:
        line = data[: error.start].decode("utf-16-le").count("\n") + 1
        raise InputError(f"{name}:{line}: the file is damaged or cut off in this line: export it again") from error


def _entries(text: str, name: str) -> Iterator[tuple[int, "re.Match[str]"]]:
    """Each key, value, comment and empty line, with its line number."""
    place, line = 0, 1
    while place < len(text):
        found = _ENTRY.match(text, place)
        if found is None:
            raise InputError(
                f"{name}:{line}: this line is not as Windows exports it, or the file is cut off in it: export it again"
            )
        yield line, found
        line += text.count("\n", place, found.end())
        place = found.end()


def _named(name: str) -> str:
    """The name of a value without its quotation marks; "" for the default value."""
    return "" if name == "@" else _ESCAPED.sub(r"\1", name[1:-1]).lower()


def _dword(entry: "re.Match[str]") -> int | None:
    if entry["dword"] is not None:
        return int(entry["dword"], 16)
    if entry["type"] is None or int(entry["type"], 16) != _DWORD_TYPE:
        return None
    digits = re.findall(r"[0-9a-f]{2}", entry["bytes"], re.IGNORECASE)
    return int("".join(reversed(digits)), 16) if len(digits) == _DWORD_BYTES else None
