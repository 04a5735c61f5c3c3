"""Registry files: what Windows exports is read, whatever else is refused with its line, and nothing is written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nexuslic.doctor import registry_file
from nexuslic.doctor.registry_file import RegistryFile, Value
from nexuslic.errors import InputError

LAWS = settings(max_examples=300, deadline=None, derandomize=True)
KEY = r"HKEY_CURRENT_USER\Software\a"
WHOLE = b"\xff\xfe" + (
    "Windows Registry Editor Version 5.00\r\n\r\n"
    '[HKEY_CURRENT_USER\\a]\r\n@="x"\r\n"b"=dword:0000000f\r\n"c"=hex(7):00,\\\r\n  01\r\n"d"="\\"\r\n"\r\n\r\n'
).encode("utf-16-le")

Parsed = Callable[[str], RegistryFile]
Exported = Callable[[str], bytes]


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        registry_file.parse(data, "tls.reg")
    return str(caught.value)


@pytest.mark.parametrize("number", [0, 1, 0xA0, 0x80000000, 0xFFFFFFFF])
def test_a_dword_is_a_number(parsed: Parsed, number: int):
    assert parsed(f'[{KEY}]\n"a"=dword:{number:08x}').find(KEY, "a") == Value(4, number)


def test_a_dword_that_is_written_as_bytes_is_little_endian(parsed: Parsed):
    assert parsed(f'[{KEY}]\n"a"=hex(4):a0,0A,00,00').find(KEY, "a") == Value(4, 0xAA0)


@pytest.mark.parametrize(
    "data",
    [
        '"1"',
        r'"a \"b\" \\"',
        '"two\nlines"',
        '""',
        "hex:01,00,00,00",
        "hex:",
        "hex(b):01,00,00,00,00,00,00,00",
        "hex(4):01,00",
        "hex(4):",
        "hex(7):61,00,\\\n  62,00,00,00",
        "hex:\\\n  00,01",
    ],
)
def test_a_value_of_another_type_is_there_and_no_number(parsed: Parsed, data: str):
    assert parsed(f'[{KEY}]\n"a"={data}\n"b"=dword:00000001').find(KEY, "a") == Value(4, None)


def test_what_follows_a_value_of_several_lines_has_its_own_line(parsed: Parsed):
    assert parsed(f'[{KEY}]\n"a"="1\n2\n3"\n\n"b"=dword:00000001').find(KEY, "b") == Value(8, 1)


def test_keys_and_names_are_found_in_any_letter_case(parsed: Parsed):
    file = parsed(f'[{KEY.upper()}]\n"ENABLED"=DWORD:0000000A')
    assert file.find(KEY.lower(), "Enabled") == Value(4, 10)


def test_what_is_not_there_is_not_found(parsed: Parsed):
    file = parsed(f'[{KEY}]\n"a"=dword:00000001')
    assert (file.find(KEY, "b"), file.find(rf"{KEY}\b", "a")) == (None, None)


def test_the_default_value_has_no_name(parsed: Parsed):
    assert parsed(f"[{KEY}]\n@=dword:00000003").find(KEY, "") == Value(4, 3)


def test_a_name_is_read_without_its_escapes(parsed: Parsed):
    assert parsed(f'[{KEY}]\n"a\\"\\\\=b"=dword:00000003').find(KEY, 'a"\\=b') == Value(4, 3)


def test_a_key_may_hold_brackets(parsed: Parsed):
    assert parsed(rf"[{KEY}\[b]]" + '\n"a"=dword:00000003').find(rf"{KEY}\[b]", "a") == Value(4, 3)


def test_of_two_values_the_later_one_counts(parsed: Parsed):
    assert parsed(f'[{KEY}]\n"a"=dword:00000001\n[{KEY}]\n"a"=dword:00000002').find(KEY, "a") == Value(6, 2)


def test_comments_and_empty_lines_say_nothing(parsed: Parsed):
    assert parsed(f'; "a"=dword:00000001\n\n[{KEY}]\n; "a"=dword:00000001\n').values == {}


def test_a_file_of_an_older_windows_is_read():
    data = b'REGEDIT4\r\n\r\n[HKEY_CURRENT_USER\\M\xfcller]\r\n"n"="\xe9"\r\n"a"=dword:00000001\r\n\r\n'
    assert registry_file.parse(data, "tls.reg").find("hkey_current_user\\müller", "a") == Value(5, 1)


def test_a_last_line_without_an_end_is_read(exported: Exported):
    assert registry_file.parse(exported(f'[{KEY}]\n"a"=dword:00000001')[:-4], "tls.reg").find(KEY, "a") == Value(4, 1)


@pytest.mark.parametrize(
    "line",
    [
        '"a"=dword:',
        '"a"=dword:0000001',
        '"a"=dword:000000001',
        '"a"=dword:0000000g',
        '"a"=dword:0000001\u0661',
        '"a"=word:00000001',
        '"a"=hex(4):0g',
        '"a"=hex:0',
        '"a"=hex:00,',
        '"a"=hex:00,\\',
        '"a"=hex:00,\\\n  0',
        '"a"=hex:0001',
        '"a"="b',
        '"a"="b\\"',
        '"a"="b" c',
        '"a"=',
        '"a"',
        '"a',
        "a=dword:00000001",
        '"a"=-',
        "[HKEY_CURRENT_USER",
        "[-HKEY_CURRENT_USER\\b]",
        "[Software]",
        "[]",
        "anything",
    ],
)
def test_a_line_that_windows_does_not_export_is_refused_with_its_number(exported: Exported, line: str):
    said = "tls.reg:5: this line is not as Windows exports it, or the file is cut off in it: export it again"
    assert refused(exported(f'[{KEY}]\n"first"="1"\n{line}')) == said


def test_a_value_before_any_key_is_refused(exported: Exported):
    said = "tls.reg:3: a value stands here before any key: export the file again"
    assert refused(exported('"a"=dword:00000001')) == said


@pytest.mark.parametrize("at", range(2, len(WHOLE)))
def test_a_file_that_is_cut_off_says_no_more_than_it_did(at: int):
    whole = registry_file.parse(WHOLE, "tls.reg")
    try:
        part = registry_file.parse(WHOLE[:at], "tls.reg")
    except InputError:
        return
    assert part.values.items() <= whole.values.items()


def test_half_a_letter_is_refused_with_its_line(exported: Exported):
    said = "tls.reg:4: the file is damaged or cut off in this line: export it again"
    assert refused(exported(f'[{KEY}]\n"a"=dword:00000001')[:-5]) == said


FIRST = "Windows Registry Editor Version 5.00\r\n\r\n"


@pytest.mark.parametrize(
    "data",
    [
        FIRST.encode("ascii"),
        FIRST.encode("utf-8-sig"),
        FIRST.encode("utf-16-le"),
        b"\xfe\xff" + FIRST.encode("utf-16-be"),
        b"\xef\xbb\xbfREGEDIT4\r\n",
    ],
)
def test_another_encoding_is_refused(data: bytes):
    assert refused(data) == "tls.reg was saved anew in another encoding: export it again, and leave it as it is"


NO_EXPORT = "tls.reg is no registry file that Windows exported: use `reg export`, or regedit"


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"[HKEY_CURRENT_USER]\r\n", b"regf", b"\xff", b"REGEDIT"])
def test_what_is_no_registry_file_is_refused(data: bytes):
    assert refused(data) == NO_EXPORT


@pytest.mark.parametrize("first", ["", "Windows Registry Editor Version 6.00", "REGEDIT4", " REGEDIT4"])
def test_another_first_line_is_refused(first: str):
    said = refused(b"\xff\xfe" + f"{first}\r\n\r\n".encode("utf-16-le"))
    assert said.startswith('tls.reg:1: this line has to be "Windows Registry Editor Version 5.00"')


def test_another_first_line_of_the_older_kind_is_refused():
    assert refused(b"REGEDIT42\r\n").startswith('tls.reg:1: this line has to be "REGEDIT4"')


def test_a_file_is_read_from_a_disk(tmp_path: Path, exported: Exported):
    path = tmp_path / "tls.reg"
    path.write_bytes(exported(f'[{KEY}]\n"a"=dword:00000001'))
    assert registry_file.read(path) == registry_file.parse(path.read_bytes(), str(path))


def test_reading_writes_nothing(tmp_path: Path, exported: Exported):
    path = tmp_path / "tls.reg"
    path.write_bytes(exported(f"[{KEY}]"))
    os.utime(path, (1, 1))
    path.chmod(0o444)
    registry_file.read(path)
    assert (os.listdir(tmp_path), path.stat().st_mtime) == (["tls.reg"], 1)


@pytest.mark.parametrize("name", ["none", ".", "a\0b"])
def test_what_is_no_file_cannot_be_read(tmp_path: Path, name: str):
    with pytest.raises(InputError, match=r"^there is no file .*: give a registry file that Windows exported$"):
        registry_file.read(tmp_path / name)


def test_a_name_that_is_too_long_cannot_be_read(tmp_path: Path):
    with pytest.raises(InputError, match=r"(File name too long|there is no file)"):
        registry_file.read(tmp_path / ("n" * 300))


def test_a_file_of_a_gigabyte_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, sizes = tmp_path / "tls.reg", []
    with path.open("wb") as file:
        file.truncate(2**30)
    parse = registry_file.parse
    monkeypatch.setattr(registry_file, "parse", lambda data, name: sizes.append(len(data)) or parse(data, name))
    with pytest.raises(InputError, match=r"has more than 16 MiB: export only the keys that are asked for"):
        registry_file.read(path)
    assert sizes == [registry_file.MAX_BYTES + 1]


def taken(data: bytes) -> bool:
    """Whether some bytes are read, or refused with one sentence; anything else is raised."""
    try:
        return isinstance(registry_file.parse(data, "tls.reg"), RegistryFile)
    except InputError as error:
        return str(error).startswith("tls.reg") and "\n" not in str(error)


@LAWS
@given(st.binary(max_size=200))
@example(b"\xff\xfe\x00\xd8")
@example(b"REGEDIT4")
def test_any_bytes_are_read_or_refused(data: bytes):
    assert taken(data)
    assert taken(WHOLE[:78] + data)
    assert taken(b"REGEDIT4\r\n" + data)


PIECES = [
    "[HKEY_A]",
    "[",
    "]",
    '"a"',
    "=",
    '"',
    "\\",
    "dword:",
    "0000000f",
    "hex(4):",
    "01,",
    "@",
    "\r\n",
    " ",
    ";",
    "-",
]


@LAWS
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_pieces_of_a_file_are_read_or_refused(text: str):
    assert taken(b"\xff\xfe" + f"{FIRST}{text}".encode("utf-16-le"))


@LAWS
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_any_byte_may_be_another(place: int, byte: int):
    assert taken(WHOLE[:place] + bytes([byte]) + WHOLE[place + 1 :])


@LAWS
@given(st.dictionaries(st.text(st.characters(codec="utf-16"), min_size=1, max_size=9), st.integers(0, 2**32 - 1)))
def test_whatever_is_exported_is_found(values: dict[str, int]):
    values = {name.lower(): number for name, number in values.items() if "\r" not in name}
    lines = []
    for name, number in values.items():
        written = name.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'"{written}"=dword:{number:08x}\r\n')
    text = f"Windows Registry Editor Version 5.00\r\n\r\n[{KEY}]\r\n{''.join(lines)}\r\n"
    file = registry_file.parse(b"\xff\xfe" + text.encode("utf-16-le"), "tls.reg")
    assert {name: value.dword for (_, name), value in file.values.items()} == values
