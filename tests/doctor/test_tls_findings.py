"""What the registry means for an application that offers only old versions, and what to do, in this order."""

import re

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.doctor.tls_findings import findings
from nexuslic.doctor.windows_tls import BITS, Switch, TlsSettings
from nexuslic.simulation.network import Tls

LAWS = settings(max_examples=200, deadline=None, derandomize=True)
ON, OFF, BY_NAME, SILENT = Switch.ON, Switch.OFF, Switch.OFF_BY_DEFAULT, Switch.NOT_SAID
SUMS = st.none() | st.integers(0, 2**32 - 1)
SETTINGS = st.builds(
    TlsSettings,
    st.tuples(*(st.tuples(st.just(tls), st.sampled_from(Switch)) for tls in Tls)),
    SUMS,
    SUMS,
    SUMS,
    st.sampled_from([(), ("Line 4: a remark.",)]),
)


def said(ssl_3_0: Switch = SILENT, tls_1_0: Switch = SILENT, **sums: int) -> TlsSettings:
    """What a file says that speaks of the two old versions and of these sums."""
    switches = {Tls.SSL_3_0: ssl_3_0, Tls.TLS_1_0: tls_1_0}
    schannel = tuple((tls, switches.get(tls, SILENT)) for tls in Tls)
    return TlsSettings(schannel, sums.get("winhttp"), sums.get("winhttp_32_bit"), sums.get("wininet"))


def told(found: TlsSettings) -> str:
    return "\n".join(findings(found))


@pytest.mark.parametrize(
    ("switch", "sentence"),
    [
        (ON, "SChannel: TLS 1.0 is on for the whole machine. A change counts after a restart."),
        (OFF, "SChannel: TLS 1.0 is off for the whole machine: nobody can use it, whatever else is set."),
        (BY_NAME, "SChannel: TLS 1.0 is off by default: only a program that asks for it by name uses it."),
    ],
)
def test_it_says_what_is_on_and_off(switch: Switch, sentence: str):
    assert sentence in findings(said(tls_1_0=switch))


def test_it_says_what_the_file_does_not_say():
    sentence = "the file does not say whether SSL 3.0, TLS 1.1, TLS 1.2 or TLS 1.3 is on; the system's own default"
    assert sentence in told(said(tls_1_0=ON))


def test_a_file_that_says_nothing_says_what_to_export():
    assert r"export the key HKEY_LOCAL_MACHINE\SYSTEM" in told(said())
    assert "export the key" not in told(said(tls_1_0=OFF))


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (0xA0, "WinHTTP's default is SSL 3.0 and TLS 1.0 (0xA0)."),
        (0x2000, "WinHTTP's default is TLS 1.3 (0x2000)."),
        (0xAA8, "is SSL 3.0, TLS 1.0, TLS 1.1 and TLS 1.2 (0xAA8, of which 0x8 stands for none of these versions)."),
        (0, "WinHTTP's default is none of these versions (0x0)."),
    ],
)
def test_it_says_what_the_default_of_winhttp_is(number: int, sentence: str):
    assert sentence in told(said(winhttp=number))


def test_schannel_overrules_winhttp():
    text = told(said(OFF, OFF, winhttp=0xAA0, winhttp_32_bit=0x80))
    assert "(0xAA0). But SChannel has SSL 3.0 and TLS 1.0 off, and overrules that." in text
    assert "WinHTTP's default for 32-bit programs is TLS 1.0 (0x80). But SChannel has TLS 1.0 off" in text
    assert "SChannel overrules WinHTTP's default, which has no effect on programs that set their versions" in text
    assert "on Windows 7 SP1 none without KB3140245" in text


def test_what_schannel_leaves_is_not_overruled():
    assert "But SChannel" not in told(said(BY_NAME, ON, winhttp=0xA0, wininet=0xA0))


def test_internet_options_are_of_one_user():
    text = told(said(tls_1_0=OFF, wininet=0x80))
    assert "Internet Options (WinINet) have TLS 1.0 (0x80), for the one user who exported the file." in text
    assert "the file. But SChannel has TLS 1.0 off, and overrules that." in text


def test_where_no_sum_is_said_none_is_told():
    assert not re.search(r"WinHTTP's default|Internet Options", told(said(OFF, OFF)))


def test_with_both_off_the_application_makes_no_contact():
    assert (
        "So an application that offers only SSL 3.0 and TLS 1.0, as version 6.2 of the product does, makes no contact "
        "from here (cause tls-protocol), and renews no grace."
    ) in findings(said(OFF, OFF))


