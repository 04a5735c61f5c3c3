"""`server.toml` is read exactly, and what is written is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexuslic.errors import InputError
from nexuslic.server import settings
from nexuslic.server.settings import Connections, Listen

PLAIN = 'product = "Survey"\naddress = "https://license.example"\nnames = ["license.example"]\nlisten = "[::1]:8443"\n'
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip)


@given(product=TEXTS, port=st.integers(0, 65535))
def test_what_is_written_is_read_back(product: str, port: int):
    chosen = settings.chosen(product, ["license.example", "10.0.0.1", "::1"], f"0.0.0.0:{port}")
    assert settings.read(settings.write(chosen), "server.toml") == chosen


def test_what_is_not_said_is_as_it_comes():
    found = settings.read(PLAIN, "server.toml")
    assert (found.listen, found.discreet, found.connections) == (Listen("::1", 8443), True, Connections())


def test_a_section_changes_what_it_says():
    found = settings.read(PLAIN + "[connections]\nrequest = 0.3\n[limits]\nby_key = 3\n", "server.toml")
    assert (found.connections.request, found.connections.idle, found.limits.by_key) == (0.3, 15.0, 3)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ("prodct = 1\n", r"server\.toml:5: there is no setting `prodct`: did you mean `product`\?"),
        ("zzz = 1\n", r"server\.toml:5: there is no setting `zzz`: known here: product"),
        ("discreet = 1\n", r"server\.toml:5: `discreet` has to be true or false"),
        ("limits = 3\n", r"server\.toml:5: `limits` is a section"),
        ("[limits]\nby_key = 0\n", r"server\.toml:6: `by_key` has to be a whole number"),
        ("[limits]\nby_key = true\n", r"server\.toml:6: `by_key` has to be a whole number"),
        ("[limits]\nlisten = 1\n", r"server\.toml:6: there is no setting `listen`"),
        ("[connections]\nrequest = '1'\n", r"server\.toml:6: `request` has to be a number of seconds"),
        ("[colours]\n", r"server\.toml:5: there is no setting `colours`"),
        ("database = 'mysql://x'\n", r"server\.toml:5: a registry lies in SQLite or PostgreSQL"),
        ("database = \n", r"server\.toml is not TOML: .*line 5"),
        ("product = 'again'\n", r"server\.toml is not TOML: .*"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(more: str, error: str):
    with pytest.raises(InputError, match=error):
        settings.read(PLAIN + more, "server.toml")


@pytest.mark.parametrize("missing", ["product", "address", "names", "listen"])
def test_what_has_to_be_said_is_asked_for(missing: str):
    text = "".join(line for line in PLAIN.splitlines(keepends=True) if not line.startswith(missing))
    with pytest.raises(InputError, match=f"the setting `{missing}` is missing"):
        settings.read(text, "server.toml")


@pytest.mark.parametrize("listen", ["", "8443", "host", "host:", ":1", "host:65536", "::1:8443", "a b:1", "host:1x"])
def test_what_is_no_place_to_listen_is_refused(listen: str):
    with pytest.raises(InputError, match="write HOST:PORT"):
        Listen.parse(listen)


@pytest.mark.parametrize("name", ["", "a b", "-a", "a_b", "*.example", "é.example", "a..b", "a" * 64])
def test_what_is_no_host_name_is_refused(name: str):
    with pytest.raises(InputError, match="a host name or an IP address"):
        settings.chosen("Survey", [name], "0.0.0.0:1", "https://a")


@pytest.mark.parametrize("address", ["http://a", "a", "https://", "https://a b", "https://u@a", "https://a?b"])
def test_what_is_no_address_is_refused(address: str):
    with pytest.raises(InputError, match="a URL in quotes"):
        settings.chosen("Survey", ["a"], "0.0.0.0:1", address)


def test_the_address_is_the_first_name_with_the_port():
    assert settings.chosen("Survey", ["a.example"], "0.0.0.0:8443").address == "https://a.example:8443"
    assert settings.chosen("Survey", ["::1", "a"], "0.0.0.0:443").address == "https://[::1]"


@pytest.mark.parametrize("text", [PLAIN, PLAIN + 'database = "sqlite:///old"\n[limits]\n'])
def test_another_registry_is_written_into_the_settings(text: str):
    changed = settings.with_database(text, "postgresql://a@b/c", "server.toml")
    assert settings.read(changed, "server.toml").database == "postgresql://a@b/c"
    assert changed.count("database") == 1
