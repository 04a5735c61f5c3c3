"""No output of any test's command holds a license key, a sealed container, a private key or a password.

The watch itself stands in tests/conftest.py and looks at every command of every test; here it is shown samples.
"""

import subprocess
import sys

import click
import pytest

KEY = "4006381333930"
SAMPLES = {
    "a license key": [KEY, "4006-3813-33930", f"key {KEY}, and more", f'{{"key": "{KEY}"}}'],
    "a sealed container": ["sealed eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..abc"],
    "a private key": ["-----BEGIN PRIVATE KEY-----", '"private": "AAAA"'],
    "a password": ["cannot reach postgresql+psycopg://ann:topsecret@db1/survey"],
}
HARMLESS = [
    "4006381333931",
    "2026-11-25T04:18:24.926596+00:00",
    "postgresql+psycopg://ann:***@db1/survey",
    "postgresql://ann@db1/survey",
    "session 0014006381333930",
    "",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAMPLES.items() for text in texts])
def test_a_secret_is_seen(output_watch, kind, text):
    assert output_watch.secret(text) == kind
    with pytest.raises(AssertionError, match=kind):
        output_watch.saw("nexuslic license status", text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_is_let_pass(output_watch, text):
    assert output_watch.secret(text) is None


def test_a_secret_that_a_process_prints_is_seen(output_watch):
    words = [sys.executable, "-c", f"print({KEY!r})", "nexuslic launch"]
    with pytest.raises(AssertionError, match="a license key"):
        subprocess.run(words, capture_output=True)


def test_a_secret_that_a_command_of_this_process_prints_is_seen(output_watch):
    with pytest.raises(AssertionError, match="a license key"):
        click.echo(f"the key is {KEY}")


def test_commands_that_are_for_showing_a_key_may_show_it(output_watch):
    output_watch.saw("nexuslic vendor issue", KEY)
    output_watch.saw("nexuslic license request-code", KEY)
    assert output_watch.seen[-2:] == ["nexuslic vendor issue", "nexuslic license request-code"]
