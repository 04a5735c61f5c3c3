"""Workflow commands of GitHub Actions: an annotation at the line of whatever does not hold."""

from nexuslic.scenario.results import FINE, CaseRecord


def annotation(one: CaseRecord) -> str:
    """The command for a case, or nothing where nobody has to look at it."""
    if one.outcome in FINE:
        return ""
    return error(one.file, one.line, one.column, one.name, one.text)


def error(file: str, line: int | str, column: int | str, title: str, text: str) -> str:
    """The command that puts a text at a place."""
    where = f"file={_property(file)},line={line},col={column},title={_property(title)}"
    return f"::error {where}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
