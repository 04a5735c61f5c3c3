"""What the registry says of TLS, and what to do about it, in plain words.

It is about the application, which offers only old versions. None of these keys means anything to nexuslic's own client,
and no sentence says that one would help it. The advice stands in the order in which it is to be tried.
"""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from nexuslic.doctor.windows_tls import BITS, SCHANNEL, Switch, TlsSettings
from nexuslic.simulation.network import NEXUS_6_2, Tls

_OFFERED = tuple(tls for tls in Tls if tls in NEXUS_6_2)


def findings(said: TlsSettings) -> tuple[str, ...]:
    """What is on and what is off, what that means for such an application, and what to do: a sentence or two each."""
    there = (*_schannel(said), *_winhttp(said), *_wininet(said), *said.remarks)
    return (*there, *_meaning(said), *_advice(said))


def _schannel(said: TlsSettings) -> Iterator[str]:
    means = {
        Switch.ON: "on for the whole machine. A change counts after a restart",
        Switch.OFF: "off for the whole machine: nobody can use it, whatever else is set",
        Switch.OFF_BY_DEFAULT: "off by default: only a program that asks for it by name uses it",
    }
    for tls, switch in said.schannel:
        if switch is not Switch.NOT_SAID:
            yield f"SChannel: {tls.value} is {means[switch]}."
    silent = [tls for tls, switch in said.schannel if switch is Switch.NOT_SAID]
    if silent:
        yield f"SChannel: the file does not say whether {_named(silent, 'or')} is on; the system's own default holds."
    if len(silent) == len(Tls):
        yield rf"To make it say so, export the key {SCHANNEL}, with `reg export` or regedit."


def _winhttp(said: TlsSettings) -> Iterator[str]:
    sums = {"WinHTTP's default": said.winhttp, "WinHTTP's default for 32-bit programs": said.winhttp_32_bit}
    for what, number in sums.items():
        if number is not None:
            yield f"{what} is {_versions(number)}.{_overruled(said, number)}"
    if said.winhttp is not None or said.winhttp_32_bit is not None:
        yield (
            "SChannel overrules WinHTTP's default, which has no effect on programs that set their versions themselves, "
            "and on Windows 7 SP1 none without KB3140245."
        )


def _wininet(said: TlsSettings) -> Iterator[str]:
    if said.wininet is not None:
        yield (
            f"Internet Options (WinINet) have {_versions(said.wininet)}, for the one user who exported the file."
            f"{_overruled(said, said.wininet)}"
        )


def _versions(number: int) -> str:
    """The versions in a sum, with the sum itself and what of it stands for none of them."""
    versions = _named([tls for tls, bit in BITS.items() if number & bit]) or "none of these versions"
    rest = number & ~reduce(or_, BITS.values())
    more = f", of which 0x{rest:X} stands for none of these versions" if rest else ""
    return f"{versions} (0x{number:X}{more})"


def _overruled(said: TlsSettings, number: int) -> str:
    off = [tls for tls, bit in BITS.items() if number & bit and said.switch(tls) is Switch.OFF]
    return f" But SChannel has {_named(off)} off, and overrules that." if off else ""


def _named(versions: Sequence[Tls], word: str = "and") -> str:
    """Versions in a row: `SSL 3.0, TLS 1.0 and TLS 1.1`."""
    names = [tls.value for tls in versions]
    return f" {word} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _meaning(said: TlsSettings) -> Iterator[str]:
    application = f"an application that offers only {_named(_OFFERED)}, as version 6.2 of the product does,"
    switches = {tls: said.switch(tls) for tls in _OFFERED}
    on = [tls for tls, switch in switches.items() if switch is Switch.ON]
    if on:
        yield f"So {application} can use {_named(on)} here, if the license server accepts it."
        yield from _left_out(said, on)
        return
    if set(switches.values()) == {Switch.OFF}:
        yield f"So {application} makes no contact from here (cause tls-protocol), and renews no grace."
    else:
        yield f"So the file does not decide whether {application} makes contact from here."
    yield from _background(said)


def _left_out(said: TlsSettings, on: list[Tls]) -> Iterator[str]:
    """That a version which is on stands in none of the sums."""
    sums = [number for number in (said.winhttp, said.winhttp_32_bit, said.wininet) if number is not None]
    wanted = reduce(or_, (BITS[tls] for tls in on))
    if any(not number & wanted for number in sums):
        yield (
            "Where the application leaves the choice to WinHTTP or to Internet Options, these have to name it too, and "
            "one of them does not."
        )


def _background(said: TlsSettings) -> Iterator[str]:
    if any(said.switch(tls) is Switch.NOT_SAID for tls in _OFFERED):
        yield (
            "Of Windows 7 the product documentation says that TLS 1.0 and SSL 3.0 are not on by default, and Microsoft "
            "(KB3140245) that TLS 1.1 and 1.2 are not; a hardened image would explain it."
        )
    yield "KB3140245 is no cure for such an application: it adds TLS 1.1 and 1.2, which that does not offer."
    yield (
        "Newer systems show the same: TLS 1.0 and 1.1 are off by default for WinHTTP and WinINet since September 2022 "
        "(KB5017811), and in Windows 11 since September 2023. Event 36871 with state 10013 points to it."
    )


def _advice(said: TlsSettings) -> Iterator[str]:
    yield "1. Let another workstation of the same database make contact, or use a renewal code."
    yield "2. Move the workstation to a newer system."
    if said.switch(Tls.TLS_1_0) is Switch.ON:
        yield "3. TLS 1.0 is on already: there is nothing to turn on."
    else:
        yield (
            rf"3. Let an administrator turn TLS 1.0 on, after a backup of the registry: in {SCHANNEL}\TLS 1.0\Client, "
            "Enabled = 1 and DisabledByDefault = 0, and a restart."
        )
    if said.switch(Tls.SSL_3_0) is Switch.ON:
        yield "4. SSL 3.0 is on, and it is broken (POODLE): leave it on only if the vendor insists."
    else:
        yield "4. Turn SSL 3.0 on only if the vendor insists: it is broken (POODLE)."
    yield (
        "All this is about the application. nexuslic's own client uses OpenSSL, reads none of these keys, and does not "
        "run on Windows 7."
    )
