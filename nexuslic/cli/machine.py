"""`nexuslic machine`."""

import json

import click

from nexuslic.errors import InputError
from nexuslic.rules import machine
from nexuslic.rules.words import Guard


@click.command("machine")
@click.option("--mermaid", is_flag=True, help="As a Mermaid state diagram.")
@click.option("--dot", is_flag=True, help="As a Graphviz digraph.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, a row each.")
def command(mermaid: bool, dot: bool, as_json: bool) -> int:
    """The state machine, drawn from its table."""
    if mermaid + dot + as_json > 1:
        raise InputError("--mermaid, --dot and --json exclude each other: give one of them")
    if mermaid:
        click.echo(machine.diagram_mermaid())
    elif dot:
        click.echo(machine.diagram_dot())
    elif as_json:
        rows = [
            {"event": r.event.value, "from": r.source.value, "guard": r.guard.value, "to": r.target.value}
            for r in machine.TABLE
        ]
        click.echo(json.dumps(rows, indent=1))
    else:
        for row in machine.TABLE:
            guard = "" if row.guard is Guard.ALWAYS else f"   if {row.guard}"
            click.echo(f"{row.event.value:<13} {row.source.value:<16} -> {row.target.value:<16}{guard}".rstrip())
    return 0
