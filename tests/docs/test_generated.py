"""The pages and pictures that are made from the code are current."""

import importlib.util
import subprocess
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from nexuslic.cli.policy import command as policy
from nexuslic.lab import model, policies
from nexuslic.rules.machine import TABLE


@pytest.fixture
def generated(documents: SimpleNamespace) -> dict[Path, str]:
    spec = importlib.util.spec_from_file_location("make_reference", documents.docs / "make_reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


def test_every_generated_file_is_current(generated: dict[Path, str]):
    stale = [path.name for path, text in generated.items() if path.read_text("utf-8") != text]
    assert stale == [], "run docs/make_reference.py"


def test_every_picture_is_generated(generated: dict[Path, str], documents: SimpleNamespace):
    assert {path for path in generated if path.suffix == ".svg"} == set((documents.docs / "figures").iterdir())


def test_the_diagram_has_a_label_for_each_row(documents: SimpleNamespace):
    svg = (documents.docs / "figures" / "machine.svg").read_text("utf-8")
    for event in {row.event for row in TABLE}:
        assert svg.count(f">{event}</text>") == sum(row.event is event for row in TABLE)


def test_the_table_has_a_line_for_each_row(documents: SimpleNamespace):
    page = (documents.docs / "reference" / "machine.md").read_text("utf-8")
    assert sum(line.startswith(f"| {row.event} | {row.source} |") for row in TABLE[:1] for line in page.splitlines())
    assert page.count("\n| ") - 1 == len(TABLE)


SERVER = ["init", "check", "run", "migrate", "backup", "restore", "rotate-key", "renew-certificate"]
VENDOR = ["issue", "import", "list", "show", "history", "extend", "change", "suspend", "reinstate", "revoke"]
VENDOR += ["answer-code", "tokens", "tokens list", "tokens make", "tokens revoke", "audit"]
HASP = ["hasp", "hasp status", "hasp disable", "hasp enable"]
LICENSE = ["status", "request", "users", "assign", "unassign", "seats", "release", "request-code", "accept-code"]
LICENSE += ["export-for-support", "ddl"]
CUSTOMER = ["launch", "license", *(f"license {one}" for one in LICENSE)]
POLICY = [f"policy {one}" for one in ("sweep", "find", "compare", "abuse", "report")]
NAMES = [
    "",
    "book",
    "doctor",
    "explain",
    "explore",
    "policy",
    *POLICY,
    "generate",
    *HASP,
    *CUSTOMER,
    "lint",
    "machine",
    "new",
    "run",
    "schema",
    "server",
    "trips",
    "trips check",
    "trips example",
    "vendor",
    "voyage",
    "watch",
]


@pytest.mark.parametrize("name", [*NAMES, *(f"server {one}" for one in SERVER), *(f"vendor {one}" for one in VENDOR)])
def test_the_commands_page_shows_what_help_prints(name: str, documents: SimpleNamespace, tmp_path: Path):
    words = ["nexuslic", *name.split(), "--help"]
    done = subprocess.run(words, env=documents.environment(tmp_path), capture_output=True, check=True)
    page = (documents.docs / "reference" / "commands.md").read_text("utf-8")
    assert f"```none\n{done.stdout.decode('utf-8')}```" in page


def test_every_command_of_the_lab_is_on_the_commands_page():
    assert policy.list_commands(click.Context(policy)) == [one.removeprefix("policy ") for one in POLICY]


def test_every_key_of_a_policy_and_of_a_model_has_its_row(documents: SimpleNamespace):
    for page, keys in (("policies.md", policies.KEYS), ("models.md", model.KEYS)):
        text = (documents.docs / "reference" / page).read_text("utf-8")
        assert [key for key in keys if f"\n| `{key}` | " not in text] == []


def test_every_built_in_model_stands_on_its_page_as_it_is(documents: SimpleNamespace):
    text = (documents.docs / "reference" / "models.md").read_text("utf-8")
    for name in model.built_in():
        assert f"## {name}\n\n```none\n{model.text_of_model(name)}```\n" in text