@pytest.mark.parametrize("switches", [(OFF, BY_NAME), (BY_NAME, OFF), (SILENT, OFF), (SILENT, SILENT), (OFF, SILENT)])
def test_where_the_file_does_not_decide_it_says_so(switches: tuple[Switch, Switch]):
    assert "So the file does not decide whether an application" in told(said(*switches))


@pytest.mark.parametrize(
    ("switches", "versions"), [((OFF, ON), "TLS 1.0"), ((ON, OFF), "SSL 3.0"), ((ON, ON), "SSL 3.0 and TLS 1.0")]
)
def test_with_one_on_the_application_can_use_it(switches: tuple[Switch, Switch], versions: str):
    assert f"does, can use {versions} here, if the license server accepts it." in told(said(*switches))


@pytest.mark.parametrize("which", ["winhttp", "winhttp_32_bit", "wininet"])
def test_a_sum_without_the_version_that_is_on_is_told(which: str):
    sentence = "Where the application leaves the choice to WinHTTP or to Internet Options, these have to name it too"
    assert sentence in told(said(OFF, ON, **{which: 0xA00}))
    assert sentence not in told(said(OFF, ON, **{which: 0xA80}))
    assert sentence in told(said(OFF, ON, **{"winhttp": 0xA80, "wininet": 0xA80, which: 0xA00}))


def test_where_the_documentation_and_microsoft_disagree_no_side_is_taken():
    sentence = (
        "Of Windows 7 the product documentation says that TLS 1.0 and SSL 3.0 are not on by default, and Microsoft "
        "(KB3140245) that TLS 1.1 and 1.2 are not; a hardened image would explain it."
    )
    assert sentence in findings(said(OFF, SILENT))
    assert sentence not in findings(said(OFF, OFF))


@pytest.mark.parametrize("switches", [(OFF, OFF), (SILENT, SILENT), (OFF, BY_NAME)])
def test_an_update_that_adds_newer_versions_is_no_cure(switches: tuple[Switch, Switch]):
    text = told(said(*switches))
    assert "KB3140245 is no cure for such an application: it adds TLS 1.1 and 1.2" in text
    assert "(KB5017811)" in text and "Event 36871 with state 10013 points to it." in text


@LAWS
@given(SETTINGS)
def test_the_advice_stands_in_its_order(found: TlsSettings):
    steps = [line for line in findings(found) if re.match(r"\d\. ", line)]
    begins = ["1. Let another workstation", "2. Move the workstation", "3. ", "4. "]
    assert [step[: len(begin)] for step, begin in zip(steps, begins, strict=True)] == begins
    assert "renewal code" in steps[0] and "newer system" in steps[1]
    assert "TLS 1.0" in steps[2] and "SSL 3.0" in steps[3]


def test_tls_1_0_is_turned_on_by_an_administrator_after_a_backup():
    step = findings(said(OFF, OFF))[-3]
    assert step.startswith(
        "3. Let an administrator turn TLS 1.0 on, after a backup of the registry: in HKEY_LOCAL_MACHINE"
    )
    assert step.endswith(r"\TLS 1.0\Client, Enabled = 1 and DisabledByDefault = 0, and a restart.")


def test_what_is_on_is_not_turned_on():
    assert "3. TLS 1.0 is on already: there is nothing to turn on." in findings(said(OFF, ON))


@LAWS
@given(SETTINGS)
def test_ssl_3_0_is_always_called_broken(found: TlsSettings):
    step = findings(found)[-2]
    assert step.startswith("4. ") and "broken (POODLE)" in step and "only if the vendor insists" in step


@LAWS
@given(SETTINGS)
def test_no_key_is_said_to_help_nexuslic_itself(found: TlsSettings):
    about = [line for line in findings(found) if "nexuslic" in line]
    assert about == [
        "All this is about the application. nexuslic's own client uses OpenSSL, reads none of these keys, and does not "
        "run on Windows 7."
    ]


@LAWS
@given(SETTINGS)
def test_every_version_is_told_once_and_remarks_are_passed_on(found: TlsSettings):
    schannel = " ".join(line for line in findings(found) if line.startswith("SChannel: "))
    assert [schannel.count(tls.value) for tls in Tls] == [1] * len(Tls)
    assert set(found.remarks) <= set(findings(found))


@LAWS
@given(SETTINGS)
def test_a_finding_is_one_line(found: TlsSettings):
    assert all(line == line.strip() and line.endswith(".") and "\n" not in line for line in findings(found))


@LAWS
@given(SETTINGS, st.sampled_from(Tls))
def test_a_bit_more_names_a_version_more(found: TlsSettings, tls: Tls):
    more = attrs.evolve(found, winhttp=BITS[tls], winhttp_32_bit=None)
    assert f"WinHTTP's default is {tls.value} (0x{BITS[tls]:X})." in told(more)
