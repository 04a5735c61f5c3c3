"""Workflow commands of GitHub Actions: an annotation at the line of whatever does not hold."""

from nexuslic.scenario.results import FINE, CaseRecord


def annotation(one: CaseRecord) -> str:
    """The command for a case, or nothing where nobody has to look at it."""
    if one.outcome in FINE:
        return ""
    where = f"file={_property(one.file)},line={one.line},col={one.column},title={_property(one.name)}"
    return f"::error {where}::{_data(one.text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
