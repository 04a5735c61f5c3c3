"""What an exported registry file says of TLS.

SChannel decides for the whole machine, version by version: with `Enabled` = 0 nobody can use one, with
`DisabledByDefault` = 1 only a program that asks for it by name, and with neither everybody. WinHTTP's default and the
Internet Options of one user are sums of versions, which choose among what SChannel leaves.
"""

import attrs

from nexuslic.doctor.registry_file import RegistryFile, Value
from nexuslic.rules.words import Word
from nexuslic.simulation.network import Tls

SCHANNEL = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols"
_INTERNET_SETTINGS = r"Microsoft\Windows\CurrentVersion\Internet Settings"
WINHTTP = rf"HKEY_LOCAL_MACHINE\SOFTWARE\{_INTERNET_SETTINGS}\WinHttp"
WINHTTP_32_BIT = rf"HKEY_LOCAL_MACHINE\SOFTWARE\Wow6432Node\{_INTERNET_SETTINGS}\WinHttp"
WININET = rf"HKEY_CURRENT_USER\Software\{_INTERNET_SETTINGS}"

BITS = {Tls.SSL_3_0: 0x20, Tls.TLS_1_0: 0x80, Tls.TLS_1_1: 0x200, Tls.TLS_1_2: 0x800, Tls.TLS_1_3: 0x2000}
"""What each version counts in the sums of WinHTTP and of Internet Options."""

_YES = (1, 0xFFFFFFFF)


class Switch(Word):
    """What SChannel does with a version of TLS: used by nobody, by who asks for it by name, or by all."""

    ON = "on"
    OFF = "off"
    OFF_BY_DEFAULT = "off by default"
    NOT_SAID = "not said"


@attrs.frozen
class TlsSettings:
    """What a registry file says of TLS.

    `schannel` has a switch for each version; the sums are None where the file does not hold them. `remarks` are about
    values that stand in the file and decide nothing.
    """

    schannel: tuple[tuple[Tls, Switch], ...]
    winhttp: int | None
    winhttp_32_bit: int | None
    wininet: int | None
    remarks: tuple[str, ...] = ()

    def switch(self, tls: Tls) -> Switch:
        """What SChannel does with that version."""
        return dict(self.schannel)[tls]


def settings(file: RegistryFile) -> TlsSettings:
    """What the file says of TLS."""
    remarks: list[str] = []
    switches = tuple((tls, _switch(file, tls, remarks)) for tls in Tls)
    winhttp = _sum(file, WINHTTP, "DefaultSecureProtocols", remarks)
    winhttp_32_bit = _sum(file, WINHTTP_32_BIT, "DefaultSecureProtocols", remarks)
    wininet = _sum(file, WININET, "SecureProtocols", remarks)
    return TlsSettings(switches, winhttp, winhttp_32_bit, wininet, tuple(remarks))


def _switch(file: RegistryFile, tls: Tls, remarks: list[str]) -> Switch:
    client = rf"{SCHANNEL}\{tls.value}\Client"
    enabled, hidden = file.find(client, "Enabled"), file.find(client, "DisabledByDefault")
    may, by_name = _truth(enabled), _truth(hidden)
    for name, value, truth in (("Enabled", enabled, may), ("DisabledByDefault", hidden, by_name)):
        if value is not None and truth is None:
            remarks.append(f"Line {value.line}: {name} of {tls.value} is neither 0 nor 1, so it decides nothing here.")
    if may is False:
        return Switch.OFF
    if by_name:
        return Switch.OFF_BY_DEFAULT
    if may and by_name is False:
        return Switch.ON
    if may or by_name is False:
        remarks.append(f"Of {tls.value} only one of Enabled = 1 and DisabledByDefault = 0 is there: on are both.")
    return Switch.NOT_SAID


def _truth(value: Value | None) -> bool | None:
    """Yes, no, or None where the value is not there or is neither."""
    if value is None or value.dword not in (0, *_YES):
        return None
    return value.dword in _YES


def _sum(file: RegistryFile, key: str, name: str, remarks: list[str]) -> int | None:
    value = file.find(key, name)
    if value is not None and value.dword is None:
        remarks.append(f"Line {value.line}: {name} is no dword, so it decides nothing here.")
    return None if value is None else value.dword
