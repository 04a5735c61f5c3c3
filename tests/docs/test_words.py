"""Every word has its heading in the reference, and every sentence in quotation is what the application says."""

import re
from types import SimpleNamespace

import pytest

from nexuslic.cli import cli
from nexuslic.rules.binding import Binding
from nexuslic.rules.decision import Decision
from nexuslic.rules.explain import explain
from nexuslic.rules.words import Cause, Event, Reason, State
from nexuslic.scenario import schema
from nexuslic.scenario.dictionary import anchor

WORDS = [
    *((word.value, "state") for word in State),
    *((word.value, "event") for word in Event),
    *((word.value, "cause") for word in Cause),
    *((word.value, "reason") for word in Reason),
    *((word, "verb") for word in schema.VERBS),
    *((word, "expectation") for word in schema.EXPECTATIONS),
    *((word, "top-level key") for word in schema.TOP),
    *((word, "key of world") for word in schema.WORLD.keys),
    *((word, "key of policy") for word in schema.POLICY.keys),
    *((word, "key of license") for word in schema.LICENSE.keys),
    *((word, "key of workstations") for word in schema.WORKSTATION_PLAN.keys),
    *((word, "key of online") for word in schema.ONLINE.keys),
    *((word, "key of faults") for word in schema.FAULT.keys),
    *((word, "key of always") for word in schema.ALWAYS.keys),
    *((word, "preset") for word in (*schema.OPERATING_SYSTEMS, schema.PRESET)),
    *((word, "tampering") for word in schema.TAMPERS),
    *((word, "trouble of a database") for word in schema.TROUBLES),
]


def page(documents: SimpleNamespace, name: str) -> str:
    return (documents.docs / "reference" / name).read_text("utf-8")


def sections(text: str) -> dict[str, str]:
    """The text under each heading of the third level, in one line."""
    parts = re.split(r"^#{2,3} (.+)$", text, flags=re.MULTILINE)[1:]
    bodies = [" ".join(re.sub(r"(?<=\S)\n> ", " ", body).split()) for body in parts[1::2]]
    return dict(zip(parts[::2], bodies, strict=True))


@pytest.mark.parametrize("kind", sorted({kind for _, kind in WORDS}))
def test_every_word_has_its_heading(kind: str, documents: SimpleNamespace):
    words = page(documents, "words.md")
    missing = [
        word for word, of in WORDS if of == kind and f"\n({anchor(word, kind)})=\n### {word} ({kind})\n" not in words
    ]
    assert missing == []


def test_every_word_of_the_language_stands_in_its_page(documents: SimpleNamespace):
    language = page(documents, "language.md")
    words = {*schema.TOP, *schema.VERBS, *schema.EXPECTATIONS, *schema.WORLD.keys, *schema.POLICY.keys}
    words |= {*schema.LICENSE.keys, *schema.WORKSTATION_PLAN.keys, *schema.ALWAYS.keys, *schema.FAULT.keys}
    assert [word for word in sorted(words) if not re.search(rf"`[^`]*\b{word}\b[^`]*`", language)] == []


def test_every_command_has_its_heading(documents: SimpleNamespace):
    commands = page(documents, "commands.md")
    assert [name for name in cli.list_commands(None) if f"\n## nexuslic {name}\n" not in commands] == []


@pytest.mark.parametrize("word", [*State, *Reason, *Cause], ids=lambda word: f"{type(word).__name__} {word}")
def test_every_state_reason_and_cause_is_explained_to_a_person(
    word: State | Reason | Cause, documents: SimpleNamespace
):
    assert len(sections(page(documents, "decisions.md"))[word.value]) > 40


@pytest.mark.parametrize("reason", Reason, ids=str)
def test_what_a_refusal_says_is_quoted(reason: Reason, documents: SimpleNamespace):
    names = {"recorded": Binding("A", "x"), "connected": Binding("B", "x")}
    said = str(explain(Decision(state=State.EXPIRED, runs=False, reason=reason, **names)))
    assert f"> {said}" in sections(page(documents, "decisions.md"))[reason.value]


@pytest.mark.parametrize("cause", Cause, ids=str)
def test_what_no_contact_says_is_quoted(cause: Cause, documents: SimpleNamespace):
    said = explain(Decision(state=State.GRACE, runs=True, cause=cause)).message
    assert f"> {said}" in sections(page(documents, "decisions.md"))[cause.value]
