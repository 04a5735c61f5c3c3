"""Writes the pages of the reference that are made from the tables in the code."""

from pathlib import Path

from nexuslic.rules.machine import diagram_mermaid
from nexuslic.scenario.dictionary import reference

HERE = Path(__file__).parent


def pages() -> dict[Path, str]:
    """The generated pages by path."""
    machine = (
        "# The state machine\n\nDrawn from the table in `nexuslic/rules/machine.py`, an edge for each row.\n\n"
        f"```text\n{diagram_mermaid()}\n```\n"
    )
    return {HERE / "reference" / "words.md": reference(), HERE / "reference" / "machine.md": machine}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")
