"""What the registry says of TLS: a switch for each version, three sums, and remarks on what decides nothing."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.doctor import registry_file, windows_tls
from nexuslic.doctor.registry_file import RegistryFile, Value
from nexuslic.doctor.windows_tls import SCHANNEL, WINHTTP, WINHTTP_32_BIT, WININET, Switch, TlsSettings
from nexuslic.simulation.network import Tls

LAWS = settings(max_examples=200, deadline=None, derandomize=True)
Parsed = Callable[[str], RegistryFile]

YES, ALSO, NO, ODD, ABSENT = "00000001", "ffffffff", "00000000", "00000002", ""


def said(parsed: Parsed, enabled: str, hidden: str, tls: Tls = Tls.TLS_1_0) -> TlsSettings:
    """What a file says that has these two values for a version."""
    lines = [f"[{SCHANNEL}\\{tls.value}\\Client]"]
    lines += [f'"Enabled"=dword:{enabled}'] if enabled else []
    lines += [f'"DisabledByDefault"=dword:{hidden}'] if hidden else []
    return windows_tls.settings(parsed("\n".join(lines)))


@pytest.mark.parametrize("tls", Tls, ids=str)
def test_each_version_has_its_own_switch(parsed: Parsed, tls: Tls):
    found = said(parsed, NO, ABSENT, tls)
    assert found.schannel == tuple((one, Switch.OFF if one is tls else Switch.NOT_SAID) for one in Tls)


@pytest.mark.parametrize(
    ("enabled", "hidden", "switch"),
    [
        (YES, NO, Switch.ON),
        (ALSO, NO, Switch.ON),
        (NO, NO, Switch.OFF),
        (NO, YES, Switch.OFF),
        (NO, ABSENT, Switch.OFF),
        (NO, ODD, Switch.OFF),
        (YES, YES, Switch.OFF_BY_DEFAULT),
        (ALSO, ALSO, Switch.OFF_BY_DEFAULT),
        (ABSENT, YES, Switch.OFF_BY_DEFAULT),
        (ABSENT, ALSO, Switch.OFF_BY_DEFAULT),
        (YES, ABSENT, Switch.NOT_SAID),
        (ABSENT, NO, Switch.NOT_SAID),
        (ABSENT, ABSENT, Switch.NOT_SAID),
        (ODD, NO, Switch.NOT_SAID),
        (YES, ODD, Switch.NOT_SAID),
    ],
)
def test_enabled_comes_first_and_on_needs_both(parsed: Parsed, enabled: str, hidden: str, switch: Switch):
    assert said(parsed, enabled, hidden).switch(Tls.TLS_1_0) is switch


@pytest.mark.parametrize(("enabled", "hidden"), [(YES, NO), (NO, ABSENT), (ABSENT, YES), (ABSENT, ABSENT)])
def test_what_decides_needs_no_remark(parsed: Parsed, enabled: str, hidden: str):
    assert said(parsed, enabled, hidden).remarks == ()


def test_a_number_that_means_nothing_is_remarked_on(parsed: Parsed):
    assert said(parsed, ODD, ABSENT).remarks == (
        "Line 4: Enabled of TLS 1.0 is neither 0 nor 1, so it decides nothing here.",
    )


def test_a_value_of_another_type_is_remarked_on(parsed: Parsed):
    found = windows_tls.settings(parsed(f'[{SCHANNEL}\\SSL 3.0\\Client]\n"DisabledByDefault"="1"'))
    assert found.remarks == ("Line 4: DisabledByDefault of SSL 3.0 is neither 0 nor 1, so it decides nothing here.",)


@pytest.mark.parametrize(("enabled", "hidden"), [(YES, ABSENT), (ABSENT, NO)])
def test_one_value_that_needs_the_other_is_remarked_on(parsed: Parsed, enabled: str, hidden: str):
    (remark,) = said(parsed, enabled, hidden).remarks
    assert remark == "Of TLS 1.0 only one of Enabled = 1 and DisabledByDefault = 0 is there: on are both."


def test_what_servers_do_is_not_asked(parsed: Parsed):
    found = windows_tls.settings(parsed(f'[{SCHANNEL}\\TLS 1.0\\Server]\n"Enabled"=dword:00000000'))
    assert found.switch(Tls.TLS_1_0) is Switch.NOT_SAID


@pytest.mark.parametrize(
    ("key", "name", "which"),
    [
        (WINHTTP, "DefaultSecureProtocols", "winhttp"),
        (WINHTTP_32_BIT, "DefaultSecureProtocols", "winhttp_32_bit"),
        (WININET, "SecureProtocols", "wininet"),
    ],
)
def test_each_sum_has_its_own_place(parsed: Parsed, key: str, name: str, which: str):
    found = windows_tls.settings(parsed(f'[{key}]\n"{name}"=dword:00000aa0'))
    sums = {one: getattr(found, one) for one in ("winhttp", "winhttp_32_bit", "wininet")}
    assert sums == {"winhttp": None, "winhttp_32_bit": None, "wininet": None, which: 0xAA0}


def test_a_sum_of_another_type_is_remarked_on(parsed: Parsed):
    found = windows_tls.settings(parsed(f'[{WINHTTP}]\n"DefaultSecureProtocols"="0xa0"'))
    assert (found.winhttp, found.remarks) == (
        None,
        ("Line 4: DefaultSecureProtocols is no dword, so it decides nothing here.",),
    )


def test_the_keys_are_those_of_windows():
    assert (SCHANNEL, WINHTTP, WINHTTP_32_BIT, WININET) == (
        r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols",
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp",
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Wow6432Node\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp",
        r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Internet Settings",
    )


def test_the_bits_are_those_of_windows():
    assert {tls.value: bit for tls, bit in windows_tls.BITS.items()} == {
        "SSL 3.0": 0x20,
        "TLS 1.0": 0x80,
        "TLS 1.1": 0x200,
        "TLS 1.2": 0x800,
        "TLS 1.3": 0x2000,
    }


WORTH = st.none() | st.builds(Value, st.just(3), st.none() | st.sampled_from([0, 1, 2, 0xFFFFFFFF]))


@LAWS
@given(WORTH, WORTH)
def test_whatever_else_is_set_nobody_can_use_what_is_not_enabled(enabled: Value | None, hidden: Value | None):
    client = f"{SCHANNEL}\\TLS 1.0\\Client".lower()
    both = {(client, "enabled"): enabled, (client, "disabledbydefault"): hidden}
    file = registry_file.RegistryFile("tls.reg", {place: value for place, value in both.items() if value is not None})
    off = enabled is not None and enabled.dword == 0
    assert (windows_tls.settings(file).switch(Tls.TLS_1_0) is Switch.OFF) is off
