"""`nexuslic doctor`: why a launch does not run, or has no contact, and what cures it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nexuslic.cli import printing
from nexuslic.cli.customer import as_json, connected, when
from nexuslic.cli.extras import needing
from nexuslic.cli.plain import plain

if TYPE_CHECKING:
    from nexuslic.doctor.findings import Finding, Report

_COLOURS = {"good": "green", "bad": "red", "not reached": "yellow"}


@click.command("doctor", short_help="Say why a launch does not run or has no contact, and what cures it.")
@connected
@click.option(
    "--reg",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A registry file that Windows exported: what it says of TLS to the application.",
)
@as_json
def command(
    database: str,
    bundle: Path,
    user: str | None,
    app_version: str,
    application: Path | None,
    reg: Path | None,
    as_json: bool,
) -> int:
    """Walk a launch step by step, say what is so at each, and what cures the first that is bad (extra `client`).

    Nothing is stored, no seat is taken and no grace is renewed. The license server is asked once, as a launch asks
    it, and counts that as a contact; without a license it is asked with a number that is no license key.

    Exit status: 0 a launch would run, 1 it would not, 2 what was given is wrong.
    """
    printing.never_fail_to_print()
    with needing("client"):
        from nexuslic.doctor.walk import walk
    registry = None if reg is None else _registry(reg)
    report = walk(bundle, database, application, user=user, version=app_version)
    if as_json:
        printing.as_json({**_told(report), "registry": registry})
    else:
        _print(report)
        for sentence in ("", f"What {reg} says of TLS:", *registry) if registry is not None else ():
            click.echo(plain(sentence))
    return 0 if report.runs else 1


def _registry(file: Path) -> list[str]:
    """What an exported registry file means for the application. Raises InputError."""
    from nexuslic.doctor import registry_file, tls_findings, windows_tls

    return list(tls_findings.findings(windows_tls.settings(registry_file.read(file))))


def _print(report: "Report") -> None:
    for one in report.findings:
        level = click.style(f"{one.level.value:<11}", fg=_COLOURS[one.level.value])
        click.echo(f"{level}  {one.step.value:<11}  {plain(one.text)}".rstrip())
    bad = report.first_bad
    if bad is not None:
        click.echo(f"\n{bad.step.value}: {plain(bad.why)}.")
        for number, cure in enumerate(bad.cures, 1):
            click.echo(f"  {number}. {plain(cure)}")
    click.echo(f"\n{_verdict(report)}")


def _verdict(report: "Report") -> str:
    from nexuslic.rules.explain import explain

    if report.decision is None:
        return "A launch would not run: there is nothing to ask the license with."
    words = explain(report.decision, when)
    would = "would run" if report.runs else "would not run"
    return plain(f"A launch {would}. {words.message if report.first_bad else words}")


def _told(report: "Report") -> dict[str, Any]:
    bad = report.first_bad
    return {
        "format": 1,
        "runs": report.runs,
        "first_bad": None if bad is None else bad.step.value,
        "findings": [_finding(one) for one in report.findings],
        "decision": _decision(report),
    }


def _decision(report: "Report") -> dict[str, Any] | None:
    """What a launch would decide; what to do stands with the findings, where more is known."""
    from nexuslic.cli import told

    if report.decision is None:
        return None
    return {name: value for name, value in told.decision(report.decision).items() if name != "next_step"}


def _finding(one: "Finding") -> dict[str, Any]:
    return {
        "step": one.step.value,
        "level": one.level.value,
        "text": one.text,
        "cause": None if one.cause is None else one.cause.value,
        "reason": None if one.reason is None else one.reason.value,
        "why": one.why,
        "cures": list(one.cures),
    }
