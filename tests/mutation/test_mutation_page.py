"""What is not counted is explained where a reader looks."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LISTED = tomllib.loads((ROOT / "tests" / "mutation" / "mutation.toml").read_text("utf-8"))["equivalent"]


def unexplained(page: str) -> list[str]:
    return [entry["becomes"] for entry in LISTED if f"| {entry['reason']} |" not in page]


def test_each_mutant_that_is_not_counted_has_its_reason_on_the_page():
    assert unexplained("") == [entry["becomes"] for entry in LISTED]
    assert unexplained((ROOT / "docs" / "explanation" / "mutation.md").read_text("utf-8")) == []
