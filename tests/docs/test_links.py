"""Links inside the documentation lead somewhere, and every page is in a table of contents."""

import re
from pathlib import Path
from types import SimpleNamespace


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    plain = re.sub(r"[`*_]", lambda found: "_" if found[0] == "_" else "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = {slug(heading) for heading in re.findall(r"^#{1,4} (.+)$", text, re.MULTILINE)}
    return headings | set(re.findall(r"^\((.+)\)=$", text, re.MULTILINE))


def test_a_slug_is_as_the_builder_makes_it():
    assert slug("`covered_by`, and what: it says") == "covered_by-and-what-it-says"


def test_every_link_leads_somewhere(page: Path):
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        name, _, place = target.partition("#")
        there = page.parent / name if name else page
        assert there.is_file(), f"{page.name}: {target}"
        assert not place or place in anchors(there), f"{page.name}: {target}"


def test_every_page_is_in_a_table_of_contents(documents: SimpleNamespace):
    listed = {documents.docs / "index.md"}
    for page in documents.pages:
        for block in documents.blocks(page):
            if block.language == "{toctree}":
                names = [line.strip() for line in block.text.splitlines() if line.strip() and not line.startswith(":")]
                listed.update(one for name in names for one in page.parent.glob(f"{name}.md"))
    assert set(documents.pages) - listed == set()
